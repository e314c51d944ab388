"""What we write by e-mail and letter: as careful as a text, with room to say it properly."""

from collections.abc import Mapping, Sequence
from typing import Final

from openprotect.packs.manifest import Manifest
from openprotect.packs.messages import Message, check_line
from openprotect.packs.problems import Reading

SUBJECT: Final = "Subject: "
NAMES: Final = ("invite", "reminder", "closed")
# In a letter nobody can press a link: it gives a page and a code to type there.
MUST_HOLD: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("email", "invite"): ("link", "phone", "sender"),
    ("email", "reminder"): ("link", "phone", "sender"),
    ("email", "closed"): ("phone", "sender"),
    ("letter", "invite"): ("page", "code", "phone", "sender"),
    ("letter", "reminder"): ("page", "code", "phone", "sender"),
    ("letter", "closed"): ("phone", "sender"),
}
FROM_THE_CORE: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("link", "stop_link", "real_page"),
    "letter": ("page", "code", "real_page"),
}
LONGEST_LETTER: Final = 2_500


def read_written(
    reading: Reading, texts: Mapping[str, str], manifest: Manifest
) -> tuple[Message, ...]:
    """Every e-mail and letter of the ways that the pack uses, in English at least."""
    found = []
    for channel in (each for each in manifest.channels.written if each != "text"):
        for language in manifest.languages:
            for name in NAMES:
                file = f"messages/{language}/{name}.{channel}.txt"
                if file in texts:
                    always = manifest.always_in(language)
                    message = Message(name, language, channel, texts[file].strip(), always)
                    _check(reading, file, message, manifest.link_domains)
                    found.append(message)
                elif language == "en":
                    words = f"is missing: the plan in pack.toml reaches people by {channel}."
                    reading.refuse(file, None, None, words)
    return tuple(found)


def _check(reading: Reading, file: str, message: Message, domains: Sequence[str]) -> None:
    lines = message.body.splitlines()
    if not (lines and lines[0].startswith(SUBJECT) and lines[0].removeprefix(SUBJECT).strip()):
        reading.refuse(file, 1, None, f'must begin with "{SUBJECT}" and a few words.')
    for name in MUST_HOLD[message.channel, message.name]:
        if name not in message.placeholders:
            reading.refuse(file, 1, None, f"must hold {{{name}}}.")
    if message.name in ("invite", "reminder") and "stop" not in message.body.casefold():
        reading.refuse(file, 1, None, "must say how to stop.")
    if message.channel == "letter" and len(message.body) > LONGEST_LETTER:
        reading.refuse(file, 1, None, f"is longer than a page: {LONGEST_LETTER} characters.")
    allowed = (*FROM_THE_CORE[message.channel], *message.always)
    for row, line in enumerate(lines, start=1):
        check_line(reading, file, row, line, allowed, domains)


def split(words: str) -> tuple[str, str]:
    """The subject of an e-mail or letter, and what stands below it."""
    subject, _, body = words.partition("\n")
    return subject.removeprefix(SUBJECT).strip(), body.strip()


# What somebody gets who writes HELP or START: a few words that need no pack of their own.
REPLIES: Final[Mapping[str, str]] = {
    "help": (
        "This is {sender}. We ask how you are and if you need anything. Is this real? Ask your GP"
        " practice, or ring {phone}. To stop, reply STOP. In an emergency ring 999."
    ),
    "started": (
        "Hello from {sender}. You asked us to text you again, so we will. Is this real? Ask your GP"
        " practice, or ring {phone}. To stop, reply STOP."
    ),
}


def reply(manifest: Manifest, name: str) -> str:
    """The answer to a word that somebody sent us."""
    return REPLIES[name].format(**manifest.always)
