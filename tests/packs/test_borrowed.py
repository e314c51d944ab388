"""Codelists from outside the folder of a pack: shared by packs, or supplied by whoever runs us."""

import shutil

import pytest

from openprotect.packs import PackRefused, load_cohort
from openprotect.packs.borrowed import ListsMissing, refuse_blind
from openprotect.packs.loading import load_rules
from openprotect.packs.stand_ins import made_up, with_stand_ins
from openprotect.records.rules.codes import read

MANIFEST = """
kind = "register"
key = "small"
title = "Small"
version = "1.0.0"
purpose = "Test"
legal_basis_kind = "direct-care"
sponsor = "Nobody"
clinical_owner = "Nobody"
review_on = 2027-05-31
"""
COHORT = """
title = "Small"
[codelists]
asked = {{ file = "{file}", system = "snomed"{more} }}
[[group]]
name = "asked"
title = "Asked"
source = "Made up"
[[group.any]]
{clause}
"""
POSITIVE = 'codes = ["asked"]'
DIABETES = b"code,term\n73211009,Diabetes\n"
ASTHMA = b"code,term\n195967001,Asthma\n"


def pack(folder, file, clause=POSITIVE, more=""):
    made = folder / "small"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    (made / "pack.toml").write_text(MANIFEST)
    (made / "cohort.toml").write_text(COHORT.format(file=file, clause=clause, more=more))
    (folder / "shared").mkdir(exist_ok=True)
    (folder / "supplied").mkdir(exist_ok=True)
    return made


def codes_of(loaded):
    return set(loaded.cohort.codelists["asked"].terms)


def refusal(folder, supplied=None):
    with pytest.raises(PackRefused) as refused:
        load_cohort(folder, supplied)
    return str(refused.value)


def warnings_of(loaded):
    return "\n".join(str(each) for each in loaded.warnings)


def test_a_shared_list_is_read_from_beside_the_pack(tmp_path):
    folder = pack(tmp_path, "shared/x.csv")
    (tmp_path / "shared" / "x.csv").write_bytes(DIABETES)

    assert codes_of(load_cohort(folder)) == {"73211009"}


def test_the_rules_alone_are_read_with_what_they_borrow(tmp_path):
    folder = pack(tmp_path, "shared/x.csv")
    (tmp_path / "shared" / "x.csv").write_bytes(DIABETES)

    assert load_rules(folder) == load_cohort(folder).cohort


def test_a_folder_without_rules_has_none(tmp_path):
    folder = pack(tmp_path, "shared/x.csv")
    (folder / "cohort.toml").unlink()

    with pytest.raises(PackRefused, match=r"cohort\.toml: this file is missing"):
        load_rules(folder)


def test_the_content_hash_covers_the_shared_lists_that_are_used_and_no_others(tmp_path):
    folder, shared = pack(tmp_path, "shared/x.csv"), tmp_path / "shared"
    (shared / "x.csv").write_bytes(DIABETES)
    first = load_cohort(folder)
    (shared / "unused.csv").write_bytes(ASTHMA)
    same = load_cohort(folder)
    (shared / "x.csv").write_bytes(ASTHMA)
    other = load_cohort(folder)

    assert first.content_hash == same.content_hash != other.content_hash
    assert set(same.files) == {"pack.toml", "cohort.toml", "shared/x.csv"}


def test_a_shared_list_that_is_not_there_is_refused(tmp_path):
    folder = pack(tmp_path, "shared/x.csv")

    assert "codelists.asked.file: 'shared/x.csv' is not known here" in refusal(folder)


@pytest.mark.parametrize(
    "name",
    [
        "../small/outside.csv",
        "shared/../outside.csv",
        "shared/deep/outside.csv",
        "shared//outside.csv",
        "shared/.hidden.csv",
        "shared/outside.toml",
        "/etc/passwd",
        "supplied/../outside.csv",
    ],
)
def test_no_name_leads_out_of_the_two_folders(tmp_path, name):
    folder = pack(tmp_path, name)
    for place in (tmp_path, tmp_path / "shared" / "deep"):
        place.mkdir(exist_ok=True)
        (place / "outside.csv").write_bytes(DIABETES)
    (tmp_path / "shared" / ".hidden.csv").write_bytes(DIABETES)
    (tmp_path / "shared" / "outside.toml").write_bytes(DIABETES)

    assert "is not known here" in refusal(folder, tmp_path / "supplied")


@pytest.mark.parametrize("shelf", ["shared", "supplied"])
def test_a_link_is_not_borrowed(tmp_path, shelf):
    folder = pack(tmp_path, f"{shelf}/x.csv")
    (tmp_path / "outside.csv").write_bytes(DIABETES)
    (tmp_path / shelf / "x.csv").symlink_to(tmp_path / "outside.csv")

    assert f"{shelf}/x.csv: is a link" in refusal(folder, tmp_path / "supplied")


