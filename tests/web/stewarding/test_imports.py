"""Imports as a steward sees them: what waits, what one would change, and the decision about it."""

from datetime import timedelta

import pytest

from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.records import queries
from openprotect.records.models import Changeset
from tests import given
from tests.given import NOON
from tests.web.stewarding.imported import (
    ADA,
    BEA,
    RECORDS,
    row,
    seen,
    stopped,
    take_in,
    tend,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "where/", "people/", "refusal/", "undoing/")


@pytest.fixture
def steward(worker_committing, client):
    given.programme()
    given.area()
    return given.sign_in(client, given.user("STEWARD"))


def of(changeset, page=""):
    return f"{RECORDS}{changeset.pk}/{page}"


def steward_called(name):
    made = given.user("STEWARD")
    made.name = name
    made.save(update_fields=["name"])
    return made


def approve(client, changeset, **sent):
    return client.post(
        of(changeset, "approval/"), {"preview": changeset.preview} | sent, follow=True
    )


def test_before_any_import_the_page_says_how_one_is_begun(steward):
    page = seen(steward.get(RECORDS))

    assert "No import waits." in page
    assert "Nothing has been imported yet." in page


def test_what_waits_comes_first_with_how_old_each_source_is(steward):
    waiting = stopped()

    page = seen(steward.get(RECORDS))

    assert f"Import {waiting.number} from GP records" in page
    assert "2 reasons why a second person decides" in page
    assert "0 days old" in page
    assert page.index("Imports that wait") < page.index("What became of earlier imports")


def test_a_source_older_than_the_limit_is_told_from_the_others(steward):
    take_in(row(ADA), extract_on=f"{NOON - timedelta(days=40):%Y-%m-%d}")
    assert "op-late" not in seen(steward.get(RECORDS))

    Changeset.objects.update(extract_on=NOON.date() - timedelta(days=43))

    assert "43 days old</span>" in seen(steward.get(RECORDS))


def test_an_import_shows_its_equation_reasons_files_and_stops(steward):
    waiting = stopped()

    page = seen(steward.get(of(waiting)))

    assert "What would import 2 change?" in page
    assert "The extract is older than the last one" in page
    assert '<td data-label="Read" class="op-figure"><strong>2</strong></td>' in page
    assert "people-" in page
    assert "Ames" not in page
    assert "postcode" not in page.lower()


def test_rows_that_are_not_taken_are_named_by_file_and_position(steward):
    waiting = take_in(row(ADA), row("9990000001"), review=True)

    page = seen(steward.get(of(waiting)))
    rows = seen(steward.get(of(waiting, "where/?reason=nhs-number-check")))

    assert "The check digit of the NHS number is wrong" in page
    assert '<td data-label="Row">3</td>' in rows or '<td data-label="Row">2</td>' in rows
    assert "9990000001" not in page + rows


def test_looking_is_a_step_of_its_life_and_on_record_once(steward):
    waiting = take_in(row(ADA), review=True)

    for _ in range(2):
        steward.get(of(waiting))

    waiting.refresh_from_db()
    assert waiting.status == "SHOWN"
    assert Event.objects.filter(name="import.shown").count() == 1


def test_examples_show_before_and_after_and_each_person_is_noted(steward):
    waiting = stopped()

    page = seen(steward.get(of(waiting, "people/")))

    assert "AMES, Ada" in page
    assert '<td data-label="Before">NR27 0AA</td>' in page
    assert "<strong>NR1 1AA</strong>" in page
    assert "BELL, Bea" in page
    noted = Access.objects.filter(what="stewarding.samples")
    assert sorted(noted.values_list("nhs_number", flat=True)) == [ADA, BEA]
    assert all(each.basis_id for each in noted)


def test_without_a_legal_basis_nobody_is_shown(worker_committing, client):
    given.programme()
    given.area()
    given.sign_in(client, given.user("STEWARD", purpose="no-basis"))
    waiting = stopped()

    page = seen(client.get(of(waiting, "people/")))

    assert "There is no legal basis" in page
    assert "Ames" not in page
    assert not Access.objects.filter(what="stewarding.samples").exists()


