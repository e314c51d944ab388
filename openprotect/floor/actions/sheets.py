"""Calls on paper for the day the network is down: held by their sheet, entered once afterwards."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.base.tables import Brought, Row, row_by_row, rows_of
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish, hear
from openprotect.calls.models import Call
from openprotect.calls.queries import where_it_went
from openprotect.calls.queries.queue import held_now
from openprotect.calls.rules import LEASE
from openprotect.checkins.rules import LOCAL, Value
from openprotect.events.actions import record
from openprotect.floor.models import Line, Sheet
from openprotect.floor.queries.sheets import OUTCOMES, visible_to
from openprotect.floor.rules.paper import GRAVE, LINE, NEEDED, SHEET, Written, whole, written
from openprotect.packs.pack import Pack
from openprotect.programmes.queries import pack_of

MOST = 25
LONGEST = timedelta(hours=48)
BECAME = ("entered", "as before", "in conflict")
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@transaction.atomic
def make_sheet(
    many: int, *, rung_by: str, holds_for: timedelta, viewer: Viewer, at: datetime
) -> Sheet:
    """The next calls of the queue go on a numbered sheet, and are its holder's until then.

    Each is claimed like any other, so nobody who may not be rung gets on paper. What is not
    entered by the end of the hold goes back to the queue by itself: paper loses nobody.
    """
    if viewer.role != Role.CALLER:
        raise Refused("A sheet is held by a call handler.")
    if not 1 <= many <= MOST or not timedelta() < holds_for <= LONGEST:
        raise Refused(f"A sheet has 1 to {MOST} calls, and holds them for two days at most.")
    if held_now(viewer, at).exists():
        raise Refused("End the call that you hold, or give it back, before you print a sheet.")
    until = at + holds_for
    calls: list[Call] = []
    while len(calls) < many and (call := claim_next(viewer=viewer, at=at)):
        call.on_paper, call.leased_until = True, until
        call.save(update_fields=["on_paper", "leased_until"])
        calls.append(call)
    if not calls:
        raise Refused("Nobody waits for a call that you can make at this moment.")
    sheet = Sheet.objects.create(
        programme_id=calls[0].programme_id,
        number=_next_number(calls[0].programme_id),
        holder_id=viewer.user_id,
        rung_by=rung_by.strip()[:120],
        made_at=at,
        holds_until=until,
    )
    Line.objects.bulk_create(
        Line(sheet=sheet, call=call, place=place, attempts=call.attempts)
        for place, call in enumerate(calls, start=1)
    )
    _note("sheet.printed", sheet.pk, sheet, viewer, at, lines=len(calls))
    return sheet


def _next_number(programme_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"sheet {programme_id}"])
        cursor.execute("SELECT next_sheet_number(%s)", [programme_id])
        (number,) = cursor.fetchone()
    return int(number)


def _note(
    name: str, subject: UUID, sheet: Sheet, viewer: Viewer, at: datetime, **detail: str | int
) -> None:
    record(
        name,
        subject,
        at=at,
        by=viewer.user_id,
        person_id=None,
        programme_id=sheet.programme_id,
        sheet=sheet.number,
        **detail,
    )


@transaction.atomic
def bring_sheets(content: bytes, *, viewer: Viewer, at: datetime) -> Brought:
    """Take in what was written on paper, row by row; the same table again changes nothing."""

    def take(row: Row) -> str:
        line = _line(whole(row[SHEET], SHEET), whole(row[LINE], LINE), viewer)
        return enter(line, written(row, OUTCOMES, at=at), viewer=viewer, at=at)

    return row_by_row(rows_of(content, needed=NEEDED), take, ways=BECAME)


def _line(sheet: int, place: int, viewer: Viewer) -> Line:
    mine = visible_to(viewer).filter(number=sheet, holder_id=viewer.user_id)
    line = Line.objects.filter(sheet__in=mine, place=place).first()
    if line is None:
        raise Refused(f"You hold no sheet {sheet} with a line {place}.")
    return line


@transaction.atomic
def enter(line: Line, said: Written, *, viewer: Viewer, at: datetime) -> str:
    """What was written on one line, recorded once.

    Told the same again, nothing changes; told otherwise, it is refused. A call that went on
    elsewhere meanwhile is never overwritten: both sides are kept for a person to look at.
    """
    line = Line.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=line.pk)
    if line.digest:
        if line.digest == said.digest:
            return "as before"
        raise Refused("This line was entered already, and says otherwise. It is not overwritten.")
    call = _still_ours(line, viewer, at=at)
    if call is None:
        return _keep_conflict(line, said, viewer, at=at)
    _say(call, said, line, viewer, at=at)
    _keep(line, said, Line.Status.ENTERED, viewer, at=at)
    return "entered"


def _still_ours(line: Line, viewer: Viewer, *, at: datetime) -> Call | None:
    """The call, in this call handler's hands, if nothing has happened to it since it was printed.

    Where only the time of the sheet was over, and nobody has rung since, it is theirs again.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=line.call_id)
    if line.status != Line.Status.HELD or call.attempts != line.attempts:
        return None
    is_over = call.leased_until is None or call.leased_until <= at
    is_ours = call.status == Call.Status.CLAIMED and call.claimed_by_id == viewer.user_id
    is_free = call.status == Call.Status.WAITING or (call.status == Call.Status.CLAIMED and is_over)
    if not (is_ours or is_free):
        return None
    if is_over or not is_ours:
        call.status, call.claimed_by_id = Call.Status.CLAIMED, viewer.user_id
        call.leased_until = at + LEASE
        call.save(update_fields=["status", "claimed_by", "leased_until"])
    return call


