"""Thanks, what people say of the service, and the words of reminders."""

from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.places.models import Team
from openprotect.voices import actions, queries
from openprotect.voices.models import Feedback, Note
from openprotect.voices.queries.week import week
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(worker):
    given.area()
    return given.programme()


def practice_team():
    return Team.objects.get(function="practice")


def thanks(programme, *, by="LEAD", words="For Sunday", to=None):
    with given.acting(given.user(by)) as viewer:
        return actions.thank(
            programme, practice_team(), words=words, to_user=to, viewer=viewer, at=NOON
        )


def test_thanks_reach_the_team_and_nobody_else(programme):
    thanks(programme)

    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        assert [each.words for each in queries.notes_to(viewer)] == ["For Sunday"]
    with given.acting(given.user("PARTNER", given.area().council)) as viewer:
        assert not queries.notes_to(viewer).exists()


def test_thanks_to_one_person_are_read_by_that_person_alone(programme):
    ada, colleague = (given.user("PRACTICE", given.area().practice) for _ in range(2))
    thanks(programme, to=ada.pk)

    seen = []
    for each in (ada, colleague):
        with given.acting(each) as viewer:
            seen.append(queries.notes_to(viewer).count())

    assert seen == [1, 0]


@pytest.mark.parametrize("role", ["CALLER", "PRACTICE", "PARTNER"])
def test_only_leads_write_notes(programme, role):
    with pytest.raises(Refused):
        thanks(programme, by=role)


def test_pressed_twice_thanks_are_said_once(programme):
    lead = given.user("LEAD")
    with given.acting(lead) as viewer:
        for _ in range(2):
            actions.thank(programme, practice_team(), words="Well done", viewer=viewer, at=NOON)

    assert Note.objects.count() == 1


def say(words, *, by, page="triage:case"):
    with given.acting(by) as viewer:
        return actions.say(given.programme(), words, page=page, viewer=viewer, at=NOON)


def test_what_is_said_is_read_by_the_lead_and_answered_for_all(programme):
    caller, other, lead = (given.user(each) for each in ("CALLER", "CALLER", "LEAD"))
    made = say("The list jumps", by=caller)
    with given.acting(other) as viewer:
        assert queries.feedback(viewer) == []
    with given.acting(lead) as viewer:
        [told] = queries.feedback(viewer)
        assert (told.words, told.role, told.is_new) == ("The list jumps", "call handler", True)
        actions.answer(made, "It stays put now", state="DONE", viewer=viewer, at=NOON)

    with given.acting(other) as viewer:
        [told] = queries.feedback(viewer)

    assert (told.answer, told.state) == ("It stays put now", "we did it")
    assert other.name not in str(told)
    assert caller.name not in str(told)


def test_an_nhs_number_is_kept_out_of_feedback(programme):
    number = given.person().nhs_number

    with pytest.raises(Refused, match="about a patient"):
        say(f"Look at {number}", by=given.user("CALLER"))


def test_nobody_but_the_lead_answers(programme):
    made = say("The list jumps", by=given.user("CALLER"))
    with given.acting(given.user("CLINICAL")) as viewer, pytest.raises(Refused):
        actions.answer(made, "No", state="DONE", viewer=viewer, at=NOON)


def test_the_programme_words_its_own_reminders(programme):
    with given.acting(given.user("LEAD")) as viewer:
        actions.set_wording(
            programme, "REMINDER", "{waiting} here since {since}", over=0, viewer=viewer, at=NOON
        )
        with pytest.raises(Refused, match="meanwhile"):
            actions.set_wording(
                programme, "REMINDER", "{waiting} {since}", over=0, viewer=viewer, at=NOON
            )

    assert queries.wording(programme, "REMINDER") == "{waiting} here since {since}"
    assert queries.wording(programme, "ESCALATION").startswith("{team}")


def test_a_week_counts_what_the_own_team_did(programme):
    nurse = given.user("SURVEILLANCE")
    team = given.area().system.covered_by.get(function="surveillance")
    done = {"status": "CLOSED", "closed_by": nurse, "outcome": "ADVICE"}
    now = given.NOON
    with given.acting(nurse) as viewer:
        now = viewer.at
    given.alert(by=team, closed_at=now - timedelta(days=1), raised_at=now - timedelta(days=2),
                accept_by=now, due_at=now, urgency=1, **done)  # fmt: skip
    given.alert(by=team, closed_at=now - timedelta(days=8), raised_at=now - timedelta(days=9),
                accept_by=now, due_at=now, **done)  # fmt: skip

    with given.acting(nurse) as viewer:
        did = {each.what: each.number for each in week(viewer)}
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        others = week(viewer)

    assert did == {
        "alerts dealt with": 1, "people helped": 1, "of these needed somebody at once": 1,
    }  # fmt: skip
    assert others == []


def test_feedback_is_seen_by_nobody_of_another_purpose(programme):
    say("The list jumps", by=given.user("CALLER"))
    with given.acting(given.user("LEAD", purpose="another")):
        assert not Feedback.objects.exists()
