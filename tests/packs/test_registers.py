"""Packs that only say whom they are about, and the cards of every pack that is shipped."""

import re
from datetime import date
from functools import cache

import pytest

from openprotect.packs import PackRefused, Register, load, load_cohort
from openprotect.packs.checking import check_folder
from openprotect.packs.proving import RECORD_CARDS, try_folder
from openprotect.packs.stand_ins import with_stand_ins
from openprotect.packs.who import read_cards
from tests.packs.given import SHIPPED
from tests.packs.test_borrowed import COHORT, DIABETES, MANIFEST, POSITIVE

PACKS = sorted(each.parent for each in SHIPPED.parent.glob("*/pack.toml"))
NATIONAL = {
    "national-at-risk-2022", "national-at-risk-2024", "antiviral-highest-risk", "first-wave-2020",
    "diabetes-register", "diabetes-control",
}  # fmt: skip


@cache
def pack_of(folder):
    return load_cohort(folder)


def cards_of(folder):
    pack = pack_of(folder)
    return read_cards(pack.files[RECORD_CARDS].decode(), with_stand_ins(pack.cohort))


def named(folder):
    return folder.name


def groups_of(folder):
    rules = pack_of(folder).cohort
    return (*rules.parts, *rules.groups, *rules.exclusions)


def test_the_national_rules_are_shipped():
    assert {folder.name for folder in PACKS} >= NATIONAL


@pytest.mark.parametrize("folder", PACKS, ids=named)
def test_every_card_is_right_and_shows_each_group_finding_and_passing_by(folder):
    proof = try_folder(folder)

    assert proof.is_well, "\n".join(proof.lines())


@pytest.mark.parametrize("folder", PACKS, ids=named)
def test_every_card_says_why_in_words(folder):
    for card in cards_of(folder):
        assert len(card.because) > 5, card.name
        assert card.because[0].isupper() or card.because[0].isdigit(), card.name


@pytest.mark.parametrize("folder", PACKS, ids=named)
def test_every_rule_names_its_source(folder):
    for group in groups_of(folder):
        assert re.search(
            r"JCVI|NHS|NICE|Quality and Outcomes|PRIMIS|Studies of|Public Health England|"
            r"[Tt]o be signed",
            group.source,
        ), group.name


@pytest.mark.parametrize("folder", PACKS, ids=named)
def test_every_pack_has_an_owner_who_is_to_sign_and_a_review_ahead(folder):
    pack = pack_of(folder)

    assert pack.key == folder.name
    assert "to sign" in pack.clinical_owner
    assert pack.review_on > date(2026, 11, 25)


def small(folder, manifest=MANIFEST, cohort=None):
    made = folder / "small"
    (made / "codelists").mkdir(parents=True)
    (made / "codelists" / "x.csv").write_bytes(DIABETES)
    (made / "pack.toml").write_text(manifest)
    if cohort is None:
        cohort = COHORT.format(file="codelists/x.csv", clause=POSITIVE, more="")
    if cohort:
        (made / "cohort.toml").write_text(cohort)
    return made


def test_a_register_needs_nothing_but_its_heading_and_its_rules(tmp_path):
    pack = load_cohort(small(tmp_path))

    assert isinstance(pack, Register)
    assert (pack.key, pack.warnings) == ("small", ())
    assert pack.is_review_due(pack.review_on)


def test_no_programme_can_run_on_a_register(tmp_path):
    with pytest.raises(PackRefused, match="a register finds people but asks them nothing"):
        load(small(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"register"', '"programme"', "questionnaire.json: this file is missing"),
        ('"register"', '"list"', "kind: 'list' is not known here"),
        ("sponsor", "phone = '0'\nsponsor", "phone: 'phone' is not known here"),
        ("clinical_owner", "owner", "clinical_owner: is missing"),
        ("2027-05-31", '"soon"', "review_on: must be a day"),
    ],
)
def test_a_fault_in_the_heading_of_a_register_is_told(tmp_path, old, new, words):
    verdict = check_folder(small(tmp_path, MANIFEST.replace(old, new, 1)))

    assert not verdict.is_well
    assert any(words in line for line in verdict.lines), verdict.lines


def test_a_register_without_rules_is_refused(tmp_path):
    verdict = check_folder(small(tmp_path, cohort=""))

    assert verdict.lines[0] == "cohort.toml: this file is missing or cannot be read."


def test_a_register_without_cards_is_not_proven(tmp_path):
    assert not try_folder(small(tmp_path)).is_well


@pytest.mark.parametrize(
    ("rows", "gaps"),
    [
        ("a,Long ago,2026-01-01,1960-01-01,asked 2020-01-01,asked", ["pass by"]),
        ("a,Tomorrow,2026-01-01,1960-01-01,asked 2026-01-02,none", ["finds nobody"]),
        ("a,Nothing,2026-01-01,1960-01-01,,none", ["finds nobody", "pass by"]),
    ],
)
def test_a_group_that_is_not_shown_both_ways_is_a_gap(tmp_path, rows, gaps):
    folder = small(tmp_path)
    (folder / "examples").mkdir()
    (folder / "examples" / "who.csv").write_text(f"card,because,as-of,born,record,expect\n{rows}\n")

    lines = [line for line in try_folder(folder).gaps if "group asked" in line]

    assert len(lines) == len(gaps)
    assert all(any(gap in line for line in lines) for gap in gaps)


def test_every_shared_list_is_used_and_every_supplied_one_is_told_of():
    shared = SHIPPED.parent / "shared"
    readme = (shared / "readme.md").read_text()
    rules = "".join((folder / "cohort.toml").read_text() for folder in PACKS)
    there = {path.stem for path in shared.glob("*.csv")}

    assert set(re.findall(r'"shared/([^"]+)[.]csv"', rules)) == there
    untold = [
        name for name in re.findall(r'"supplied/([^"]+)[.]csv"', rules) if f"`{name}`" not in readme
    ]
    assert untold == []
