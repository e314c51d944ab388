"""Rules read aloud: a table in plain words, the same on a screen and in a document."""

from datetime import date
from pathlib import Path

import pytest

from openprotect.cli.packs import judging as packs
from openprotect.cohorts.rules import (
    Ages,
    Clause,
    Conversion,
    Days,
    Derived,
    Ender,
    Population,
    Range,
    Registration,
    Selection,
    Span,
    Tie,
    in_words,
)
from openprotect.packs.rule_table import as_markdown, as_text, asked_about, sections
from tests.cohorts.given import codes, group, rules

PACK = Path(__file__).parents[2] / "packs" / "covid-protect"


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (codes("dm"), "dm"),
        (codes("oral-steroid", at_least=2, days=Days(Span(months=3))),
         "2 or more records of oral steroid in the last 3 months"),
        (codes("dm", "asthma", "bmi", is_absent=True), "no dm, asthma or bmi"),
        (codes("dm", at_most=4), "1 to 4 records of dm"),
        (codes("dm", at_most=1), "exactly 1 record of dm"),
        (codes("dm", at_least=2, on_different_days=True), "2 or more days with dm"),
        (codes("dm", days=Days(Span(days=60), Span(days=31))),
         "dm between 31 days and 60 days ago"),
        (codes("dm", days=Days(until=Span(days=1))), "dm 1 day ago or earlier"),
        (codes("dm", days=Days(since=date(2021, 2, 15), up_to=date(2021, 3, 1))),
         "dm on or after 15 February 2021 up to 1 March 2021"),
        (codes("dm", setting="hospital"), "dm, recorded in hospital"),
        (codes("dm", paired=("asthma",)), "dm, with asthma on the same day of the same admission"),
        (codes("dm", aged=Ages(18)), "dm, recorded when aged 18 or over"),
        (codes("dm", unit="mmol/mol", conversions=(Conversion("%"),)),
         "dm, in mmol/mol (% is converted)"),
        (codes("dm", plausible=Range(4, 200, True, True), latest_value=Range(40)),
         "dm, counting only values over 4 and under 200, latest value at least 40"),
        (codes("dm", derived=Derived.EGFR),
         "dm, worked out as eGFR (CKD-EPI 2009, without ethnicity)"),
        (codes("dm", apart=Span(days=8)), "dm, the first and the last at least 8 days apart"),
        (codes("dm", first=Days(since=date(2021, 2, 15))),
         "dm, the first of them on or after 15 February 2021"),
        (codes("dm", last=Days(Span(months=12))), "dm, the latest of them in the last 12 months"),
        (codes("dm", ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),)),
         "dm, unless dmres came later (or on the same day)"),
        (codes("dm", ended_by=(Ender(Selection(("dmres",)), Tie.STANDS),)),
         "dm, unless dmres came later (the same day does not end it)"),
        (codes("dm", after=(Ender(Selection(("dmres",)), Tie.ENDS),)),
         "dm, later than the latest dmres (not on the same day)"),
        (codes("dm", after=(Ender(Selection(("dmres",)), Tie.STANDS),)),
         "dm, later than the latest dmres (or on the same day)"),
        (codes("dm", unless_before=Selection(("dmres",), setting="gp")),
         "dm, unless dmres (recorded in general practice) came on a day before the first of them"),
        (Clause(sexes=("female", "other")), "sex female or other"),
        (Clause(deciles=(1, 2)), "living in the most deprived fifth of areas"),
        (Clause(deciles=(9, 10)), "living in the least deprived fifth of areas"),
        (Clause(deciles=(1, 2, 3)), "living in the most deprived 30% of areas"),
        (Clause(deciles=(3, 10)),
         "living in areas of tenth 3 or 10 of deprivation (1 is the most)"),
        (Clause(registration=Registration(at_least=Span(months=12))),
         "registered with the practice for at least 12 months"),
        (Clause(care_home=True), "living in a care home"),
        (Clause(care_home=False), "not known to live in a care home"),
        (Clause(in_group="large"), "in the group “Large”"),
    ],
)  # fmt: skip
def test_a_clause_is_said_in_plain_words(clause, words):
    assert in_words(rules(codes("dm"), parts=[group("large", codes("obese"))]), clause) == words


def test_a_table_has_a_line_for_each_clause_with_or_and_and():
    asked = rules(
        codes("dm"),
        alternatives=[(codes("asthma"), codes("steroid", at_least=2))],
        parts=[group("large", codes("obese"))],
        exclusions=[group("frail", codes("bmi"), handling="seen by the frailty team")],
    )

    parts, groups, exclusions = sections(asked)

    assert [line.cells()[:3] for line in groups.lines] == [
        ("It", "dm", "a record at any time"),
        ("or", "asthma", "a record at any time"),
        ("and", "steroid", "2 or more records at any time"),
    ]
    assert [line.source for line in groups.lines] == ["test", "", ""]
    assert parts.lines[0].group == "Large"
    assert exclusions.lines[0].group == "Frail: seen by the frailty team"


def test_whom_the_rules_look_at_is_one_sentence():
    whole = Population(Ages(18, 120), registered_for=Span(months=12))
    anybody = Population(registered=False, alive=False, without_objectors=False)

    assert asked_about(whole) == (
        "Asked about are people aged 18 to 120, alive, registered with a practice for at least "
        "12 months, without a recorded objection."
    )
    assert asked_about(anybody) == "Asked about are people aged 16 to 120."


@pytest.mark.parametrize("width", [20, 72, 100, 160])
def test_no_line_on_a_screen_is_wider_than_the_screen(width):
    asked = rules(codes("dm", "asthma", ended_by=(Ender(Selection(("dmres",)), Tie.ENDS),)))

    assert max(map(len, as_text(asked, width)[3:])) <= max(width, 72)


def test_in_a_document_a_bar_in_a_title_does_not_break_the_table():
    asked = rules(codes("dm"), exclusions=[group("frail", codes("bmi"), handling="a | b")])

    assert "| Frail: a \\| b | bmi | a record at any time | test |" in as_markdown(asked)


def test_the_rules_of_a_pack_are_printed_without_a_stop(capsys):
    verdict = packs.verdict_of("rules", PACK)
    document = packs.verdict_of("rules", PACK, markdown=True)

    assert verdict.is_well
    assert verdict.lines[0] == "People at risk of severe illness from COVID-19"
    assert "## Groups: who is found, and why" in document.lines


def test_the_rules_of_a_folder_without_any_are_refused(tmp_path):
    verdict = packs.verdict_of("rules", tmp_path)

    assert not verdict.is_well
    assert verdict.lines == ("cohort.toml: this file is missing or cannot be read.",)
