from datetime import date

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.explaining import told
from openprotect.cohorts.rules import Ages, Clause, Days, Ender, Range, Selection, Span, Tie
from tests.cohorts.given import ANN, AS_OF, a_person, on, rules
from tests.cohorts.stores import small_store


@pytest.fixture
def explain(tmp_path):
    def run(asked, events, **details):
        store = small_store(tmp_path, [a_person(**details)], events)
        return "\n".join(told(asked, engine.know(asked, store, ANN, AS_OF), AS_OF))

    return run


def test_somebody_found_is_told_the_code_day_and_source(explain):
    said = explain(rules(Clause(Selection(("dm",)))), [on("2010-05-05", "dm")])

    assert said.splitlines() == [
        "Found, as of 20 November 2026, in 1 group:",
        "  It:",
        "    dm (73211009), 5 May 2010, from gp",
    ]


@pytest.mark.parametrize(
    ("clause", "events", "words"),
    [
        (
            Clause(Selection(("dm",)), ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),)),
            [on("2010-05-05", "dm"), on("2010-05-05", "dmres")],
            "dm (73211009), 5 May 2010: ended by dmres (315051004) on the same day",
        ),
        (
            Clause(Selection(("dm",)), ended_by=(Ender(Selection(("dmres",)), Tie.STANDS),)),
            [on("2010-05-05", "dm"), on("2012-01-01", "dmres")],
            "ended by dmres (315051004) on 1 January 2012",
        ),
        (
            Clause(Selection(("steroid",), days=Days(within=Span(months=12))), at_least=4),
            [on("2026-05-05", "steroid")],
            "1 records, where 4 are needed within 12 months",
        ),
        (
            Clause(Selection(("bmi",), has_value=True), latest_value=Range(40)),
            [on("2026-05-05", "bmi", 38.2)],
            "the value 38.2, where at least 40 is asked for",
        ),
        (
            Clause(Selection(("dm",)), ages=Ages(80)),
            [on("2026-05-05", "dm")],
            "counts only for people aged 80 or over",
        ),
    ],
)
def test_what_came_near_is_told_with_what_speaks_against_it(explain, clause, events, words):
    said = explain(rules(clause), events)

    assert said.startswith("Not found, as of 20 November 2026.")
    assert words in said


def test_somebody_in_a_group_who_is_not_asked_about_is_told_both(explain):
    said = explain(
        rules(Clause(Selection(("dm",)))),
        [on("2010-05-05", "dm")],
        deceased=True,
        deceased_on=date(2026, 1, 1),
    )

    assert said.startswith(
        "Not found, as of 20 November 2026: deceased.\n  They would otherwise be"
    )
    assert "dm (73211009), 5 May 2010" in said


def test_a_record_without_any_code_is_said_to_have_none(explain):
    assert "none of the codes" in explain(rules(Clause(Selection(("dm",)))), [])


def test_nobody_is_known_by_another_number(tmp_path):
    store = small_store(tmp_path, [a_person()], [])

    assert engine.know(rules(Clause(Selection(("dm",)))), store, "4010232137", AS_OF) is None
