"""Calls on paper: held by their sheet, entered once, and never over what happened elsewhere."""

from datetime import timedelta

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import viewer as viewer_now
from openprotect.alerts.models import Alert
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish
from openprotect.calls.models import Attempt, Call
from openprotect.checkins.rules import LOCAL
from openprotect.floor.actions.sheets import bring_sheets, give_back, make_sheet, settle_conflict
from openprotect.floor.models import Line, Sheet
from openprotect.floor.queries.sheets import entries, to_print
from openprotect.governance.actions import move_demo_clock
from openprotect.governance.models import Access
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from tests import given
from tests.floor.given_floor import HOUR, calls
from tests.given import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DAY = 24 * HOUR


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


def printed(caller, many=3, holds_for=DAY):
    with given.acting(caller) as me:
        return make_sheet(many, rung_by="", holds_for=holds_for, viewer=me, at=me.at)


def bring(caller, *rows, more=""):
    rung = f"{NOON.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    content = f"sheet,line,outcome,rung at,note{more}\n" + "\n".join(rows)
    with given.acting(caller) as me:
        return bring_sheets(content.replace("RUNG", rung).encode(), viewer=me, at=me.at)


def test_calls_on_a_sheet_are_its_holders_and_nobody_elses(caller):
    calls(4)

    sheet = printed(caller)

    on_it = set(sheet.lines.values_list("call_id", flat=True))
    assert len(on_it) == 3
    with given.acting(given.user("CALLER")) as other:
        assert claim_next(viewer=other, at=other.at).pk not in on_it
        assert claim_next(viewer=other, at=other.at + HOUR).pk not in on_it
        assert not Sheet.objects.exists()
    with given.acting(caller) as me:
        assert Person.objects.count() == 3
        assert [place for place, _ in to_print(me, sheet)] == [1, 2, 3]
    assert Access.objects.filter(what="floor.print").count() == 3


def test_beside_a_sheet_its_holder_rings_on(caller):
    calls(3)
    sheet = printed(caller, many=2)

    with given.acting(caller) as me:
        third = claim_next(viewer=me, at=me.at)

    assert third.pk not in set(sheet.lines.values_list("call_id", flat=True))


def test_what_was_written_is_entered_once_row_by_row(caller):
    calls(3)
    sheet = printed(caller)
    rows = [
        f"{sheet.number},1,NO_ANSWER,RUNG,",
        f"{sheet.number},2,Did not want to answer today,RUNG,Tired",
        f"{sheet.number},9,NO_ANSWER,RUNG,",
        f"{sheet.number},3,VANISHED,RUNG,",
    ]

    first, again = bring(caller, *rows), bring(caller, *rows)

    assert str(first) == "4 rows = 2 entered + 0 as before + 0 in conflict + 2 refused"
    assert str(again) == "4 rows = 0 entered + 2 as before + 0 in conflict + 2 refused"
    assert first.balances
    assert again.balances
    assert [each.row for each in first.refused] == [3, 4]
    assert Attempt.objects.count() == 2
    assert "Tired" in Attempt.objects.get(outcome="REFUSED").note


def test_a_line_told_otherwise_afterwards_is_refused_and_not_overwritten(caller):
    calls(1)
    sheet = printed(caller)
    bring(caller, f"{sheet.number},1,NO_ANSWER,RUNG,")

    found = bring(caller, f"{sheet.number},1,REFUSED,RUNG,")

    assert "not overwritten" in found.refused[0].because
    assert Attempt.objects.get().outcome == "NO_ANSWER"


def test_answers_written_on_paper_are_sent_in_with_the_call(caller):
    calls(1)
    sheet = printed(caller)
    items = [e for e in given.covid_protect().questionnaire.items if e.is_question and e.required]
    first = next(each for each in items if each.options)
    row = f'{sheet.number},1,PARTLY,RUNG,,"{first.options[0].display}"'

    found = bring(caller, row, more=f",answer:{first.link_id}")

    assert str(found).startswith("1 rows = 1 entered"), found.refused
    assert Call.objects.get().tries.get().outcome == "PARTLY"


def test_an_answer_to_no_question_refuses_the_row_whole(caller):
    calls(1)
    sheet = printed(caller)

    found = bring(caller, f"{sheet.number},1,PARTLY,RUNG,,yes", more=",answer:nonsense")

    assert "no question" in found.refused[0].because
    assert not Attempt.objects.exists()
    assert Line.objects.get().status == "HELD"


