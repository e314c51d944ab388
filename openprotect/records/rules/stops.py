"""When a whole import waits for a second person, however good its rows look one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from openprotect.records.rules.limits import LIMITS, SPREADSHEETS, USUAL, Limits

# Before and now, of a practice, an age band or a sex.
Pair = tuple[int, int]
MOST_NAMED = 10


@dataclass(frozen=True)
class Figures:
    """An extract in numbers beside what was held before it. Counts and codes of practices only.

    With an extract of everybody, `before` and `now` are the people of its source; otherwise those
    of the whole lake, without it and with it.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    misshapen: int = 0
    is_whole: bool = False
    people: Pair = (0, 0)
    mean_birth: tuple[float, float] = (0.0, 0.0)
    ages: Mapping[str, Pair] = field(default_factory=dict)
    sexes: Mapping[str, Pair] = field(default_factory=dict)
    practices: Mapping[str, Pair] = field(default_factory=dict)
    practices_known: int = 0
    met: int = 0
    died: int = 0
    revived: int = 0
    moved: int = 0
    sex_changed: int = 0
    objections: Pair = (0, 0)
    same_birth_date: int = 0
    events_before: int = 0
    events_gone: int = 0

    def said(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class Days:
    """The days that matter: of the extract, of the last one of its source, and today."""

    extract_on: date | None
    last_extract_on: date | None
    today: date


def reasons(figures: Figures, days: Days, limits: Limits = USUAL) -> list[str]:
    """Why this import waits; none when it may go on."""
    found = [
        f"{rows:,} rows is exactly what a spreadsheet holds: the rest may be missing"
        for rows in figures.rows.values()
        if rows in SPREADSHEETS
    ]
    total = sum(figures.rows.values())
    if _is_over(figures.misshapen, total, "misshapen", limits):
        found.append(f"{figures.misshapen:,} of {total:,} rows do not have the types agreed")
    return [
        *found,
        *_of_days(days, limits),
        *_of_size(figures, limits),
        *_of_change(figures, limits),
        *_of_shape(figures, limits),
    ]


def _is_over(part: int, of: int, key: str, limits: Limits) -> bool:
    return part >= max(1, LIMITS[key].at_least) and part * 100 > of * limits[key]


def _of_days(days: Days, limits: Limits) -> list[str]:
    found = []
    on, last = days.extract_on, days.last_extract_on
    if on and last and on < last:
        found.append(f"the extract is older than the last one, of {last}")
    if on and (days.today - on).days > limits["extract_days"]:
        age = (days.today - on).days
        found.append(f"the extract is {age} days old: over {limits['extract_days']:g}")
    return found


def _of_size(figures: Figures, limits: Limits) -> list[str]:
    """An extract declared whole says that nobody else is left: so who is missing matters."""
    found = []
    before, now = figures.people
    if figures.is_whole and before and abs(now - before) * 100 > before * limits["size"]:
        change = f"a change of over {limits['size']:g}%"
        found.append(f"{now:,} people where there were {before:,}: {change}")
    missing = [code for code, (was, here) in figures.practices.items() if was and not here]
    if figures.is_whole and missing:
        named = ", ".join(sorted(code or "no practice" for code in missing)[:MOST_NAMED])
        found.append(f"nobody of these practices, known before: {named}")
    return found + _of_practices(figures, limits)


def _of_practices(figures: Figures, limits: Limits) -> list[str]:
    grown = {
        code: (now - before) * 100 / before
        for code, (before, now) in figures.practices.items()
        if before and now and max(before, now) >= LIMITS["practice"].at_least
    }
    over = sorted(
        (code for code, change in grown.items() if abs(change) > limits["practice"]),
        key=lambda code: -abs(grown[code]),
    )
    if not over:
        return []
    named = ", ".join(f"{code or 'none'} {grown[code]:+.0f}%" for code in over[:MOST_NAMED])
    change = "practice changes" if len(over) == 1 else "practices change"
    return [f"{len(over):,} {change} by over {limits['practice']:g}%: {named}"]


@dataclass(frozen=True)
class Share:
    """How many of how many an extract changes, and from which share on it waits."""

    words: str
    part: int
    of: int
    limit: float
    is_over: bool


def shares(figures: Figures, limits: Limits = USUAL) -> list[Share]:
    """What the extract says of people who were known before it."""
    said = (
        ("deaths", figures.died, figures.met, "people known as alive are dead now"),
        ("revived", figures.revived, figures.met, "people known as dead are alive now"),
        ("moved", figures.moved, figures.met, "people have another practice than before"),
        ("sex_changed", figures.sex_changed, figures.met, "people change between female and male"),
        ("objections", figures.objections[1], figures.objections[0], "objections are withdrawn"),
        ("events_gone", figures.events_gone, figures.events_before, "events are no longer there"),
    )
    return [
        Share(words, part, of, limits[key], _is_over(part, of, key, limits))
        for key, part, of, words in said
    ]


def _of_change(figures: Figures, limits: Limits) -> list[str]:
    return [
        f"{each.part:,} of {each.of:,} {each.words}: over {each.limit:g}%"
        for each in shares(figures, limits)
        if each.is_over
    ]


def _of_shape(figures: Figures, limits: Limits) -> list[str]:
    """Whether the population as a whole still looks as it did."""
    found = []
    before, now = figures.people
    if _is_over(figures.same_birth_date, now, "birth_date", limits):
        found.append(f"{figures.same_birth_date:,} of {now:,} people share one birth date")
    if min(before, now) < LIMITS["mean_age"].at_least:
        return found
    moved = aged(figures)
    if abs(moved) > limits["mean_age"]:
        found.append(f"the mean age moves by {moved:+.1f} years: over {limits['mean_age']:g}")
    for band, shift in shifts(figures.ages).items():
        if abs(shift) > limits["age_band"]:
            found.append(f"the share of people aged {band} moves by {shift:+.1f} points")
    shift = shifts(figures.sexes).get("female", 0)
    if abs(shift) > limits["sex_share"]:
        found.append(f"the share of women moves by {shift:+.1f} points")
    return found


def aged(figures: Figures) -> float:
    """By how many years the people of the extract are older, on average."""
    return figures.mean_birth[0] - figures.mean_birth[1]


def shifts(pairs: Mapping[str, Pair]) -> dict[str, float]:
    """By how many points the share of each moves."""
    totals: Sequence[int] = [sum(each[at] for each in pairs.values()) for at in (0, 1)]
    if not all(totals):
        return {}
    return {
        name: now * 100 / totals[1] - before * 100 / totals[0]
        for name, (before, now) in pairs.items()
    }
