"""Codelists as their publishers' users keep them, in every shape that was met."""

import pytest

from openprotect.packs.codelists import MOST_CODES, read_codelist
from openprotect.packs.problems import Reading


def read(text, system="snomed", **asked):
    """Codes with terms, what is refused, and what is warned of."""
    reading = Reading()
    listed = read_codelist(reading, "it", system, "it.csv", text, **asked)
    refused = [(each.row, each.message) for each in reading.problems if each.severity == "refused"]
    return dict(listed.terms), refused, [(each.row, each.message) for each in reading.warnings]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("code,term\n73211009,Diabetes\n", "snomed"),
        ("code, term\r\n73211009,Diabetes\r\n", "snomed"),
        (" code,term\n73211009,Diabetes\n", "snomed"),
        ("Code,Term\n73211009,Diabetes\n", "snomed"),
        ("id,name,active,notes\n73211009,Diabetes,1,\n", "snomed"),
        ("dmd_type,dmd_id,dmd_name,bnf_code\nAMP,73211009,Diabetes,0603\n", "dmd"),
        ("type,id,bnf_code,nm\nvmp,73211009,0603,Diabetes\n", "dmd"),
        ('obj_type,vpid,snomed_id,nm\nvmp,1,73211009,"Diabetes"\n', "dmd"),
        ("code,Ethnicity,Grouping_16,Grouping_6\n73211009,Diabetes,1,1\n", "snomed"),
        ("73211009\tDiabetes\n", "snomed"),
        ("73211009,Diabetes\n", "snomed"),
    ],
)
def test_code_and_term_are_found_in_every_shape(text, system):
    assert read(text, system) == ({"73211009": "Diabetes"}, [], [])


@pytest.mark.parametrize(
    "text", ["code\n73211009\n", "code\n73211009", "73211009\n", "id\n73211009\n"]
)
def test_a_list_of_codes_alone_has_no_terms(text):
    assert read(text) == ({"73211009": ""}, [], [])


@pytest.mark.parametrize(
    "text",
    [
        "CTV3ID,CTV3PreferredTermDesc,CTV3Source\nXaBcD,Upper,x\nXabcD,Lower,x\nC10..,Dots,x\n",
        "CTV3Code,Description,CodeSource,Category\nXaBcD,Upper,x,S\nXabcD,Lower,x,E\nC10..,Dots,x,N\n",
        "XaBcD\tUpper\nXabcD\tLower\nC10..\tDots\n",
    ],
)
def test_read_codes_keep_their_capitals_and_their_dots(text):
    assert read(text, "ctv3")[0] == {"XaBcD": "Upper", "XabcD": "Lower", "C10..": "Dots"}


def test_a_code_of_18_figures_is_kept_to_the_last():
    assert list(read("code\n999791000000106\n1300561000000107\n")[0]) == [
        "999791000000106",
        "1300561000000107",
    ]


SMOKING = "CTV3Code,Description,Category\n137P.,Smoker,S\n137S.,Ex smoker,E\n1371.,Never,N\n"


def test_a_pack_may_choose_the_rows_of_a_list():
    assert list(read(SMOKING, "ctv3", where={"Category": frozenset({"S", "E"})})[0]) == [
        "137P.",
        "137S.",
    ]
    assert list(read(SMOKING, "ctv3", where={"category": frozenset({"N"})})[0]) == ["1371."]


@pytest.mark.parametrize(
    ("where", "words"),
    [({"Categry": {"S"}}, "Did you mean 'Category'"), ({"Category": {"S", "X"}}, "no row has 'X'")],
)
def test_a_choice_that_chooses_nothing_is_refused(where, words):
    asked = {name: frozenset(values) for name, values in where.items()}

    ((row, message),) = read(SMOKING, "ctv3", where=asked)[1]

    assert row == 1
    assert words in message


def test_another_column_may_hold_the_codes():
    text = "code,other\n73211009,315051004\n"

    assert list(read(text, column="Other")[0]) == ["315051004"]


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("code,term\n73211009,fine\n73211008,digit\n", 3, "'73211008' is not a code of"),
        ("code,term\n73211009,fine\n7.3211009E7,sheet\n", 3, "changed it into a number"),
        ("code,term\n73211009,fine\n73211009.0,sheet\n", 3, "changed it into a number"),
        ("code,term\n73211009,fine\nC10..,Read\n", 3, "is not a code of SNOMED CT"),
        ('code,term\n73211009,"fine\n', 2, "quotation mark"),
        ("", 1, "is empty"),
        ("code,term\n", 1, "holds no code"),
        ("meaning,term\n73211009,fine\n", 1, "'code' is not known here"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_row(text, row, words):
    refused = read(text)[1]

    assert refused[0][0] == row
    assert words in refused[0][1]


def test_codes_that_come_again_are_told_and_counted_once():
    text = "code,term\n73211009,first\n73211009,again\n315051004,other\n315051004,again\n"

    terms, refused, warned = read(text)

    assert (terms["73211009"], refused) == ("first", [])
    assert warned == [
        (3, "2 rows hold a code again; the first is 73211009. The first term counts.")
    ]


def test_many_wrong_codes_are_counted_not_listed():
    refused = read("code\n" + "1\n" * 30)[1]

    assert len(refused) == 22
    assert refused[20] == (1, "10 more are no codes either.")


def test_a_list_that_is_too_long_is_refused_and_never_cut():
    text = "code\n" + "73211009\n" * (MOST_CODES + 1)

    assert (MOST_CODES + 2, f"has more than {MOST_CODES} codes.") in read(text)[1]
