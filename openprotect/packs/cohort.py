"""cohort.toml: which groups of people a programme looks for, over which codelists."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from openprotect.cohorts.rules import (
    REASONS,
    Clause,
    Codelist,
    CohortRules,
    Group,
    Population,
)
from openprotect.packs.borrowed import may_be_missing
from openprotect.packs.codelists import SYSTEMS, read_codelist
from openprotect.packs.cohort_clauses import Scope, read_clause
from openprotect.packs.cohort_measures import read_ages, read_span
from openprotect.packs.contradictions import refuse_contradictions, refuse_impossible
from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.problems import PackRefused, Reading, not_one_of

KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
# Words that cards and counts use for themselves.
TAKEN: Final = frozenset({"none", "unregistered", "age", *REASONS})
KINDS: Final = ("part", "group", "exclusion")
NOT_A_KEY: Final = "has small letters, figures and dashes, such as heart-failure."


def read_cohort(text: str, codelists: Mapping[str, str], file: str) -> CohortRules:
    """The rules of a pack; raises PackRefused with every problem, each at its line and key."""
    reading = Reading()
    rules = read_rules(reading, text, codelists, file)
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return rules


def read_rules(reading: Reading, text: str, codelists: Mapping[str, str], file: str) -> CohortRules:
    """The rules of a pack, which may be used when the reading has refused nothing."""
    root = read_toml(reading, file, text)
    root.only(("title", "population", "codelists", *KINDS))
    lists = _codelists(root, codelists)
    population = _population(root.entry("population"))
    read = {kind: _groups(root, kind, lists, population) for kind in KINDS}
    if not root.has("group"):
        root.refuse("group", "is missing: without a group nobody is found.")
    _refuse_late_parts(root)
    rules = CohortRules(
        title=root.text("title"),
        groups=read["group"],
        codelists=lists,
        population=population,
        parts=read["part"],
        exclusions=read["exclusion"],
    )
    _warn_of_unused(root, rules)
    return rules


def _codelists(root: Entry, files: Mapping[str, str]) -> dict[str, Codelist]:
    lists: dict[str, Codelist] = {}
    for key, entry in root.entry("codelists").entries():
        entry.only(("file", "system", "column", "where"))
        file = entry.text("file")
        system = entry.one_of("system", SYSTEMS)
        if not KEY.fullmatch(key):
            entry.refuse("", "a codelist's name has small letters, figures and dashes.")
        lists[key] = Codelist(key, system, {})
        if may_be_missing(file) and file not in files:
            entry.warn("file", "is not supplied yet, and holds no code until it is.")
        elif file and file not in files:
            entry.refuse("file", not_one_of(file, files))
        elif file and system in SYSTEMS:
            column = entry.text("column", default="")
            where = {name: frozenset(entry.entry("where").texts(name)) for name in _where(entry)}
            listed = read_codelist(entry.reading, key, system, file, files[file], column, where)
            lists[key] = listed
    return lists


def _where(entry: Entry) -> list[str]:
    """The columns by which rows are chosen; a table that chooses nothing is refused."""
    chosen = entry.entry("where")
    for name, value in chosen.values.items():
        if value == []:
            chosen.refuse(name, "names no value: no row would be read.")
    return list(chosen.values)


def _population(entry: Entry) -> Population:
    entry.only(("age", "registered", "registered_for", "alive", "objectors"))
    usual = Population()
    is_registered = entry.flag("registered", default=True)
    if entry.has("registered_for") and not is_registered:
        entry.refuse("registered_for", "is asked of people who need not be registered.")
    return Population(
        ages=read_ages(entry, "age") or usual.ages,
        registered=is_registered,
        alive=entry.flag("alive", default=True),
        registered_for=read_span(entry, "registered_for"),
        without_objectors=entry.one_of("objectors", ("in", "out"), default="out") != "in",
    )


def _groups(
    root: Entry, kind: str, lists: dict[str, Codelist], population: Population
) -> tuple[Group, ...]:
    """All parts, groups or exclusions; each may name those before it and those of earlier kinds."""
    groups: list[Group] = []
    before = [name for earlier in KINDS[: KINDS.index(kind)] for name in _names(root, earlier)]
    for entry in root.listed(kind):
        names = [*before, *(each.name for each in groups)]
        group = _group(entry, kind, Scope(lists, frozenset(names)), population)
        if group.name in names:
            entry.refuse("", f"is the second {_article(root, group.name)} called {group.name!r}.")
        groups.append(group)
    return tuple(groups)


def _names(root: Entry, kind: str) -> list[str]:
    listed = root.values.get(kind)
    tables = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [each["name"] for each in tables if isinstance(each.get("name"), str)]


def _article(root: Entry, name: str) -> str:
    """What a name that is taken belongs to."""
    return next((kind for kind in KINDS if name in _names(root, kind)), "group")


def _group(entry: Entry, kind: str, scope: Scope, population: Population) -> Group:
    extra = ("handling",) if kind == "exclusion" else ()
    entry.only(("name", "title", "source", "any", *extra))
    name = entry.text("name")
    if name and not KEY.fullmatch(name):
        entry.refuse("name", NOT_A_KEY)
    elif name in TAKEN:
        entry.refuse("name", f"{name!r} has a meaning of its own; choose another name.")
    alternatives = tuple(_alternative(each, scope, population) for each in entry.listed("any"))
    if not entry.has("any") or entry.values["any"] == []:
        entry.refuse("any", "is missing: say which codes put somebody in this group.")
    return Group(
        name=name,
        title=entry.text("title"),
        source=entry.text("source", longest=600),
        any_of=alternatives,
        handling=entry.text("handling") if entry.has("handling") and extra else "",
    )


def _alternative(entry: Entry, scope: Scope, population: Population) -> tuple[Clause, ...]:
    if not entry.has("all"):
        clauses: tuple[Clause, ...] = (_clause(entry, scope),)
    else:
        entry.only(("all",))
        clauses = tuple(_clause(each, scope) for each in entry.listed("all"))
        if entry.values["all"] == []:
            entry.refuse("all", "is empty.")
    refuse_impossible(entry, clauses, population.ages)
    return clauses


def _clause(entry: Entry, scope: Scope) -> Clause:
    clause = read_clause(entry, scope)
    refuse_contradictions(entry, clause)
    return clause


def _refuse_late_parts(root: Entry) -> None:
    """A reader meets a part before the groups that ask for it."""
    first, _ = root.places.get("group[1]", (0, 0))
    for place in range(1, len(_names(root, "part")) + 1):
        if first < root.places.get(f"part[{place}]", (0, 0))[0]:
            root.refuse(f"part[{place}]", "stands after a group; write parts before groups.")


def _warn_of_unused(root: Entry, rules: CohortRules) -> None:
    """What nobody asks for is a mistake, or the rest of one."""
    named = {name for each in rules.selections() for name in (*each.codelists, *each.paired)}
    for key in _without(root.entry("codelists").values, named):
        root.warn(f"codelists.{key}", "is read and used by no clause.")
    asked = {name for each in rules.clauses() for name in (each.in_group, each.not_in_group)}
    for place, part in enumerate(rules.parts, start=1):
        if part.name not in asked:
            root.warn(f"part[{place}]", f"{part.name!r} is asked for by no group.")


def _without(names: Iterable[str], used: set[str]) -> list[str]:
    return [name for name in names if name not in used]
