"""Packs are published whole, once, for ever; a programme runs on one of them at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.base.states import IllegalMove
from openprotect.events.models import Event
from openprotect.packs import from_files
from openprotect.programmes.actions import launch, publish, resume_sending, stop_sending
from openprotect.programmes.models import PackVersion, Programme
from openprotect.programmes.queries import live_programmes, pack_of
from tests import given
from tests.given import NOON
from tests.packs.given import pack_files
from tests.racing import at_once
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def small_pack(version="1.0.1"):
    shipped = f'"{given.covid_protect().version}"'
    text = pack_files()["pack.toml"].decode().replace(shipped, f'"{version}"', 1)
    return from_files(pack_files() | {"pack.toml": text.encode()})


def launched(version="1.0.1"):
    return launch(publish(small_pack(version), by=None, at=NOON), by=None, at=NOON)


def said(name):
    return Event.objects.filter(name=name).count()


def test_a_published_pack_reads_as_it_was(worker):
    kept = publish(small_pack(), by=None, at=NOON)

    again = from_files({name: text.encode() for name, text in kept.files.items()})
    assert again.content_hash == kept.content_hash == small_pack().content_hash


def test_the_same_content_published_again_is_the_same_version(worker):
    assert publish(small_pack(), by=None, at=NOON) == publish(small_pack(), by=None, at=NOON)
    assert said("pack.published") == 1


def test_other_content_under_the_same_number_is_refused(worker):
    publish(small_pack(), by=None, at=NOON)
    other = replace(small_pack(), content_hash="0" * 64)

    with pytest.raises(Refused, match="give it a new number"):
        publish(other, by=None, at=NOON)


def test_a_published_pack_is_never_changed(worker):
    kept = publish(small_pack(), by=None, at=NOON)

    with row_security_refuses():
        PackVersion.objects.filter(pk=kept.pk).update(files={})


def test_launching_puts_a_pack_to_work(worker):
    programme = launched()

    assert (programme.status, programme.launched_at) == (Programme.Status.LIVE, NOON)
    assert list(live_programmes()) == [programme]
    assert pack_of(programme).content_hash == small_pack().content_hash


def test_launched_again_nothing_changes(worker):
    assert launched() == launched()
    assert said("programme.launched") == 1


def test_a_new_version_takes_over_in_the_same_programme(worker):
    first = launched()

    second = launched("1.1.0")

    assert first.pk == second.pk
    assert second.pack.version == "1.1.0"
    assert second.launched_at == NOON
    assert said("programme.launched") == 2


def test_a_paused_programme_goes_on_when_it_is_launched(worker):
    programme = launched()
    Programme.objects.update(status="PAUSED")

    launch(programme.pack, by=None, at=NOON)

    assert Programme.objects.get().status == Programme.Status.LIVE


def test_a_live_programme_cannot_go_back_to_draft(worker):
    with pytest.raises(IllegalMove):
        launched().move_to(Programme.Status.DRAFT)


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER", "GOVERNANCE", "LEAD"])
def test_nobody_publishes_what_two_have_not_signed(worker, role):
    with given.acting(given.user(role)), row_security_refuses():
        publish(small_pack("2.0.0"), by=None, at=NOON)


def test_the_stop_button_is_pressed_once_however_often(worker):
    programme = given.programme()

    with given.acting(given.user("LEAD")) as viewer:
        for hours in (0, 1):
            stop_sending(programme, viewer=viewer, at=NOON + hours * HOUR)

    programme.refresh_from_db()
    assert programme.sending_stopped_at == NOON
    assert said("programme.sending_stopped") == 1


def test_sending_is_resumed_once_however_often(worker):
    programme = given.programme(sending_stopped_at=NOON)

    with given.acting(given.user("LEAD")) as viewer:
        for _ in range(2):
            resume_sending(programme, viewer=viewer, at=NOON + HOUR)

    programme.refresh_from_db()
    assert programme.sending_stopped_at is None
    assert said("programme.sending_resumed") == 1


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER", "GOVERNANCE"])
def test_nobody_but_a_lead_stops_sending(worker, role):
    programme = given.programme()

    with given.acting(given.user(role)) as viewer:
        stop_sending(programme, viewer=viewer, at=NOON)

    programme.refresh_from_db()
    assert programme.sending_stopped_at is None


@pytest.mark.django_db(transaction=True)
def test_two_who_press_the_stop_button_at_once_stop_it_once(worker_committing):
    programme, lead = given.programme(), given.user("LEAD")

    def press():
        with given.acting(lead) as viewer:
            stop_sending(programme, viewer=viewer, at=NOON)

    at_once(press, press, press)

    assert said("programme.sending_stopped") == 1


def test_the_database_refuses_one_content_under_two_versions(worker):
    kept = publish(small_pack(), by=None, at=NOON)

    with the_database_refuses("content_hash"):
        PackVersion.objects.create(
            key="other", version="9", content_hash=kept.content_hash, files={}, published_at=NOON
        )


def test_the_database_refuses_a_version_published_twice(worker):
    kept = publish(small_pack(), by=None, at=NOON)

    with the_database_refuses("pack_version_is_published_once"):
        PackVersion.objects.create(
            key=kept.key, version=kept.version, content_hash="f" * 64, files={}, published_at=NOON
        )


def test_the_database_refuses_two_programmes_of_one_key(worker):
    programme = given.programme()

    with the_database_refuses("programmes_programme_key"):
        Programme.objects.create(key=programme.key, title="Another", pack=programme.pack)
