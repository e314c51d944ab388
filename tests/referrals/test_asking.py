"""Another organisation is asked, sees only what it needs, and its outcome comes back."""

from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.places.models import Team
from openprotect.referrals.actions import accept, decline, finish, hold, offer, withdraw
from openprotect.referrals.models import Referral
from openprotect.referrals.queries import facts, to_chase, to_us, told_back, visible_to
from openprotect.referrals.rules import NotYourReferral, ReferralChanged, masked
from tests import given
from tests.given import NOON
from tests.places.given import place
from tests.places.given import team as a_team
from tests.racing import at_once
from tests.referrals.given import referral as a_referral
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def team(function):
    given.area()
    return Team.objects.get(function=function)


def nurse():
    return given.user("SURVEILLANCE")


def officer():
    return given.user("PARTNER", given.area().council)


def asked(alert=None, *, to=None, what="Please bring some shopping", how="PAGE", by=None):
    alert = alert or given.alert(by=team("surveillance"), kind="social")
    with given.acting(by or nurse()) as viewer:
        return offer(alert, to or team("council"), what=what, how=how, viewer=viewer, at=NOON)


def answer(referral, act, *words, who=None, at=NOON + HOUR, **more):
    with given.acting(who or officer()) as viewer:
        return act(referral, *words, viewer=viewer, at=at, **more)


class TestAsking:
    def test_the_alert_stays_with_whoever_asked(self, worker):
        referral = asked()

        assert (referral.from_team, referral.to_team) == (team("surveillance"), team("council"))
        assert referral.alert.team == team("surveillance")
        assert referral.accept_by <= referral.due_at

    def test_asked_twice_it_is_one(self, worker):
        alert = given.alert(by=team("surveillance"), kind="social")

        assert asked(alert) == asked(alert)
        assert Event.objects.filter(name="referral.offered").count() == 1

    @pytest.mark.parametrize(
        ("function", "labels"),
        [
            ("council", ["Name", "Phone", "Address"]),
            (
                "pharmacy",
                ["Name", "Date of birth", "NHS number", "Phone", "Address", "GP practice"],
            ),
            ("locality", None),
        ],
    )
    def test_each_receiver_is_told_what_it_needs_and_no_more(self, worker, function, labels):
        alert = given.alert(by=team("surveillance"))
        to = Team.objects.filter(function=function).first() or a_team(
            function, given.area().locality, organisation=place("PHA", "PHARMACY")
        )

        told = [fact.label for fact in facts(asked(alert, to=to))]

        assert told == labels if labels else "NHS number" in told

    def test_where_somebody_at_risk_lives_is_told_to_nobody(self, worker):
        person = given.person(is_restricted=True)
        alert = given.alert(of=given.enrolment(of=person), by=team("surveillance"))

        assert [fact.label for fact in facts(asked(alert))] == ["Name"]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"what": "  "}, "Write what you ask"),
            ({"what": "x" * 1001}, "up to 1000"),
            ({"how": "LINK"}, "no mailbox"),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, worker, change, words):
        with pytest.raises(Refused, match=words):
            asked(**change)

    def test_a_team_that_does_not_look_after_the_person_is_refused(self, worker):
        far = a_team("council", place("COU9", "COUNCIL"))

        with pytest.raises(Refused, match="does not look after"):
            asked(to=far)

    def test_after_the_legal_basis_nobody_else_is_told(self, worker):
        given.basis("covid-protect", ends_at=NOON - DAY)
        alert = given.alert(by=team("practice"))

        with pytest.raises(Refused, match="basis has ended"):
            asked(alert, by=given.user("PRACTICE", given.area().practice))

    def test_only_who_may_act_on_the_alert_asks(self, worker):
        alert = given.alert(by=team("surveillance"))

        with pytest.raises(Refused):
            asked(alert, by=given.user("LOCALITY", given.area().locality))

    def test_the_words_are_not_in_the_event(self, worker):
        asked(what="Mrs Canary needs bread")

        assert "Canary" not in str(Event.objects.get(name="referral.offered").detail)

    def test_a_partner_asks_nobody(self, worker):
        alert = given.alert(by=team("council"))

        with given.acting(officer()) as viewer, row_security_refuses():
            a_referral(alert, by_id=viewer.user_id)


