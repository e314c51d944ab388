"""The bench of cohorts: its people are the same every time, and a wrong answer ends it."""

import os
import subprocess
import sys

import numpy as np
import pytest

from bench.cohort_parts import coding
from bench.cohort_parts.people import make_people
from bench.cohort_parts.records import KINDS, make_records
from bench.cohort_parts.rules import reference_rules
from openprotect.records.rules.codes import has_check_digit
from tests.database import CHECKOUT

GP = KINDS[0]


def bench(home, *words):
    """The bench over few people, with two engines."""
    few = ["--people", "3000", "--rounds", "1", "--patience", "0", "--engines", "hand,product"]
    return subprocess.run(
        [sys.executable, "bench/cohort.py", *few, *words],
        cwd=CHECKOUT,
        env={**os.environ, "OPENPROTECT_HOME": str(home), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_seed_makes_the_same_people_and_records_every_time():
    first, again = (make_people(1, 0, 500) for _ in range(2))

    assert first.table.equals(again.table)
    assert make_records(1, 0, first, GP).equals(make_records(1, 0, again, GP))


def test_another_seed_makes_others():
    first, other = make_people(1, 0, 500), make_people(2, 0, 500)

    assert not first.table.equals(other.table)
    assert not make_records(1, 0, first, GP).equals(make_records(2, 0, other, GP))


def test_records_are_as_many_and_as_uneven_as_real_ones():
    people = make_people(1, 0, 20_000)
    rows = make_records(1, 0, people, GP).column("nhs_number").combine_chunks().indices
    counts = np.bincount(rows.to_numpy(), minlength=len(people))

    assert 50 <= np.median(counts) <= 60
    assert 650 <= np.percentile(counts, 99) <= 850
    assert counts.max() <= 6000


def test_nobody_in_the_bench_has_what_could_be_an_nhs_number():
    assert not any(each.isdigit() for each in make_people(1, 0, 50).ids.to_pylist())


def test_made_up_codes_are_read_like_any_and_are_of_a_namespace_that_nobody_has():
    codes = coding.dictionary("events")[:200] + coding.dictionary("drugs")[:200]

    assert len(set(codes)) == 400
    assert all(has_check_digit(each) and coding.NAMESPACE in each for each in codes)


def test_the_task_is_fifteen_rules_over_twenty_seven_lists():
    rules = reference_rules()

    assert (len(rules.groups), len(rules.exclusions)) == (15, 1)
    assert len(rules.selections()) == len(rules.codelists) == 27


@pytest.mark.slow
def test_equal_answers_give_a_ratio_and_a_wrong_one_ends_the_bench(tmp_path):
    right = bench(tmp_path)

    assert right.returncode == 0, right.stderr
    assert right.stdout.splitlines()[-1].startswith("ratio to hand-written SQL: ")

    wrong = bench(tmp_path, "--planted", "product")

    assert wrong.returncode == 1
    assert wrong.stdout.startswith("unequal: the engines do not agree")
    assert "ratio" not in wrong.stdout
