"""The pages of the floor: they work, refuse in words, and show nobody's name to a supervisor."""

import re
from datetime import timedelta

import pytest

from openprotect.accounts.models import Pause
from openprotect.accounts.queries import abilities_of
from openprotect.calls.actions import claim_next
from openprotect.calls.models import Call
from openprotect.checkins.rules import LOCAL
from openprotect.floor.models import Coaching, Line, Sheet
from tests import given
from tests.floor.given_floor import calls, on_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(worker):
    return given.user("SUPERVISOR")


@pytest.fixture
def caller(boss):
    someone = given.user("CALLER")
    on_shift(boss, someone)
    return someone


@pytest.fixture
def desk(client, boss):
    return given.sign_in(client, boss)


def page(client, address, **posted):
    found = client.post(address, posted, follow=True) if posted else client.get(address)
    assert found.status_code == 200, (address, found.status_code)
    return found.content.decode()


def names():
    return [each.person.family_name for each in Call.objects.select_related("person")]


def test_the_board_shows_the_floor_and_nobody_on_it_by_the_persons_name(desk, caller):
    calls(3)
    with given.acting(caller) as me:
        claim_next(viewer=me, at=me.at)

    text = page(desk, "/floor/")

    assert caller.name in text
    assert "In a call" in text
    assert not any(each in text for each in names())
    assert "data-pulse" in page(desk, "/floor/live/")


def test_spreading_balancing_and_giving_from_the_board(desk, caller):
    (call, _) = calls(2)

    assert "2 calls given by name" in page(desk, "/floor/spread/", x="1")
    assert "0 calls given by name" in page(desk, "/floor/balance/", x="1")
    assert "everybody" in page(desk, f"/floor/waiting/{call.pk}/", to="")
    assert f"Given to {caller.name}" in page(desk, f"/floor/waiting/{call.pk}/", to=caller.pk)
    assert "Choose somebody" in page(desk, f"/floor/waiting/{call.pk}/", to="x")


def test_pausing_somebody_and_noting_what_they_can_do(desk, caller):
    where = f"/floor/people/{caller.pk}/"

    assert "Say why in a word" in page(desk, where, minutes="15", because="")
    assert "paused" in page(desk, where, minutes="15", because="Training").lower()
    assert Pause.objects.get().because == "Training"
    page(desk, where, noted="1", can=["LANGUAGE:pl", "TEXTPHONE"])
    assert abilities_of(caller.pk) == {"LANGUAGE:pl", "TEXTPHONE"}
    assert "given calls again" in page(desk, f"{where}resume/", x="1")


def test_a_call_handler_pauses_and_reads_what_was_written_to_them(client, boss, caller):
    calls(1)
    with given.acting(caller) as me:
        call = claim_next(viewer=me, at=me.at)
    desk = given.sign_in(client, boss)
    where = f"/floor/calls/{call.pk}/listening/"
    assert "agree" in page(desk, where)
    assert "asked and agreed" in page(desk, where, agreed="no", went_well="Kind")
    assert not Coaching.objects.exists()
    page(desk, where, agreed="yes", went_well="Kind and clear")

    mine = given.sign_in(client, caller)
    assert "Kind and clear" in page(mine, "/floor/mine/")
    assert "You get no calls" in page(mine, "/floor/mine/", minutes="30", because="Lunch")
    assert "Welcome back" in page(mine, "/floor/mine/resume/", x="1")


def test_the_week_ahead_is_drawn_and_told(desk, caller):
    given.checkin()

    text = page(desk, "/floor/ahead/")

    assert text.count("op-chart__drawing") == 2
    assert "Attempts a call" in text
    day = re.search(r"\?day=(\d{4}-\d\d-\d\d)#day", text)[1]
    assert "hour by hour" in page(desk, f"/floor/ahead/?day={day}")
    page(desk, "/floor/ahead/?day=nonsense")


def test_a_rota_is_pasted_and_accounted_for(desk, caller):
    with given.acting(caller) as me:
        on = f"{(me.at + timedelta(days=2)).astimezone(LOCAL):%Y-%m-%d}"
    table = f"login,day,from,until\n{caller.login},{on},09:00,12:00\nnobody,{on},09:00,12:00"

    text = page(desk, "/floor/shifts/", table=table)

    assert "2 rows = 1 new + 0 changed + 0 unchanged + 1 refused" in text
    assert "Row 2: Nobody with the login" in text
    assert "Nothing was changed" in page(desk, "/floor/shifts/", table="x")


