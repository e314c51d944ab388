from datetime import timedelta

import pytest

from openprotect.cli.lake import AREAS
from openprotect.records import reference
from openprotect.records.lake import LakeDamaged
from openprotect.records.readers import deprivation
from openprotect.records.reference import Area
from openprotect.records.rules import identity
from openprotect.records.rules.reasons import FileRefused
from tests.records.conftest import NOON

OURS = "lsoa_code,lad_name,imd_2019_decile"
GOVERNMENTS = (
    "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),"
    "Local Authority District name (2019),Index of Multiple Deprivation (IMD) Rank,"
    "Index of Multiple Deprivation (IMD) Decile"
)


@pytest.fixture
def table(tmp_path):
    def write(*lines, header=OURS):
        path = tmp_path / "imd.csv"
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return write


def test_areas_are_read_with_decile_and_district(table):
    found = deprivation.read(table("E01026419,Breckland,5", "E01026420,Breckland,7"))

    assert found == [Area("E01026419", 5, "Breckland"), Area("E01026420", 7, "Breckland")]


def test_the_governments_own_file_is_read_as_it_is(table):
    line = 'E01026419,"Breckland 010A",E07000143,Breckland,"14,335",5'

    assert deprivation.read(table(line, header=GOVERNMENTS)) == [Area("E01026419", 5, "Breckland")]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["E01026419,Breckland,11"], "row 2, column 3: a decile that is not 1 to 10"),
        (["E01026419,Breckland,-1"], "row 2, column 3: a decile that is not 1 to 10"),
        (["E0102641,Breckland,1"], "row 2, column 1: a code that is none of an LSOA"),
        (["X01026419,Breckland,1"], "row 2, column 1: a code that is none of an LSOA"),
        (["E01026419"], "row 2, column 1: fewer columns than its header"),
        (
            ["E01026419,Breckland,1", "E01026419,Breckland,2"],
            "row 3, column 1: an area that stands",
        ),
        ([], "it names no area"),
    ],
)
def test_a_table_with_a_mistake_is_refused_whole_and_says_where(table, lines, words):
    with pytest.raises(FileRefused, match=words):
        deprivation.read(table(*lines))


@pytest.mark.parametrize("header", ["lsoa_code,decile", "postcode,imd_2019_decile"])
def test_a_table_without_its_columns_is_refused(table, header):
    with pytest.raises(FileRefused, match=r"no column (imd_2019_decile|lsoa_code) in its header"):
        deprivation.read(table("E01026419,5", header=header))


def test_a_table_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"imd\.csv: there is no such file"):
        deprivation.read(tmp_path / "imd.csv")


def test_the_table_that_comes_along_names_every_district_where_made_up_people_live():
    areas = deprivation.read(AREAS)

    assert len(areas) == 611
    named = {district for near in identity.DISTRICTS.values() for district in near}
    assert {area.district for area in areas} == named
    assert set(identity.TOWNS.values()) <= identity.DISTRICTS.keys()


def test_a_table_is_in_use_from_its_day_on(tmp_path):
    first = reference.keep_deprivation(tmp_path, [Area("E01026419", 5)], name="2015", at=NOON)
    later = NOON + timedelta(days=7)
    second = reference.keep_deprivation(tmp_path, [Area("E01026419", 6)], name="2019", at=later)

    assert reference.deprivation(tmp_path) == second
    assert reference.deprivation(tmp_path, at=NOON + timedelta(days=1)) == first
    assert reference.deprivation(tmp_path, at=NOON - timedelta(days=1)) is None


def test_the_table_in_use_taken_again_changes_nothing(tmp_path):
    first = reference.keep_deprivation(tmp_path, [Area("E01026419", 5)], name="2019", at=NOON)
    later = NOON + timedelta(days=7)

    again = reference.keep_deprivation(tmp_path, [Area("E01026419", 5)], name="2019", at=later)

    assert again == first


def test_a_table_that_was_changed_is_found_before_it_is_used(tmp_path):
    table = reference.keep_deprivation(tmp_path, [Area("E01026419", 5)], name="2019", at=NOON)
    whole = bytearray(table.path.read_bytes())
    whole[10] ^= 1
    table.path.write_bytes(whole)

    with pytest.raises(LakeDamaged, match="missing or was changed: import it again"):
        reference.deprivation(tmp_path)


def test_a_list_of_tables_that_cannot_be_read_is_said_to_be_one(tmp_path):
    reference.keep_deprivation(tmp_path, [Area("E01026419", 5)], name="2019", at=NOON)
    (tmp_path / reference.FOLDER / reference.INDEX).write_text("{")

    with pytest.raises(LakeDamaged, match="list of reference tables cannot be read"):
        reference.deprivation(tmp_path)
