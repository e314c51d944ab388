"""A changed pack put to what is stored: the service reads the answers with what was known then."""

from datetime import timedelta

import pytest

from openprotect.packs import from_files
from openprotect.packs.replaying import FEWER, MORE
from openprotect.reports.queries.replaying import replay_pack
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
OPTIONS = '[triage.changes.breath]\nfrom_best = ["normal", "moving", "rest"]\n\n[cadence]'


def pack_with(rule, options=OPTIONS):
    """The shipped pack with one rule more, on how breathing changed."""
    files = dict(given.covid_protect().files)
    files["pack.toml"] = files["pack.toml"].replace(b"[cadence]", options.encode(), 1)
    header, *lines = files["triage.csv"].decode().strip().splitlines()
    width = header.count(",")
    lines = [f"{line}," for line in lines] + [f"extra{',' * (width - 4)},{rule}"]
    files["triage.csv"] = "\n".join([f"{header},change:breath", *lines]).encode()
    return from_files(files)


def told(breath, days_ago, enrolment):
    at = NOON - timedelta(days=days_ago)
    checkin = given.checkin(
        of=enrolment,
        status="ANSWERED",
        due_on=at.date(),
        opens_at=at - timedelta(hours=3),
        closes_at=at + timedelta(hours=3),
        answered_at=at,
    )
    return given.response(of=checkin, answers={"breath": breath}, at=at)


def test_what_changed_since_the_time_before_is_known_also_from_before_the_days_asked(worker):
    enrolment = given.enrolment()
    told("normal", 40, enrolment)
    worse = told("moving", 3, enrolment)
    told("moving", 2, enrolment)

    replayed = replay_pack(
        pack_with("clinical,today,Because,Made up,worse"), days=28, at=NOON + timedelta(hours=1)
    )

    assert replayed.found.answers == 2
    assert [(each.response, each.gained) for each in replayed.found.changed] == [
        (str(worse.pk), ("extra",))
    ]
    assert replayed.found.changed[0].practice == enrolment.practice.name


def test_nothing_is_judged_otherwise_by_the_same_pack(worker):
    told("moving", 1, given.enrolment())

    replayed = replay_pack(given.covid_protect(), days=28, at=NOON + timedelta(hours=1))

    assert (replayed.found.answers, replayed.found.changed) == (1, [])


def test_a_rule_that_is_left_out_shows_who_would_have_no_alert(worker):
    told("moving", 1, given.enrolment())
    files = dict(given.covid_protect().files)
    lines = files["triage.csv"].decode().splitlines()
    files["triage.csv"] = "\n".join(e for e in lines if not e.startswith("breath-moving")).encode()

    replayed = replay_pack(from_files(files), days=28, at=NOON + timedelta(hours=1))

    assert replayed.found.by_kind == {(FEWER, "today"): 1}
    assert (("breath-moving", MORE)) not in replayed.found.by_rule
