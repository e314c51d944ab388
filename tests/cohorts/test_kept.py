"""What runs keep for later runs: the text of their queries, and what they worked out."""

import json
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.engine.keeping import Facts, kept_events, kept_facts, path_of
from openprotect.cohorts.engine.plan import plan
from openprotect.cohorts.engine.texts import texts_of
from openprotect.cohorts.rules import Clause, Selection
from tests.cohorts.given import ANN, AS_OF, a_person, on, rules
from tests.cohorts.stores import small_store

DIABETES = rules(Clause(Selection(("dm",))))
SHAPE = plan(DIABETES).shape


@pytest.fixture
def store(tmp_path):
    return small_store(tmp_path, [a_person()], [on("2010-05-05", "dm")])


def only(folder):
    (path,) = folder.iterdir()
    return path


def test_the_text_of_a_shape_is_kept_and_not_written_again(tmp_path):
    first = texts_of(SHAPE, "duckdb", tmp_path)
    file = only(tmp_path).stat().st_ino

    assert texts_of(SHAPE, "duckdb", tmp_path) == first
    assert only(tmp_path).stat().st_ino == file


def test_another_day_or_figure_asks_the_same_text(store, tmp_path):
    later = rules(Clause(Selection(("asthma",)), at_least=3))

    engine.find(DIABETES, store, AS_OF, queries=tmp_path / "queries")
    engine.find(later, store, AS_OF - timedelta(days=400), queries=tmp_path / "queries")

    assert only(tmp_path / "queries")


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("SELECT", "SELEKT", 1),
        lambda text: "[]",
        lambda text: "",
        lambda text: json.dumps({"texts": json.loads(text)["texts"]}),
    ],
    ids=["cut", "changed", "another", "empty", "unsigned"],
)
def test_damaged_text_is_never_run_but_compiled_again(harm, store, tmp_path):
    folder = tmp_path / "queries"
    engine.find(DIABETES, store, AS_OF, queries=folder)
    whole = only(folder).read_text()
    only(folder).write_text(harm(whole))

    found = engine.find(DIABETES, store, AS_OF, queries=folder).found_count

    assert found == 1
    assert only(folder).read_text() == whole


def write(folder):
    return dict(texts_of(SHAPE, "duckdb", folder))


@pytest.mark.slow
def test_two_who_keep_at_once_leave_one_whole_text(tmp_path):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        texts_of_both = list(pool.map(write, [tmp_path, tmp_path]))

    file = only(tmp_path).stat().st_ino
    assert texts_of_both[0] == texts_of_both[1] == write(tmp_path)
    assert only(tmp_path).stat().st_ino == file


@pytest.mark.parametrize("harm", [lambda whole: whole[: len(whole) // 2], lambda whole: b"x"])
def test_damaged_facts_are_as_good_as_none_and_are_made_again(harm, store):
    path = path_of(DIABETES, store, AS_OF)
    path.parent.mkdir(parents=True)
    engine.find(DIABETES, store, AS_OF, keep=True)
    path.write_bytes(harm(path.read_bytes()))

    assert kept_facts(DIABETES, store, AS_OF) is None

    engine.find(DIABETES, store, AS_OF, keep=True)
    facts = kept_facts(DIABETES, store, AS_OF)
    assert engine.know(DIABETES, store, ANN, AS_OF, facts).judgement.groups == ("it",)


def test_facts_of_other_rules_or_days_are_not_taken(store):
    engine.find(DIABETES, store, AS_OF, keep=True)

    assert kept_facts(rules(Clause(Selection(("asthma",)))), store, AS_OF) is None
    assert kept_facts(DIABETES, store, AS_OF - timedelta(days=1)) is None


def test_somebody_is_known_from_events_that_a_run_of_another_day_kept(store):
    engine.find(DIABETES, store, AS_OF - timedelta(days=400), keep=True)

    assert kept_events(DIABETES, store) == Facts(
        path_of(DIABETES, store, AS_OF - timedelta(days=400))
    )
    assert engine.know(DIABETES, store, ANN, AS_OF).judgement.groups == ("it",)
    assert engine.know(DIABETES, store, ANN, date(2010, 5, 4)).judgement.groups == ()
