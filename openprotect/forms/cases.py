"""Verdicts of others on questionnaires and responses, and whether ours are the same."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openprotect.forms.checking import Found, found_in
from openprotect.forms.documents import Resource
from openprotect.forms.notes import FormRefused, Grade
from openprotect.forms.reading import read_form
from openprotect.forms.validating import named_form, verdict_of, verdict_on_shape
from openprotect.forms.value_sets import Library

FILE: Final = "cases.json"
# Why another validator's error need not be ours; each is argued in docs/forms.md.
ARGUED: Final = {
    "extensions-unknown-to-it": re.compile(
        r"extension .* could not be found so is not allowed|is not allowed to be used at this point"
    ),
    "terminology-not-here": re.compile(
        r"not in the (options )?value set|Wrong Display Name|list of allowed values"
    ),
}


@dataclass(frozen=True)
class Case:
    """A file with the verdict that others gave it; None where they gave none."""

    name: str
    file: str
    supporting: tuple[str, ...]
    expected: bool | None
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Our verdict beside theirs. `argument` names what docs/forms.md says of the difference."""

    case: Case
    is_valid: bool
    reasons: tuple[str, ...]
    argument: str = ""

    @property
    def agrees(self) -> bool:
        return self.case.expected is None or self.is_valid is self.case.expected


def cases_of(folder: Path) -> list[Case]:
    """The cases of a folder, from its cases.json; none when there is no such list."""
    try:
        listed = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    return [
        _case(each)
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and isinstance(each.get("file"), str)
    ]


def _case(listed: Mapping[str, object]) -> Case:
    stated, has_error = listed.get("stated_success"), listed.get("java_has_error")
    expected = stated if isinstance(stated, bool) else None
    if expected is None and isinstance(has_error, bool):
        expected = not has_error
    issues = listed.get("java_outcome_issues")
    supporting = listed.get("supporting")
    return Case(
        name=str(listed.get("name", listed["file"])),
        file=str(listed["file"]),
        supporting=tuple(map(str, supporting)) if isinstance(supporting, list) else (),
        expected=expected,
        errors=tuple(
            str(each.get("text"))
            for each in (issues if isinstance(issues, list) else ())
            if isinstance(each, dict) and each.get("severity") in ("error", "fatal")
        ),
    )


def compared(folder: Path, library: Library) -> Iterator[Compared]:
    """Each case of a folder, judged here."""
    for case in cases_of(folder):
        reasons = tuple(_faults(case, folder / "files", library))
        found = Compared(case, not reasons, reasons)
        yield Compared(case, not reasons, reasons, _argument(found))


def _argument(found: Compared) -> str:
    """Their errors are all of one kind on which we differ with reason."""
    if found.agrees or not found.is_valid or not found.case.errors:
        return ""
    for name, pattern in ARGUED.items():
        if all(pattern.search(each) for each in found.case.errors):
            return name
    return ""


def _faults(case: Case, files: Path, library: Library) -> Iterator[str]:
    subject = _first(files / case.file)
    if subject.resource is None:
        yield subject.trouble
        return
    beside = [_first(files / name) for name in case.supporting]
    if subject.kind == "Questionnaire":
        yield from faults_of_questionnaire(subject.resource, library)
    else:
        forms = [each.resource for each in beside if each.kind == "Questionnaire" and each.resource]
        yield from faults_of_response(subject.resource, forms, library)


def _first(path: Path) -> Found:
    return next(iter(found_in(path, name=path.name)))


def faults_of_questionnaire(resource: Resource, library: Library) -> Iterator[str]:
    """What FHIR does not allow of a form, whether we let it pass or not."""
    try:
        reading = read_form(resource, library)
    except FormRefused as why:
        yield from map(str, why.reasons)
    else:
        yield from map(str, reading.of(Grade.BROKEN))


def faults_of_response(
    response: Resource, forms: list[Resource], library: Library
) -> Iterator[str]:
    """What is wrong with a response to the form that it names: one it contains, or one of these."""
    form = _form_for(response, forms)
    if form is None and not named_form(response):
        yield from map(str, verdict_on_shape(response).errors)
        return
    if form is None:
        yield f"the questionnaire {named_form(response)[:200]!r} is not here"
        return
    try:
        reading = read_form(form, library)
    except FormRefused as why:
        yield from (f"its questionnaire cannot be used: {note}" for note in why.reasons)
    else:
        yield from map(str, verdict_of(response, reading.form).errors)


def _form_for(response: Resource, forms: list[Resource]) -> Resource | None:
    named = named_form(response).partition("|")[0]
    if named.startswith("#"):
        contained = response.get("contained")
        for each in contained if isinstance(contained, list) else ():
            if isinstance(each, dict) and each.get("id") == named.removeprefix("#"):
                return each
    exact = (each for each in forms if named and each.get("url") == named)
    return next(exact, None) or (forms[0] if len(forms) == 1 else None)