@pytest.mark.parametrize("shelf", ["shared", "supplied"])
def test_a_file_of_the_pack_may_not_pass_for_a_borrowed_one(tmp_path, shelf):
    folder = pack(tmp_path, f"{shelf}/x.csv")
    (folder / shelf).mkdir()
    (folder / shelf / "x.csv").write_bytes(DIABETES)

    assert f"{shelf}/x.csv: a pack has no folder of this name of its own" in refusal(folder)


def test_a_borrowed_list_is_read_as_carefully_as_any_other(tmp_path):
    folder = pack(tmp_path, "shared/x.csv")
    (tmp_path / "shared" / "x.csv").write_bytes(b"code,term\n73211008,One digit wrong\n")

    assert "shared/x.csv:2:code: '73211008' is not a code" in refusal(folder)


def test_a_list_to_be_supplied_is_empty_until_it_is_and_check_says_so(tmp_path):
    loaded = load_cohort(pack(tmp_path, "supplied/x.csv"), tmp_path / "supplied")

    assert codes_of(loaded) == set()
    assert "codelists.asked.file: warning: is not supplied yet" in warnings_of(loaded)
    assert "group asked: warning: may hold too few people without the list asked" in warnings_of(
        loaded
    )


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ('codes = ["asked"]\nnone = true', "too many"),
        ('codes = ["dm"]\nended_by = { codes = ["asked"], same_day = "ends" }', "too many"),
        ('codes = ["dm"]\nunless_before = { codes = ["asked"] }', "too many"),
        ('codes = ["dm"]\nafter = { codes = ["asked"], same_day = "ends" }', "too few"),
        ('codes = ["dm"]\nsame_admission_as = ["asked"]', "too few"),
    ],
)
def test_what_follows_from_a_missing_list_depends_on_what_it_is_for(tmp_path, clause, words):
    folder = pack(tmp_path, "supplied/x.csv", clause)
    path = folder / "cohort.toml"
    path.write_text(
        path.read_text().replace(
            "[[group]]", 'dm = { file = "shared/dm.csv", system = "snomed" }\n[[group]]'
        )
    )
    (tmp_path / "shared" / "dm.csv").write_bytes(DIABETES)

    loaded = load_cohort(folder)

    assert f"group asked: warning: may hold {words} people" in warnings_of(loaded)


def test_a_supplied_list_is_used_and_makes_another_pack(tmp_path):
    folder = pack(tmp_path, "supplied/x.csv")
    without = load_cohort(folder, tmp_path / "supplied")
    (tmp_path / "supplied" / "x.csv").write_bytes(ASTHMA)
    with_it = load_cohort(folder, tmp_path / "supplied")

    assert codes_of(with_it) == {"195967001"}
    assert with_it.warnings == ()
    assert with_it.content_hash != without.content_hash


def test_rows_of_a_supplied_list_may_be_chosen_by_another_column(tmp_path):
    folder = pack(tmp_path, "supplied/x.csv", more=', where = { Grouping_6 = ["3"] }')
    (tmp_path / "supplied" / "x.csv").write_text(
        "code,Ethnicity,Grouping_6\n73211009,One,1\n195967001,Three,3\n"
    )

    assert codes_of(load_cohort(folder, tmp_path / "supplied")) == {"195967001"}


def test_rules_that_ask_for_absence_are_not_run_without_their_list(tmp_path):
    folder = pack(tmp_path, "supplied/x.csv", 'codes = ["asked"]\nnone = true')
    blind = load_cohort(folder).cohort
    (tmp_path / "supplied" / "x.csv").write_bytes(ASTHMA)
    seeing = load_cohort(folder, tmp_path / "supplied").cohort

    refuse_blind(seeing)
    with pytest.raises(ListsMissing, match="everybody would be found without the list asked"):
        refuse_blind(blind)


def test_rules_that_only_find_fewer_may_be_run(tmp_path):
    refuse_blind(load_cohort(pack(tmp_path, "supplied/x.csv")).cohort)


def test_the_cards_stand_in_for_what_is_not_supplied_and_for_nothing_else(tmp_path):
    folder = pack(tmp_path, "supplied/x.csv")
    empty = load_cohort(folder).cohort
    (tmp_path / "supplied" / "x.csv").write_bytes(ASTHMA)
    full = load_cohort(folder, tmp_path / "supplied").cohort

    assert len(with_stand_ins(empty).codelists["asked"].terms) == 1
    assert with_stand_ins(full) == full


@pytest.mark.parametrize("system", ["snomed", "dmd", "icd10", "opcs4", "loinc", "rxnorm", "cvx"])
def test_a_made_up_code_has_the_shape_of_its_system_and_its_check_digit(system):
    code = made_up("housebound", system)

    assert read(code, system) == code


def test_made_up_codes_of_different_lists_differ():
    keys = ["housebound", "no-longer-housebound", "delivery", "smear", "residence", "homeless"]

    assert len({made_up(key, "snomed") for key in keys}) == len(keys)