def end_elsewhere(sheet, outcome="REFUSED"):
    """The sheet's time is over, and somebody else has rung meanwhile."""
    move_demo_clock(by=DAY + HOUR)
    with given.acting(given.user("CALLER")) as other:
        finish(claim_next(viewer=other, at=other.at), outcome, note="", viewer=other, at=other.at)


def test_a_call_that_ended_elsewhere_is_a_conflict_for_a_person(caller):
    calls(1)
    sheet = printed(caller)
    end_elsewhere(sheet)
    before = list(Call.objects.values())

    found = bring(caller, f"{sheet.number},1,NO_ANSWER,RUNG,")

    assert str(found) == "1 rows = 0 entered + 0 as before + 1 in conflict + 0 refused"
    assert list(Call.objects.values()) == before
    assert Attempt.objects.count() == 1
    line = Line.objects.get()
    assert (line.status, line.outcome) == ("CONFLICT", "NO_ANSWER")
    assert "has ended this call" in line.found
    with given.acting(caller) as me:
        (entry,) = entries(me, sheet)
        assert entry.is_conflict
        assert entry.name == ""
        settle_conflict(line, ask=True, viewer=me, at=me.at)
    follow_waiting(at=NOON + 3 * DAY)
    assert "Rung from a printed sheet" in Alert.objects.get().reason


def test_a_conflict_about_danger_asks_a_team_at_once(caller):
    calls(1)
    sheet = printed(caller)
    end_elsewhere(sheet)

    bring(caller, f"{sheet.number},1,SAFEGUARDING,RUNG,Heard shouting")
    follow_waiting(at=NOON + 3 * DAY)

    assert Line.objects.get().status == "SETTLED"
    assert Alert.objects.filter(rule="paper-conflict", urgency=1).count() == 1


def test_a_sheet_entered_late_counts_while_nobody_has_rung_since(caller):
    calls(1)
    sheet = printed(caller)
    move_demo_clock(by=DAY + HOUR)

    found = bring(caller, f"{sheet.number},1,NO_ANSWER,RUNG,")

    assert str(found).startswith("1 rows = 1 entered")


def test_when_its_time_is_over_a_sheets_calls_are_everybodys(caller):
    calls(1)
    token = given.token_of(caller)
    printed(caller, holds_for=2 * HOUR)
    with given.acting(given.user("CALLER")) as other:
        assert claim_next(viewer=other, at=other.at) is None

    move_demo_clock(by=2 * HOUR + timedelta(minutes=1))

    with acting_as(token):
        assert viewer_now()
        assert not Person.objects.exists()
    with given.acting(given.user("CALLER")) as other:
        assert claim_next(viewer=other, at=other.at) is not None


def test_a_supervisor_gives_back_what_was_not_entered(caller):
    calls(2)
    sheet = printed(caller, many=2)
    bring(caller, f"{sheet.number},1,NO_ANSWER,RUNG,")

    with given.acting(given.user("SUPERVISOR")) as boss:
        assert not Person.objects.exists()
        assert give_back(sheet, viewer=boss, at=boss.at) == 1

    assert set(Line.objects.values_list("status", flat=True)) == {"ENTERED", "RETURNED"}
    assert not Call.objects.filter(on_paper=True).exists()


@pytest.mark.parametrize(("many", "hours"), [(0, 8), (26, 8), (3, 0), (3, 49)])
def test_a_sheet_has_a_sensible_size_and_time(caller, many, hours):
    calls(1)

    with given.acting(caller) as me, pytest.raises(Refused, match="two days at most"):
        make_sheet(many, rung_by="", holds_for=hours * HOUR, viewer=me, at=me.at)


def test_no_sheet_is_made_of_nothing_or_beside_a_call_in_hand(caller):
    with given.acting(caller) as me, pytest.raises(Refused, match="Nobody waits"):
        make_sheet(3, rung_by="", holds_for=HOUR, viewer=me, at=me.at)
    calls(2)
    with given.acting(caller) as me:
        claim_next(viewer=me, at=me.at)
        with pytest.raises(Refused, match="call that you hold"):
            make_sheet(3, rung_by="", holds_for=HOUR, viewer=me, at=me.at)


def test_sheets_are_numbered_one_after_the_other(caller):
    calls(2)

    assert [printed(caller, many=1).number for _ in range(2)] == [1, 2]
