"""cohort.toml: which groups of people a programme looks for, over which codelists."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from openprotect.cohorts.rules import (
    Ages,
    Clause,
    Codelist,
    CohortRules,
    Group,
    Population,
    Range,
    Selection,
    Span,
    Tie,
)
from openprotect.packs.codelists import SYSTEMS, read_codelist
from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.problems import PackRefused, Reading, not_one_of

KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
SPAN: Final = re.compile(r"([1-9][0-9]{0,3}) (day|week|month|year)s?")
MONTHS: Final = {"month": 1, "year": 12}
DAYS: Final = {"day": 1, "week": 7}
OLDEST: Final = 130
CLAUSE: Final = (
    "codes", "within", "until", "plausible", "at_least", "count", "latest_value", "ended_by", "age",
)  # fmt: skip
SELECTION: Final = ("codes", "within", "until", "plausible")
Codelists = Mapping[str, Codelist]


def read_cohort(text: str, codelists: Mapping[str, str], file: str) -> CohortRules:
    """The rules of a pack; raises PackRefused with every problem, each at its line and key."""
    reading = Reading()
    root = replace(read_toml(reading, file, text), rows=_rows(text))
    root.only(("title", "population", "codelists", "group"))
    lists = _codelists(root, codelists)
    groups = tuple(_group(each, lists) for each in root.listed("group"))
    rules = CohortRules(root.text("title"), groups, lists, _population(root.entry("population")))
    if not groups:
        root.refuse("group", "is missing: without a group nobody is found.")
    _refuse_twice(root, groups)
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return rules


def _rows(text: str) -> dict[str, int]:
    """The line of each key, with the entries of repeated tables counted from 1."""
    rows: dict[str, int] = {}
    counts: dict[str, int] = {}
    heading = ""
    for row, line in enumerate(text.splitlines(), start=1):
        if found := re.match(r"\s*(\[+)\s*([\w.\"-]+)\s*\]+", line):
            heading = _heading(found[2].replace('"', ""), found[1] == "[[", counts)
            rows.setdefault(heading, row)
        elif found := re.match(r"\s*([\w-]+)\s*=", line):
            rows.setdefault(f"{heading}.{found[1]}" if heading else found[1], row)
    return rows


def _heading(name: str, is_repeated: bool, counts: dict[str, int]) -> str:
    """`group.any` as `group[2].any[1]`: the first alternative of the second group."""
    path = ""
    parts = name.split(".")
    for place, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_repeated and place == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def _codelists(root: Entry, files: Mapping[str, str]) -> dict[str, Codelist]:
    lists: dict[str, Codelist] = {}
    for key, entry in root.entry("codelists").entries():
        entry.only(("file", "system", "column"))
        file = entry.text("file")
        system = entry.one_of("system", SYSTEMS)
        if not KEY.fullmatch(key):
            entry.refuse("", "a codelist's name has small letters, figures and dashes.")
        lists[key] = Codelist(key, system, {})
        if file and file not in files:
            entry.refuse("file", not_one_of(file, files))
        elif file and system in SYSTEMS:
            column = entry.text("column", default="")
            lists[key] = read_codelist(entry.reading, key, system, file, files[file], column)
    return lists


def _population(entry: Entry) -> Population:
    entry.only(("age", "registered", "alive"))
    usual = Population()
    return Population(
        ages=_ages(entry, "age") or usual.ages,
        registered=entry.flag("registered", default=True),
        alive=entry.flag("alive", default=True),
    )


def _refuse_twice(root: Entry, groups: tuple[Group, ...]) -> None:
    keys = [group.name for group in groups]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            root.refuse(f"group[{place + 1}]", f"is the second group called {key!r}.")


def _group(entry: Entry, lists: Codelists) -> Group:
    entry.only(("name", "title", "source", "any"))
    name = entry.text("name")
    if name and not KEY.fullmatch(name):
        entry.refuse("name", "has small letters, figures and dashes, such as heart-failure.")
    alternatives = tuple(_alternative(each, lists) for each in entry.listed("any"))
    if not alternatives:
        entry.refuse("any", "is missing: say which codes put somebody in this group.")
    return Group(name, entry.text("title"), entry.text("source", longest=600), alternatives)


def _alternative(entry: Entry, lists: Codelists) -> tuple[Clause, ...]:
    if not entry.has("all"):
        return (_clause(entry, lists),)
    entry.only(("all",))
    clauses = tuple(_clause(each, lists) for each in entry.listed("all"))
    if not clauses:
        entry.refuse("all", "is empty.")
    return clauses


def _clause(entry: Entry, lists: Codelists) -> Clause:
    entry.only(CLAUSE)
    latest = _range(entry, "latest_value") if entry.has("latest_value") else None
    select = _selection(entry, lists, has_value=latest is not None)
    ender = entry.entry("ended_by")
    ages = _ages(entry, "age")
    if select is None and (ages is None or set(entry.values) - {"age"}):
        entry.refuse("codes", "is missing: name codelists; only an age stands without codes.")
    if ender.values:
        ender.only((*SELECTION, "same_day"))
    return Clause(
        select=select,
        at_least=entry.whole("at_least", 1, 1000, default=1),
        on_different_days=entry.one_of("count", ("events", "days"), default="events") == "days",
        latest_value=latest,
        ended_by=_selection(ender, lists) if ender.values else None,
        tie=_tie(ender) if ender.values else Tie.ENDS,
        ages=ages,
    )


def _tie(ender: Entry) -> Tie:
    """What a same-day code means must be said: guessing it has sent letters to the wrong people."""
    return Tie(ender.one_of("same_day", tuple(Tie)) if _is_tie(ender) else Tie.ENDS)


def _is_tie(ender: Entry) -> bool:
    written = ender.values.get("same_day")
    if written in tuple(Tie):
        return True
    ender.refuse("same_day", 'must say "ends" or "stands": what a code on the same day does.')
    return False


def _selection(entry: Entry, lists: Codelists, *, has_value: bool = False) -> Selection | None:
    if not entry.has("codes"):
        return None
    named = entry.texts("codes")
    for name in named:
        if name not in lists:
            entry.refuse("codes", not_one_of(name, lists))
    if not named:
        entry.refuse("codes", "names no codelist.")
    return Selection(
        codelists=tuple(name for name in named if name in lists),
        within=_span(entry, "within"),
        until=_span(entry, "until"),
        plausible=_range(entry, "plausible") if entry.has("plausible") else None,
        has_value=has_value or entry.has("plausible"),
    )


def _span(entry: Entry, key: str) -> Span | None:
    if not entry.has(key):
        return None
    found = SPAN.fullmatch(entry.text(key))
    if found is None:
        entry.refuse(key, 'must be a length of time, such as "6 months" or "14 days".')
        return None
    count, unit = int(found[1]), found[2]
    return Span(months=count * MONTHS.get(unit, 0), days=count * DAYS.get(unit, 0))


def _range(entry: Entry, key: str) -> Range:
    """Bounds as words: at_least and at_most are inside the range, above and below are not."""
    table = entry.entry(key)
    table.only(("at_least", "above", "at_most", "below"))
    if not table.values:
        entry.refuse(key, "must hold at_least, above, at_most or below.")
    for one, other in (("at_least", "above"), ("at_most", "below")):
        if table.has(one) and table.has(other):
            table.refuse(one, f"stands beside {other}: say one of them.")
    low = _number(table, "at_least", "above")
    high = _number(table, "at_most", "below")
    if low is not None and high is not None and low > high:
        table.refuse("", "holds no number at all.")
    return Range(low, high, table.has("above"), table.has("below"))


def _number(table: Entry, *keys: str) -> float | None:
    for key in keys:
        value = table.values.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if value is not None:
            table.refuse(key, "must be a number.")
    return None


def _ages(entry: Entry, key: str) -> Ages | None:
    if not entry.has(key):
        return None
    table = entry.entry(key)
    table.only(("from", "to"))
    low = table.whole("from", 0, OLDEST, default=0)
    high = table.whole("to", 0, 200, default=200)
    if not table.values or low > high:
        table.refuse("", "must hold from, to, or both, in whole years.")
    return Ages(low, high)
