"""Teams that are behind are told privately; how others do; last their locality; never more."""

from datetime import UTC, datetime, timedelta

import pytest

from openprotect.events.models import Event
from openprotect.places.models import Team
from openprotect.referrals.actions.linking import set_mailbox
from openprotect.voices import actions
from openprotect.voices.chores import mail_notes, nudge_teams
from openprotect.voices.models import Note
from openprotect.voices.queries import notes_to, unread, waiting
from openprotect.voices.queries.waiting import behind
from openprotect.voices.rules import TooSoon
from tests import given

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wednesday():
    """A working morning before now, so that nothing lies in the future of the database."""
    now = datetime.now(UTC)
    back = (now.isoweekday() - 3) % 7 or 7
    return (now - back * DAY).replace(hour=11, minute=0, second=0, microsecond=0)


AT = wednesday()


@pytest.fixture
def late(worker):
    """Two alerts of a practice's team that nobody accepted for three days."""
    since = AT - 3 * DAY
    times = {"raised_at": since - DAY, "accept_by": since, "due_at": since + DAY}
    made = [given.alert(**times), given.alert(**times)]
    return made[0].programme, made[0].team


def test_a_first_word_goes_to_the_team_alone(late):
    _programme, team = late

    assert nudge_teams(at=AT) == 1

    note = Note.objects.get()
    assert (note.kind, note.team, note.of_team, note.waiting) == ("REMINDER", team, team, 2)
    assert note.words.startswith("2 alerts are waiting since Sunday.")
    assert Event.objects.filter(name="note.written", subject_id=note.pk).exists()


def test_it_is_not_said_again_until_some_days_have_passed(late):
    nudge_teams(at=AT)

    assert nudge_teams(at=AT + timedelta(minutes=5)) == 0
    assert nudge_teams(at=AT + DAY) == 0


def test_with_few_others_the_next_word_is_the_localitys(late):
    _, team = late
    nudge_teams(at=AT)
    nudge_teams(at=AT + 2 * DAY)

    last = Note.objects.exclude(kind="REMINDER").get()
    assert (last.kind, last.of_team) == ("ESCALATION", team)
    assert last.team.function == "locality"
    assert team.name in last.words


def test_with_enough_others_the_second_word_compares_without_names(late):
    for number in range(6):
        given.practice(f"PRX{number}")
    nudge_teams(at=AT)
    nudge_teams(at=AT + 2 * DAY)

    second = Note.objects.exclude(kind="REMINDER").get()
    assert second.kind == "COMPARISON"
    assert "6 of 6 teams like yours" in second.words
    assert not any(each.name in second.words for each in Team.objects.all())


def test_what_is_done_is_settled_and_the_next_word_is_gentle_again(late):
    _programme, team = late
    nudge_teams(at=AT)
    team.alerts.update(accept_by=AT + 9 * DAY, due_at=AT + 9 * DAY)

    nudge_teams(at=AT + 2 * DAY)

    assert Note.objects.get().settled_at == AT + 2 * DAY
    assert unread_of(team) == []


def unread_of(team):
    with given.acting(given.user("PRACTICE", team.organisation)) as viewer:
        return unread(viewer)


def test_a_lead_may_say_it_sooner_but_not_too_soon(late):
    programme, _team = late
    with given.acting(given.user("LEAD")) as viewer:
        found = behind(programme, at=AT)
        first = actions.nudge(programme, found[0], viewer=viewer, at=AT)
        with pytest.raises(TooSoon):
            actions.nudge(programme, found[0], viewer=viewer, at=AT + DAY)
        stands = waiting(programme, at=AT + DAY)

    assert first.by_id is not None
    assert [(each.last.kind, each.next_step) for each in stands] == [("REMINDER", "")]


def test_only_the_team_itself_and_the_lead_see_a_note(late):
    _programme, team = late
    nudge_teams(at=AT)
    other = given.practice("PRB")
    seen = {}
    for who, role, place in [
        ("theirs", "PRACTICE", team.organisation),
        ("another practice", "PRACTICE", other),
        ("its locality", "LOCALITY", given.area().locality),
        ("a caller", "CALLER", None),
        ("the lead", "LEAD", None),
    ]:
        with given.acting(given.user(role, place)):
            seen[who] = Note.objects.count()

    assert seen == {
        "theirs": 1, "another practice": 0, "its locality": 0, "a caller": 0, "the lead": 1,
    }  # fmt: skip


def test_reading_it_is_noted_once(late):
    _, team = late
    nudge_teams(at=AT)
    with given.acting(given.user("PRACTICE", team.organisation)) as viewer:
        note = notes_to(viewer).get()
        assert actions.read(note.pk, viewer=viewer, at=AT)
        assert not actions.read(note.pk, viewer=viewer, at=AT + DAY)
    with given.acting(given.user("PRACTICE", given.practice("PRB"))) as viewer:
        assert not actions.read(note.pk, viewer=viewer, at=AT)


def test_a_note_is_mailed_once_to_the_teams_own_mailbox(late):
    _, team = late
    with given.acting(given.user("LEAD")) as viewer:
        set_mailbox(team, email="", phone="07700 900321", viewer=viewer, at=AT)
    outbox = given.Outbox()
    nudge_teams(at=AT)

    sent = [mail_notes(at=AT, postbox=outbox), mail_notes(at=AT + DAY, postbox=outbox)]

    assert sent == [1, 0]
    assert "2 alerts are waiting" in str(list(outbox.texts.values()))
    assert Note.objects.get().mail == "SENT"


def test_the_worker_never_reminds_twice_however_many_work(late):
    programme, _ = late
    found = behind(programme, at=AT)

    made = [actions.nudge(programme, found[0], at=AT) for _ in range(2)]

    assert made[1] is None
    assert Note.objects.count() == 1


def test_people_to_look_through_are_counted_for_their_practice(worker):
    enrolment = given.enrolment(active=False, found_at=AT - 4 * DAY, preview_ends_at=AT + 5 * DAY)

    [found] = behind(enrolment.programme, at=AT)

    assert (found.wait.about, found.wait.count) == ("reviews", 1)
    assert found.team.covers == enrolment.practice
