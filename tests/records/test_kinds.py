"""What is handed in is known by its content, and each kind is taken in by itself."""

import argparse
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from openprotect.cli import importing
from openprotect.places.models import Organisation
from openprotect.records import reference
from openprotect.records.models import Changeset
from openprotect.records.rules.reasons import FileRefused
from tests.records.conftest import EVENTS_HEADER, HEADER

SAMPLES = Path(__file__).with_name("samples")
PLACES = Path(__file__).parents[2] / "demo" / "places"
SHARED = Path(__file__).parents[3] / "shared" / "data"
ANN = "4505577104"
RISK = "nhs_number,risk,event_date"

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]


@pytest.fixture
def import_(settings, tmp_path, capsys):
    """Run `openprotect import` into this test's own home; gives its exit status and its words."""
    settings.OPENPROTECT = replace(settings.OPENPROTECT, home=tmp_path / "home")

    def run(*words):
        parser = argparse.ArgumentParser()
        importing.arguments(parser)
        status = importing.run(parser.parse_args([str(word) for word in words]))
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "given"
    made.mkdir()
    return made


def put(folder, name, *lines, end="\n"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + end)
    return path


def test_one_folder_of_many_kinds_becomes_an_import_of_each(import_, folder):
    put(folder, "p.csv", HEADER, f"{ANN},Ames,1950-04-03,female,D82001")
    put(folder, "e.csv", EVENTS_HEADER, f"{ANN},195967001,snomed,2019-02-01")
    put(folder, "flags.csv", RISK, f"{ANN},high,2020-05-07")
    put(folder, "list.csv", "code,term", "195967001,Asthma")
    put(folder, "notes.md", "x")
    for name in ("gp-connect/emis-patient-7.json", "pds/searchResponses__youds_searchset.json"):
        (folder / Path(name).name).write_bytes((SAMPLES / name).read_bytes())

    status, said = import_(folder)

    assert status == 0
    sources = Changeset.objects.order_by("number").values_list("source", flat=True)
    assert list(sources) == ["pds", "gp-connect", "csv", "risk-list"]
    assert "list.csv: 1 codes of SNOMED CT or dm+d, added as supplied/list.csv" in said
    assert "passed over, not of a kind that is read: notes.md" in said


def test_the_same_folder_again_changes_nothing(import_, folder):
    put(folder, "p.csv", HEADER, f"{ANN},Ames,1950-04-03,female,D82001")
    put(folder, "list.csv", "code,term", "195967001,Asthma")
    import_(folder)

    _, said = import_(folder)

    assert "changes: 0" in said
    assert "unchanged as supplied/list.csv" in said


def test_tables_are_read_out_of_archives(import_, folder):
    with zipfile.ZipFile(folder / "extract.zip", "w") as archive:
        archive.writestr("a/people.csv", f"{HEADER}\n{ANN},Ames,1950-04-03,female,D82001\n")
        archive.writestr("a/events.csv", f"{EVENTS_HEADER}\n{ANN},195967001,snomed,2019-02-01\n")

    _, said = import_(folder / "extract.zip")

    assert "people 1 rows = 1 added" in said
    assert "events 1 rows = 1 added" in said


def test_a_wrong_table_about_people_in_a_folder_is_refused_and_not_lost(import_, folder):
    put(folder, "p.csv", HEADER, f"{ANN},Ames,1950-04-03,female,D82001")
    put(folder, "facts.csv", "nhs_number,code,date", f"{ANN},195967001,2019-02-01")

    with pytest.raises(FileRefused, match=r"facts.csv: the header is not as agreed for events"):
        import_(folder)

    assert Changeset.objects.count() == 0


def test_one_kind_that_is_refused_lets_the_others_through(import_, folder):
    put(folder, "p.csv", HEADER, f"{ANN},Ames,1950-04-03,female,D82001")
    put(folder, "flags.csv", f"#openprotect rows=7\n{RISK}", f"{ANN},high,2020-05-07")

    status, said = import_(folder)

    assert status == importing.REFUSED
    assert "refused flags.csv: 7 rows declared, 1 found" in said
    assert "people 1 rows = 1 added" in said


# --- codelists, in the shapes in which they are published ---

