"""A pack's life in the service: written, checked, signed by two who did not write it, published."""

import re
from datetime import timedelta
from functools import cache

import pytest

from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.packs import from_files
from openprotect.packs.problems import PackRefused
from openprotect.programmes.actions import drafting, launch, publish, running, signing
from openprotect.programmes.models import Draft, Edit, PackVersion, Programme, Signature
from openprotect.programmes.queries import drafts as reading
from tests import given
from tests.given import NOON
from tests.packs.given import pack_files
from tests.places.given import team
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
YES = {"accepts_translations": True}
NEW = '"9.0.0"'


@cache
def files(version=NEW, bar=0):
    """A small pack, of which a part of the slips may stay unnoticed."""
    kept = dict(pack_files())
    text = kept["pack.toml"].decode().replace(f'"{given.covid_protect().version}"', version, 1)
    kept["pack.toml"] = text.replace("[cadence]", f"[triage]\nbar = {bar}\n\n[cadence]", 1).encode()
    return kept


@pytest.fixture
def staff(worker):
    """An author and two signers, all clinical leads, and a programme lead; teams for all work."""
    place = given.area()
    for function in ("charity", "pharmacy"):
        team(function, place.locality)
    given.colleague("PARTNER", place.locality)
    given.programme()
    roles = {"author": "CLINICAL", "one": "CLINICAL", "two": "CLINICAL", "lead": "LEAD"}
    return {name: given.user(role) for name, role in roles.items()}


def brought_in(staff, kept=None):
    with given.acting(staff["author"]) as viewer:
        return drafting.bring_in(kept or files(), viewer=viewer, at=NOON)


def checked(staff, kept=None):
    draft = brought_in(staff, kept)
    with given.acting(staff["author"]) as viewer:
        return drafting.check(draft, viewer=viewer, at=NOON)


def sign(draft, who, **more):
    with given.acting(who) as viewer:
        return signing.sign(draft, viewer=viewer, at=NOON, **{"reason": "Agreed"} | more)


def signed(staff, kept=None):
    draft = checked(staff, kept)
    sign(draft, staff["one"], **YES)
    return sign(draft, staff["two"])


def release(draft, who, at=NOON):
    with given.acting(who) as viewer:
        return signing.release(draft, viewer=viewer, at=at)


def test_written_checked_signed_by_two_and_published(staff):
    draft = signed(staff)
    assert draft.status == Draft.Status.SIGNED

    made = release(draft, staff["lead"])

    assert (made.version, made.published_by) == ("9.0.0", staff["lead"])
    assert made.content_hash == from_files(files()).content_hash
    told = (
        Event.objects.filter(name__startswith="pack.").order_by("id").values_list("name", flat=True)
    )
    assert list(told) == [
        "pack.edited", "pack.checked", "pack.signed", "pack.signed", "pack.published",
    ]  # fmt: skip


def test_published_again_it_is_the_same_version(staff):
    draft = signed(staff)

    assert release(draft, staff["lead"]) == release(draft, staff["lead"])
    assert PackVersion.objects.filter(version="9.0.0").count() == 1


def test_the_same_folder_brought_in_twice_changes_nothing(staff):
    assert brought_in(staff) == brought_in(staff)
    assert Edit.objects.count() == 1


def test_what_is_published_already_is_not_brought_in_again(staff):
    publish(from_files(files()), by=None, at=NOON)

    with pytest.raises(Refused, match="published already"):
        brought_in(staff)


def test_who_wrote_a_draft_does_not_sign_it(staff):
    with pytest.raises(Refused, match="You wrote in this draft"):
        sign(checked(staff), staff["author"])


def test_nor_does_the_database_let_them(staff):
    draft = checked(staff)

    with given.acting(staff["author"]), row_security_refuses():
        Signature.objects.create(
            draft=draft, content_hash=draft.content_hash, by=staff["author"], at=NOON
        )


def test_nobody_signs_in_the_name_of_another(staff):
    draft = checked(staff)

    with given.acting(staff["one"]), row_security_refuses():
        Signature.objects.create(
            draft=draft, content_hash=draft.content_hash, by=staff["two"], at=NOON
        )


@pytest.mark.parametrize("role", ["LEAD", "GOVERNANCE", "PRACTICE"])
def test_only_a_clinical_lead_signs(staff, role):
    draft = checked(staff)

    with pytest.raises(Refused, match="Only a clinical lead signs"):
        sign(draft, given.user(role))


