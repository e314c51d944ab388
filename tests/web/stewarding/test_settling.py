"""Rows that were held back and pairs that may be one person: each settled by a named person."""

import pytest
from django.conf import settings

from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.records import queries
from openprotect.records.models import ChangesetProblem, Proposal
from tests import given
from tests.records.test_settling import strangers
from tests.web.stewarding.imported import ADA, BEA, RECORDS, propose, row, seen, take_in, tend

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, PAIRS = f"{RECORDS}rows/", f"{RECORDS}pairs/"


@pytest.fixture
def steward(worker_committing, client):
    given.programme()
    given.area()
    return given.sign_in(client, given.user("STEWARD"))


def held_back():
    """Somebody whose birth date is another than before."""
    take_in(row(ADA))
    take_in(row(ADA, born="1951-04-03"))
    return ChangesetProblem.objects.get()


def proposed():
    """Somebody who is in the records twice, after moving house."""
    take_in(row(ADA), row(BEA, postcode="NR1 1AA"), *strangers())
    propose()
    return Proposal.objects.get()


def in_records(*numbers):
    lake = queries.present_lake(settings.OPENPROTECT.lake)
    return list(queries.demographics(lake, numbers))


def settle(client, problem, settled_as):
    return client.post(f"{ROWS}{problem.pk}/", {"settled_as": settled_as}, follow=True)


def decide(client, proposal, decision):
    return client.post(f"{PAIRS}{proposal.pk}/", {"decision": decision}, follow=True)


def test_with_nothing_held_back_the_page_says_what_would_be(steward):
    assert "No row waits." in seen(steward.get(ROWS))
    assert "No pair waits." in seen(steward.get(PAIRS))


def test_a_row_is_shown_beside_what_is_held_and_noted(steward):
    held_back()

    page = seen(steward.get(ROWS))

    assert "The birth date is not the one held for this NHS number" in page
    assert '<td data-label="Held">3 April 1950</td>' in page
    assert "<strong>3 April 1951</strong>" in page
    assert Access.objects.get(what="stewarding.held").nhs_number == ADA


def test_a_row_that_names_nobody_is_not_shown_and_cannot_be_released(steward):
    take_in(row(""))

    page = seen(steward.get(ROWS))
    told = seen(settle(steward, ChangesetProblem.objects.get(), "RELEASED"))

    assert "No NHS number says whose this row is" in page
    assert "Ames" not in page
    assert "Release" not in page
    assert "Nothing was changed. No NHS number says whose this row is" in told


def test_rows_can_be_narrowed_to_one_reason(steward):
    held_back()
    take_in(row(""))

    page = seen(steward.get(f"{ROWS}?reason=identity"))

    assert "1 row, those of the oldest import first" in page
    assert "The birth date is not" in page
    assert "3 April 1951" not in page


def test_a_released_row_is_taken_in(steward):
    problem = held_back()

    page = seen(settle(steward, problem, "RELEASED"))
    tend()

    assert "Released. It is taken in as an import of its own" in page
    assert "No row waits." in page
    assert in_records(ADA)[0].birth_date.year == 1951
    assert Event.objects.get(name="import.row_settled").by_id


def test_a_row_let_go_changes_nothing(steward):
    problem = held_back()

    assert "Let go." in seen(settle(steward, problem, "REJECTED"))
    assert "Choose whether" in seen(settle(steward, held_again(), "EATEN"))

    tend()
    assert in_records(ADA)[0].birth_date.year == 1950


def held_again():
    take_in(row(ADA, born="1952-04-03"))
    return ChangesetProblem.objects.get(settled_as="")


def test_a_pair_is_shown_side_by_side_and_both_are_noted(steward):
    proposed()

    page = seen(steward.get(PAIRS))

    assert "1 pair waits, the likeliest first" in page
    assert "Two people</button>" in page
    assert "NR1 1AA" in page
    noted = Access.objects.filter(what="stewarding.pairs").values_list("nhs_number", flat=True)
    assert sorted(noted) == [ADA, BEA]


def test_one_person_is_read_under_the_number_chosen_and_it_can_be_taken_back(steward):
    pair = proposed()

    assert "One person." in seen(decide(steward, pair, "second"))
    tend()
    assert [each.nhs_number for each in in_records(ADA, BEA)] == [BEA]
    page = seen(decide(steward, pair, "back"))
    tend()

    assert "Taken back. The pair waits for a decision again." in page
    assert len(in_records(ADA, BEA)) == 2


def test_two_people_stay_two_and_a_second_decision_is_told_who_was_quicker(steward, client):
    pair = proposed()

    assert "Two people. This pair is not proposed again." in seen(decide(steward, pair, "two"))
    assert "Choose one of the answers" in seen(decide(steward, pair, "perhaps"))
    given.sign_in(client, given.user("STEWARD"))
    told = seen(decide(client, pair, "first"))

    assert "has decided already: two people." in told
    assert len(in_records(ADA, BEA)) == 2


def test_without_a_legal_basis_no_row_and_no_pair_is_shown(worker_committing, client):
    given.programme()
    given.area()
    given.sign_in(client, given.user("STEWARD", purpose="no-basis"))
    held_back()

    page = seen(client.get(ROWS))

    assert "There is no legal basis" in page
    assert "1951" not in page
    assert not Access.objects.filter(what__startswith="stewarding.").exists()


@pytest.mark.parametrize("page", [ROWS, PAIRS])
def test_nobody_who_is_not_signed_in_sees_them(client, db, page):
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("role", ["LEAD", "GOVERNANCE", "PRACTICE", "CLINICAL"])
def test_another_role_neither_sees_nor_settles_them(worker_committing, client, role):
    given.programme()
    given.area()
    problem = held_back()
    given.sign_in(client, given.user(role))

    answers = [client.get(ROWS), client.get(PAIRS), settle(client, problem, "RELEASED")]

    assert {each.status_code for each in answers} == {403}
    assert ChangesetProblem.objects.get().settled_as == ""


def test_a_steward_of_another_organisation_finds_none(worker_committing, client):
    given.programme()
    given.area()
    problem = held_back()
    given.sign_in(client, given.user("STEWARD", given.area().locality))

    assert "No row waits." in seen(client.get(ROWS))
    assert settle(client, problem, "RELEASED").status_code == 404


def test_a_page_holds_ten_rows_and_leads_to_the_next(steward):
    take_in(*(row("", given=f"Ada{at}", born=f"19{50 + at}-01-02") for at in range(11)))

    first, second = seen(steward.get(ROWS)), seen(steward.get(f"{ROWS}?page=2"))

    assert first.count('class="op-row"') == 10
    assert second.count('class="op-row"') == 1
    assert "page=2" in first
