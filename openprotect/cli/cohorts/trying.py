"""`openprotect cohort try PACK --set NAME=VALUE`: what a changed rule would do, saving nothing."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings

from openprotect.base import clock
from openprotect.cli.cohorts.choosing import pack_called, rules_of
from openprotect.cohorts.engine.settings import changed, settable
from openprotect.cohorts.engine.trial import Count, Trial
from openprotect.cohorts.engine.trying import try_rules
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.records.queries import present_store

MOST_PRACTICES = 20
FIFTHS = {
    "1": "most deprived fifth",
    "2": "second most deprived",
    "3": "middle fifth",
    "4": "second least deprived",
    "5": "least deprived fifth",
    "0": "deprivation not known",
}


def attempt(key: str | None, sets: Sequence[str], as_of: date | None) -> Iterator[str]:
    """Who would join and leave; without any change, what can be set, with its value now."""
    pack = pack_called(key)
    rules = rules_of(pack)
    if not sets:
        yield from _settable(rules)
        return
    new = changed(rules, sets)
    trial = try_rules(
        rules,
        new,
        present_store(settings.OPENPROTECT.lake),
        as_of or _latest_day(pack.key),
        queries=settings.OPENPROTECT.home / "queries",
        examples=0,
    )
    yield from _told(trial, new)


def _settable(rules: CohortRules) -> Iterator[str]:
    listed = settable(rules)
    width = max((len(f"{each.path}={each.value}") for each in listed), default=0)
    yield "these can be set:"
    for each in listed:
        yield f"  {f'{each.path}={each.value}':{width}}  {each.title}"


def _latest_day(pack: str) -> date:
    """The day of the latest run, so that what it kept is used; today when there was none."""
    latest = Run.objects.filter(pack=pack).newest_first().first()
    return latest.as_of if latest else clock.now().date()


def _told(trial: Trial, rules: CohortRules) -> Iterator[str]:
    yield f"as of {trial.as_of}: {trial.before:,} found now, {trial.after:,} with the change"
    yield _moves("everybody", trial.joined, trial.left, trial.changed)
    for each in trial.by_group:
        if each.before != each.after:
            yield f"  {rules.title_of(each.group)}: {each.before:,} now, {each.after:,} then"
    for fifth in trial.by_quintile:
        yield _counted(FIFTHS[fifth.of], fifth)
    practices = sorted(trial.by_practice, key=lambda each: (-_total(each), each.of))
    for practice in practices[:MOST_PRACTICES]:
        yield _counted(f"practice {practice.of}", practice)
    if len(practices) > MOST_PRACTICES:
        yield f"  and {len(practices) - MOST_PRACTICES:,} more practices"


def _counted(of: str, count: Count) -> str:
    return f"  {_moves(of, count.joined, count.left, count.changed)}"


def _moves(of: str, joined: int, left: int, other: int) -> str:
    return f"{of}: {joined:,} would join, {left:,} leave, {other:,} change groups"


def _total(count: Count) -> int:
    return count.joined + count.left + count.changed
