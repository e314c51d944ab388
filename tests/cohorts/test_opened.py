import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.engine import opened as files
from openprotect.cohorts.engine.opened import MOST_ATTACHED, MOST_STORES, opened
from openprotect.cohorts.rules import Clause, Selection
from tests.cohorts.given import ANN, AS_OF, a_person, on, rules
from tests.cohorts.stores import small_store

DIABETES = rules(Clause(Selection(("dm",))))


@pytest.fixture
def store(tmp_path):
    return small_store(tmp_path, [a_person()], [on("2010-05-05", "dm")])


def test_a_file_is_opened_once(store):
    assert opened(store.database) is opened(store.database)


def test_a_file_that_was_replaced_is_opened_anew(store, tmp_path):
    assert engine.find(DIABETES, store, AS_OF).found_count == 1
    newer = small_store(tmp_path, [a_person()], [])

    shutil.copy(newer.database, fresh := tmp_path / "fresh")
    fresh.replace(store.database)

    assert engine.find(DIABETES, store, AS_OF).found_count == 0


def test_few_files_stay_open_and_a_reader_of_another_reads_on(store, tmp_path):
    reader = opened(store.database).cursor()

    for _ in range(MOST_STORES):
        opened(small_store(tmp_path, [a_person()], []).database)

    assert len(files._stock.by_file) == MOST_STORES
    assert reader.execute("SELECT nhs_number FROM people").fetchall() == [(ANN,)]


def test_a_file_with_many_kept_facts_beside_it_is_opened_anew(store):
    first = opened(store.database)
    for day in range(1, MOST_ATTACHED + 1):
        engine.find(DIABETES, store, AS_OF.replace(day=day), keep=True)
        assert engine.keeping.kept_facts(DIABETES, store, AS_OF.replace(day=day))

    assert opened(store.database) is not first


def test_threads_do_not_meet(store):
    def ask(turn):
        asked = DIABETES if turn % 2 else rules(Clause(Selection(("asthma",))))
        known = engine.know(asked, store, ANN, AS_OF)
        return engine.find(asked, store, AS_OF).found_count, len(known.judgement.groups)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))

    assert answers == [(turn % 2, turn % 2) for turn in range(40)]


def test_a_forked_process_opens_its_own(store):
    engine.find(DIABETES, store, AS_OF)

    child = os.fork()
    if child == 0:
        found = engine.find(DIABETES, store, AS_OF).found_count
        os._exit(0 if found == 1 else 1)

    assert os.waitpid(child, 0)[1] == 0


def test_of_many_kept_facts_each_is_read_as_itself(store):
    for number in range(MOST_ATTACHED + 3):
        asked = rules(Clause(Selection(("dm",)), at_least=1 + number % 2))
        day = AS_OF.replace(day=1 + number)
        engine.find(asked, store, day, keep=True)

        known = engine.know(asked, store, ANN, day)
        assert known.judgement.groups == (() if number % 2 else ("it",))
