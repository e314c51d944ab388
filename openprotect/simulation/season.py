"""A season, day by day and hour by hour: what is due, what people and staff do, what follows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import connection, connections

from openprotect.base import clock
from openprotect.enrolments.actions import hear_of
from openprotect.governance.actions import move_demo_clock
from openprotect.packs.pack import Pack
from openprotect.pathway.rounds import go_round
from openprotect.places import queries as places
from openprotect.simulation import floor, stage
from openprotect.simulation.beside import Share, shared
from openprotect.simulation.chance import Dice
from openprotect.simulation.provider import Provider
from openprotect.simulation.replying import Moment, reply

LOCAL = ZoneInfo("Europe/London")
# Twelve weeks from a Monday in March, as in 2020; the clocks change in the first week.
FIRST_DAY = date(2026, 3, 23)
HOURS = (9, 11, 14, 17, 20)
ANSWERING = HOURS[1:]
REPORTED_AFTER = 2  # days until the records tell of a death
SHIFT = 0.75  # hours that each call handler of the day rings, each time
NEW_FOR = 3  # days
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is simulated: how many people, for how many days, from which seed."""

    people: int
    days: int
    seed: int

    @property
    def person_days(self) -> int:
        return self.people * self.days


@dataclass
class Season:
    """A season under way: who is in it, who carries its texts, what has been done so far."""

    plan: Plan
    dice: Dice
    provider: Provider
    stage: stage.Stage
    done: Counter[str] = field(default_factory=Counter)
    # Whether another process sends what goes to practices.
    has_documents_beside: bool = False
    # How many do things at once: with more than one, what is equally urgent comes in any order.
    hands: int = 1
    acts: int = 0


def begin(plan: Plan, pack: Pack, *, say: Say, callers: int = 0) -> Season:
    """Everything before the first day: the programme, the staff, the people, their review.

    There are as many call handlers as the real service had for so many people, unless told.
    """
    dice = Dice(plan.seed)
    start = start_of(plan)
    set_clock(start)
    programme = stage.open_programme(pack, at=start, until=start + timedelta(days=plan.days + 30))
    people = stage.make_up_people(dice, plan.people, days=plan.days, on=start.date())
    ringing, teams = stage.hire(programme, plan.people, callers=callers, at=start)
    new = stage.enrol(programme, list(people.values()), at=start)
    gather_statistics()
    say(f"{new:,} people enrolled, {len(ringing)} call handlers, {len(teams)} organisations")
    return Season(plan, dice, Provider(dice), stage.Stage(programme, people, ringing, teams))


def live(season: Season, *, say: Say, staffed_days: int | None = None) -> None:
    """Every day of the season, and the morning after it. After the staffed days work waits."""
    for day in range(season.plan.days):
        before = Counter(season.done)
        for moment in _moments(day):
            _pass(season, moment, is_staffed=staffed_days is None or day < staffed_days)
        season.provider.forget_links()
        if day < NEW_FOR:
            gather_statistics()
        say(_in_words(day, season.done - before))
    _work(season, morning_after(season.plan))


def _moments(day: int) -> Iterator[Moment]:
    on = FIRST_DAY + timedelta(days=day)
    for hour in HOURS:
        yield Moment(day, on, hour, _at(on, hour))


def _pass(season: Season, moment: Moment, *, is_staffed: bool) -> None:
    """One hour of one day: news first, then what is due, then people and staff, what follows."""
    set_clock(moment.at)
    if moment.hour == HOURS[0]:
        season.done["news"] += _hear_news(season, moment)
    _one_round(season, moment.at)
    if moment.hour in ANSWERING:
        _shared(season, moment, _people_answer)
    if is_staffed:
        floor.sign_in(season.stage, moment)
        _shared(season, moment, _staff_work)
    _one_round(season, moment.at + timedelta(minutes=30))


def _shared(
    season: Season, moment: Moment, act: Callable[[Season, Moment, Share], Counter[str]]
) -> None:
    """Each hand does its share; nobody begins with what comes next before all have done theirs."""
    season.acts += 1
    seed = season.plan.seed * 1_000_000 + season.acts * 10
    season.done.update(shared(partial(act, season, moment), season.hands, seed=seed))


def _people_answer(season: Season, moment: Moment, share: Share) -> Counter[str]:
    told = reply(season.dice, season.stage.people, season.provider, moment, ANSWERING, share)
    return Counter({"answered online": told})


def _staff_work(season: Season, moment: Moment, share: Share) -> Counter[str]:
    is_day = moment.hour in ANSWERING
    ringing, working = (SHIFT, 3.0) if is_day else (0.0, 1.0)
    dice, stage = season.dice, season.stage
    tried = floor.ring(dice, stage, moment, share, hours=ringing)
    acts = floor.work_alerts(dice, stage, moment, share, hours=working)
    return Counter({"calls tried": tried, "acts on alerts": acts})


def _work(season: Season, at: datetime) -> None:
    """Rounds of background work until nothing is left that is due."""
    while _one_round(season, at):
        pass


def _one_round(season: Season, at: datetime) -> Counter[str]:
    """What one round did; empty when it only looked."""
    did = go_round(
        at=at,
        postbox=season.provider,
        with_documents=not season.has_documents_beside,
        hands=season.hands,
    )
    counted = +Counter({name: did.get(name, 0) for name in COUNTED})
    season.done.update(counted)
    take_jobs_off()
    return counted


COUNTED = ("activate_due", "close_missed", "open_due", "follow_waiting", "send_due")


def _hear_news(season: Season, moment: Moment) -> int:
    """Deaths and moves, as a new extract of the records tells of them."""
    heard = 0
    practices = places.open_practices(moment.on)
    for each in season.stage.people.values():
        who = each.character
        if who.dies_on is not None and who.dies_on + REPORTED_AFTER == moment.day:
            died = replace(each.details, died_on=moment.on - timedelta(days=REPORTED_AFTER))
            hear_of(died, each.practice, at=moment.at)
            heard += 1
        elif who.moves_on == moment.day:
            there = season.dice.one_of(practices, "moves to", who.number)
            hear_of(each.details, there, at=moment.at)
            heard += 1
    return heard


def take_jobs_off() -> None:
    """Jobs whose event has been followed meanwhile have nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j USING events_event e WHERE j.status = 'todo'"
            " AND j.task_name = 'follow_up' AND e.id = (j.args ->> 'event_id')::bigint"
            " AND e.followed_up_at IS NOT NULL"
        )


def set_clock(at: datetime) -> None:
    """The service's time is this one, or later where the work took longer than the time between."""
    ahead = at - clock.now()
    if ahead > timedelta(0):
        move_demo_clock(by=ahead)


def gather_statistics() -> None:
    """As the database does by itself within minutes: a season's first days take less than that."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def begin_clock(at: datetime) -> None:
    """The owner of a new demonstration may set its clock once, also back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE governance_installation SET clock_ahead_by = %s - statement_timestamp()"
            " WHERE is_demonstration",
            [at],
        )


def start_of(plan: Plan) -> datetime:
    """When people are found: early enough that their practices' review is over on the first day."""
    return _at(FIRST_DAY - timedelta(days=4), 12)


def morning_after(plan: Plan) -> datetime:
    """Where a season ends."""
    return _at(FIRST_DAY + timedelta(days=plan.days), 8)


def _at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), LOCAL)


def _in_words(day: int, done: Counter[str]) -> str:
    return f"day {day + 1}: " + ", ".join(f"{count:,} {what}" for what, count in done.items())
