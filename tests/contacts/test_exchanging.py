"""A partner's list: every row is told one thing, and the same list changes nothing."""

import csv
import io
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from openprotect.base.nhs_number import spaced, synthetic_number
from openprotect.base.refusals import Refused
from openprotect.contacts.actions.exchanging import exchange, result_file, write_beside
from openprotect.contacts.actions.hashing import digest_of, hashed_list, read_key
from openprotect.contacts.actions.listing import Reading
from openprotect.contacts.models import Claim, Exchange
from openprotect.records.rules.reasons import FileRefused
from tests import given
from tests.contacts.asking import DAY, body_asks, charity, council, spoke
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db
A, B, C = (synthetic_number(f"on a list {each}") for each in "abc")
HOW = Reading(today=NOON.date(), synthetic=True)
HASHED = Reading(today=NOON.date(), synthetic=True, is_hashed=True)
KEY = bytes(range(32))
AT_ONCE = "A list of this body is being exchanged just now. Try again when it is done."
ROWS = tomllib.loads((Path(__file__).parent / "lists.toml").read_text())["row"]


def written(home, content, name="list.csv"):
    path = home / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def listed(home, *rows, header="nhs_number"):
    return written(home, "\n".join([header, *rows, ""]))


def sent(path, *, body=None, how=HOW, at=NOON, **more):
    return exchange(path, how, organisation=body or council(), at=at, **more)


def outcomes(done):
    return [each.outcome for each in done.results]


@pytest.mark.parametrize("row", ROWS, ids=[each["id"] for each in ROWS])
def test_each_bad_input_ends_as_the_catalogue_says(worker, home, row):
    content = row["content"].format(a=A, b=B, spaced=spaced(A), many="9.99123E+09\n" * 11)
    path = written(home, content.encode(row.get("encoding", "utf-8")))

    if "refused" in row:
        with pytest.raises(FileRefused, match=row["refused"]):
            sent(path)
        assert (Claim.objects.count(), Exchange.objects.count()) == (0, 0)
    else:
        done = sent(path)
        assert outcomes(done) == row["told"]
        assert sum(done.counts.values()) == len(done.listed.rows)


def test_every_row_is_told_one_thing_and_the_rows_add_up(worker, home):
    person, dead = given.person(), given.person(died_on=NOON.date())
    spoke(body_asks(person.nhs_number, body=charity()))
    path = listed(home, A, person.nhs_number, dead.nhs_number, A, "rubbish")

    done = sent(path)

    assert outcomes(done) == ["clear", "covered", "stop", "duplicate", "rejected"]
    assert done.equation() == (
        "rows read: 5 = 1 clear + 1 covered + 0 to wait + 1 not to be contacted + 1 duplicate"
        " + 1 rejected"
    )
    assert done.results[1].covered_by == charity().name


def test_the_same_list_again_is_told_the_same_and_changes_nothing(worker, home):
    path = listed(home, A, B)
    first = sent(path)
    before = list(Claim.objects.order_by("pk").values())

    again = sent(path, at=NOON + timedelta(hours=1))

    assert (again.is_again, again.results) == (True, first.results)
    assert list(Claim.objects.order_by("pk").values()) == before


def test_once_its_slots_are_over_the_same_list_is_asked_anew(worker, home):
    path = listed(home, A)
    first = sent(path)

    again = sent(path, at=NOON + 4 * DAY)

    assert not again.is_again
    assert again.results[0].claim != first.results[0].claim


def test_another_body_with_the_same_list_is_told_who_covers_it(worker, home):
    path = listed(home, A, B)
    sent(path)

    assert outcomes(sent(path, body=charity())) == ["covered", "covered"]


def test_a_list_cut_off_half_way_is_taken_up_where_it_was(worker, home):
    path = listed(home, A, B)
    first = sent(path)
    Exchange.objects.update(status="BEGUN", done_at=None, results=[])

    again = sent(path, at=NOON + timedelta(minutes=5))

    assert [each.claim for each in again.results] == [each.claim for each in first.results]
    assert (Claim.objects.count(), Exchange.objects.get().status) == (2, "DONE")


