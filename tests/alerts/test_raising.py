"""Answers become alerts: each once, with one owner and a due time, or somebody must judge."""

from datetime import timedelta

import pytest
from django.db import transaction

from openprotect.alerts.actions import (
    NOT_COMPUTED,
    Concern,
    NobodyToOwnIt,
    evaluate,
    evaluate_unfinished,
    raise_alert,
)
from openprotect.alerts.models import Alert, Evaluation, Finding
from openprotect.events.models import Event
from openprotect.packs import from_files
from openprotect.places.models import Team
from openprotect.programmes.actions import launch, publish
from openprotect.programmes.queries import pack_of
from tests import given
from tests.checkins.saying import BREATHLESS, CALM, COUGHING
from tests.given import NOON
from tests.packs.given import pack_files
from tests.places.given import team
from tests.racing import at_once
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def evaluated(answers, **given_):
    return evaluate(given.response(answers=answers, **given_), at=NOON)


def raised(kind="clinical", urgency="today", *, of=None, rule="R1"):
    of = of or given.enrolment()
    return raise_alert(
        of,
        Concern(rule, kind, urgency, "Why"),
        source_id=of.pk,
        pack_id=of.programme.pack_id,
        at=NOON,
    )


def found():
    return sorted(Finding.objects.values_list("rule", flat=True))


def test_each_rule_that_matches_is_found_on_one_alert_for_the_same_need(worker):
    done = evaluated(BREATHLESS | {"cough": "yes"})

    assert found() == ["breath-rest", "cough"]
    assert (done.findings, done.failures) == (2, 0)


def test_who_is_well_raises_nothing_and_is_noted_as_evaluated(worker):
    done = evaluated(CALM)

    assert not Alert.objects.exists()
    assert (done.findings, done.failures) == (0, 0)


def test_evaluated_again_it_is_the_same(worker):
    response = given.response(answers=COUGHING)

    assert evaluate(response, at=NOON) == evaluate(response, at=NOON + DAY)
    assert Event.objects.filter(name="alert.raised").count() == Alert.objects.count() == 1


def test_an_alert_says_whose_it_is_why_and_by_which_rules_version(worker):
    response = given.response(answers=BREATHLESS)

    evaluate(response, at=NOON)

    alert = Alert.objects.get()
    assert (alert.person, alert.response, alert.pack) == (response.person, response, response.pack)
    assert (alert.reason, alert.kind) == ("Out of breath when sitting still", "clinical")


def test_answers_are_evaluated_by_the_rules_they_were_asked_under(worker):
    old = given.response(answers=COUGHING)
    newer = from_files(_without_the_rule("cough"))
    launch(publish(newer, by=None, at=NOON), by=None, at=NOON)

    evaluate(old, at=NOON)

    assert Alert.objects.get().rule == "cough"


def _without_the_rule(name):
    files = pack_files()
    lines = files["triage.csv"].decode().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(f"{name},"))
    text = files["pack.toml"].decode().replace(f'"{given.covid_protect().version}"', '"9.0.0"', 1)
    examples = {name: b for name, b in files.items() if not name.startswith("examples/")}
    return examples | {"triage.csv": kept.encode(), "pack.toml": text.encode()}


def test_an_answer_that_cannot_be_read_makes_somebody_judge(worker):
    done = evaluated(CALM | {"temperature": "rather hot"})

    alerts = Alert.objects.order_by("rule")
    assert [(each.rule, each.kind) for each in alerts] == [("cold", "data"), ("fever", "data")]
    assert all(each.reason.startswith(NOT_COMPUTED) for each in alerts)
    assert all(each.team.function == "surveillance" for each in alerts)
    assert (done.findings, done.failures) == (0, 2)


def test_the_answer_itself_is_not_in_the_reason(worker):
    evaluated(CALM | {"temperature": "Mrs Canary says warm"})

    assert "Canary" not in "".join(Alert.objects.values_list("reason", flat=True))


