"""Each locality writes its own way of working, in versions; nobody writes another's."""

import pytest

from openprotect.alerts.actions.procedures import note_medicines_care, write_procedure
from openprotect.alerts.models import MedicinesCare, Procedure
from openprotect.alerts.queries import procedures
from openprotect.base.refusals import Refused
from openprotect.places.models import Team
from tests import given
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db


def manager():
    return given.user("LOCALITY", given.area().locality)


def written(words="Ring first.", *, by=None, over=0, kind="clinical", because="First version"):
    with given.acting(by or manager()) as viewer:
        return write_procedure(
            viewer.organisation_id, kind, words, because=because, over=over, viewer=viewer, at=NOON
        )


def test_the_latest_version_of_the_persons_locality_stands_beside_the_alert(worker):
    alert, who = given.alert(), manager()
    written(by=who)
    written("Ring twice.", by=who, over=1, because="Nobody answered")

    beside = procedures.local(alert, at=NOON)

    assert (beside.words, beside.version) == ("Ring twice.", 2)
    assert [each.version for each in procedures.versions(beside.area_id, "clinical")] == [2, 1]


def test_localities_stand_side_by_side_also_where_one_says_nothing(worker):
    given.area()
    given.locality("LO2")
    written()

    beside = dict(procedures.side_by_side("clinical", at=NOON))
    assert (beside["Loc"].words, beside["Lo2"]) == ("Ring first.", None)


def test_what_the_programme_says_is_told_apart(worker):
    central = procedures.central(given.alert())

    assert (central.function, central.fallback) == ("locality", "surveillance")


def test_the_same_words_again_are_the_same_version(worker):
    who = manager()

    assert written(by=who) == written(by=who, over=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "between one and"),
        ({"words": "x" * 6001}, "between one and"),
        ({"because": ""}, "what changed"),
        ({"kind": "weather"}, "no such kind"),
        ({"over": 3}, "newer version"),
    ],
)
def test_what_cannot_be_published_is_refused(worker, change, words):
    given.programme()
    with pytest.raises(Refused, match=words):
        written(**change)


def test_nobody_writes_for_another_area(worker):
    given.programme()
    elsewhere = given.locality("LO2")
    with given.acting(manager()) as viewer, pytest.raises(Refused, match="its own"):
        write_procedure(elsewhere.pk, "clinical", "x", because="y", over=0, viewer=viewer, at=NOON)


def test_the_database_lets_nobody_write_for_another_area(worker):
    given.programme()
    elsewhere = given.locality("LO2")

    with given.acting(manager()) as viewer, row_security_refuses():
        Procedure.objects.create(
            area=elsewhere, kind="clinical", version=1, words="x", by_id=viewer.user_id, at=NOON
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told(worker_committing):
    given.programme()
    one, two = manager(), manager()

    outcomes = at_once(lambda: written("One", by=one), lambda: written("Two", by=two))

    assert sum(isinstance(each, Refused) for each in outcomes) == 1
    assert Procedure.objects.count() == 1


def test_who_brings_medicines_is_kept_for_the_next_alert(worker):
    surveillance = given.area().system.covered_by.get(function="surveillance")
    alert = given.alert(kind="medication", by=surveillance)
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        for collects in ("her son", "her daughter"):
            note_medicines_care(
                alert,
                pharmacy="Market Street",
                may_collect=collects,
                has_controlled_drugs=True,
                viewer=viewer,
                at=NOON,
            )
    later = given.alert(of=alert.enrolment, kind="medication")

    assert procedures.medicines(later).may_collect == "her daughter"
    assert MedicinesCare.objects.count() == 1


def test_only_an_alert_about_medicines_says_who_brings_them(worker):
    alert = given.alert(by=Team.objects.get(function="surveillance") if given.area() else None)

    assert procedures.medicines(alert) is None
    with given.acting(given.user("SURVEILLANCE")) as viewer, pytest.raises(Refused):
        note_medicines_care(
            alert,
            pharmacy="",
            may_collect="",
            has_controlled_drugs=None,
            viewer=viewer,
            at=NOON,
        )