def test_what_is_kept_of_a_list_names_nobody(worker, home):
    sent(listed(home, f"{A},our-reference-77", header="nhs_number,reference"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM contacts_exchange e")
        kept = cursor.fetchone()[0]
    assert A not in kept
    assert "our-reference-77" not in kept


def test_no_cell_of_a_result_begins_like_a_formula(worker, home):
    rows = [f"{A},=HYPERLINK(x)", f"{B},+cmd", f"{C},@SUM"]
    done = sent(listed(home, *rows, header="nhs_number,reference"))

    cells = [cell for row in csv.reader(io.StringIO(result_file(done))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'+cmd" in cells


def test_a_result_is_there_whole_or_not_at_all(worker, home):
    path = listed(home, A)
    done = sent(path)

    made = write_beside(path, result_file(done))

    assert made.name == "list.result.csv"
    assert made.read_text().count("\n") == 2
    assert sorted(each.name for each in home.iterdir()) == ["list.csv", "list.result.csv"]


def test_a_result_that_cannot_be_written_leaves_nothing_behind(worker, home):
    done = sent(listed(home, A))

    with pytest.raises(Refused, match="could not be written"):
        write_beside(home / "nowhere" / "list.csv", result_file(done))


def test_a_list_of_digests_is_told_what_a_list_of_numbers_is(worker, home):
    person = given.enrolment().person
    spoke(body_asks(person.nhs_number, body=charity()))
    made = hashed_list(listed(home, person.nhs_number, A), HOW, key=KEY)
    path = written(home, made.text, "hashed.csv")

    done = sent(path, how=HASHED, key=KEY)

    told = {row.who: each.outcome for row, each in zip(done.listed.rows, done.results, strict=True)}
    assert told == {digest_of(person.nhs_number, KEY): "covered", digest_of(A, KEY): "clear"}


def test_a_digest_is_matched_and_never_stored(worker, home):
    person = given.enrolment().person
    digest = digest_of(person.nhs_number, KEY)

    sent(listed(home, digest, header="hash"), how=HASHED, key=KEY)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c::text FROM contacts_claim c UNION SELECT e::text FROM contacts_exchange e"
        )
        assert not any(digest in text for (text,) in cursor.fetchall())


def test_without_the_key_no_digest_leads_to_anybody(worker, home):
    person = given.enrolment().person
    body_asks(person.nhs_number, body=charity())
    path = listed(home, digest_of(person.nhs_number, KEY), header="hash")

    assert outcomes(sent(path, how=HASHED, key=bytes(32))) == ["clear"]
    assert Claim.objects.filter(exchange__isnull=False).count() == 0


def test_a_digest_that_is_none_is_rejected(worker, home):
    path = listed(home, A, "x" * 64, header="hash")

    assert outcomes(sent(path, how=HASHED, key=KEY)) == ["rejected", "rejected"]


@pytest.mark.parametrize("key", ["", "short", "0" * 63, "g" * 64])
def test_what_is_too_short_is_no_key(home, key):
    with pytest.raises(Refused, match="not a key"):
        read_key(written(home, key, "key"))


def test_a_list_of_digests_is_not_read_without_its_key(worker, home):
    with pytest.raises(Refused, match="key"):
        sent(listed(home, A, header="hash"), how=HASHED)


@pytest.mark.django_db(transaction=True)
def test_two_bodies_at_once_with_one_list_share_it_and_never_both_hold_a_row(
    worker_committing, home
):
    numbers = [synthetic_number(f"raced {each}") for each in range(60)]
    there, back = (home / "there.csv"), (home / "back.csv")
    there.write_text("\n".join(["nhs_number", *numbers, ""]))
    back.write_text("\n".join(["nhs_number", *reversed(numbers), ""]))
    one, other = council(), charity()

    done = at_once(lambda: sent(there, body=one), lambda: sent(back, body=other))

    assert sum(each.counts["clear"] for each in done) == 60
    assert sum(each.counts["covered"] for each in done) == 60
    assert Claim.objects.filter(status="HELD").count() == 60


@pytest.mark.django_db(transaction=True)
def test_one_list_sent_twice_at_once_is_asked_once(worker_committing, home):
    path, asker = listed(home, A, B), council()

    done = at_once(*[lambda: sent(path, body=asker)] * 2)

    fine = [each for each in done if not isinstance(each, Exception)]
    assert fine
    assert {str(each) for each in done if each not in fine} <= {AT_ONCE}
    assert Claim.objects.count() == 2
