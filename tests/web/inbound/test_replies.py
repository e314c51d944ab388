"""Texts of nobody's: read by the surveillance team, one by one, and dealt with in words."""

import pytest

from openprotect.messages.models import Notice, Reply
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


def reply(words="hello?", meaning="WORDS", **more):
    notice = Notice(kind="TEXT", digest=words.encode(), body="{}", received_at=NOON)
    with given.as_worker():
        from openprotect.gateways.notify_posts import understand
        from openprotect.messages.actions import A_TEXT, take_in
        from openprotect.messages.chores import read_notices

        take_in(A_TEXT, f'{{"source_number": "07700900555", "message": "{words}"}}')
        read_notices(at=NOON, understand=understand)
        return Reply.objects.get(words=words), notice


@pytest.fixture
def surveillance(client, worker):
    someone = given.user("SURVEILLANCE")
    client.cookies["openprotect_staff"] = given.token_of(someone)
    return client


def test_they_are_shown_with_what_may_be_an_emergency_first(surveillance):
    reply("who are you"), reply("cant breathe")

    page = surveillance.get("/inbound/replies/").content.decode()

    assert page.index("cant breathe") < page.index("who are you")
    assert "may be an emergency" in page


def test_what_was_done_is_noted_and_the_text_leaves_the_list(surveillance):
    it, _ = reply()

    surveillance.post(f"/inbound/replies/{it.pk}/", {"note": "Rang them."})

    assert "hello?" not in surveillance.get("/inbound/replies/").content.decode()


def test_without_a_word_of_what_was_done_it_stays(surveillance):
    it, _ = reply()

    page = surveillance.post(f"/inbound/replies/{it.pk}/", {"note": " "}, follow=True)

    assert "Write what you did" in page.content.decode()
    assert "hello?" in page.content.decode()


def test_an_empty_list_teaches(surveillance):
    assert "Nobody." in surveillance.get("/inbound/replies/").content.decode()


@pytest.mark.parametrize("role", ["CALLER", "PRACTICE", "LEAD", "PARTNER"])
def test_other_roles_have_no_such_page(client, worker, role):
    client.cookies["openprotect_staff"] = given.token_of(given.user(role))

    assert client.get("/inbound/replies/").status_code == 403
