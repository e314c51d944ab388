"""Who deals with a concern, and by when: kind and urgency to a team's function."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.problems import Reading
from openprotect.packs.triage import CONCERNS, URGENCIES, TriageTable

FUNCTIONS: Final = ("practice", "locality", "surveillance", "council", "charity", "pharmacy")
BACKSTOP: Final = "surveillance"
SPAN: Final = re.compile(r"([1-9][0-9]{0,2}) (minute|hour|day)s?")
# What the core itself raises: a rule without an answer, unreadable answers, nobody reached.
ALWAYS_NEEDED: Final = (("data", "now"), ("data", "today"), ("welfare", "today"))


@dataclass(frozen=True)
class Route:
    """The function of the team that owns a concern, its two due times, and who steps in."""

    function: str
    accept_within: timedelta
    resolve_within: timedelta
    fallback: str = BACKSTOP
    is_backstop: bool = False


# A worry about harm or neglect goes to who is there seven days a week, whatever a pack says of it:
# they pass it to the council, whose duty it is to ask (Care Act 2014, section 42). A programme may
# name another team or other times.
SAFEGUARDING: Final = "safeguarding"
SAFEGUARDED: Final = Route(BACKSTOP, timedelta(minutes=30), timedelta(hours=4))
NO_ROUTE: Final = Route(BACKSTOP, timedelta(minutes=30), timedelta(hours=4), is_backstop=True)


@dataclass(frozen=True)
class Routing:
    """Every concern has a route: one that nobody planned goes to surveillance, marked so."""

    routes: Mapping[tuple[str, str], Route]

    def route(self, kind: str, urgency: str) -> Route:
        unplanned = SAFEGUARDED if kind == SAFEGUARDING else NO_ROUTE
        return self.routes.get((kind, urgency), unplanned)


def read_routing(reading: Reading, file: str, text: str, triage: TriageTable | None) -> Routing:
    root = read_toml(reading, file, text)
    root.only((*CONCERNS, SAFEGUARDING))
    routes = {}
    for kind, table in root.entries():
        table.only(URGENCIES)
        for urgency, each in table.entries():
            routes[kind, urgency] = _route(each)
    for kind, urgency, why in _needed(triage):
        if (kind, urgency) not in routes:
            root.refuse(f"{kind}.{urgency}", f"no team is named; needed for {why}.")
    return Routing(routes)


def _needed(triage: TriageTable | None) -> Iterable[tuple[str, str, str]]:
    needed = dict.fromkeys(ALWAYS_NEEDED, "what the service raises itself")
    if triage:
        needed["clinical", "today"] = "words people write"
        for rule in triage.rules:
            needed.setdefault((rule.kind, rule.urgency), f"rule {rule.name}")
    return ((*pair, why) for pair, why in needed.items())


def _route(entry: Entry) -> Route:
    entry.only(("function", "accept_within", "resolve_within", "fallback"))
    accept, resolve = _span(entry, "accept_within"), _span(entry, "resolve_within")
    if accept > resolve:
        entry.refuse("resolve_within", "is shorter than accept_within.")
    return Route(
        function=entry.one_of("function", FUNCTIONS),
        accept_within=accept,
        resolve_within=resolve,
        fallback=entry.one_of("fallback", FUNCTIONS, default=BACKSTOP),
    )


def _span(entry: Entry, key: str) -> timedelta:
    words = entry.text(key)
    found = SPAN.fullmatch(words)
    if found is None:
        if words:
            entry.refuse(key, "must be a length of time, such as '30 minutes' or '2 days'.")
        return timedelta()
    amount = int(found[1])
    return {
        "minute": timedelta(minutes=amount),
        "hour": timedelta(hours=amount),
        "day": timedelta(days=amount),
    }[found[2]]