def test_one_rule_that_cannot_be_computed_does_not_hinder_the_others(worker):
    evaluated(BREATHLESS | {"temperature": "hot"})

    assert "breath-rest" in Alert.objects.values_list("rule", flat=True)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"temperature": None},
        {"temperature": {"a": [1]}},
        {"breath": 7},
        {"breath": "an option that is gone"},
        {"medicines-days": 10**30},
        {"other": "\U0001f637" * 2000},
        {"no-such-question": "x"},
    ],
    ids=range(8),
)
def test_whatever_was_stored_can_be_evaluated(worker, answers):
    done = evaluated(answers)

    assert done.findings + done.failures == Finding.objects.count()


def test_undone_together_no_alert_is_left_without_the_note_of_it(worker):
    response = given.response(answers=COUGHING)

    with transaction.atomic():
        evaluate(response, at=NOON)
        transaction.set_rollback(True)

    assert (Alert.objects.count(), Evaluation.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(("only", "rules"), [(("now",), ["breath-rest"]), (None, None)])
def test_of_unfinished_answers_what_is_urgent_is_raised_at_once(worker, only, rules):
    checkin = given.checkin()

    evaluate_unfinished(checkin, {"breath": "rest", "cough": "yes"}, only=only, at=NOON)

    assert found() == (rules or ["breath-rest", "cough"])


@pytest.mark.parametrize(
    ("kind", "urgency", "function", "accept", "settle"),
    [
        ("clinical", "now", "surveillance", "0:30", "4:00"),
        ("clinical", "today", "locality", "2:00", "24:00"),
        ("clinical", "week", "practice", "24:00", "168:00"),
        ("social", "now", "council", "1:00", "8:00"),
        ("welfare", "today", "locality", "2:00", "24:00"),
        ("data", "today", "surveillance", "2:00", "24:00"),
    ],
)
def test_owner_and_due_times_are_the_packs(worker, kind, urgency, function, accept, settle):
    alert = raised(kind, urgency)

    assert alert.team.function == function
    assert alert.accept_by - alert.raised_at == _hours(accept)
    assert alert.due_at - alert.raised_at == _hours(settle)


def _hours(clock):
    hours, minutes = map(int, clock.split(":"))
    return timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("kind", "urgency", "fallback"),
    [("medication", "today", "locality"), ("social", "week", "council")],
)
def test_where_there_is_no_such_team_the_packs_fallback_steps_in(worker, kind, urgency, fallback):
    assert raised(kind, urgency).team.function == fallback


@pytest.mark.parametrize(
    ("closed", "kind", "urgency", "steps_in"),
    [
        ({"council"}, "social", "now", "surveillance"),
        ({"practice"}, "clinical", "week", "locality"),
        ({"practice", "locality"}, "clinical", "week", "surveillance"),
        ({"locality", "council"}, "social", "today", "surveillance"),
    ],
)
def test_a_team_that_has_closed_owns_nothing_new(
    worker, administrator_teams, closed, kind, urgency, steps_in
):
    enrolment = given.enrolment()
    administrator_teams(closed)

    assert raised(kind, urgency, of=enrolment).team.function == steps_in


@pytest.fixture
def administrator_teams(worker):
    """Close the teams of these functions."""

    def close(functions):
        Team.objects.filter(function__in=functions).update(closed_on=NOON.date() - DAY)

    return close


def test_without_any_team_at_all_it_is_a_fault_of_the_set_up_and_loud(worker, administrator_teams):
    enrolment = given.enrolment()
    administrator_teams(Team.Function.values)

    with pytest.raises(NobodyToOwnIt):
        raised(of=enrolment)


def test_the_nearest_team_owns_it(worker):
    enrolment = given.enrolment()
    own = team("council", given.area().practice)
    given.colleague("PARTNER", given.area().practice)

    assert raised("social", "now", of=enrolment).team == own


