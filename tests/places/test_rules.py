from collections import Counter
from datetime import date

import pytest

from openprotect.places.rules import FILES, UnreadableFile, plan
from openprotect.places.rules.names import readable
from tests.places.files import planned, shipped

WHOLE = planned()
PRACTICES = {each.code: each for each in WHOLE.organisations if each.kind == "PRACTICE"}


def homes(found, kind="LIES_IN"):
    return {each.child: each.parent for each in found.relationships if each.kind == kind}


def test_the_practice_file_has_106_open_practices_and_one_closed():
    closed = [code for code, each in PRACTICES.items() if each.closed_on]

    assert len(PRACTICES) == 107
    assert closed == ["D82069"]
    assert PRACTICES["D82069"].closed_on == date(2020, 7, 31)


def test_what_is_no_gp_practice_is_left_out_with_its_setting():
    reasons = Counter(each.reason for each in WHOLE.rejected if "epraccur" in each.source)

    assert sum(reasons.values()) == 68
    assert reasons["not a GP practice (prescribing setting 9)"] == 26


def test_there_are_17_networks_in_five_localities():
    networks = {each.code for each in WHOLE.organisations if each.kind == "PCN"}
    lying_in = {homes(WHOLE)[code] for code in networks}

    assert len(networks) == 17
    assert lying_in == {"06M", "06V", "06W", "06Y", "07J"}


def test_nine_missing_localities_follow_from_the_network():
    notes = [note for note in WHOLE.notes if "by its network" in note]

    assert len(notes) == 9
    assert homes(WHOLE)["D83047"] == "06M"
    assert homes(WHOLE)["Y03595"] == "06W"


def test_the_practice_in_no_network_lies_in_the_system_and_is_listed():
    assert homes(WHOLE)["Y05472"] == "26A"
    assert "Y05472: its locality is unknown, it lies in 26A" in WHOLE.notes


def test_what_follows_from_the_map_is_held_from_the_day_of_the_map():
    found = next(e for e in WHOLE.relationships if (e.child, e.kind) == ("D83047", "LIES_IN"))

    assert found.from_on == date(2022, 1, 1)


def test_the_newer_file_wins_over_the_map_and_says_so():
    moved = [note.split(":")[0] for note in WHOLE.notes if "postcode" in note]
    renamed = [note.split(":")[0] for note in WHOLE.notes if ": name" in note]

    assert moved == ["D82030", "D82072"]
    assert renamed == ["D82024"]
    assert PRACTICES["D82030"].postcode == "NR10 4QT"


def test_locality_rows_of_practices_that_are_gone_are_left_out():
    gone = [each for each in WHOLE.rejected if "former-ccg" in each.source]

    assert len(gone) == 17
    assert {each.reason for each in gone} == {"no GP practice of that code in the practice file"}


def test_waveney_was_succeeded_by_east_suffolk():
    waveney = next(each for each in WHOLE.organisations if each.code == "E07000206")
    heir = next(each for each in WHOLE.relationships if each.kind == "SUCCEEDED_BY")

    assert waveney.closed_on == date(2019, 3, 31)
    assert (heir.child, heir.parent, heir.from_on) == ("E07000206", "E07000244", date(2019, 4, 1))


def test_social_care_follows_the_county_of_the_address():
    care = homes(WHOLE, "SERVED_BY")

    assert care["D83002"] == "E10000029"
    assert care["D82007"] == "E10000020"
    assert care["06W"] == "E10000020"
    assert "06M" not in care


def test_each_practice_and_locality_has_a_team_and_the_system_two():
    functions = Counter(each.function for each in WHOLE.teams)

    assert functions == {
        "practice": 107,
        "locality": 5,
        "council": 2,
        "surveillance": 1,
        "calling": 1,
        "charity": 1,
    }


def test_what_is_made_up_is_taken_in_demo_mode_only():
    live = planned(demo=False)
    made_up = [each for each in live.rejected if each.reason.startswith("made up")]

    assert [each.code for each in made_up] == [
        "DEMO-CHARITY",
        "charity 26A Good Neighbours volunteers (made up for the demonstration)",
    ]
    assert not any("made up" in each.name for each in [*live.organisations, *live.teams])


