from datetime import UTC, date, datetime

import pytest
from django.db import connection
from psycopg import connect

from openprotect.events.models import Event
from openprotect.places import queries
from openprotect.places.actions import ImportUnderWay, import_places
from openprotect.places.actions.importing import IMPORT_LOCK
from openprotect.places.actions.writing import OlderThanHeld
from openprotect.places.models import Organisation, Relationship, Team
from openprotect.places.rules import UnreadableFile
from tests.places.files import SHIPPED, copied

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOON.date()


def test_the_shipped_files_come_in_and_every_row_is_accounted_for():
    imported = import_places(SHIPPED, at=NOON, demo=True)

    assert imported.balances
    assert [(each.rows, each.added, each.rejected) for each in imported.tallies] == [
        (18, 18, 0),
        (175, 107, 68),
        (105, 105, 0),
        (114, 97, 17),
        (5, 5, 0),
        (272, 272, 0),
    ]
    assert len(queries.open_practices(TODAY)) == 106
    assert len(queries.networks(TODAY)) == 17
    assert len(queries.localities(TODAY)) == 5


def test_a_second_import_changes_nothing():
    import_places(SHIPPED, at=NOON, demo=True)
    before = [list(model.objects.order_by("pk").values()) for model in (Organisation, Team)]

    again = import_places(SHIPPED, at=NOON, demo=True)

    assert (again.added, again.changed) == (0, 0)
    assert before == [list(model.objects.order_by("pk").values()) for model in (Organisation, Team)]


def test_the_equation_is_printed():
    imported = import_places(SHIPPED, at=NOON, demo=True)

    assert str(imported.tallies[1]) == (
        "epraccur-norfolk-waveney.csv: 175 = 107 added + 0 changed + 0 unchanged + 68 rejected"
    )


def test_an_import_that_changes_something_is_an_event():
    for _ in range(2):
        import_places(SHIPPED, at=NOON, demo=True)

    event = Event.objects.get(name="places.imported")
    assert event.detail == {"added": 604, "changed": 0}


def test_a_practice_that_closes_keeps_its_row_and_loses_its_team(tmp_path):
    import_places(SHIPPED, at=NOON, demo=True)
    closing = (
        '"19740401","","A","B","26A","20200401","","01263 712461"',
        '"19740401","20260930","C","B","26A","20200401","20260930","01263 712461"',
    )

    imported = import_places(copied(tmp_path, practices=closing), at=NOON, demo=True)

    holt = queries.organisation("D82001")
    assert holt.closed_on == date(2026, 9, 30)
    assert imported.tallies[1].changed == 1
    assert len(queries.open_practices(TODAY)) == 105
    assert queries.locality_of(holt, date(2026, 9, 30)).name == "North Norfolk"
    assert queries.locality_of(holt, TODAY) is None


def test_a_practice_that_changes_its_network_has_both_dated(tmp_path):
    import_places(SHIPPED, at=NOON, demo=True)
    moved = (
        "01Jan2022,D82001,HOLT MEDICAL PRACTICE,NR25 6QA,U94681,NORTH NORFOLK 1 PCN",
        "01Mar2026,D82001,HOLT MEDICAL PRACTICE,NR25 6QA,U13557,NORWICH PCN",
    )

    import_places(copied(tmp_path, networks=moved), at=NOON, demo=True)

    told = Relationship.objects.filter(child__code="D82001", kind="MEMBER_OF").order_by("from_on")
    assert list(told.values_list("parent__code", "from_on", "to_on")) == [
        ("U94681", date(2022, 1, 1), date(2026, 2, 28)),
        ("U13557", date(2026, 3, 1), None),
    ]


def test_an_older_file_does_not_undo_a_newer_one(tmp_path):
    moved = (
        "01Jan2022,D82001,HOLT MEDICAL PRACTICE,NR25 6QA,U94681,NORTH NORFOLK 1 PCN",
        "01Mar2026,D82001,HOLT MEDICAL PRACTICE,NR25 6QA,U13557,NORWICH PCN",
    )
    import_places(copied(tmp_path, networks=moved), at=NOON, demo=True)

    with pytest.raises(OlderThanHeld, match="older than what is held of D82001"):
        import_places(SHIPPED, at=NOON, demo=True)

    assert (
        Relationship.objects.on(TODAY).get(child__code="D82001", kind="MEMBER_OF").parent.code
        == "U13557"
    )


def test_a_renamed_practice_keeps_its_team(tmp_path):
    import_places(SHIPPED, at=NOON, demo=True)
    before = Team.objects.get(function="practice", covers__code="D82001").pk
    renamed = ('"D82001","HOLT MEDICAL PRACTICE"', '"D82001","HOLT AND WELLS PRACTICE"')

    import_places(copied(tmp_path, practices=renamed), at=NOON, demo=True)

    assert Team.objects.get(pk=before).name == "Holt and Wells Practice"


def test_nothing_of_a_folder_is_taken_when_one_file_is_missing(tmp_path):
    (copied(tmp_path) / "teams.csv").unlink()

    with pytest.raises(UnreadableFile, match=r"teams.csv is missing"):
        import_places(tmp_path, at=NOON, demo=True)

    assert not Organisation.objects.exists()


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (copied(tmp_path) / "areas.csv").write_bytes("Café".encode("latin-1"))

    with pytest.raises(UnreadableFile, match=r"areas.csv is not UTF-8 text \(byte 3\)"):
        import_places(tmp_path, at=NOON, demo=True)


def test_two_imports_at_once_are_refused(own_database):
    here = own_database.here
    with connect(**here.logins["openprotect_import"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])

        with pytest.raises(ImportUnderWay):
            import_places(SHIPPED, at=NOON, demo=True)


def test_the_import_role_may_not_delete_a_place():
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('places_organisation', 'DELETE')")
        assert cursor.fetchone() == (False,)