def test_one_person_signing_twice_is_one_signature(staff):
    draft = checked(staff)

    for _ in range(2):
        sign(draft, staff["one"])

    draft.refresh_from_db()
    assert (Signature.objects.count(), draft.status) == (1, Draft.Status.CHECKED)


def test_what_is_not_checked_is_not_signed(staff):
    with pytest.raises(Refused, match="Check the draft first"):
        sign(brought_in(staff), staff["one"])


def test_a_grave_change_is_signed_with_a_reason(staff):
    publish(from_files(files('"8.0.0"')), by=None, at=NOON)
    table = files()["triage.csv"].replace(b'today,"Feels hot', b'week,"Feels hot')
    assert table != files()["triage.csv"]
    draft = checked(staff, files() | {"triage.csv": table})

    with pytest.raises(Refused, match="write the reason"):
        sign(draft, staff["one"], reason=" ")


def test_a_change_ends_what_was_signed(staff):
    draft = signed(staff)
    text = draft.files["practice-card.md"] + "\nOne line more.\n"

    with given.acting(staff["author"]) as viewer:
        drafting.edit(
            draft, "practice-card.md", text, seen=draft.content_hash, viewer=viewer, at=NOON
        )

    draft.refresh_from_db()
    assert (draft.status, reading.signers(draft)) == (Draft.Status.DRAFT, [])


def test_a_change_to_what_somebody_else_changed_is_refused(staff):
    draft = brought_in(staff)

    with (
        given.acting(staff["author"]) as viewer,
        pytest.raises(Refused, match="changed this draft"),
    ):
        drafting.edit(draft, "triage.csv", "x", seen="0" * 64, viewer=viewer, at=NOON)


def test_a_draft_that_is_not_sound_may_be_kept_and_is_not_checked(staff):
    draft = brought_in(staff, files() | {"triage.csv": b"rule\n"})

    with given.acting(staff["author"]) as viewer, pytest.raises(PackRefused):
        drafting.check(draft, viewer=viewer, at=NOON)


def test_a_draft_with_a_wrong_card_is_not_checked(staff):
    cards = files()["examples/triage.csv"].replace(b",chest-pain\n", b",none\n")
    draft = brought_in(staff, files() | {"examples/triage.csv": cards})

    with (
        given.acting(staff["author"]) as viewer,
        pytest.raises(Refused, match="unexpectedly"),
    ):
        drafting.check(draft, viewer=viewer, at=NOON)


def test_only_a_lead_publishes(staff):
    with pytest.raises(Refused, match="Only a programme lead"):
        release(signed(staff), staff["one"])


def test_everything_that_stands_in_the_way_is_said(staff):
    draft = checked(staff)
    Programme.objects.all()

    words = "\n".join(reading.in_the_way(draft, at=NOON + timedelta(days=4000)))

    assert "2 more clinical leads must sign it" in words
    assert "is not ahead" in words
    assert "await professional translation" in words
    assert "No legal basis in force" in words
    with pytest.raises(Refused, match="more clinical leads must sign"):
        release(draft, staff["lead"])


def test_translations_that_wait_need_somebody_who_answers_for_them(staff):
    draft = checked(staff)
    for name in ("one", "two"):
        sign(draft, staff[name])

    with pytest.raises(Refused, match="await professional translation"):
        release(draft, staff["lead"])


def test_slips_below_the_packs_bar_stand_in_the_way(staff):
    cards = [
        line
        for line in files()["examples/triage.csv"].decode().splitlines()
        if not line.startswith("temperature-35,")
    ]
    kept = files(bar=100) | {"examples/triage.csv": "\n".join(cards).encode()}
    draft = brought_in(staff, kept)

    assert any("Cards" in each for each in reading.in_the_way(draft, at=NOON))


def test_work_that_no_team_does_stands_in_the_way(worker):
    given.programme()
    given.area()
    draft = drafting.bring_in(files(), at=NOON)

    assert "No open team does this work: charity, pharmacy." in reading.in_the_way(draft, at=NOON)


def test_work_that_a_team_without_members_does_stands_in_the_way(worker):
    """Bad input R07: a queue that nobody can open is no owner."""
    given.programme()
    place = given.area()
    team("pharmacy", place.practice)
    team("charity", place.locality)
    draft = drafting.bring_in(files(), at=NOON)

    waits = reading.in_the_way(draft, at=NOON)
    assert "Nobody works in any team that does this work: charity, pharmacy." in waits

    given.colleague("PARTNER", place.locality)
    given.colleague("PARTNER", place.practice)
    assert not [each for each in reading.in_the_way(draft, at=NOON) if "Nobody works" in each]


