"""A table taken away and brought back: each row is accounted for, and no other row is reached."""

import csv
import io

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as cases
from hypothesis import strategies as some

from openprotect.base.refusals import Refused
from openprotect.referrals.actions.filing import bring_back
from openprotect.referrals.models import Referral
from openprotect.referrals.queries.filing import as_table
from tests import given
from tests.given import NOON
from tests.referrals.test_asking import asked, officer, team

pytestmark = pytest.mark.django_db


def taken(who):
    with given.acting(who) as viewer:
        text, _ = as_table(viewer)
    return list(csv.DictReader(io.StringIO(text)))


def brought(rows, who):
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    with given.acting(who) as viewer:
        return bring_back(out.getvalue().encode(), viewer=viewer, at=NOON)


def several(count):
    return [asked(given.alert(by=team("surveillance"), kind="social")) for _ in range(count)]


def test_every_row_is_accounted_for(worker):
    who = officer()
    several(6)
    rows = taken(who)
    rows[0] |= {"answer": "done", "outcome": "GIVEN"}
    rows[1] |= {"answer": "Accept"}
    rows[2] |= {"answer": "decline", "why not": "no room to take it now"}
    rows[3] |= {"answer": "hold", "until": "soon", "note": "x"}
    rows[4] |= {"answer": "maybe"}

    result = brought(rows, who)

    assert result.balances
    assert str(result) == (
        "6 rows = 1 accepted + 0 held + 1 done + 1 declined + 1 without an answer + 0 as before"
        " + 2 refused"
    )
    assert [each.row for each in result.refused] == [4, 5]


def test_the_same_table_again_changes_nothing(worker):
    who = officer()
    several(2)
    rows = [row | {"answer": "done", "outcome": "GIVEN"} for row in taken(who)]
    brought(rows, who)

    assert brought(rows, who).became == {"as before": 2}


def test_a_row_of_somebody_else_is_not_there(worker):
    several(1)
    stranger = given.user("PARTNER", given.practice("STR"))
    rows = [{"id": str(Referral.objects.get().pk), "answer": "accept"}]

    result = brought(rows, stranger)

    assert result.refused[0].because == "There is no such referral."
    assert Referral.objects.get().status == "OFFERED"


def test_a_row_with_a_cell_too_many_is_refused_and_not_cut(worker):
    given.programme()

    with given.acting(officer()) as viewer:
        told = bring_back(b"id,answer\nx,done,more\n", viewer=viewer, at=NOON)

    assert (told.rows, told.refused[0].because) == (1, "The row has more cells than the heading.")
    assert told.balances


def test_a_cell_that_a_spreadsheet_would_run_is_words(worker):
    asked(given.alert(by=team("surveillance"), kind="social"), what='=HYPERLINK("http://x")')

    assert taken(officer())[0]["what"].startswith("'=")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a,b\n1,2\n", "heading"),
        (b"", "heading"),
        (b"id,answer\n" + b"x,\n" * 2001, "more than"),
        (b"x" * 1_000_001, "megabyte"),
        (b"id,answer,answer\n", "twice"),
        (b"id,answer\n\0,done\n", "not text"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(worker, content, words):
    given.programme()
    with given.acting(officer()) as viewer, pytest.raises(Refused, match=words):
        bring_back(content, viewer=viewer, at=NOON)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@cases(
    rows=some.lists(
        some.fixed_dictionaries(
            {
                "id": some.one_of(some.text(max_size=40), some.uuids().map(str)),
                "answer": some.sampled_from(["", "accept", "done", "hold", "decline", "?"]),
                "outcome": some.text(max_size=12),
                "note": some.text(max_size=40),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_brought_balances_or_is_refused_whole(worker, rows):
    given.programme()
    try:
        result = brought(rows, officer())
    except Refused:
        return
    assert result.balances