def test_a_rule_alerts_once_about_one_thing(worker):
    enrolment = given.enrolment()

    assert raised(of=enrolment) == raised(of=enrolment)
    assert Event.objects.filter(name="alert.raised").count() == 1


def test_another_days_answers_are_noted_on_the_open_alert(worker):
    enrolment = given.enrolment()
    for days in (0, 1):
        checkin = given.checkin(of=enrolment, status="ANSWERED", due_on=(NOON - days * DAY).date())
        evaluate(given.response(of=checkin, answers=COUGHING), at=NOON)

    assert Alert.objects.count() == 1
    assert list(Finding.objects.order_by("at", "standing").values_list("standing", flat=True)) == [
        "RAISED",
        "SAME",
    ]


@pytest.mark.django_db(transaction=True)
def test_evaluated_by_four_workers_at_once_each_rule_alerts_once(worker_committing):
    response = given.response(answers=BREATHLESS | {"cough": "yes"})

    at_once(*[lambda: evaluate(response, at=NOON)] * 4)

    assert found() == ["breath-rest", "cough"]
    assert Evaluation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_red_flag_and_the_response_evaluated_at_once_alert_once(worker_committing):
    response = given.response(answers=BREATHLESS)

    at_once(
        lambda: evaluate(response, at=NOON),
        lambda: evaluate_unfinished(response.checkin, BREATHLESS, at=NOON),
    )

    assert Alert.objects.get().response == response


def test_the_database_refuses_that_a_rule_alerts_twice(worker):
    alert = given.alert()

    said = {"alert": alert, "person": alert.person, "source_id": alert.source_id, "urgency": 2}

    with the_database_refuses("a_rule_alerts_once"):
        for standing in ("RAISED", "SAME"):
            Finding.objects.create(rule="R1", standing=standing, at=NOON, **said)


def test_the_database_refuses_two_open_alerts_for_one_need(worker):
    alert = given.alert(need="clinical")

    with the_database_refuses("one_open_alert_a_need"):
        given.alert(of=alert.enrolment, need="clinical")


def test_the_database_refuses_an_alert_without_an_owner(worker):
    with the_database_refuses("team_id"):
        enrolment = given.enrolment()
        Alert.objects.create(
            person=enrolment.person, enrolment=enrolment, programme=enrolment.programme,
            pack=enrolment.programme.pack, source_id=enrolment.pk, rule="R", kind="k", urgency=1,
            reason="why", raised_at=NOON, accept_by=NOON, due_at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize("field", ["due_at", "accept_by"])
def test_the_database_refuses_an_alert_that_was_due_before_it_was_raised(worker, field):
    with the_database_refuses("alert_is_due_after_it_is_raised"):
        given.alert(**{field: NOON - DAY})


@pytest.mark.parametrize("part", [{}, {"accepted_at": NOON}])
def test_the_database_refuses_an_accepted_alert_without_who_and_when(worker, part):
    with the_database_refuses("accepted_alert_says_who_and_when"):
        given.alert(status="ACCEPTED", **part)


@pytest.mark.parametrize(
    "trait",
    [
        {"status": "CLOSED"},
        {"status": "CLOSED", "closed_at": NOON, "outcome": "SEEN"},
        {"outcome": "SEEN"},
        {"closed_at": NOON},
    ],
)
def test_the_database_refuses_a_close_without_who_when_and_how(worker, trait):
    with the_database_refuses("closed_alert_says_who_when_and_how"):
        given.alert(**trait)


@pytest.mark.parametrize("role", ["PRACTICE", "SURVEILLANCE", "LEAD", "CALLER"])
def test_nobody_but_the_worker_raises_alerts(worker, role):
    enrolment = given.enrolment()

    with given.acting(given.user(role, given.area().system)), row_security_refuses():
        given.alert(of=enrolment, by=Team.objects.get(function="surveillance"))


def test_the_pack_of_an_alert_is_the_one_it_was_raised_under(worker):
    assert pack_of(raised()).key == "covid-protect"
