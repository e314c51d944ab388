"""P16: two to eight act on one case at the same moment: one story is kept, the others are told."""

import random

import pytest

from openprotect.alerts.actions import accept, close
from openprotect.alerts.actions.passing import pass_on
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import as_seen
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.places.models import Team
from openprotect.referrals.actions import accept as take
from openprotect.referrals.actions import decline, finish
from openprotect.referrals.queries import as_seen as referral_as_seen
from tests import given
from tests.given import NOON
from tests.racing import at_once
from tests.referrals.given import referral as a_referral

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
RACES = 500
ACTED = ("alert.accepted", "alert.closed", "alert.handed_on")
ANSWERED = ("referral.accepted", "referral.done", "referral.declined")


def act_on(alert, name, seen, to):
    """One handler's act, with what their page showed."""

    def acts(viewer):
        if name == "accept":
            return accept(alert, viewer=viewer, at=NOON)
        if name == "close":
            return close(alert, "ADVICE", note="Rang", viewer=viewer, at=NOON, seen=seen)
        return pass_on(alert, to, because="Nearer", viewer=viewer, at=NOON, seen=seen)

    return acts


def as_each(handlers, acts):
    def run(handler, act):
        def go():
            with given.acting(handler) as viewer:
                return act(viewer)

        return go

    return at_once(*(run(handler, act) for handler, act in zip(handlers, acts, strict=True)))


def test_races_for_an_alert_lose_nothing_and_say_every_conflict(worker_committing, say):
    dice = random.Random(16)  # noqa: S311 - repeatable on purpose
    desk = [given.user("SURVEILLANCE") for _ in range(8)]
    surveillance, locality = (Team.objects.get(function=each) for each in FUNCTIONS)
    made = shown = lost = bugs = 0
    for _ in range(RACES):
        alert = given.alert(by=surveillance)
        with given.acting(desk[0]):
            seen = as_seen(alert)
        handlers = dice.sample(desk, dice.randint(2, 8))
        names = [dice.choice(("accept", "close", "hand on")) for _ in handlers]
        outcomes = as_each(handlers, [act_on(alert, name, seen, locality) for name in names])

        told = [each for each in outcomes if isinstance(each, Refused)]
        bugs += sum(isinstance(each, Exception) for each in outcomes) - len(told)
        kept = Event.objects.filter(subject_id=alert.pk, name__in=ACTED).count()
        made += len(handlers) - kept
        shown += len(told)
        lost += len(handlers) - len(told) - kept

    say(f"races {RACES}, conflicts made {made} = shown {shown}, lost {lost}, faults {bugs}")
    assert (made, lost, bugs) == (shown, 0, 0)


FUNCTIONS = ("surveillance", "locality")


def test_races_for_a_referral_lose_nothing_and_say_every_conflict(worker_committing, say):
    dice = random.Random(61)  # noqa: S311 - repeatable on purpose
    council = [given.user("PARTNER", given.area().council) for _ in range(4)]
    sender = given.user("SURVEILLANCE")
    acts = {
        "take": lambda r, seen: lambda v: take(r, viewer=v, at=NOON, seen=seen),
        "finish": lambda r, seen: (
            lambda v: finish(r, "GIVEN", note="", viewer=v, at=NOON, seen=seen)
        ),
        "decline": lambda r, seen: (
            lambda v: decline(r, "FULL", note="", viewer=v, at=NOON, seen=seen)
        ),
    }
    made = shown = bugs = same = 0
    for _ in range(RACES // 5):
        alert = given.alert(by=Team.objects.get(function="surveillance"))
        with given.acting(sender):
            referral = a_referral(alert, by=sender)
        seen = referral_as_seen(referral)
        handlers = dice.sample(council, dice.randint(2, 4))
        chosen = [dice.choice(sorted(acts)) for _ in handlers]
        outcomes = as_each(handlers, [acts[name](referral, seen) for name in chosen])

        told = sum(isinstance(each, Refused) for each in outcomes)
        bugs += sum(isinstance(each, Exception) for each in outcomes) - told
        kept = Event.objects.filter(subject_id=referral.pk, name__in=ANSWERED).count()
        # The same answer twice is one answer, and no conflict.
        same += len(handlers) - told - kept
        made += len(handlers) - kept
        shown += told

    say(f"conflicts made {made} = shown {shown} + the same answer again {same}, faults {bugs}")
    assert (made, bugs) == (shown + same, 0)


class TestOnePage:
    """What a browser does by itself: back, twice, and two hours later."""

    def page(self, client, nurse, alert):
        given.sign_in(client, nurse)
        text = client.get(f"/alerts/{alert.pk}/").content.decode()
        return text.split('name="seen" value="')[1].split('"')[0]

    @pytest.fixture
    def nurse(self, worker_committing):
        return given.user("SURVEILLANCE")

    @pytest.fixture
    def alert(self, nurse):
        return given.alert(by=Team.objects.get(function="surveillance"))

    def test_a_double_click_closes_once(self, client, nurse, alert):
        seen = self.page(client, nurse, alert)
        form = {"outcome": "ADVICE", "note": "Rang", "seen": seen}

        for _ in range(2):
            client.post(f"/alerts/{alert.pk}/closure/", form)

        assert Event.objects.filter(name="alert.closed").count() == 1

    def test_back_and_another_answer_is_told_and_the_words_kept(self, client, nurse, alert):
        seen = self.page(client, nurse, alert)
        here = f"/alerts/{alert.pk}/closure/"
        client.post(here, {"outcome": "ADVICE", "note": "Rang", "seen": seen})

        again = client.post(here, {"outcome": "SEEN", "note": "Went there", "seen": seen})

        text = again.content.decode()
        assert "closed meanwhile" in text
        assert "Went there" in text
        alert.refresh_from_db()
        assert alert.outcome == Alert.Outcome.ADVICE

    def test_a_tab_left_open_is_told_of_what_was_said_since(self, client, nurse, alert):
        seen = self.page(client, nurse, alert)
        given.response(of=given.checkin(of=alert.enrolment, status="ANSWERED"))
        form = {"outcome": "ADVICE", "note": "Rang this morning", "seen": seen}

        text = client.post(f"/alerts/{alert.pk}/closure/", form).content.decode()

        assert "New answers came in" in text
        assert "Rang this morning" in text
        alert.refresh_from_db()
        assert alert.status != Alert.Status.CLOSED