def with_review_on(day):
    text = files()["pack.toml"].decode()
    moved = re.sub(r"(?m)^review_on = .*", f"review_on = {day}", text)
    return files() | {"pack.toml": moved.encode()}


def test_a_review_day_that_is_not_ahead_stands_in_the_way(staff):
    draft = brought_in(staff, with_review_on(NOON.date()))

    assert any("is not ahead" in each for each in reading.in_the_way(draft, at=NOON))


def test_without_a_legal_basis_in_force_nothing_is_published(staff):
    draft = signed(staff)
    ended = NOON + timedelta(days=4000)

    with pytest.raises(Refused, match="No legal basis in force"):
        release(draft, staff["lead"], at=ended)


def test_a_basis_that_ends_before_the_review_needs_a_reason(staff):
    """Bad input R17."""
    draft = checked(staff, with_review_on((NOON + timedelta(days=3000)).date()))

    assert any("legal basis ends on" in each for each in reading.held_back(draft, at=NOON))
    with pytest.raises(Refused, match="write the reason"):
        sign(draft, staff["one"], **YES, reason="")


def test_an_id_used_again_for_something_else_stands_in_the_way(staff):
    """Bad input N03: answers of years ago would be read as answers to another question."""
    form = files()["questionnaire.json"].decode()
    recoded = form.replace('"a-bit"', '"somewhat"')
    table = files()["triage.csv"].decode().replace("a-bit", "somewhat")
    cards = files()["examples/triage.csv"].decode().replace("a-bit", "somewhat")
    kept = {"questionnaire.json": recoded, "triage.csv": table, "examples/triage.csv": cards}
    draft = brought_in(staff, files() | {name: text.encode() for name, text in kept.items()})

    waits = reading.in_the_way(draft, at=NOON)
    assert any("was kept as a-bit and would be somewhat" in each for each in waits)


def test_a_draft_given_up_makes_room_for_another(staff):
    draft = brought_in(staff)
    with given.acting(staff["author"]) as viewer:
        drafting.abandon(draft, viewer=viewer, at=NOON)

    assert brought_in(staff) != draft


def test_the_database_keeps_one_open_draft_of_a_pack(staff):
    draft = brought_in(staff)

    with the_database_refuses("one_open_draft_of_a_pack"):
        Draft.objects.create(
            key=draft.key, version="x", title="x", content_hash="x", files={},
            made_at=NOON, changed_at=NOON,
        )  # fmt: skip


def test_nobody_else_sees_a_draft(staff):
    brought_in(staff)

    for role, count in (("PRACTICE", 0), ("CALLER", 0), ("GOVERNANCE", 1)):
        with given.acting(given.user(role)) as viewer:
            assert (Draft.objects.count(), reading.visible_to(viewer).count()) == (count, count)


def test_a_programme_is_paused_goes_on_is_closed_and_starts_again(staff):
    programme = given.programme()

    with given.acting(staff["lead"]) as viewer:
        for act, status in (
            (running.pause, "PAUSED"), (running.pause, "PAUSED"), (running.restart, "LIVE"),
            (running.close, "CLOSED"), (running.restart, "LIVE"),
        ):  # fmt: skip
            assert act(programme, viewer=viewer, at=NOON).status == status

    assert Event.objects.filter(name="programme.paused").count() == 1


def test_a_programme_without_a_basis_does_not_start_again(staff):
    programme = given.programme()

    with given.acting(staff["lead"]) as viewer:
        running.pause(programme, viewer=viewer, at=NOON)
        with pytest.raises(Refused, match="no legal basis"):
            running.restart(programme, viewer=viewer, at=NOON + timedelta(days=4000))


def test_nobody_but_a_lead_pauses(staff):
    with (
        given.acting(staff["one"]) as viewer,
        pytest.raises(Refused, match="Only a programme lead"),
    ):
        running.pause(given.programme(), viewer=viewer, at=NOON)


def test_a_launched_version_is_what_new_askings_go_by(staff):
    made = release(signed(staff), staff["lead"])

    with given.acting(staff["lead"]):
        assert launch(made, by=staff["lead"], at=NOON).pack == made