SHAPES = {
    "code-term": ("code,term", "195967001,Asthma"),
    "code-space-term": ("code, term", "195967001, Asthma"),
    "code-alone": ("code", "195967001"),
    "id-name": ("id,name,active,notes", "195967001,Asthma,true,"),
    "dmd": ("dmd_type,dmd_id,dmd_name,bnf_code", "AMP,28798211000001102,Pevanti,0603"),
    "vpid": ("type,id,bnf_code,nm", "vmp,28798211000001102,0603,Pevanti"),
    "obj": ("obj_type,vpid,snomed_id,nm", "vmp,1,28798211000001102,Pevanti"),
    "ctv3-source": ("CTV3ID,CTV3PreferredTermDesc,CTV3Source", "H33..,Asthma,x"),
    "ctv3-category": ("CTV3Code,Description,CodeSource,Category", "137R.,Smoker,x,S"),
    "grouped": ("code,Ethnicity,Grouping_16,Grouping_6", "92391000000108,White,1,1"),
    "no-header": ("195967001\tAsthma",),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_codelist_is_kept_in_whatever_shape_it_is_published(import_, folder, shape, tmp_path):
    path = put(folder, f"{shape}.csv", *SHAPES[shape])

    status, said = import_(path)

    kept = tmp_path / "home" / "codelists" / f"{shape}.csv"
    assert (status, kept.read_text()) == (0, path.read_text())
    assert f"{shape}.csv: 1 codes of" in said


def test_a_codelist_with_a_wrong_code_is_refused_at_its_row(import_, folder, tmp_path):
    rows = ("code,term", "195967001,Asthma", "195967002,Nothing", "73211009,Diabetes")

    status, said = import_(put(folder, "list.csv", *rows))

    assert status == importing.REFUSED
    assert "list.csv:3" in said
    assert not (tmp_path / "home" / "codelists").exists()


def test_a_table_of_nothing_known_is_refused_when_named_and_else_passed_over(import_, folder):
    path = put(folder, "shoes.csv", "size,colour", "42,red")

    named, _ = import_(path)
    found, said = import_(folder)

    assert (named, found) == (importing.REFUSED, 0)
    assert "passed over: shoes.csv" in said


def test_a_text_in_a_folder_that_is_no_table_is_passed_over(import_, folder):
    put(folder, "p.csv", HEADER, f"{ANN},Ames,1950-04-03,female,D82001")
    put(folder, "readme.txt", 'These are "our" extracts; see below', "x")

    status, said = import_(folder)

    assert status == 0
    assert "passed over: readme.txt" in said


# --- places ---


def test_the_files_of_organisations_are_known_by_their_columns(import_, folder):
    practices = (PLACES / "epraccur-norfolk-waveney.csv").read_text().splitlines()
    put(folder, "epraccur.csv", *practices[1:4])
    other = practices[3].replace('"26A"', '"06L"')
    put(folder, "neighbours.csv", practices[0], other)

    status, said = import_(folder)

    assert status == 0
    assert "epraccur.csv: practices, 3 rows" in said
    assert "neighbours.csv: practices, 1 rows, 1 of other areas left out" in said
    assert Organisation.objects.filter(code="D82001").exists()


def test_organisations_are_read_out_of_an_archive(import_, folder):
    practices = (PLACES / "epraccur-norfolk-waveney.csv").read_text().splitlines()
    with zipfile.ZipFile(folder / "epraccur.zip", "w") as archive:
        archive.writestr("epraccur.csv", "\n".join(practices[1:4]) + "\n")

    _, said = import_(folder / "epraccur.zip")

    assert "epraccur.zip: practices, 3 rows" in said


def test_a_later_file_is_held_against_what_an_earlier_one_said(import_, folder):
    practices = (PLACES / "epraccur-norfolk-waveney.csv").read_text().splitlines()
    import_(put(folder, "first.csv", *practices[:3]))

    _, said = import_(PLACES / "practice-pcn-ccg-icb-2022-01.csv")

    assert "networks, 105 rows, 104 of other areas left out" in said
    assert "practice-pcn-ccg-icb-2022-01.csv: 1 = 0 added + 0 changed + 1 unchanged" in said


def test_how_deprived_areas_are_is_kept_for_the_lake(import_, folder, tmp_path):
    header = "lsoa_code,lsoa_name,imd_2019_rank,imd_2019_decile"

    status, said = import_(put(folder, "imd.csv", header, "E01026419,Breckland 010A,14335,5"))

    table = reference.deprivation(tmp_path / "home" / "lake")
    assert (status, table.rows) == (0, 1)
    assert "imd.csv: deprivation of 1 areas" in said


SQUARE = [[[0.9, 52.5], [1.0, 52.5], [1.0, 52.6], [0.9, 52.5]]]


def outline(code="E01026419", kind="Polygon", coordinates=SQUARE):
    feature = {
        "type": "Feature",
        "properties": {"LSOA11CD": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_outlines_of_areas_are_kept(import_, folder, tmp_path):
    status, said = import_(put(folder, "E07000143.json", outline(), end=""))

    kept = tmp_path / "home" / "lake" / "reference" / "boundaries" / "E07000143.json"
    assert (status, kept.read_text()) == (0, outline())
    assert "E07000143.json: outlines of 1 areas" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (outline(code="Norwich"), "feature 1: no code of an LSOA"),
        (outline(kind="Point", coordinates=[0.9, 52.5]), "feature 1: no outline"),
        (outline(coordinates=[[[600000, 300000]]]), "feature 1: no outline in degrees"),
        ('{"type": "FeatureCollection", "features": []}', "it holds no features"),
        ('{"type": "FeatureCollection", "features": [', "not JSON"),
    ],
)
def test_outlines_that_are_none_are_refused(import_, folder, content, words):
    status, said = import_(put(folder, "areas.json", content, end=""))

    assert status == importing.REFUSED
    assert words in said


# --- everything that is at hand ---


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real inputs are not beside this checkout")
@pytest.mark.parametrize(
    "what",
    ["geography", "codelists", "patients/gp-connect-stu3", "patients/pds-fhir-r4"],
)
def test_every_real_input_is_imported(import_, what):
    status, said = import_(SHARED / what)

    assert status == 0, said
