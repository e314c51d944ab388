"""A list that is quick: many at once up to fifty, a pulse, what has fallen to us, our own way."""

from datetime import timedelta

import pytest

from openprotect.alerts.models import Alert, MedicinesCare, Procedure
from tests import given
from tests.given import NOON
from tests.web.triage.at_the_desk import alert, page, team

pytestmark = pytest.mark.django_db


def ticked(desk, ids):
    return desk.post("/alerts/accepted/", {"alert": [str(each) for each in ids]}, follow=True)


def test_those_ticked_are_accepted_in_one_step(desk, nurse):
    ids = [alert().pk for _ in range(3)]

    text = ticked(desk, ids).content.decode()

    assert "Accepted 3 alerts." in text
    assert Alert.objects.filter(accepted_by=nurse).count() == 3


def test_more_than_fifty_take_a_second_person(desk):
    ids = [alert().pk for _ in range(51)]

    text = ticked(desk, ids).content.decode()

    assert "second person" in text
    assert not Alert.objects.filter(status="ACCEPTED").exists()


def test_what_somebody_else_took_is_said_and_the_rest_is_accepted(desk):
    mine, theirs = alert(), alert()
    other = given.user("SURVEILLANCE")
    Alert.objects.filter(pk=theirs.pk).update(
        status="ACCEPTED", accepted_at=NOON, accepted_by=other
    )

    text = ticked(desk, [mine.pk, theirs.pk]).content.decode()

    assert "Accepted 1 alert." in text
    assert f"{other.name} has already accepted this." in text


def test_ticking_an_alert_out_of_reach_accepts_nothing(client, worker):
    far = alert(by=team("locality"))
    stranger = given.sign_in(client, given.user("PRACTICE", given.practice("STR")))

    text = ticked(stranger, [far.pk]).content.decode()

    assert "not with you any more" in text
    far.refresh_from_db()
    assert far.status == "RAISED"


@pytest.mark.parametrize("said", ["nonsense", "1; DROP TABLE"])
def test_what_is_no_alert_is_a_bad_request(desk, said):
    assert desk.post("/alerts/accepted/", {"alert": said}).status_code == 400


def test_the_pulse_changes_with_the_list_and_only_then(desk):
    before = page(desk, "/alerts/pulse/")
    assert before == page(desk, "/alerts/pulse/")

    alert()

    assert page(desk, "/alerts/pulse/") != before


def test_what_nobody_took_in_time_stands_before_surveillance_though_no_scheduler_ran(desk):
    late = alert(by=team("locality"), accept_by=NOON - timedelta(hours=1),
                 raised_at=NOON - timedelta(hours=2))  # fmt: skip

    assert "stands before you now" in page(desk, "/alerts/").replace("</strong>", "")
    assert str(late.pk) in page(desk, "/alerts/?whose=fallen")


def test_an_alert_says_why_it_is_not_with_the_team_that_was_planned(desk):
    made = alert(instead="CLOSED")

    assert "because that team has closed" in page(desk, f"/alerts/{made.pk}/")


def test_declined_with_a_reason_the_next_team_has_it(client, worker):
    made = alert(by=team("locality"), kind="clinical", accept_by=NOON + timedelta(days=9),
                 due_at=NOON + timedelta(days=9))  # fmt: skip
    desk = given.sign_in(client, given.user("LOCALITY", given.area().locality))

    landed = desk.post(f"/alerts/{made.pk}/declining/", {"because": "We are full"})

    made.refresh_from_db()
    assert landed.url == "/alerts/"
    assert (made.team, made.instead) == (team("surveillance"), "DECLINED")


def test_declining_without_a_reason_is_refused(desk):
    made = alert(by=team("surveillance"))

    assert "Write why" in page(desk, f"/alerts/{made.pk}/declining/", because="")
    assert "last in line" in page(desk, f"/alerts/{made.pk}/declining/", because="Full")


def test_opened_again_it_is_a_new_alert_beside_the_old(desk, nurse):
    made = alert(status="CLOSED", closed_at=NOON, closed_by=nurse, outcome="ADVICE")

    desk.post(f"/alerts/{made.pk}/reopening/", {"because": "Rang back"})

    again = Alert.objects.get(follows=made)
    assert "The same need before" in page(desk, f"/alerts/{again.pk}/")


def test_a_locality_writes_its_way_and_it_stands_beside_the_alert(client, worker):
    made = alert(by=team("locality"))
    desk = given.sign_in(client, given.user("LOCALITY", given.area().locality))
    form = {"words": "Ring the neighbour first.", "because": "Floods", "over": "0"}

    landed = desk.post("/alerts/procedures/clinical/", form)

    assert landed.status_code == 302
    assert Procedure.objects.get().version == 1
    text = page(desk, f"/alerts/{made.pk}/")
    assert "Ring the neighbour first." in text
    assert "The programme says" in text


def test_an_older_page_does_not_overwrite_a_newer_version(client, worker):
    given.programme()
    desk = given.sign_in(client, given.user("LOCALITY", given.area().locality))
    form = {"words": "One", "because": "x", "over": "0"}
    desk.post("/alerts/procedures/clinical/", form)

    text = page(desk, "/alerts/procedures/clinical/", **(form | {"words": "Two"}))

    assert "newer version" in text
    assert "Two" in text


def test_a_practice_reads_and_does_not_write(client, worker):
    given.programme()
    desk = given.sign_in(client, given.user("PRACTICE", given.area().practice))

    assert "Side by side" in page(desk, "/alerts/procedures/clinical/")
    page(desk, "/alerts/procedures/clinical/", words="x", because="y")
    assert not Procedure.objects.exists()
    assert desk.get("/alerts/procedures/weather/").status_code == 404


def test_an_alert_about_medicines_says_who_brings_them(desk):
    made = alert(kind="medication")
    form = {"pharmacy": "Market Street", "may_collect": "her son", "controlled": "yes"}

    desk.post(f"/alerts/{made.pk}/medicines/", form)

    text = page(desk, f"/alerts/{made.pk}/")
    assert MedicinesCare.objects.get().may_collect == "her son"
    assert "Market Street" in text
    assert "before anybody collects" in text
