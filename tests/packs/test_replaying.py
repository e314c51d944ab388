"""A changed pack on stored answers: who would be judged otherwise, and how."""

import json

import pytest

from openprotect.packs.replaying import FEWER, LATER, MORE, OTHERWISE, SOONER, Given, replay
from tests.packs.given import pack_files

TODAY = {"temperature": "38"}


def given(number, before=None, **answers):
    return Given(
        response=f"r{number}",
        person=f"p{number}",
        practice="Canary Surgery",
        version="v1",
        answers=json.dumps(answers),
        before=json.dumps(before) if before else None,
        age=80,
        days_silent=1,
        answered_by="self",
        groups=("diabetes",),
    )


def replayed(old, new, *answers, **more):
    table = pack_files() | {"triage.csv": pack_files()["triage.csv"].replace(old, new, 1)}
    assert table != pack_files()
    rows = [given(number, **each) for number, each in enumerate(answers)]
    return replay(table, {"v1": pack_files()}, rows, **more)


def test_who_changes_side_of_a_moved_bound_is_named():
    found = replayed(
        b"fever,,,,,,>= 38",
        b"fever,,,,,,> 38",
        {"temperature": 37.9},
        {"temperature": 38},
        {"temperature": 38.1},
    )

    (only,) = found.changed
    assert (only.response, only.kind, only.was, only.lost) == ("r1", FEWER, "today", ("fever",))
    assert (found.answers, len(found.people)) == (3, 3)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (b"clinical,week,New or worse cough", b"clinical,today,New or worse cough", SOONER),
        (b"clinical,today,Feels worse", b"clinical,week,Feels worse", LATER),
    ],
)
def test_an_urgency_that_changed_is_told(old, new, kind):
    found = replayed(
        old, new, {"cough": "yes", "hot": "no"} if kind == SOONER else {"feeling": "worse"}
    )

    assert [each.kind for each in found.changed] == [kind]
    assert found.changed[0].gained == ()


def test_a_rule_that_is_new_or_gone_is_counted_by_rule():
    found = replayed(b"worse,worse,", b"worse,better,", {"feeling": "better"}, {"feeling": "worse"})

    assert found.by_rule == {("worse", MORE): 1, ("worse", FEWER): 1}
    assert found.by_kind == {(MORE, "today"): 1, (FEWER, "today"): 1}
    assert set(found.by_practice) == {
        ("Canary Surgery", MORE, "today"),
        ("Canary Surgery", FEWER, "today"),
    }


def test_other_reasons_of_the_same_urgency_are_told_apart():
    found = replayed(b"worse,worse,", b"iller,worse,", {"feeling": "worse"})

    assert [(each.kind, each.gained, each.lost) for each in found.changed] == [
        (OTHERWISE, ("iller",), ("worse",))
    ]


def test_answers_of_an_older_form_are_not_taken_for_strangers():
    files = pack_files()
    old = json.loads(files["questionnaire.json"])
    hot = next(each for each in old["item"][0]["item"] if each["linkId"] == "hot")
    old["item"].append(hot | {"linkId": "pets"})
    older = files | {"questionnaire.json": json.dumps(old).encode()}

    found = replay(files, {"v1": older}, [given(1, pets="yes")])

    assert found.changed == []


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_apart_find_the_same(processes, monkeypatch):
    monkeypatch.setattr("openprotect.packs.replaying.WORTH_A_PROCESS", 20)
    monkeypatch.setattr("openprotect.packs.replaying.BATCH", 7)
    answers = [{"feeling": "worse" if number % 3 else "better"} for number in range(50)]

    found = replayed(b"worse,worse,", b"worse,better,", *answers, processes=processes)

    assert found.answers == len(found.changed) == 50