def test_every_row_is_stated_or_rejected():
    facts = [*WHOLE.organisations, *WHOLE.relationships, *WHOLE.teams]
    for name, rows in WHOLE.rows.items():
        stated = sum(each.source == name for each in facts)
        rejected = sum(each.source == name for each in WHOLE.rejected)
        assert rows == stated + rejected


HOLT = '"D82001","HOLT MEDICAL PRACTICE"'


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"practices": (HOLT, '"D82002","HOLT MEDICAL PRACTICE"')}, "repeats an earlier row"),
        ({"practices": (HOLT, '"","HOLT MEDICAL PRACTICE"')}, "organisation_code is empty"),
        ({"practices": (HOLT, '"D82001",""')}, "name is empty"),
        ({"practices": ('"20200731","C"', '"","C"')}, "status 'C' but no closing date"),
        ({"practices": ('"20200731","C"', '"20203107","C"')}, "close_date '20203107' is not a"),
        ({"practices": ('"20200731","C"', '"19700101","C"')}, "it closes before it opens"),
        ({"practices": ('"20200401","20200731"', '"20200401","20190731"')}, "it left its"),
        ({"localities": ("D82001,06V", "D82001,26A")}, "'26A' is not a locality"),
        ({"networks": ("01Jan2022,D82001", "soon,D82001")}, "EXTRACT_DATE 'soon' is not a date"),
        ({"networks": ("01Jan2022,D82001", "01Jan2022,D82069")}, "the practice had closed by then"),
        ({"areas": ("26A,NHS Norfolk and Waveney,SYSTEM", "26A,NHS,STAR")}, "kind 'STAR' is not"),
        (
            {
                "areas": (
                    ",LOCALITY,2013-04-01,,26A,2020-04-01,,,\n06V",
                    ",LOCALITY,2013-04-01,,26A,,,,\n06V",
                )
            },
            "from_on is empty",
        ),
        ({"teams": ("surveillance,26A,26A", "watching,26A,26A")}, "function 'watching' is not"),
        ({"teams": ("surveillance,26A,26A", "surveillance,26A,99Z")}, "covers '99Z' is not in"),
        ({"teams": ("1234567,08:00", "1234567,25:00")}, "opens '25:00' is not a time of day"),
        ({"teams": ("1234567,08:00", "1234567,21:00")}, "it closes before it opens"),
        ({"teams": ("1234567,08:00", "890,08:00")}, "weekdays '890' are not days 1 to 7"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason(changes, reason):
    new = planned(**changes).rejected

    assert any(each.reason.startswith(reason) for each in set(new) - set(WHOLE.rejected))


def test_a_network_across_two_localities_lies_in_the_system():
    across = planned(localities=("D82001,06V", "D82001,06W"))

    assert homes(across)["U94681"] == "26A"
    assert homes(across)["D82001"] == "06W"


def test_an_area_that_names_an_unknown_one_is_noted():
    loose = planned(areas=("2019-03-31,E10000029", "2019-03-31,E10000099"))

    assert "E07000206: areas.csv names E10000099, which it does not describe" in loose.notes


def test_a_file_without_a_column_is_refused_by_name():
    texts = shipped() | {"teams.csv": "function,organisation\n"}

    with pytest.raises(UnreadableFile, match=r"teams.csv has no column closed_on, closes, covers"):
        plan(texts)


def test_a_broken_quotation_is_refused_with_its_line():
    texts = shipped() | {"areas.csv": shipped()["areas.csv"] + '"never closed'}

    with pytest.raises(UnreadableFile, match=r"areas.csv, line \d+: unexpected end of data"):
        plan(texts)


@pytest.mark.parametrize("name", FILES)
def test_a_byte_order_mark_changes_nothing(name):
    texts = shipped()

    assert plan(texts | {name: "\ufeff" + texts[name]}, demo=True) == WHOLE


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ("ST JOHN'S SURGERY", "St John's Surgery"),
        ("BEECHCROFT AND OLD PALACE", "Beechcroft and Old Palace"),
        ("THE PARK SURGERY", "The Park Surgery"),
        ("SOUTH NORFOLK HIP PCN", "South Norfolk HIP PCN"),
        ("SOLE BAY H/C", "Sole Bay Health Centre"),
        ("Already Written Well", "Already Written Well"),
    ],
)
def test_names_in_capitals_become_readable(published, read):
    assert readable(published) == read
