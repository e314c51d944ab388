"""Options, bounds and red flags of one questionnaire item."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from openprotect.packs.entry import Entry
from openprotect.packs.fhir import (
    EMERGENCY,
    OPTION_PREFIX,
    ORDINAL,
    extension,
    extensions,
    only_known_extensions,
)
from openprotect.packs.items import EmergencyText, Kind, Option, RedFlag
from openprotect.packs.problems import not_one_of

LONGEST_OPTION: Final = 150
LONGEST_EMERGENCY: Final = 1000
CALLS: Final = ("999", "111")


def read_options(entry: Entry) -> tuple[Option, ...]:
    options = tuple(_option(each) for each in entry.listed("answerOption"))
    if len(options) < 2:
        entry.refuse("answerOption", "a choice needs at least two answers.")
    for name, words in (
        ("code", [o.code for o in options]),
        ("display", [o.display for o in options]),
    ):
        if twice := {word for word in words if word and words.count(word) > 1}:
            entry.refuse("answerOption", f"has the {name} {min(twice)!r} twice.")
    return options


def _option(entry: Entry) -> Option:
    entry.only(("id", "valueCoding", "extension", "modifierExtension"))
    coding = entry.entry("valueCoding")
    if not coding.values:
        entry.refuse("valueCoding", "is missing: an option needs a code and a display.")
        return Option("", "")
    coding.only(("id", "system", "version", "code", "display", "extension"))
    only_known_extensions(coding, frozenset((ORDINAL,)))
    only_known_extensions(entry, frozenset((OPTION_PREFIX, ORDINAL)))
    code = coding.text("code", longest=64)
    if "," in code or code in ("any", "missing"):
        coding.refuse("code", f"{code!r} would be misread in the triage table.")
    prefix = extension(entry, OPTION_PREFIX)
    return Option(
        code=code,
        display=coding.text("display", longest=LONGEST_OPTION),
        prefix=prefix.text("valueString", longest=10) if prefix else "",
        score=_score(coding) if extension(coding, ORDINAL) else _score(entry),
        system=coding.text("system", default=""),
    )


def _score(entry: Entry) -> Decimal | None:
    found = extension(entry, ORDINAL)
    return as_number(found, "valueDecimal") if found else None


def as_number(entry: Entry, key: str) -> Decimal | None:
    value = entry.values.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        entry.refuse(key, "must be a number.")
        return None
    return value


def as_day(entry: Entry, key: str) -> date | None:
    try:
        return date.fromisoformat(entry.text(key))
    except ValueError:
        entry.refuse(key, "must be a day, such as 2026-03-27.")
        return None


def read_bound(entry: Entry, url: str, kind: Kind) -> Decimal | date | None:
    """The least or greatest value a number or a day may have."""
    found = extension(entry, url)
    if found is None:
        return None
    if kind == "integer":
        return as_number(found, "valueInteger")
    if kind == "decimal":
        return as_number(found, "valueInteger" if found.has("valueInteger") else "valueDecimal")
    if kind == "date":
        return as_day(found, "valueDate")
    entry.refuse("extension", f"an item of type {kind} has no least or greatest value.")
    return None


def read_red_flags(entry: Entry, kind: Kind, options: Sequence[Option]) -> tuple[RedFlag, ...]:
    flags = []
    for each in extensions(entry, EMERGENCY):
        flag = _red_flag(each)
        _check_red_flag(each, flag, kind, options)
        flags.append(flag)
    return tuple(flags)


def _red_flag(entry: Entry) -> RedFlag:
    codes: list[str] = []
    numbers: dict[str, Decimal | None] = {}
    call, text = "", ""
    for part in entry.listed("extension"):
        url = part.one_of("url", ("answer", "from", "to", "call", "text"))
        if url == "answer":
            codes.append(part.text("valueCode"))
        elif url in ("from", "to"):
            numbers[url] = as_number(part, "valueDecimal")
        elif url == "call":
            call = part.one_of("valueCode", CALLS)
        elif url == "text":
            text = part.text("valueString", longest=LONGEST_EMERGENCY)
    emergency = EmergencyText("111" if call == "111" else "999", text)
    return RedFlag(emergency, tuple(codes), numbers.get("from"), numbers.get("to"))


def _check_red_flag(entry: Entry, flag: RedFlag, kind: Kind, options: Sequence[Option]) -> None:
    if flag.emergency.call not in flag.emergency.text:
        entry.refuse("text", f"the words must name the number to ring, {flag.emergency.call}.")
    allowed = ["yes", "no"] if kind == "boolean" else [option.code for option in options]
    for code in flag.codes:
        if code not in allowed:
            entry.refuse("answer", not_one_of(code, allowed))
    has_bounds = flag.low is not None or flag.high is not None
    if kind in ("integer", "decimal"):
        if not has_bounds or flag.codes:
            entry.refuse("from", "a number needs 'from' or 'to', and no 'answer'.")
    elif not flag.codes or has_bounds:
        entry.refuse("answer", "say which answers raise it, by their codes.")