def test_somebody_is_lent_taken_and_returned(client, boss, caller):
    hospital = given.place_once("HOS", "HOSPITAL")
    taker = given.user("SUPERVISOR", hospital)
    desk = given.sign_in(client, boss)
    with given.acting(boss) as viewer:
        last = (viewer.at + timedelta(days=3)).astimezone(LOCAL)
    offer = {
        "who": str(caller.memberships.get().pk), "to": str(hospital.pk), "purpose": "covid-protect",
        "last_day_day": last.day, "last_day_month": last.month, "last_day_year": last.year,
        "words": "Good with people",
    }  # fmt: skip
    assert "Offered. Nothing changes" in page(desk, "/floor/loans/", **offer)
    loan = caller.loans.get()
    assert "Take the offer back" in page(desk, "/floor/loans/")

    there = given.sign_in(client, taker)
    assert "Say in a few words why not" in page(
        there, f"/floor/loans/{loan.pk}/answer/", answer="decline"
    )
    assert "They ring for you" in page(there, f"/floor/loans/{loan.pk}/answer/", answer="take")
    assert "Their rights there have ended" in page(there, f"/floor/loans/{loan.pk}/end/", x="1")


def test_ended_calls_are_drawn_and_looked_at(client, boss, caller):
    from openprotect.calls.actions.talking import finish

    calls(1)
    with given.acting(caller) as me:
        finish(claim_next(viewer=me, at=me.at), "NO_ANSWER", note="", viewer=me, at=me.at)
        week = f"{me.at.astimezone(LOCAL):%Y-%m-%d}"
    desk = given.sign_in(client, boss)

    text = page(desk, f"/floor/calls/?week={week}")
    where = re.search(r'href="(/floor/calls/[^"]+/of/[^"]+)"', text)[1]
    form = page(desk, where)
    assert "Choose one of the answers" in page(desk, where, words="Good").replace(
        "choose", "Choose"
    )
    marks = dict.fromkeys(re.findall(r'name="(\w+)" type="radio"', form), "yes")
    assert "reads your words" in page(desk, where, words="Good", **marks)
    assert "by " + boss.name in page(desk, f"/floor/calls/?week={week}")


def test_a_sheet_is_printed_entered_and_brought_back(client, caller):
    calls(2)
    mine = given.sign_in(client, caller)

    text = page(mine, "/floor/paper/", many="2", hours="24")
    sheet = Sheet.objects.get()
    assert all(each in text for each in names())
    paper = client.get(f"/floor/paper/{sheet.pk}/print.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")

    where = f"/floor/paper/{sheet.pk}/lines/1/"
    with given.acting(caller) as me:
        rung = f"{(me.at - timedelta(minutes=2)).astimezone(LOCAL):%Y-%m-%d %H:%M}"
    assert "no time such as" in page(mine, where, outcome="NO_ANSWER", rung_at="noon")
    assert "Line 1: entered" in page(mine, where, outcome="NO_ANSWER", rung_at=rung)
    table = f"sheet,line,outcome,rung at\n{sheet.number},2,VOICEMAIL,{rung}"
    assert "1 rows = 1 entered" in page(mine, "/floor/paper/bring/", table=table)
    assert set(Line.objects.values_list("status", flat=True)) == {"ENTERED"}


def test_a_supervisor_reads_of_a_sheet_no_name(client, boss, caller):
    calls(1)
    mine = given.sign_in(client, caller)
    page(mine, "/floor/paper/", many="1", hours="8")
    sheet = Sheet.objects.get()

    desk = given.sign_in(client, boss)
    text = page(desk, "/floor/paper/") + page(desk, f"/floor/paper/{sheet.pk}/")

    assert not any(each in text for each in names())
    assert desk.get(f"/floor/paper/{sheet.pk}/print.pdf").status_code == 403
    assert "1 back in the queue" in page(desk, f"/floor/paper/{sheet.pk}/back/", x="1")
