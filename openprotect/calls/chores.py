"""Working out the queue anew; which calls today's staff cannot make, and whose they are."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from openprotect.calls.models import Call, Standing
from openprotect.calls.queries.needs import plan_for
from openprotect.calls.queries.queue import IN_ORDER
from openprotect.calls.queries.standing import Known, known_of
from openprotect.calls.rules.ranking import MOST_DAYS, Rank, Unmet, Wanted, beyond, hours_for, rank
from openprotect.checkins.rules import LOCAL
from openprotect.events.actions import Happened, record_many
from openprotect.places.models import Team
from openprotect.places.queries import team_for
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import live_programmes

# Told by what stands above calls: what is open about these people, and how many more calls a
# programme's staff can make today (None where no rota is known).
Beside = Callable[[Collection[UUID]], Mapping[UUID, Unmet]]
Capacity = Callable[[Programme, datetime], int | None]
AT_ONCE = 2000
# After so many days of waiting a rank grows no more: it is worked out again only when something
# happens, so that tens of thousands of calls cost no more than the new ones.
GROWS_FOR = timedelta(days=MOST_DAYS + 1)
WORKED_OUT = ("rank", "language", "skills", "kept_until", "rings_from", "rings_until")


def rank_waiting(*, at: datetime, beside: Beside, limit: int = AT_ONCE) -> int:
    """Rank the waiting calls that are new, have changed, or are a day older; how many."""
    done = 0
    while calls := _to_rank(at=at, limit=limit):
        _rank(calls, beside, at=at)
        done += len(calls)
        if len(calls) < limit:
            break
    return done


def _to_rank(*, at: datetime, limit: int) -> list[Call]:
    today = datetime.combine(at.astimezone(LOCAL).date(), datetime.min.time(), LOCAL)
    stale = (
        Q(ranked_at=None)
        | Q(ranked_at__lt=today, made_at__gt=at - GROWS_FOR)
        | Q(agreed_at__lte=at, ranked_at__lt=F("agreed_at"))
    )
    calls = Call.objects.filter(stale, status=Call.Status.WAITING)
    return list(calls.select_related("programme").order_by("id")[:limit])


@transaction.atomic
def _rank(calls: Sequence[Call], beside: Beside, *, at: datetime) -> None:
    """The rank of each, and the reasons for it; rows that stay as they were are not written."""
    known = known_of(calls, beside({each.person_id for each in calls}), at=at)
    ranks = {each.pk: rank(known[each.pk].facts, plan_for(each), at=at) for each in calls}
    changed = [each for each in calls if _work_out(each, known[each.pk], ranks[each.pk], at=at)]
    _write(changed)
    Call.objects.filter(pk__in=[each.pk for each in calls]).update(ranked_at=at)
    _keep_reasons(calls, ranks, at=at)


# Only what still waits: a call that somebody has taken meanwhile is theirs.
WRITE = """
UPDATE calls_call c
   SET rank = v.rank, language = v.language, kept_until = v.kept_until,
       skills = string_to_array(v.skills, ',')::varchar(12)[],
       rings_from = v.rings_from, rings_until = v.rings_until
  FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::timestamptz[], %s::time[],
              %s::time[]) AS v (id, rank, language, skills, kept_until, rings_from, rings_until)
 WHERE c.id = v.id AND c.status = 'WAITING'
"""


def _write(calls: Sequence[Call]) -> None:
    columns = (
        [each.pk for each in calls],
        [each.rank for each in calls],
        [each.language for each in calls],
        [",".join(each.skills) for each in calls],
        [each.kept_until for each in calls],
        [each.rings_from for each in calls],
        [each.rings_until for each in calls],
    )
    if calls:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, columns)


def _work_out(call: Call, known: Known, found: Rank, *, at: datetime) -> bool:
    """Turn a call to what is known now; whether anything about it has changed."""
    before = [getattr(call, name) for name in WORKED_OUT]
    plan, wish = plan_for(call), known.wish
    if wish != Wanted(call.language, tuple(call.skills)):
        call.kept_until = None if wish.is_plain else at + plan.kept_for_skill
    elif not wish.is_plain and call.kept_until is None:
        call.kept_until = at + plan.kept_for_skill
    hours = hours_for(plan, known.liked)
    call.rank, call.language, call.skills = found.points, wish.language, list(wish.skills)
    call.rings_from, call.rings_until = hours.rings_from, hours.rings_until
    return before != [getattr(call, name) for name in WORKED_OUT]


def _keep_reasons(calls: Sequence[Call], ranks: Mapping[UUID, Rank], *, at: datetime) -> None:
    said = {
        each.pk: [[one.factor, one.points, one.words] for one in ranks[each.pk].reasons]
        for each in calls
    }
    kept = dict(Standing.objects.filter(call__in=calls).values_list("call_id", "reasons"))
    Standing.objects.bulk_create(
        [
            Standing(
                call=each,
                person_id=each.person_id,
                programme_id=each.programme_id,
                reasons=said[each.pk],
                at=at,
            )
            for each in calls
            if kept.get(each.pk) != said[each.pk]
        ],
        update_conflicts=True,
        unique_fields=["call"],
        update_fields=["reasons", "at"],
    )


def plan_the_day(*, at: datetime, capacity: Capacity) -> int:
    """Which waiting calls are beyond today's staff: each is listed, with a team that owns it.

    They may be made all the same, after the others, by whoever has time; they are never hidden.
    """
    today = at.astimezone(LOCAL).date()
    return sum(_plan(each, capacity(each, at), today, at=at) for each in live_programmes())


@transaction.atomic
def _plan(programme: Programme, left: int | None, today: date, *, at: datetime) -> int:
    day_ends = datetime.combine(today + timedelta(days=1), datetime.min.time(), LOCAL)
    waiting = Call.objects.filter(
        programme=programme, status=Call.Status.WAITING, due_at__lt=day_ends
    )
    count = waiting.count()
    many = beyond(count, left)
    spilled = Standing.objects.filter(programme=programme, spilled_on=today)
    if not many:
        spilled.update(spilled_on=None, owner=None)
        return 0
    last = waiting.order_by(*IN_ORDER).values("pk")[count - many :]
    spilled.exclude(call__in=last).update(spilled_on=None, owner=None)
    new = Call.objects.filter(pk__in=last).exclude(standing__spilled_on=today)
    return _spill(list(new.select_related("enrolment__practice").order_by("id")), today, at=at)


def _spill(calls: Sequence[Call], today: date, *, at: datetime) -> int:
    """The calling team owns them, or surveillance where there is none; said once a day of each."""
    owners: dict[UUID, Team | None] = {}
    happened = []
    for call in calls:
        practice = call.enrolment.practice
        if practice.pk not in owners:
            owners[practice.pk] = team_for("calling", practice, today)
        owner = owners[practice.pk]
        if owner is None:
            continue
        Standing.objects.update_or_create(
            call=call,
            defaults={"spilled_on": today, "owner": owner, "at": at},
            create_defaults={
                "person_id": call.person_id,
                "programme_id": call.programme_id,
                "spilled_on": today,
                "owner": owner,
                "at": at,
            },
        )
        happened.append(
            Happened(call.pk, call.person_id, call.programme_id, {"team": str(owner.pk)})
        )
    record_many("call.spilled", happened, at=at)
    return len(happened)
