"""A partner asks of one person or a list, is told, tells what came of it, and gives turns back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openprotect.base.nhs_number import synthetic_number
from openprotect.contacts.models import Claim
from tests import given
from tests.contacts.asking import body_asks, charity, council, spoke
from tests.given import NOON

pytestmark = pytest.mark.django_db
ONE, LIST, SLOTS = "/contacts/", "/contacts/list/", "/contacts/slots/"
A, B, C = (synthetic_number(f"asked on a page {each}") for each in "abc")


@pytest.fixture
def partner(worker, client):
    return given.sign_in(client, given.user("PARTNER", council()))


def asked(number, **more):
    return {"nhs_number": number, "topic": "food", "channel": "CALL", "hold_days": "3", **more}


def listed(*rows, **more):
    return {"pasted": "\r\n".join(rows), "topic": "welfare", "channel": "CALL", **more}


def words_of(response):
    return " ".join(response.content.decode().split())


def told(partner, **ask):
    return words_of(partner.post(ONE, asked(**ask), follow=True))


def test_a_yes_says_until_when_and_shows_nobody(partner):
    person = given.enrolment().person

    said = told(partner, number=person.nhs_number)

    assert "Yes: it is your turn" in said
    assert person.family_name not in said
    assert person.nhs_number not in said


def test_what_another_body_covers_is_said_with_its_name(partner):
    body_asks(A, body=charity(), topic="food")

    assert f"<strong>{charity().name}</strong> is doing it" in told(partner, number=A)


@pytest.mark.parametrize(
    "state", [{"died_on": NOON.date()}, {"is_restricted": True}, {"has_stopped_contact": True}]
)
def test_why_nobody_may_contact_somebody_is_not_said(partner, state):
    person = given.person(**state)

    assert "Do not contact them" in told(partner, number=person.nhs_number)


def test_asked_again_it_is_the_same_turn(partner):
    first, again = (partner.post(ONE, asked(A))["Location"] for _ in range(2))

    assert first == again


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": "1234567890"}, "Enter the ten figures of an NHS number"),
        ({"number": A, "topic": "checkin"}, "Choose one of the answers shown"),
        ({"number": A, "wanted_on_day": "1", "wanted_on_month": "2", "wanted_on_year": "2020"},
         "or later"),
        ({"number": A, "hold_days": "90"}, "Choose one of the answers shown"),
    ],
)  # fmt: skip
def test_an_ask_that_makes_no_sense_is_refused_with_what_was_typed(partner, wrong, words):
    said = told(partner, **wrong)

    assert words in said
    assert f'value="{wrong["number"]}"' in said
    assert Claim.objects.count() == 0


def a_slot(partner):
    return partner.post(ONE, asked(A))["Location"]


def test_what_came_of_it_is_told_on_the_page_of_the_turn(partner):
    slot = a_slot(partner)

    said = words_of(partner.post(slot, {"outcome": "SPOKE"}, follow=True))

    assert "You told us what came of it" in said
    assert Claim.objects.get().outcome == "SPOKE"


def test_a_turn_given_back_is_free_for_others(partner):
    partner.post(a_slot(partner), {"back": "yes"})

    assert body_asks(A, body=charity(), topic="food").is_yes


def test_what_is_settled_stays_as_it_is(partner):
    slot = a_slot(partner)
    partner.post(slot, {"back": "yes"})

    assert "settled meanwhile" in words_of(partner.post(slot, {"outcome": "SPOKE"}))
    assert Claim.objects.get().status == "RELEASED"


def test_another_bodys_turn_is_not_there(partner):
    theirs = body_asks(A, body=charity())

    assert partner.get(f"{SLOTS}{theirs.claim_id}/").status_code == 404


@pytest.mark.parametrize(
    ("show", "shown"), [("", "Your turn"), ("told", "Told"), ("no", "Covered")]
)
def test_turns_are_listed_by_how_they_stand(partner, show, shown):
    a_slot(partner)
    spoke(body_asks(B))
    body_asks(C, body=charity(), topic="money")
    body_asks(C, topic="money")

    rows = words_of(partner.get(SLOTS, {"show": show})).split("<tbody>")[1]

    assert rows.count("<tr") == 1
    assert shown in rows


def test_every_row_of_a_list_is_told_something_and_the_rows_add_up(partner):
    body_asks(B, body=charity())

    said = words_of(partner.post(LIST, listed("nhs_number,reference", f"{A},ours-1", B, f"{A},x")))

    assert "Rows read: 3 = 1 clear + 0 covered + 0 to wait + 0 not to be contacted" in said
    assert "+ 1 duplicate + 1 rejected" in said
    assert "ours-1" in said


def test_a_file_is_read_as_it_is(partner):
    file = SimpleUploadedFile("list.csv", f"#openprotect rows=1\nnhs_number\n{A}\n".encode())

    said = words_of(partner.post(LIST, {"file": file, "topic": "welfare", "channel": "CALL"}))

    assert "Rows read: 1 = 1 clear" in said


def test_the_same_list_again_changes_nothing(partner):
    partner.post(LIST, listed("nhs_number", A))

    assert "nothing changes" in words_of(partner.post(LIST, listed("nhs_number", A)))
    assert Claim.objects.count() == 1


def test_the_result_of_a_list_is_taken_away_as_it_was_told(partner):
    page = partner.post(LIST, listed("nhs_number,reference", f"{A},=cmd")).content.decode()
    kept = page.split('name="kept" value="')[1].split('"')[0]

    file = partner.post(
        LIST, {"kept": kept, "result": "yes", "topic": "welfare", "channel": "CALL"}
    )

    assert file["Content-Disposition"] == 'attachment; filename="contacts.result.csv"'
    assert f"'=cmd,{A},clear" in file.content.decode()
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["number", A], "it needs a column nhs_number"),
        ([], "There is no list"),
        (["nhs_number", *[A] * 1003], "A page takes up to 1,000 rows"),
    ],
)
def test_a_list_that_is_none_is_refused_whole(partner, rows, words):
    said = words_of(partner.post(LIST, listed(*rows)))

    assert words in said
    assert "Nobody was asked about." in said
    assert Claim.objects.count() == 0


def test_what_is_sent_back_for_a_result_and_is_no_list_is_refused(partner):
    said = words_of(partner.post(LIST, listed(kept="~~", result="yes")))

    assert "There is no list" in said


def test_a_file_is_taken_by_this_page_and_by_no_other(partner):
    file = SimpleUploadedFile("list.csv", b"nhs_number\n")

    assert partner.post(ONE, {"file": file}).status_code == 413


def test_a_file_over_its_size_is_refused_unread(partner):
    file = SimpleUploadedFile("list.csv", b"x" * 3_000_000)

    assert partner.post(LIST, {"file": file}).status_code == 413


@pytest.mark.parametrize("page", [ONE, LIST, SLOTS])
@pytest.mark.parametrize("role", ["CALLER", "LEAD", "PRACTICE"])
def test_the_pages_are_for_partners(worker, client, role, page):
    given.sign_in(client, given.user(role))

    assert client.get(page).status_code == 403