def _say(call: Call, said: Written, line: Line, viewer: Viewer, *, at: datetime) -> None:
    """Record it as if it were told now, with when it was rung and from which sheet."""
    questions = pack_of(call.checkin)
    for link_id, text in said.answers.items():
        hear(call, link_id, _value(questions, link_id, text), viewer=viewer, at=at)
    rung = said.rung_at.astimezone(LOCAL)
    from_paper = f"Rung on {rung:%-d %B at %H:%M}, from sheet {line.sheet.number}."
    note = f"{from_paper} {said.note}".strip()[:2000]
    finish(call, said.outcome, note=note, told=said.told, viewer=viewer, at=at)


def _value(pack: Pack, link_id: str, text: str) -> Value:
    """A written answer as the question keeps it: an option by its code or by its words."""
    item = next((each for each in pack.questionnaire.items if each.link_id == link_id), None)
    if item is None or not item.is_question:
        raise Refused(f"There is no question “{link_id[:40]}”.")
    codes = {each.display.casefold(): each.code for each in item.options}
    kept = pack.questionnaire.read(item, codes.get(text.casefold(), text))
    if kept is None:
        raise Refused(f"There is no answer to “{link_id}”.")
    return kept


def _keep_conflict(line: Line, said: Written, viewer: Viewer, *, at: datetime) -> str:
    line.found = where_it_went(viewer, line.call_id, at=at)[:200]
    _keep(line, said, Line.Status.CONFLICT, viewer, at=at)
    _note("paper.conflict", line.pk, line.sheet, viewer, at, outcome=said.outcome)
    if said.outcome in GRAVE:
        settle_conflict(line, ask=True, viewer=viewer, at=at)
    return "in conflict"


def _keep(line: Line, said: Written, status: Line.Status, viewer: Viewer, *, at: datetime) -> None:
    line.status, line.outcome, line.note = status, said.outcome, said.note
    line.rung_at, line.digest = said.rung_at, said.digest
    line.entered_at, line.entered_by_id = at, viewer.user_id
    line.save()


@transaction.atomic
def settle_conflict(line: Line, *, ask: bool, viewer: Viewer, at: datetime) -> None:
    """Somebody has looked: the record says enough, or a team is asked to look at the person."""
    line = Line.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=line.pk)
    if line.status != Line.Status.CONFLICT:
        raise Refused("This line has been looked at already.")
    line.status = Line.Status.SETTLED
    line.save(update_fields=["status"])
    if ask:
        _note("paper.asked", line.pk, line.sheet, viewer, at, outcome=line.outcome)
    else:
        _note("paper.looked_at", line.pk, line.sheet, viewer, at, outcome=line.outcome)


@transaction.atomic
def give_back(sheet: Sheet, *, viewer: Viewer, at: datetime) -> int:
    """What was not rung goes back to the queue; by the holder, or by a supervisor. How many."""
    lines = list(
        Line.objects.select_for_update(of=("self",))
        .filter(sheet=sheet, status=Line.Status.HELD)
        .order_by("id")
    )
    calls = Call.objects.select_for_update(of=("self",)).filter(
        pk__in=[each.call_id for each in lines],
        status=Call.Status.CLAIMED,
        claimed_by_id=sheet.holder_id,
        on_paper=True,
    )
    for call in calls.order_by("id"):
        call.move_to(Call.Status.WAITING)
        call.claimed_by = call.leased_until = None
        call.on_paper = False
        call.save(update_fields=["status", "claimed_by", "leased_until", "on_paper"])
    Line.objects.filter(pk__in=[each.pk for each in lines]).update(status=Line.Status.RETURNED)
    if lines:
        _note("sheet.given_back", sheet.pk, sheet, viewer, at, lines=len(lines))
    return len(lines)
