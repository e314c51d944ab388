"""`openprotect form fhirpath-conformance DIR`: the official tests of FHIRPath, passed of total."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from django.utils import timezone

from openprotect.base.refusals import Refused
from openprotect.forms.fhirpath import Item, checking, compile  # noqa: A004
from openprotect.forms.fhirpath.items import kind_of, plain

NAME = "fhirpath-conformance"
MEANING = "run the official tests of FHIRPath that a folder holds"
NOTHING = "nothing"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="tests as XML; what they stand on in input/")
    parser.add_argument("--failures", action="store_true", help="name those that do not pass")


@dataclass(frozen=True)
class Case:
    """One test: an expression, what it stands on, and what must come of it."""

    name: str
    text: str
    input: str
    must_fail: bool
    strict: bool
    ordered_only: bool
    in_order: bool
    is_predicate: bool
    outputs: tuple[tuple[str, str], ...]  # type (may be empty) and text


def run(options: argparse.Namespace) -> int:
    folder, files = _tests(options.folder)
    at = timezone.now()
    passed = total = 0
    for case in (case for file in files for case in cases(file)):
        total += 1
        expected, got = wanted(case), outcome(case, folder / "input", at)
        if agrees(case, expected, got):
            passed += 1
        elif options.failures:
            print(f"{case.name}: {' '.join(case.text.split())}")
            print(f"  expected {_said(expected)}\n  got {_said(got)}")
    if not total:
        raise Refused(f"There are no tests in the *.xml of {folder}.")
    print(f"{passed} of {total} pass")
    return 0


def _tests(asked: Path) -> tuple[Path, list[Path]]:
    """The files of tests in a folder, or in the one folder below it that has some."""
    below = sorted({each.parent for each in asked.rglob("tests-*.xml")})
    folder = below[0] if len(below) == 1 else asked
    files = sorted(folder.glob("*.xml"))
    if not files:
        raise Refused(f"There are no tests (*.xml) in {asked}.")
    return folder, files


def cases(file: Path) -> Iterator[Case]:
    """Every test of a file."""
    try:
        tree = Xml.parse(file)  # noqa: S314 (a developer's own file)
    except Xml.ParseError as why:
        raise Refused(f"{file.name} is not XML: {why}") from None
    for test in tree.iter("test"):
        expression = test.find("expression")
        if expression is not None:
            yield _case(test, expression)


def _case(test: Xml.Element, expression: Xml.Element) -> Case:
    said = {**test.attrib, **expression.attrib}
    return Case(
        name=said.get("name", ""),
        text=expression.text or "",
        input=said.get("inputfile", ""),
        must_fail=said.get("invalid", "false") != "false",
        strict=said.get("mode") == "strict",
        ordered_only=said.get("checkOrderedFunctions") == "true",
        in_order=said.get("ordered") != "false",
        is_predicate=said.get("predicate") == "true",
        outputs=tuple((each.get("type", ""), each.text or "") for each in test.iter("output")),
    )


Typed = tuple[str, str]  # the name of a type, empty where a test does not say it, and the text


def wanted(case: Case) -> list[Typed] | None:
    """What must come of a test; none when it must be refused."""
    return None if case.must_fail else [_expected(kind, text) for kind, text in case.outputs]


def _expected(kind: str, text: str) -> Typed:
    if kind in {"string", "code", "id", "uri"}:
        return kind, text
    return kind, _text(compile(text).items(None)[0])


def outcome(case: Case, inputs: Path, at: datetime) -> list[Typed] | Refused:
    """What comes of it here."""
    resource = _read(inputs, case.input)
    try:
        expression = compile(case.text)
        if case.strict:
            checking.require(expression, resource, ordered=case.ordered_only)
        items = expression.items(resource, at=at)
    except Refused as why:
        return why
    if case.is_predicate:
        items = [bool(items)] if not items or plain(items[0]) is not False else [False]
    return [(_bare_kind(item), _text(item)) for item in items]


def agrees(case: Case, expected: list[Typed] | None, got: list[Typed] | Refused) -> bool:
    """Whether the outcome is the one that the test asks for."""
    if expected is None or isinstance(got, Refused):
        return expected is None and isinstance(got, Refused)
    if not case.in_order:
        expected, got = sorted(expected), sorted(got)
    pairs = zip(expected, got, strict=False)
    same = all(want[0] in {"", have[0]} and want[1] == have[1] for want, have in pairs)
    return same and len(expected) == len(got)


def _bare_kind(item: Item) -> str:
    """The type as the tests name it: a value of FHIRPath and of FHIR alike."""
    space, _, name = kind_of(item).rpartition(".")
    if space == "System" and name != "Quantity":
        return name[:1].lower() + name[1:]
    return name


def _text(item: Item) -> str:
    value = plain(item)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _said(result: list[Typed] | Refused | None) -> str:
    if result is None or isinstance(result, Refused):
        return f"a refusal: {result}" if result else "a refusal"
    return ", ".join(f"{kind} {text}".strip() for kind, text in result) or NOTHING


def _read(inputs: Path, name: str) -> Any:
    """The JSON copy of what a test stands on."""
    if not name:
        return None
    file = inputs / Path(name).with_suffix(".json").name
    try:
        return json.loads(file.read_text("utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as why:
        raise Refused(f"{file} cannot be read: {why}") from None
