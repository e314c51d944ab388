"""The table `[triage]` of pack.toml, each fault at its key."""

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Final

from openprotect.forms.items import Item
from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.problems import Reading, not_one_of
from openprotect.packs.sight import (
    AGE_BAND,
    BEFORE,
    CHANGED,
    COLLECT,
    FLAG,
    MOST_URGENT_OWNER,
    SCORE,
    AgeBand,
    Order,
    Score,
    Sight,
)
from openprotect.packs.works_out import WorksOut

BAND: Final = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)")
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
KEYS: Final = ("hit", "bar", "age_bands", "flags", "changes", "scores")
OLDEST: Final = 130


def read_sight(
    reading: Reading,
    file: str,
    text: str,
    items: Mapping[str, Item],
    groups: Mapping[str, str],
    works_out: WorksOut | None = None,
) -> Sight:
    """`groups` are the titles of the cohort's groups, by name."""
    # What is wrong with the file as a whole has been said by whoever read the rest of it.
    whole = read_toml(Reading(), file, text)
    entry = Entry(reading, file, whole.values, places=whole.places, is_broken=whole.is_broken)
    entry = entry.entry("triage")
    entry.only(KEYS)
    _refuse_squatters(entry, items)
    return Sight(
        hit=entry.one_of("hit", (COLLECT, MOST_URGENT_OWNER), default=COLLECT),
        bar=entry.whole("bar", 0, 100, default=100),
        age_bands=_bands(entry),
        flags=_flags(entry, groups),
        orders=dict(_orders(entry.entry("changes"), items)),
        scores=tuple(_scores(entry.entry("scores"), items)),
        titles=groups,
        works_out=works_out if works_out and works_out.items else None,
    )


def _refuse_squatters(entry: Entry, items: Mapping[str, Item]) -> None:
    for name in items:
        if name == AGE_BAND or name.startswith((FLAG, CHANGED, SCORE, BEFORE)):
            entry.refuse("", f"the question {name[:60]!r} has the name of a fact of our own.")


def _bands(entry: Entry) -> tuple[AgeBand, ...]:
    bands: list[AgeBand] = []
    for words in entry.texts("age_bands"):
        found = BAND.fullmatch(words)
        if found is None:
            entry.refuse("age_bands", f"{words[:20]!r} is not like '65-79' or '80+'.")
            continue
        band = AgeBand(int(found[1]), int(found[2]) if found[2] else None)
        if band.high is not None and band.high < band.low:
            entry.refuse("age_bands", f"{words!r} is upside down.")
        elif bands and (bands[-1].high is None or band.low != bands[-1].high + 1):
            entry.refuse("age_bands", f"{words!r} does not go on where the band before it ends.")
        bands.append(band)
    return tuple(bands)


def _flags(entry: Entry, groups: Collection[str]) -> tuple[str, ...]:
    flags = entry.texts("flags")
    for each in flags:
        if each not in groups:
            entry.refuse("flags", not_one_of(each, groups))
    return flags


def _orders(entry: Entry, items: Mapping[str, Item]) -> Iterator[tuple[str, Order]]:
    for name, each in entry.entries():
        item = items.get(name)
        if item is None:
            entry.refuse(name, not_one_of(name, items))
        elif item.kind == "choice":
            each.only(("from_best",))
            yield name, Order(from_best=_from_best(each, item))
        elif item.kind in ("integer", "decimal"):
            each.only(("worse", "least"))
            worse = each.one_of("worse", ("higher", "lower"))
            yield name, Order(higher_is_worse=worse == "higher", least=_least(each))
        else:
            entry.refuse(name, f"a {item.kind} has no better and worse.")


def _from_best(entry: Entry, item: Item) -> tuple[str, ...]:
    codes = [option.code for option in item.options]
    order = entry.texts("from_best")
    if len(order) < 2:
        entry.refuse("from_best", "list at least two answers, the best one first.")
    for code in order:
        if code not in codes:
            entry.refuse("from_best", not_one_of(code, codes))
        elif order.count(code) > 1:
            entry.refuse("from_best", f"{code!r} stands here twice.")
    return order


def _least(entry: Entry) -> Decimal:
    value = entry.values.get("least", 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        entry.refuse("least", "must be a number such as 0.5.")
        return Decimal(0)
    return Decimal(str(value))


def _scores(entry: Entry, items: Mapping[str, Item]) -> Iterator[Score]:
    for name, each in entry.entries():
        each.only(("title", "sum"))
        if not NAME.fullmatch(name):
            entry.refuse(name, "use small letters, figures and dashes.")
        questions = each.texts("sum")
        if not questions:
            each.refuse("sum", "list the questions whose scores are added.")
        for question in questions:
            _check_scored(each, question, items)
        known = tuple(question for question in questions if question in items)
        yield Score(name, each.text("title", longest=120), known)


def _check_scored(entry: Entry, question: str, items: Mapping[str, Item]) -> None:
    item = items.get(question)
    if item is None:
        entry.refuse("sum", not_one_of(question, items))
    elif not item.options or any(option.score is None for option in item.options):
        entry.refuse("sum", f"not every answer to {question!r} has a score (ordinalValue).")