def test_a_second_person_takes_a_stopped_import(steward):
    waiting = stopped()
    steward.get(of(waiting))

    page = seen(approve(steward, waiting))

    waiting.refresh_from_db()
    assert f"Import {waiting.number} is taken." in page
    assert (waiting.status, waiting.approved_by) == (
        "COMMITTED",
        Event.objects.get(name="import.approved", subject_id=waiting.pk).detail["by_name"],
    )


def test_whoever_ran_a_stopped_import_is_told_to_ask_another(worker_committing, client):
    given.programme()
    given.area()
    given.sign_in(client, steward_called("ann"))
    waiting = stopped()

    assert "Ask a second person" in seen(client.get(of(waiting)))
    page = seen(approve(client, waiting))

    assert "Whoever ran an import may not approve it" in page
    waiting.refresh_from_db()
    assert waiting.is_open


def test_another_preview_than_the_one_looked_at_is_not_taken(steward):
    waiting = take_in(row(ADA), review=True)

    for preview in ("0" * 12, ""):
        assert "Nothing was taken. The preview has changed" in seen(
            approve(steward, waiting, preview=preview)
        )

    assert queries.present_generation() is None


def test_once_the_records_changed_the_page_says_what_differs(steward):
    waiting = take_in(row(ADA), row(BEA, "Bea", family="Bell"), review=True)
    steward.get(of(waiting))
    take_in(row(ADA))
    assert "It is matched again" in seen(steward.get(of(waiting)))
    assert "Nothing was taken. The records have changed since" in seen(approve(steward, waiting))

    tend()
    page = seen(steward.get(of(waiting)))

    assert "Review again: this is not what was shown before" in page
    assert "People: new: 2 before, <strong>1</strong> now" in page


def test_a_refused_import_says_who_and_why(steward):
    waiting = take_in(row(ADA), review=True)

    assert "Say why" in seen(steward.post(of(waiting, "refusal/"), {"because": ""}))
    page = seen(steward.post(of(waiting, "refusal/"), {"because": "Of last year"}, follow=True))

    assert "Of last year" in page
    waiting.refresh_from_db()
    assert waiting.status == "REFUSED"
    assert "is refused" not in seen(steward.get(of(waiting, "refusal/")))


def test_an_import_is_undone_after_those_that_stand_on_it(steward):
    first = take_in(row(ADA))
    take_in(row(BEA, "Bea", family="Bell"))

    alone = seen(steward.post(of(first, "undoing/"), {"because": "wrong", "later": "alone"}))
    assert "Taken after it, and built on it: import 2. Undo those first." in alone
    page = seen(
        steward.post(of(first, "undoing/"), {"because": "wrong", "later": "with"}, follow=True)
    )

    assert "Undone: import 2, 1." in page
    assert queries.present_generation() is None


@pytest.mark.parametrize("page", PAGES)
def test_nobody_who_is_not_signed_in_sees_an_import(worker_committing, client, page):
    given.area()
    waiting = take_in(row(ADA), review=True)

    assert client.get(of(waiting, page)).status_code == 302


@pytest.mark.parametrize("role", ["LEAD", "GOVERNANCE", "PRACTICE", "CLINICAL"])
def test_another_role_does_not_see_them(worker_committing, client, role):
    given.programme()
    given.area()
    waiting = take_in(row(ADA), review=True)
    given.sign_in(client, given.user(role))

    statuses = {client.get(of(waiting, page)).status_code for page in PAGES}

    assert statuses | {approve(client, waiting).status_code} == {403}
    waiting.refresh_from_db()
    assert waiting.status == "MATCHED"


def test_a_steward_of_another_organisation_finds_no_import(worker_committing, client):
    given.programme()
    given.sign_in(client, given.user("STEWARD", given.area().locality))
    waiting = take_in(row(ADA), review=True)

    statuses = {client.get(of(waiting, page)).status_code for page in PAGES}

    assert statuses | {approve(client, waiting).status_code} == {404}
    assert "Import 1" not in seen(client.get(RECORDS))
    assert not Access.objects.filter(what="stewarding.samples").exists()


def test_an_import_that_is_not_there_is_not_found(steward):
    for page in PAGES:
        assert (
            steward.get(f"{RECORDS}00000000-0000-4000-8000-000000000000/{page}").status_code == 404
        )


def test_the_lists_keep_to_a_few_queries(steward, django_assert_max_num_queries):
    stopped()

    with django_assert_max_num_queries(23):
        steward.get(RECORDS)
