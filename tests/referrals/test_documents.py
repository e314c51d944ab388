"""The outcome goes to the practice as a document: once, replaced when there is more, answered."""

import json
from datetime import timedelta

import pytest

from openprotect.alerts.actions import close
from openprotect.events.models import Event
from openprotect.gateways.fake_practice import Practice, faults_of
from openprotect.gateways.gp_connect import MeshFolder, answer_in, message_of
from openprotect.pathway.documents import letter_of, post_to
from openprotect.pathway.following import follow_waiting
from openprotect.places.models import Team
from openprotect.referrals.actions.documents import write_document
from openprotect.referrals.chores.posting import send_documents, take_in_answers
from openprotect.referrals.models import Document
from openprotect.referrals.queries import documents_to_chase
from tests import given
from tests.given import NOON
from tests.referrals.test_asking import answer, asked, finish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mesh(home):
    return MeshFolder(home / "mesh")


@pytest.fixture
def practice(home):
    return Practice(home / "mesh")


def closed(function="surveillance", *, note="Rang her; a nurse went."):
    given.area()
    alert = given.alert(by=Team.objects.get(function=function), kind="social")
    referral = asked(alert) if function == "surveillance" else None
    role, where = {
        "surveillance": ("SURVEILLANCE", None),
        "practice": ("PRACTICE", given.area().practice),
    }[function]
    with given.acting(given.user(role, where)) as viewer:
        close(alert, "SEEN", note=note, viewer=viewer, at=NOON)
    follow_waiting(at=NOON)
    return alert, referral


def sent(mesh, *, at=NOON):
    return send_documents(at=at, post=post_to(mesh))


def test_a_closed_alert_is_told_to_the_practice_once(worker, mesh):
    alert, _ = closed()
    for _ in range(2):
        write_document(alert, at=NOON)

    document = Document.objects.get()
    assert document.practice == alert.enrolment.practice
    assert (document.version, document.content["note"]) == (1, "Rang her; a nurse went.")


def test_what_the_practice_closed_itself_it_is_not_told(worker):
    closed("practice")

    assert not Document.objects.exists()


def test_sent_and_taken_in_it_is_accepted(worker, mesh, practice):
    closed()

    assert sent(mesh) == 1
    assert practice.take_in() == 1
    assert take_in_answers(at=NOON + HOUR, inbox=mesh) == 1

    document = Document.objects.get()
    assert document.status == "ACCEPTED"
    assert list(practice.filed) == [str(document.pk)]
    assert Event.objects.filter(name="document.accepted").count() == 1


def test_what_a_council_says_afterwards_replaces_the_document(worker, mesh, practice):
    _, referral = closed()
    sent(mesh)
    practice.take_in()

    answer(referral, finish, "GIVEN", note="Two bags")
    follow_waiting(at=NOON + HOUR)
    sent(mesh, at=NOON + HOUR)
    practice.take_in()

    first, second = Document.objects.order_by("version")
    assert (second.replaces, second.version) == (first, 2)
    assert second.content["others"] == [["Cou council", "Help was given", "Two bags"]]
    assert practice.superseded == {str(first.pk)}


def test_sent_twice_after_a_crash_it_is_one_message(worker, mesh):
    closed()
    sent(mesh)
    Document.objects.update(status="SENDING", due_at=NOON)
    before = sorted((mesh._out).iterdir())

    sent(mesh)

    assert sorted((mesh._out).iterdir()) == before
    assert Document.objects.get().status == "SENT"


def test_refused_it_is_somebodys_to_chase(worker, mesh, practice):
    closed()
    sent(mesh)
    for control in practice.out.glob("*.ctl"):
        control.write_text(control.read_text().replace("GPFED", "OTHER"))
    practice.take_in()
    take_in_answers(at=NOON, inbox=mesh)

    document = Document.objects.get()
    assert (document.status, document.because) == ("REFUSED", "wrong workflow")
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        assert list(documents_to_chase(viewer)) == [document]


def test_without_an_answer_for_two_days_it_is_somebodys_to_chase(worker, mesh):
    closed()
    sent(mesh)
    Document.objects.update(settled_at=NOON - timedelta(days=9))

    with given.acting(given.user("SURVEILLANCE")) as viewer:
        assert documents_to_chase(viewer).count() == 1


def test_an_answer_changes_a_document_once_and_never_back(worker, mesh, practice):
    closed()
    sent(mesh)
    practice.take_in()
    take_in_answers(at=NOON, inbox=mesh)
    Document.objects.update(status="REFUSED")

    for path in (mesh._in / "read").iterdir():
        path.rename(mesh._in / path.name)
    assert take_in_answers(at=NOON, inbox=mesh) == 0


def test_files_that_are_none_of_ours_are_left(worker, mesh):
    (mesh._in / "stranger.dat").write_text('{"resourceType": "Bundle"}')

    assert take_in_answers(at=NOON, inbox=mesh) == 0
    assert (mesh._in / "stranger.dat").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entry": [{"resource": {"response": 7}}]}'])
def test_what_is_no_answer_is_none(text):
    assert answer_in(text) is None


class TestTheStandInIsTrue:
    """It refuses what the specification says a receiver refuses."""

    @pytest.mark.parametrize(
        ("spoil", "fault"),
        [
            (lambda m: m["entry"].pop(0), "not a message"),
            (lambda m: m["entry"][0]["resource"]["event"].update(code="X"), "not the header"),
            (lambda m: _part(m, "Binary").update(content="aGVsbG8="), "no PDF"),
            (lambda m: _part(m, "Patient").update(birthDate="1900-01-01"), "do not agree"),
            (lambda m: _part(m, "Composition")["subject"].update(reference="x"), "not in the"),
            (lambda m: m["entry"][2]["resource"]["entry"].pop(2), "Practitioner is missing"),
            (
                lambda m: m["entry"][0]["resource"]["extension"][0]["extension"].pop(),
                "use case",
            ),
        ],
    )
    def test_a_spoilt_message_is_refused(self, worker, mesh, practice, spoil, fault):
        closed()
        sent(mesh)
        (data,) = practice.out.glob("*.dat")
        message = json.loads(data.read_text())
        spoil(message)
        control = data.with_suffix(".ctl").read_text()
        assert any(fault in each for each in faults_of(json.dumps(message), control))

    def test_a_whole_message_is_not(self, worker, mesh):
        closed()
        document = Document.objects.select_related("alert__team__organisation").get()

        message = message_of(letter_of(document))

        assert message["entry"][0]["resource"]["event"]["code"] == "ITK007C"
        assert message_of(letter_of(document))["id"] == message["id"]


def _part(message, kind):
    (found,) = (
        each["resource"]
        for each in message["entry"][2]["resource"]["entry"]
        if each["resource"]["resourceType"] == kind
    )
    return found


class TestThePage:
    def test_the_practice_opens_its_document(self, client, worker, mesh):
        closed()
        document = Document.objects.get()
        doctor = given.sign_in(client, given.user("PRACTICE", given.area().practice))

        got = doctor.get(f"/referrals/documents/{document.pk}/")

        assert got["Content-Type"] == "application/pdf"
        assert got.content.startswith(b"%PDF")

    def test_another_practice_does_not(self, client, worker):
        closed()
        document = Document.objects.get()
        stranger = given.sign_in(client, given.user("PRACTICE", given.practice("STR")))

        assert stranger.get(f"/referrals/documents/{document.pk}/").status_code == 404
