"""What comes through the narrow door: a person whom the rules found, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openprotect.base.refusals import Refused


class NotEnrolled(Refused):
    """The person cannot be brought into the programme."""


@dataclass(frozen=True)
class Why:
    """One dated fact for which a person is in a programme."""

    group: str
    title: str
    code: str
    term: str
    on: date
    source: str


# The group of a reason that a clinician gave, where others name a group of the pack's rules.
BY_CLINICIAN = "added-by-clinician"


@dataclass(frozen=True)
class Missing:
    """Why a run no longer finds someone who is in the programme: a code, and words to read."""

    because: str
    words: str


@dataclass(frozen=True)
class Enrolled:
    """What became of the people found: every one is counted once.

    `missing` counts, by reason, people in the programme whom the run did not find.
    """

    new: int = 0
    known: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    missing: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return self.new + self.known + sum(count for _, count in self.left_out)


# Why a practice keeps a patient out; the code is counted, the words are read by colleagues.
# Codes for exclusion by a clinician are our own: no published list fits a check-in by text.
GROUNDS: Mapping[str, str] = {
    "end-of-life": "Near the end of life: contact would not help",
    "in-hand": "We or another team are already looking after this",
    "record-wrong": "The record is wrong: this does not apply to them",
    "asked-not-to": "They asked not to be contacted",
    "moved-or-died": "Has died, or is no longer our patient",
    "no-longer": "The reason for being here no longer holds",
    "other": "Another reason",
}
SAYS_NOTHING_ALONE = frozenset({"other"})
LONGEST_NOTE = 200
AGREED = "Looked at and agreed in the practice's review"


FOR_PRACTICE = "practice: {ground}"


def left_in_words(because: str) -> str:
    """Why somebody left, as people read it: a practice's code as the words it stands for."""
    who, _, ground = because.partition(": ")
    return f"{who}: {GROUNDS[ground]}" if ground in GROUNDS else because


# Somebody turned out to be here twice: the record under the number that was replaced has left.
TWICE_HERE = "known under another NHS number"


def comes_back(left_because: str, *, is_elsewhere: bool) -> bool:
    """Whether someone who left is reviewed anew when the rules find them again.

    A decision stands until its own ground has passed: the reason had ended and holds again, or
    they had left the practice and are registered with another; or two records were taken for one
    person and are two again. Any other veto stays.
    """
    if left_because in (FOR_PRACTICE.format(ground="no-longer"), TWICE_HERE):
        return True
    return is_elsewhere and left_because == FOR_PRACTICE.format(ground="moved-or-died")


class NotAsked(Refused):
    """What was typed cannot be looked up."""


class NoGround(Refused):
    """A person is kept out without a reason that a colleague could understand."""


def ground_in_words(code: str, note: str) -> str:
    """A coded reason and what was written beside it, as one sentence for the record."""
    if code not in GROUNDS:
        raise NoGround("Choose one of the reasons.")
    note = " ".join(note.split())
    if code in SAYS_NOTHING_ALONE and not note:
        raise NoGround("Say what the other reason is.")
    if len(note) > LONGEST_NOTE:
        raise NoGround(f"Say it in {LONGEST_NOTE} characters at most.")
    return f"{GROUNDS[code]}. {note}" if note else GROUNDS[code]
