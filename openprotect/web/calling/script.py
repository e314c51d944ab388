"""The pack's call script, cut to what is needed at each moment of a call."""

from openprotect.packs.prose import Prose, Section

# Headings are the pack's own; these words of theirs say what moment a part is for. A part with
# none of them belongs to the beginning, so that nothing of the script is ever left out.
EMERGENCY = ("red flag", "emergency")
NOBODY = ("no answer", "voicemail")
DURING = ("question", "upset", "griev", "distress", "bereave")
END = ("ending", "goodbye")


def before_the_questions(script: Prose) -> tuple[Section, ...]:
    """From dialling until the first question."""
    later = (*EMERGENCY, *NOBODY, *DURING, *END)
    return tuple(each for each in script.sections if not _is(each, later))


def when_nobody_answers(script: Prose) -> tuple[Section, ...]:
    return _parts(script, NOBODY)


def in_an_emergency(script: Prose) -> tuple[Section, ...]:
    return _parts(script, EMERGENCY)


def during_the_questions(script: Prose) -> tuple[Section, ...]:
    return tuple(
        each
        for each in script.sections
        if _is(each, (*DURING, *EMERGENCY)) and not _is(each, NOBODY)
    )


def to_end(script: Prose) -> tuple[Section, ...]:
    return _parts(script, END)


def _parts(script: Prose, words: tuple[str, ...]) -> tuple[Section, ...]:
    return tuple(each for each in script.sections if _is(each, words))


def _is(section: Section, words: tuple[str, ...]) -> bool:
    title = section.title.casefold()
    return any(word in title for word in words)