class TestAnswering:
    def test_done_comes_back_with_an_outcome(self, worker):
        referral = asked()
        who = officer()
        answer(referral, accept, who=who)
        answer(referral, finish, "GIVEN", who=who, note="Two bags", at=NOON + 2 * HOUR)

        with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
            (back,) = told_back(viewer)
        assert (back.get_outcome_display(), back.note) == ("Help was given", "Two bags")
        assert back.ended_at == NOON + 2 * HOUR

    def test_a_partner_that_has_answered_reads_what_it_said(self, worker):
        referral, who = asked(), officer()
        answer(referral, finish, "GIVEN", who=who, note="")

        with given.acting(who) as viewer:
            assert list(visible_to(viewer)) == [referral]
            assert not to_us(viewer).exists()

    def test_declined_it_goes_back_and_the_alert_is_still_owned(self, worker):
        referral = asked()
        answer(referral, decline, "FULL", note="No driver")

        referral.refresh_from_db()
        assert (referral.status, referral.declined) == ("DECLINED", "FULL")
        assert referral.alert.status != "CLOSED"

    def test_asked_again_after_declining_it_is_another(self, worker):
        alert = given.alert(by=team("surveillance"), kind="social")
        first = asked(alert)
        answer(first, decline, "FULL", note="")

        assert asked(alert) != first

    @pytest.mark.parametrize("until", [NOON, NOON + HOUR, NOON + 40 * DAY])
    def test_on_hold_is_until_a_day_in_the_next_weeks(self, worker, until):
        with pytest.raises(Refused, match="four weeks"):
            answer(asked(), hold, until=until, because="Flood")

    def test_held_and_gone_on_with(self, worker):
        referral = asked()
        answer(referral, hold, until=NOON + 3 * DAY, because="Flood")
        answer(referral, accept)

        referral.refresh_from_db()
        assert (referral.status, referral.hold_until, referral.hold_because) == (
            "ACCEPTED",
            None,
            "",
        )

    def test_nobody_is_given_up_on_in_silence(self, worker):
        with pytest.raises(Refused, match="what was tried"):
            answer(asked(), finish, "NOT_REACHED", note=" ")

    def test_answered_twice_it_is_answered_once(self, worker):
        referral = asked()
        for _ in range(2):
            answer(referral, finish, "GIVEN", note="")

        assert Event.objects.filter(name="referral.done").count() == 1

    def test_what_has_ended_takes_no_other_answer(self, worker):
        referral = asked()
        answer(referral, finish, "GIVEN", note="")

        with pytest.raises(ReferralChanged, match="done already"):
            answer(referral, decline, "FULL", note="")

    def test_another_organisation_does_not_answer(self, worker):
        referral = asked()
        other = given.user("SURVEILLANCE")

        with pytest.raises(NotYourReferral):
            answer(referral, accept, who=other)

    def test_an_old_page_is_told_what_changed(self, worker):
        referral = asked()
        answer(referral, accept)

        with pytest.raises(ReferralChanged, match="accepted"):
            answer(referral, decline, "FULL", note="", seen="OFFERED:0")

    def test_taken_back_with_a_reason(self, worker):
        referral, who = asked(), nurse()
        with given.acting(who) as viewer:
            with pytest.raises(Refused, match="Write why"):
                withdraw(referral, because="", viewer=viewer, at=NOON)
            withdraw(referral, because="A neighbour went", viewer=viewer, at=NOON)

        referral.refresh_from_db()
        assert referral.status == "WITHDRAWN"

    @pytest.mark.django_db(transaction=True)
    def test_answered_by_two_at_once_one_story_is_kept(self, worker_committing):
        referral = asked()
        one, two = officer(), officer()

        def says(act, *words, who):
            return lambda: answer(referral, act, *words, who=who, note="")

        outcomes = at_once(says(finish, "GIVEN", who=one), says(decline, "FULL", who=two))

        assert sum(isinstance(each, ReferralChanged) for each in outcomes) == 1


class TestChasing:
    def test_what_is_late_is_somebodys_list(self, worker):
        referral = asked()
        with given.acting(nurse()) as viewer:
            soon = {"accept_by": viewer.at + HOUR, "due_at": viewer.at + DAY}
            Referral.objects.update(**soon)
            assert not to_chase(viewer).exists()
        Referral.objects.update(
            offered_at=NOON - 9 * DAY, accept_by=NOON - 8 * DAY, due_at=NOON + 9 * DAY
        )

        with given.acting(nurse()) as viewer:
            assert list(to_chase(viewer)) == [referral]

    def test_what_a_sender_forgot_stands_on_surveillances_list_too(self, worker):
        alert = given.alert(by=team("locality"), kind="social")
        referral = asked(alert, by=given.user("LOCALITY", given.area().locality))
        Referral.objects.update(offered_at=NOON - 9 * DAY, accept_by=NOON - 8 * DAY)

        with given.acting(nurse()) as viewer:
            assert list(to_chase(viewer)) == [referral]


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("name", "traits"),
        [
            ("done_referral_says_what_came_of_it", {"status": "DONE", "ended_at": NOON}),
            ("declined_referral_says_why", {"status": "DECLINED", "ended_at": NOON}),
            ("ended_referral_says_when", {"status": "WITHDRAWN"}),
            ("held_referral_says_why_and_until_when", {"status": "ON_HOLD"}),
            ("referral_is_due_after_it_is_offered", {"due_at": NOON - DAY}),
        ],
    )
    def test_a_referral_without_its_end(self, worker, name, traits):
        with given.acting(nurse()) as viewer, the_database_refuses(name):
            made = a_referral(given_alert(), by_id=viewer.user_id, saved=False)
            made.save(force_insert=True)
            Referral.objects.filter(pk=made.pk).update(**traits)

    def test_two_open_referrals_of_an_alert_to_a_team(self, worker):
        alert = given_alert()
        with (
            given.acting(nurse()) as viewer,
            the_database_refuses("one_open_referral_of_an_alert_to_a_team"),
        ):
            for _ in range(2):
                a_referral(alert, by_id=viewer.user_id)

    def test_what_was_told_is_never_changed(self, worker):
        referral = asked()

        with given.acting(nurse()), pytest.raises(Exception, match="for good"):
            Referral.objects.filter(pk=referral.pk).update(shown={"name": "x"})


def given_alert():
    with given.as_worker():
        return given.alert(by=team("surveillance"))


@pytest.mark.parametrize(
    ("address", "hint"),
    [("joan@council.example", "j•••@council.example"), ("+447700900123", "a phone ending in 123")],
)
def test_a_hint_tells_only_who_knows_the_address(address, hint):
    assert masked(address) == hint
