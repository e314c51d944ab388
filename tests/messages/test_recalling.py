"""A letter that lies at the printer's comes back when nobody may write to the person any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from openprotect.contacts.models import Unreached
from openprotect.gateways.letter_drop import LetterDrop
from openprotect.gateways.post import open_post
from openprotect.messages.chores import follow_deliveries, recall_letters
from openprotect.messages.models import Message
from openprotect.messages.rules import TAKEN_BACK, Letter
from openprotect.people.models import Person
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
STOPS = [{"died_on": NOON.date()}, {"is_restricted": True}, {"has_stopped_contact": True}]


@pytest.fixture
def drop(home):
    return LetterDrop(home / "letters")


def posted(drop):
    """A letter that was handed to the folder a moment ago."""
    message = given.message(channel="LETTER", status="SENT", sent_at=NOON)
    drop.post_letter(message.pk, Letter(to="Ada", pdf=b"%PDF-"))
    return message


def fetched(drop, message, *, into="posted"):
    """Whoever posts the letters has moved it."""
    for kind in ("pdf", "json"):
        name = f"{message.pk}.{kind}"
        (drop._folder / name).replace(drop._folder / into / name)


def lying(drop):
    return sorted(each.suffix for each in drop._folder.iterdir() if each.is_file())


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: next(iter(stop)))
def test_what_nobody_has_fetched_is_taken_back(worker, drop, stop):
    message = posted(drop)
    Person.objects.filter(pk=message.person_id).update(**stop)

    assert recall_letters(at=NOON, postbox=drop) == 1

    message.refresh_from_db()
    assert (message.status, message.ended_because) == ("FAILED", TAKEN_BACK)
    assert lying(drop) == []


def test_what_has_been_fetched_is_beyond_recall(worker, drop):
    message = posted(drop)
    fetched(drop, message)
    Person.objects.filter(pk=message.person_id).update(**STOPS[0])

    assert recall_letters(at=NOON, postbox=drop) == 0
    message.refresh_from_db()
    assert message.status == "SENT"


def test_a_letter_to_somebody_who_may_be_written_to_stays(worker, drop):
    posted(drop)

    assert recall_letters(at=NOON, postbox=drop) == 0
    assert lying(drop) == [".json", ".pdf"]


def test_taken_back_and_not_noted_it_is_noted_the_next_time(worker, drop):
    message = posted(drop)
    Person.objects.filter(pk=message.person_id).update(**STOPS[0])
    drop.recall(message.pk)

    recall_letters(at=NOON, postbox=drop)

    message.refresh_from_db()
    assert message.ended_because == TAKEN_BACK


def test_what_was_taken_back_is_tried_no_other_way_and_nobody_is_looked_for(worker, drop):
    message = posted(drop)
    Person.objects.filter(pk=message.person_id).update(**STOPS[0])
    recall_letters(at=NOON, postbox=drop)

    given.follow()

    assert Message.objects.count() == 1
    assert Unreached.objects.count() == 0


def test_an_old_letter_is_not_asked_for_again(worker, drop):
    message = posted(drop)
    Person.objects.filter(pk=message.person_id).update(**STOPS[0])

    assert recall_letters(at=NOON + timedelta(days=15), postbox=drop) == 0


def test_the_post_takes_letters_back_from_its_folder_and_from_nobody_else(worker, settings, home):
    by_folder = replace(settings.OPENPROTECT, letters_by="folder")
    drop = LetterDrop(by_folder.letters)
    message = posted(drop)

    with open_post(replace(by_folder, letters_by="console")) as post:
        assert not post.recall(message.pk)
    with open_post(by_folder) as post:
        assert post.recall(message.pk)


def test_a_letter_that_came_back_begins_the_search_for_their_address(worker, drop):
    message = posted(drop)
    fetched(drop, message, into="returned")

    follow_deliveries(at=NOON, postbox=drop)
    given.follow()

    held = Unreached.objects.get()
    assert (held.person_id, held.why, held.rung) == (message.person_id, "RETURNED", "RECORD")
