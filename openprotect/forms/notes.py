"""What reading a questionnaire found to say, each at its item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from openprotect.base.refusals import Refused


class Grade(StrEnum):
    """How much a note weighs."""

    REFUSED = "refused"  # the form cannot be used
    BROKEN = "broken"  # FHIR does not allow it; it was let pass, in the way that is said
    UNSUPPORTED = "unsupported"  # FHIR allows it; it has less effect here than it should
    SHOWN_OTHERWISE = "shown otherwise"  # asked in full, but not drawn as the author wished
    UNTRANSLATED = "untranslated"  # words that some of its languages lack
    REMARK = "remark"  # has nothing to do with asking


@dataclass(frozen=True)
class Note:
    """One thing about one item; `item` is its linkId, empty for the form itself."""

    grade: Grade
    item: str
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.item or self.where or 'the form'}: {self.words}"


class Notes:
    """Gathers what there is to say while one form is read; the same thing is said once."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)

    def add(self, grade: Grade, item: str, where: str, words: str) -> None:
        self._notes[Note(grade, item, where, words)] = None

    def of(self, *grades: Grade) -> tuple[Note, ...]:
        return tuple(note for note in self._notes if note.grade in grades)


class FormRefused(Refused):
    """A document that cannot be used as a form, with all that was found."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = tuple(notes)
        super().__init__("; ".join(map(str, self.reasons)))

    @property
    def reasons(self) -> tuple[Note, ...]:
        """What makes it unfit, without what is only to be said as well."""
        return tuple(note for note in self.notes if note.grade is Grade.REFUSED)


def refused(words: str, where: str = "") -> FormRefused:
    return FormRefused([Note(Grade.REFUSED, "", where, words)])
