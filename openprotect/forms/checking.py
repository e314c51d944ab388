"""Is a file a form that can be asked, and does a walk through it reach the end?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from openprotect.forms.documents import LARGEST, Resource, read_document
from openprotect.forms.notes import FormRefused, Grade, Note, refused
from openprotect.forms.reading import Reading, read_form
from openprotect.forms.responses import to_fhir
from openprotect.forms.validating import verdict_of
from openprotect.forms.value_sets import Library, by_address, is_list
from openprotect.forms.walker import AT_NOON, NOON, Stuck, walk_through

SUFFIXES: Final = (".json", ".xml")
MOST_BESIDE: Final = 400
COUNTED: Final = (Grade.BROKEN, Grade.UNSUPPORTED, Grade.SHOWN_OTHERWISE)
Kind = Literal["supported fully", "supported but", "refused"]


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one form. `stuck` says why the walk did not reach the last page."""

    name: str
    kind: Kind
    reasons: tuple[str, ...] = ()
    pages: int = 0
    stuck: str = ""

    @property
    def is_walked(self) -> bool:
        return self.kind != "refused" and not self.stuck

    def __str__(self) -> str:
        reasons = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        walk = f"; not answered to the last page: {self.stuck}" if self.stuck else ""
        return f"{self.name}: {self.kind}{reasons}{walk}"


@dataclass(frozen=True)
class Found:
    """One file or one part of a file: a resource, or why there is none."""

    name: str
    resource: Resource | None
    notes: tuple[Note, ...] = ()

    @property
    def trouble(self) -> str:
        """Why there is no resource."""
        return "; ".join(note.words for note in self.notes)

    @property
    def kind(self) -> str:
        return str(self.resource.get("resourceType", "")) if self.resource else ""


def verdict_on(name: str, resource: Resource, library: Library) -> Verdict:
    try:
        reading = read_form(resource, library)
    except FormRefused as why:
        return Verdict(name, "refused", tuple(in_one(why.reasons)))
    counted = reading.of(*COUNTED)
    pages, stuck = _walked(reading)
    if counted or stuck:
        return Verdict(name, "supported but", tuple(in_one(counted)), pages, stuck)
    return Verdict(name, "supported fully", (), pages)


def in_one(notes: Iterable[Note]) -> Iterator[str]:
    """The same thing said of several items becomes one reason with all of them."""
    items: dict[str, list[str]] = {}
    for note in notes:
        items.setdefault(note.words, []).append(note.item)
    for words, where in items.items():
        named = [each for each in dict.fromkeys(where) if each]
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        yield f"{', '.join(named[:5])}{more}: {words}" if named else words


def files_of(path: Path) -> list[Path]:
    """The files to look at: one that is named, or all of a folder that may hold FHIR."""
    if path.is_dir():
        return sorted(
            each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file()
        )
    return [path]


def found_in(path: Path, *, name: str) -> Iterator[Found]:
    """The resources of a file; of a bundle, each that it holds."""
    try:
        if path.stat().st_size > LARGEST:
            raise refused(f"is larger than {LARGEST // 1_000_000} MB")
        resource = read_document(path.read_bytes())
    except FormRefused as why:
        yield Found(name, None, why.notes)
    except OSError as why:
        yield Found(name, None, refused(f"cannot be read: {why.strerror}").notes)
    else:
        inner = list(_inner(resource))
        if not inner or resource.get("resourceType") == "Questionnaire":
            yield Found(name, resource)
        for number, each in enumerate(inner, start=1):
            yield Found(f"{name}#{number}", each)


def _inner(resource: Resource) -> Iterator[Resource]:
    """Resources within a bundle or within parameters."""
    for key in ("entry", "parameter"):
        listed = resource.get(key)
        for each in listed if isinstance(listed, list) else ():
            inner = each.get("resource") if isinstance(each, dict) else None
            if isinstance(inner, dict):
                yield inner


def library_of(found: Iterable[Found]) -> Library:
    """Every list of answers among what was found, by its address."""
    lists = [each.resource for each in found if each.resource and is_list(each.resource)]
    return Library(by_address(lists))


def beside(path: Path) -> list[Found]:
    """What stands in the same folder as a file: lists of answers that it may refer to."""
    near = [each for each in sorted(path.parent.glob("*")) if each.suffix in SUFFIXES]
    return [
        found
        for each in near[:MOST_BESIDE]
        if each != path and each.is_file()
        for found in found_in(each, name=each.name)
    ]


def _walked(reading: Reading) -> tuple[int, str]:
    pages = 0
    for last in (False, True):
        try:
            walked = walk_through(reading.form, last=last)
        except Stuck as why:
            return pages, str(why)
        pages = max(pages, walked.pages)
        response = to_fhir(reading.form, walked.state, authored_at=NOON, is_whole=True)
        if wrong := verdict_of(response, reading.form, AT_NOON).errors:
            return pages, f"the response it ends with is not valid: {wrong[0]}"
    return pages, ""
