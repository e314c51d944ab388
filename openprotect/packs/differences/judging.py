"""Rules side by side: whom they find, what they raise, who owns it and by when."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from openprotect.cohorts.rules import CohortRules
from openprotect.forms.items import Item
from openprotect.packs.differences.difference import Difference, added, from_to, shared, told
from openprotect.packs.routing import Routing
from openprotect.packs.rule_table import Line, asked_about, sections
from openprotect.packs.rules_in_words import cell_in_words, when
from openprotect.packs.rules_in_words import told as in_rule
from openprotect.packs.sight import Sight
from openprotect.packs.triage import URGENCIES, Rule, TriageTable

TRIAGE: Final = "triage"


def of_rules(old: TriageTable, new: TriageTable) -> Iterator[Difference]:
    was = {rule.name: rule for rule in old.rules}
    now = {rule.name: rule for rule in new.rules}
    for name in shared(was, now):
        yield from _of_rule(was[name], now[name], {**old.facts, **new.facts})
    for name in added(was, now):
        yield Difference(TRIAGE, f"the rule {name} is new: {_told(now[name], new.facts)}")
    for name in added(now, was):
        gone = f"the rule {name} is gone: {_told(was[name], old.facts)}"
        yield Difference(TRIAGE, gone, is_grave=True)


def _told(rule: Rule, facts: Mapping[str, Item]) -> str:
    looks_at = "; ".join(when(rule, facts))
    return f"when {looks_at}: {rule.kind}, {rule.urgency}, {told(rule.reason)}"


def _of_rule(old: Rule, new: Rule, facts: Mapping[str, Item]) -> Iterator[Difference]:
    def changed(what: str, *, is_grave: bool = False) -> Difference:
        return Difference(TRIAGE, f"the rule {old.name}: {what}", is_grave)

    if old.urgency != new.urgency:
        is_later = URGENCIES.index(new.urgency) > URGENCIES.index(old.urgency)
        what = "lowered" if is_later else "raised"
        yield changed(f"urgency {what} {from_to(old.urgency, new.urgency)}", is_grave=is_later)
    for name in ("kind", "reason", "source"):
        if getattr(old, name) != getattr(new, name):
            yield changed(f"{name} {from_to(getattr(old, name), getattr(new, name))}")
    yield from (changed(each) for each in _of_cells(old, new, facts))


def _of_cells(old: Rule, new: Rule, facts: Mapping[str, Item]) -> Iterator[str]:
    for column in dict.fromkeys((*old.cells, *new.cells)):
        item, was, now = facts[column], old.cells.get(column), new.cells.get(column)
        if was is None and now is not None:
            yield f"it now also asks for {in_rule(item, now.text)}"
        elif now is None and was is not None:
            yield f"it no longer asks for {in_rule(item, was.text)}"
        elif was and now and was.text != now.text:
            change = from_to(*(cell_in_words(item, each.text) for each in (was, now)))
            yield f"{item.text} {change} ({column}: {was.text} → {now.text})"


def of_sight(old: Sight, new: Sight) -> Iterator[Difference]:
    """What the rules may see of a person, and how findings are owned."""
    names = {
        "hit": "who owns several concerns",
        "bar": "how many slips must be caught, in per cent,",
        "age_bands": "the age bands",
        "flags": "the groups that rules may see",
    }
    for name, words in names.items():
        if (one := getattr(old, name)) != (other := getattr(new, name)):
            yield Difference(TRIAGE, f"{words} {from_to(one, other)}")
    for name in dict.fromkeys((*old.orders, *new.orders)):
        if old.orders.get(name) != new.orders.get(name):
            yield Difference(TRIAGE, f"what is worse for {name} is said otherwise")
    was, now = ({each.name: each for each in one.scores} for one in (old, new))
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            yield Difference(TRIAGE, f"the score {name} is summed otherwise")


def of_routes(old: Routing, new: Routing) -> Iterator[Difference]:
    for pair in dict.fromkeys((*old.routes, *new.routes)):
        where, was, now = ".".join(pair), old.routes.get(pair), new.routes.get(pair)
        if was is None:
            yield Difference("routing", f"{where} has an owner now: {now and now.function}")
        elif now is None:
            yield Difference("routing", f"{where} has no owner any more", is_grave=True)
        else:
            if was.function != now.function:
                owner = from_to(was.function, now.function)
                yield Difference("routing", f"{where}: its owner changes {owner}")
            if was.fallback != now.fallback:
                second = from_to(was.fallback, now.fallback)
                yield Difference("routing", f"{where}: who steps in changes {second}")
            for name in ("accept_within", "resolve_within"):
                yield from _span(where, name, getattr(was, name), getattr(now, name))


def _span(where: str, name: str, old: timedelta, new: timedelta) -> Iterator[Difference]:
    if old != new:
        words = name.replace("_", " ")
        change = f"{where}: {words} {from_to(in_words(old), in_words(new))}"
        yield Difference("routing", change, is_grave=new > old)


def in_words(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes % size == 0 and minutes:
            return f"{minutes // size} {name}{'s' * (minutes > size)}"
    return f"{minutes} minutes"


def of_cohorts(old: CohortRules, new: CohortRules) -> Iterator[Difference]:
    """By the lines of the table in which clinicians read them, and by what is on their lists."""
    if asked_about(old.population) != asked_about(new.population):
        yield Difference("whom", from_to(asked_about(old.population), asked_about(new.population)))
    was, now = _lines(old), _lines(new)
    for group in dict.fromkeys((*was, *now)):
        if group not in was:
            yield Difference("whom", f"the group {told(group)} is new")
        elif group not in now:
            yield Difference("whom", f"the group {told(group)} is gone", is_grave=True)
        else:
            gone = [each for each in was[group] if each not in now[group]]
            fresh = [each for each in now[group] if each not in was[group]]
            yield from (Difference("whom", f"{group}: no longer {each}") for each in gone)
            yield from (Difference("whom", f"{group}: now {each}") for each in fresh)
    for key in shared(old.codelists, new.codelists):
        one, other = set(old.codelists[key].terms), set(new.codelists[key].terms)
        if one != other:
            counts = f"{len(other - one)} codes more, {len(one - other)} fewer"
            yield Difference("whom", f"the list {key} has {counts}")


def _lines(rules: CohortRules) -> dict[str, list[str]]:
    """The lines of each group, by its title."""
    found: dict[str, list[str]] = {}
    group = ""
    for section in sections(rules):
        for line in section.lines:
            group = group if line.group in ("and", "or") else line.group
            found.setdefault(group, []).append(_in_words(line))
    return found


def _in_words(line: Line) -> str:
    joined = f"{line.group} " if line.group in ("and", "or") else ""
    return joined + "; ".join(each for each in (line.any_of, line.asks, line.source) if each)
