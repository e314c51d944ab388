"""One clause of cohort.toml: which codes, when, how often, and what else must be true."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openprotect.cohorts.rules import (
    Clause,
    Codelist,
    Conversion,
    Days,
    Derived,
    Ender,
    Registration,
    Selection,
    Tie,
)
from openprotect.packs.cohort_measures import (
    WINDOW,
    read_ages,
    read_days,
    read_number,
    read_range,
    read_span,
)
from openprotect.packs.contradictions import refuse_units
from openprotect.packs.entry import Entry
from openprotect.packs.problems import not_one_of

SETTINGS: Final = ("gp", "hospital", "social", "list")
SEXES: Final = ("female", "male", "other", "unknown")
SELECTION: Final = (
    "codes", "score", *WINDOW, "recorded_in", "plausible", "unit", "convert", "derive", "age_then",
    "same_admission_as",
)  # fmt: skip
FACT: Final = (
    "none", "at_least", "at_most", "count", "apart", "latest_value", "first", "last", "ended_by",
    "after", "unless_before",
)  # fmt: skip
PERSON: Final = (
    "age", "sex", "deprivation", "registration", "care_home", "in_group", "not_in_group",
)  # fmt: skip
MODEL: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,15}")
MOST: Final = 1000


@dataclass(frozen=True)
class Scope:
    """What a clause may name: codelists, and the groups and parts that stand before it."""

    lists: dict[str, Codelist]
    earlier: frozenset[str]


def read_clause(entry: Entry, scope: Scope) -> Clause:
    entry.only((*SELECTION, *FACT, *PERSON))
    asks_value = entry.has("latest_value")
    select = read_selection(entry, scope, asks_value=asks_value)
    if select is None:
        _refuse_without_codes(entry)
    return Clause(
        select=select,
        is_absent=_is_absent(entry),
        at_least=entry.whole("at_least", 1, MOST, default=1),
        at_most=entry.whole("at_most", 1, MOST) if entry.has("at_most") else None,
        on_different_days=entry.one_of("count", ("events", "days"), default="events") == "days",
        apart=read_span(entry, "apart"),
        latest_value=read_range(entry, "latest_value"),
        first=_days(entry, "first"),
        last=_days(entry, "last"),
        ended_by=_enders(entry, "ended_by", scope),
        after=_enders(entry, "after", scope),
        unless_before=_earlier(entry, scope),
        ages=read_ages(entry, "age"),
        sexes=_sexes(entry),
        deciles=_deciles(entry),
        registration=_registration(entry),
        care_home=entry.flag("care_home") if entry.has("care_home") else None,
        in_group=_group(entry, "in_group", scope),
        not_in_group=_group(entry, "not_in_group", scope),
    )


def _refuse_without_codes(entry: Entry) -> None:
    """Words about events mean nothing without the events."""
    alone = [key for key in entry.values if key in (*SELECTION, *FACT)]
    if alone:
        entry.refuse("codes", f"is missing: {alone[0]} says something of codes; name codelists.")
    elif not entry.values:
        entry.refuse("codes", "is missing: this clause asks nothing.")


def _is_absent(entry: Entry) -> bool:
    if entry.has("none") and not entry.flag("none") and entry.values["none"] is False:
        entry.refuse("none", "is true, or is left out.")
    return entry.values.get("none") is True


def read_selection(entry: Entry, scope: Scope, *, asks_value: bool = False) -> Selection | None:
    """The events that a clause looks at; None when it names none."""
    codelists = _score(entry, scope) if entry.has("score") else _codes(entry, "codes", scope)
    if codelists is None:
        return None
    select = Selection(
        codelists=codelists,
        days=read_days(entry),
        setting=entry.one_of("recorded_in", SETTINGS, default=""),
        plausible=read_range(entry, "plausible"),
        has_value=asks_value or entry.has("plausible") or entry.has("derive"),
        unit=entry.text("unit", longest=30) if entry.has("unit") else "",
        conversions=tuple(_conversions(entry)),
        derived=_derived(entry),
        aged=read_ages(entry, "age_then"),
        paired=_codes(entry, "same_admission_as", scope) or (),
    )
    refuse_units(entry, select)
    return select


def _codes(entry: Entry, key: str, scope: Scope) -> tuple[str, ...] | None:
    if not entry.has(key):
        return None
    named = entry.texts(key)
    for place, name in enumerate(named):
        if name not in scope.lists:
            entry.refuse(key, not_one_of(name, scope.lists))
        elif name in named[:place]:
            entry.refuse(key, f"names {name!r} twice.")
    if entry.values[key] == []:
        entry.refuse(key, "names no codelist.")
    return tuple(name for name in named if name in scope.lists)


def _score(entry: Entry, scope: Scope) -> tuple[str, ...]:
    """A score comes as a code that names its model and version, so it is a codelist of one."""
    if entry.has("codes"):
        entry.refuse("score", "stands beside codes: a clause looks at one of them.")
    table = entry.entry("score")
    table.only(("model", "version"))
    model, version = table.text("model"), table.text("version")
    for key, written, shape in (("model", model, MODEL), ("version", version, VERSION)):
        if written and not shape.fullmatch(written):
            table.refuse(key, "has letters, figures, dots and dashes, such as qcovid and 4.")
    code = f"{model} {version}"
    scope.lists.setdefault(code, Codelist(code, "score", {code: f"{model}, version {version}"}))
    return (code,)


def _conversions(entry: Entry) -> Iterator[Conversion]:
    for each in entry.listed("convert"):
        each.only(("unit", "divide", "add"))
        unit = each.text("unit", longest=30)
        divide = read_number(each, "divide") if each.has("divide") else 1.0
        if each.values.get("divide") in (0, 0.0):
            each.refuse("divide", "is nought, by which nothing can be divided.")
        elif not each.has("divide") and not each.has("add"):
            each.refuse("divide", "is missing: say divide, add, or both.")
        yield Conversion(unit, divide, read_number(each, "add") if each.has("add") else 0.0)


def _derived(entry: Entry) -> Derived | None:
    if not entry.has("derive"):
        return None
    named = entry.one_of("derive", tuple(Derived))
    return Derived(named) if named in tuple(Derived) else None


def _days(entry: Entry, key: str) -> Days | None:
    if not entry.has(key):
        return None
    table = entry.entry(key)
    table.only(WINDOW)
    if not table.values:
        entry.refuse(key, "must hold within, until, between, since or up_to.")
    return read_days(table)


def _enders(entry: Entry, key: str, scope: Scope) -> tuple[Ender, ...]:
    """One table, or a list of them."""
    if not entry.has(key):
        return ()
    several = isinstance(entry.values[key], list)
    tables = list(entry.listed(key)) if several else [entry.entry(key)]
    if not tables:
        entry.refuse(key, "is empty: name codelists and same_day.")
    return tuple(ender for each in tables if (ender := _ender(each, scope)))


def _ender(table: Entry, scope: Scope) -> Ender | None:
    """What a same-day code means must be said: guessing it has sent letters to the wrong people."""
    table.only((*SELECTION, "same_day"))
    written = table.values.get("same_day")
    if written not in tuple(Tie):
        table.refuse("same_day", 'must say "ends" or "stands": what a code on the same day does.')
    select = read_selection(table, scope)
    if select is None:
        table.refuse("codes", "is missing: name codelists.")
    return Ender(select, Tie(str(written))) if select and written in tuple(Tie) else None


def _earlier(entry: Entry, scope: Scope) -> Selection | None:
    if not entry.has("unless_before"):
        return None
    table = entry.entry("unless_before")
    table.only(SELECTION)
    select = read_selection(table, scope)
    if select is None:
        table.refuse("codes", "is missing: name codelists.")
    return select


def _sexes(entry: Entry) -> tuple[str, ...]:
    if not entry.has("sex"):
        return ()
    named = entry.texts("sex")
    for name in named:
        if name not in SEXES:
            entry.refuse("sex", not_one_of(name, SEXES))
    if entry.values["sex"] == []:
        entry.refuse("sex", "names nobody.")
    return tuple(dict.fromkeys(named))


def _deciles(entry: Entry) -> tuple[int, ...]:
    """Tenths of all areas from 1, the most deprived; a fifth is two tenths."""
    if not entry.has("deprivation"):
        return ()
    table = entry.entry("deprivation")
    table.only(("deciles", "quintiles"))
    if len(table.values) != 1:
        table.refuse("", "must hold deciles or quintiles, and one of them only.")
        return ()
    if table.has("deciles"):
        return _numbered(table, "deciles", 10)
    fifths = _numbered(table, "quintiles", 5)
    return tuple(tenth for fifth in fifths for tenth in (2 * fifth - 1, 2 * fifth))


def _numbered(table: Entry, key: str, most: int) -> tuple[int, ...]:
    chosen = table.values.get(key)
    wanted = range(1, most + 1)
    if (
        not isinstance(chosen, list)
        or not chosen
        or not all(type(each) is int and each in wanted for each in chosen)
    ):
        table.refuse(key, f"must be a list of whole numbers from 1, the most deprived, to {most}.")
        return ()
    return tuple(sorted(set(chosen)))


def _registration(entry: Entry) -> Registration | None:
    if not entry.has("registration"):
        return None
    table = entry.entry("registration")
    table.only(("at_least", "within"))
    if not table.values:
        table.refuse("", "must hold at_least or within, each a length of time.")
    return Registration(read_span(table, "at_least"), read_span(table, "within"))


def _group(entry: Entry, key: str, scope: Scope) -> str:
    """Only what stands earlier may be named, so that nothing can depend on itself."""
    if not entry.has(key):
        return ""
    name = entry.text(key)
    if name and name not in scope.earlier:
        entry.refuse(key, f"{not_one_of(name, scope.earlier)} A group names earlier ones only.")
        return ""
    return name
