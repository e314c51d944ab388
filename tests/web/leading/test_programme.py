"""How a programme is set, its stop button, and what one locality changes for its own people."""

from datetime import timedelta

import pytest

from openprotect.calls.models import Call
from openprotect.pathway.rounds import go_round
from openprotect.programmes.models import Adaptation, Programme
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
KEY = "misses_before_call"
MORNING = NOON.replace(hour=8)


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def programme(worker):
    return given.programme()


@pytest.fixture
def lead(client, programme):
    return given.sign_in(client, given.user("LEAD"))


@pytest.fixture
def locality(client, programme):
    return given.sign_in(client, given.user("LOCALITY", given.area().locality))


def address(programme, rest=""):
    return f"/programme/{programme.pk}/{rest}"


def adapt(client, programme, value="1", key=KEY, **rest):
    given_answers = {"value": value, "reason": "Few have a signal here"} | rest
    return client.post(address(programme, f"adapt/{key}/"), given_answers)


def test_the_page_names_aim_sponsor_basis_and_cadence(lead, programme):
    page = seen(lead.get(address(programme)))

    assert given.covid_protect().version in page
    for words in (programme.aim, programme.sponsor, "every day", "Caldicott Guardian"):
        assert words in page


def test_each_setting_says_who_may_change_it(lead, programme):
    page = seen(lead.get(address(programme)))

    assert "A locality may choose from 1 to 5." in page
    assert "Nobody differs." in page
    assert "The same everywhere" in page
    assert "Change it for our people" not in page


def test_a_locality_changes_a_bounded_setting_and_the_lead_sees_who_differs(
    locality, programme, client
):
    answer = adapt(locality, programme)
    page = seen(given.sign_in(client, given.user("LEAD")).get(address(programme)))

    assert answer.status_code == 302
    assert "Loc</th><td>1" in page
    assert "Few have a signal here" in page


def test_a_value_outside_the_bounds_is_refused_in_words_and_kept(locality, programme):
    page = seen(adapt(locality, programme, "9"))

    assert "Missed check-ins before we ring: choose from 1 to 5." in page
    assert 'href="#id_value"' in page
    assert 'value="9"' in page
    assert not Adaptation.objects.exists()


def test_a_locked_setting_is_refused_in_words(locality, programme):
    page = seen(adapt(locality, programme, "48", key="checkin_open_for_hours"))

    assert "no locality may change it" in page
    assert not Adaptation.objects.exists()


def test_a_change_needs_a_reason(locality, programme):
    assert "Say why" in seen(adapt(locality, programme, reason=""))


def test_a_change_can_end_by_itself(locality, programme):
    last = NOON.date() + timedelta(days=10)
    adapt(
        locality,
        programme,
        last_day_day=last.day,
        last_day_month=last.month,
        last_day_year=last.year,
    )

    ends_at = Adaptation.objects.get().ends_at
    assert ends_at.date() in {last, last + timedelta(days=1)}
    assert f"<td>{last.day} {last:%B %Y}</td>" in seen(locality.get(address(programme)))


def test_a_last_day_before_the_first_is_refused(locality, programme):
    page = seen(
        adapt(locality, programme, last_day_day="1", last_day_month="1", last_day_year="2021")
    )

    assert "The last day must come after the first." in page


def test_a_change_is_undone_at_once(locality, programme):
    adapt(locality, programme)
    locality.post(address(programme, f"adapt/{KEY}/undo/"))

    assert "Nobody differs." in seen(locality.get(address(programme)))


def test_the_page_says_whom_the_change_concerns(locality, programme):
    given.enrolment()
    given.enrolment(of=given.person(at=given.practice("FAR", locality=given.locality("LOC2"))))

    page = seen(locality.get(address(programme, f"adapt/{KEY}/")))

    assert "1 person in the programme, of 1 practice" in page


@pytest.mark.parametrize("rest", ["", f"adapt/{KEY}/"])
def test_another_role_does_not_see_settings(client, programme, rest):
    given.sign_in(client, given.user("CALLER"))

    assert client.get(address(programme, rest)).status_code == 403


def test_a_lead_may_not_change_what_is_a_localitys_to_change(lead, programme):
    assert adapt(lead, programme).status_code == 403


def test_an_unknown_setting_or_programme_is_not_found(locality, programme):
    assert locality.get(address(programme, "adapt/nonsense/")).status_code == 404
    other = Programme.objects.create(
        key="other", title="Other", purpose="other", pack=given.pack_version()
    )
    assert locality.get(address(other)).status_code == 404


def test_sending_is_stopped_in_two_steps_and_said_aloud(lead, programme):
    ask = seen(lead.get(address(programme, "sending/")))
    lead.post(address(programme, "sending/"), {"wish": "stop"})

    assert "Yes, stop all sending" in ask
    assert Programme.objects.get(pk=programme.pk).sending_stopped_at is not None
    assert "Sending was stopped just now" in seen(lead.get(address(programme)))


def test_stopping_twice_does_not_resume(lead, programme):
    for _ in range(2):
        lead.post(address(programme, "sending/"), {"wish": "stop"})

    assert Programme.objects.get(pk=programme.pk).sending_stopped_at is not None


def test_sending_is_resumed(lead, programme):
    lead.post(address(programme, "sending/"), {"wish": "stop"})
    lead.post(address(programme, "sending/"), {"wish": "resume"})

    assert Programme.objects.get(pk=programme.pk).sending_stopped_at is None


def test_a_locality_may_not_stop_sending(locality, programme):
    assert locality.post(address(programme, "sending/"), {"wish": "stop"}).status_code == 403


def test_a_localitys_threshold_takes_effect_for_its_own_people_only(locality, programme, client):
    ours = given.enrolment(active_from=NOON + timedelta(hours=1))
    far = given.practice("FAR", locality=given.locality("LOC2"))
    theirs = given.enrolment(of=given.person(at=far), active_from=NOON + timedelta(hours=1))

    adapt(locality, programme)
    outbox = given.Outbox()
    for hours in range(1, 31, 6):
        go_round(at=NOON + timedelta(hours=hours), postbox=outbox)

    rung = Call.objects.values_list("enrolment_id", flat=True)
    assert list(rung) == [ours.pk]
    assert theirs.checkins.filter(status="MISSED").exists()
