"""examples/journeys/*.toml, read with care: each fault is named at its line and column."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.journeys.moments import DAY_ONE
from openprotect.packs.journeys.steps import read_moment, read_step
from openprotect.packs.journeys.values import Journey, Step, Traveller
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused, Reading, not_one_of
from openprotect.packs.settings import NotAllowed

FOLDER: Final = "examples/journeys/"
DEFAULT_JOINED: Final = "day 1 08:00"
MOST_STEPS: Final = 100
LONGEST: Final = timedelta(days=400)


def read_journeys(pack: Pack, first: date = DAY_ONE) -> tuple[Journey, ...]:
    """Every journey of a pack; raises PackRefused with all that is wrong in any of them.

    `first` is day 1 of those that do not say when they start.
    """
    reading = Reading()
    found = [
        journey
        for name in sorted(pack.files)
        if name.startswith(FOLDER)
        and name.endswith(".toml")
        and (journey := read_journey(reading, name, pack.files[name].decode(), pack, first))
    ]
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return tuple(found)


def read_journey(
    reading: Reading, file: str, text: str, pack: Pack, first: date = DAY_ONE
) -> Journey | None:
    root = read_toml(reading, file, text)
    root.only(("title", "because", "starts", "person", "settings", "step"))
    first = root.day("starts") if root.has("starts") else first
    if root.is_broken or first == date.min:
        return None
    steps = [read_step(entry, pack, first) for entry in root.listed("step")]
    _check_order(root, steps)
    return Journey(
        file=file,
        title=root.text("title", longest=120),
        because=root.text("because"),
        first=first,
        traveller=_traveller(root.entry("person"), pack, first),
        settings=_settings(root.entry("settings"), pack),
        steps=tuple(steps),
    )


def _check_order(root: Entry, steps: list[Step]) -> None:
    if not steps:
        root.refuse("step", "there is no [[step]]: nothing happens.")
    if len(steps) > MOST_STEPS:
        root.refuse("step", f"more than {MOST_STEPS} steps.")
    for number, (step, after) in enumerate(pairwise(steps), start=2):
        if after.at < step.at:
            root.refuse(f"step[{number}]", "comes before the step above it: keep them in order.")
    if steps and steps[-1].at - steps[0].at > LONGEST:
        root.refuse("step", f"a journey lasts at most {LONGEST.days} days.")


def _traveller(entry: Entry, pack: Pack, first: date) -> Traveller:
    entry.only(("age", "born", "mobile", "groups", "joined"))
    joined = read_moment(entry, "joined", first, default=DEFAULT_JOINED)
    groups = entry.texts("groups")
    known = [group.name for group in pack.cohort.groups]
    for each in groups:
        if each not in known:
            entry.refuse("groups", not_one_of(each, known))
    return Traveller(
        born=_born(entry, first),
        joined=joined,
        has_mobile=entry.flag("mobile", default=True),
        groups=frozenset(groups),
    )


def _born(entry: Entry, first: date) -> date:
    """A birth date, or an age on the first day: half a year after a birthday."""
    if entry.has("born"):
        return entry.day("born")
    age = entry.whole("age", 0, 120, default=75)
    return date(first.year - age, 1, 1)


def _settings(entry: Entry, pack: Pack) -> Mapping[str, int | str]:
    chosen = {}
    for key, value in entry.values.items():
        known = pack.settings.get(key)
        if known is None:
            entry.refuse(key, not_one_of(key, pack.settings))
            continue
        try:
            chosen[key] = known.check(value)
        except NotAllowed as why:
            entry.refuse(key, str(why))
    return chosen
