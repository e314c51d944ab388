"""The call script and the practice card: a little Markdown, read into parts a page can draw."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from openprotect.packs.entry import UNPRINTABLE
from openprotect.packs.problems import Reading

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
LONGEST: Final = 20_000


@dataclass(frozen=True)
class Passage:
    """A stretch of text: words to say aloud, a point of a list, or a note to the reader."""

    kind: Literal["say", "point", "note"]
    text: str


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it."""

    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Prose:
    """A text for staff, whole and in sections, with the pack's own facts filled in."""

    text: str
    sections: tuple[Section, ...]


def read_prose(
    reading: Reading, file: str, text: str, always: dict[str, str], must_name: tuple[str, ...]
) -> Prose:
    if len(text) > LONGEST or UNPRINTABLE.search(text):
        reading.refuse(file, None, None, f"must be plain text of at most {LONGEST} characters.")
    for row, line in enumerate(text.splitlines(), start=1):
        for found in PLACEHOLDER.finditer(line):
            if found[1] not in always:
                allowed = ", ".join(sorted(always))
                column = str(found.start() + 1)
                reading.refuse(file, row, column, f"{found[0]} is not known. Allowed: {allowed}.")
    for word in must_name:
        if word not in text.casefold():
            reading.refuse(file, None, None, f"must speak of {word!r}.")
    whole = PLACEHOLDER.sub(lambda found: always.get(found[1], found[0]), text)
    return Prose(whole, _sections(whole))


def _sections(text: str) -> tuple[Section, ...]:
    sections = []
    for part in re.split(r"^#+ ", text, flags=re.MULTILINE):
        title, _, body = part.partition("\n")
        if title.strip():
            sections.append(Section(title.strip(), tuple(_passages(body))))
    return tuple(sections)


def _passages(body: str) -> list[Passage]:
    passages: list[Passage] = []
    for block in re.split(r"\n\s*\n", body):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        if lines[0].startswith("- "):
            points = re.split(r"^- ", "\n".join(lines), flags=re.MULTILINE)
            passages += [Passage("point", " ".join(each.split())) for each in points if each]
        elif lines[0].startswith(">"):
            passages.append(Passage("say", " ".join(line.lstrip("> ") for line in lines)))
        else:
            passages.append(Passage("note", " ".join(lines)))
    return passages
