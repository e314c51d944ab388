"""The coded records of made-up people: events, prescriptions and admissions of one chunk.

How much is recorded of somebody is log-normal (median 55 events, 99th percentile 750, at most
6,000), and what is recorded follows Zipf's law over the ordinary codes. Among these are laid the
lists that the rules ask for: who has one is drawn by how often ill they are, and their events of it
stand close together in time, as a course of treatment does.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from bench.cohort_parts import coding
from bench.cohort_parts.people import SPAN, source_of_randomness
from openprotect.records.lake import EVENTS_SCHEMA

FINE = 22  # bits of a draw: the rarest code has a dozen places in the table
AHEAD = 5  # days: a few records are dated after the day asked about, which never count
MEASURED = 12  # of 64 ordinary events, how many carry a value


@dataclass(frozen=True)
class Kind:
    """One extract: how much of it a person has (log-normal), and how its rows are marked."""

    table: str
    kind: str
    setting: str
    source: str
    median: float
    spread: float
    most: int


KINDS = (
    Kind("events", "diagnosis", "gp", "bench-gp", 55.0, 1.13, 6000),
    Kind("drugs", "medication", "gp", "bench-gp", 12.0, 1.60, 2500),
    Kind("admissions", "admission", "hospital", "bench-hospital", 0.55, 1.45, 60),
)


def make_records(seed, chunk, people, kind):
    """One table of the lake's events, in the order of the people."""
    random = source_of_randomness(seed, chunk, 1 + KINDS.index(kind))
    laid = _laid(random, people, kind)
    counts = _counts(random, people, kind)
    np.maximum(counts, np.bincount(laid["person"], minlength=len(people)), out=counts)
    rows = _ordinary(random, people, kind, counts)
    _lay(rows, laid, counts)
    return _table(kind, people, rows)


def _counts(random, people, kind):
    """Who is busy in one table is busy in all, but for some noise."""
    normal = people.activity * 0.9 + random.standard_normal(len(people)) * 0.436
    return np.minimum(kind.median * np.exp(kind.spread * normal), kind.most).astype(np.int32)


def _laid(random, people, kind):
    """The events of this table's lists: person, code, day, value, unit."""
    parts = [_of_list(random, people, each) for each in coding.by_table(kind.table)]
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _of_list(random, people, listed):
    chance = listed.share * 2 / (1 + np.exp(-1.702 * people.activity))  # near the normal curve
    has = np.flatnonzero(random.random(len(people)) < chance)
    person = np.repeat(has, random.poisson(listed.each - 1, len(has)) + 1)
    newest = np.repeat(
        (SPAN * random.random(len(has)) ** 2).astype(np.int32) - AHEAD, _runs(person)
    )
    ago = newest + (listed.days * random.random(len(person))).astype(np.int32)
    first, end = coding.places()[listed.key]
    code = first + ((end - first) ** random.random(len(person)) - 1e-9).astype(np.int32)
    value = np.full(len(person), np.nan)
    if listed.value:
        mean, sd = listed.value
        usual = np.repeat(random.normal(mean, sd, len(has)), _runs(person))
        value = np.round(np.maximum(usual + random.normal(0, sd / 4, len(person)), 1), 1)
        value[random.random(len(person)) < 0.01] = np.nan
    unit = np.full(len(person), _units().index(listed.unit), np.int8)
    day = people.last_day[person] - ago
    return {"person": person, "code": code, "day": day, "value": value, "unit": unit}


def _runs(sorted_numbers):
    return np.diff(np.flatnonzero(np.diff(sorted_numbers, prepend=-1, append=-2)))


@cache
def _units():
    return ("", *sorted({each.unit for each in coding.LISTS if each.unit}), "1")


def _ordinary(random, people, kind, counts):
    total = int(counts.sum())
    person = np.repeat(np.arange(len(people), dtype=np.int32), counts)
    drawn = random.integers(0, 1 << 32, total, dtype=np.uint32)
    code = _zipf(kind.table)[drawn >> (32 - FINE)]
    span = np.minimum(np.maximum(people.last_day - people.born, 1), SPAN).astype(np.float32)
    ago = random.random(total, dtype=np.float32) * span[person]
    day = people.last_day[person] - ago.astype(np.int32)
    has_value = ((code & 63) < MEASURED) & (kind.table == "events")
    value = np.full(total, np.nan)
    value[has_value] = (drawn[has_value] & 1023) / 8
    unit = has_value.astype(np.int8) * (len(_units()) - 1)
    return {"person": person, "code": code, "day": day, "value": value, "unit": unit}


@cache
def _zipf(table):
    """Zipf's law as a table to look a draw up in."""
    first, size = coding.first_ordinary(table), coding.SIZE[table]
    weights = 1 / np.arange(1, size - first + 1)
    ends = np.round(np.cumsum(weights / weights.sum()) * (1 << FINE)).astype(np.int64)
    # Neighbours in rank are strangers in code order, as in any real code system.
    order = np.random.Generator(np.random.SFC64(7)).permutation(size - first)
    return np.repeat(first + order, np.diff(ends, prepend=0)).astype(np.int32)


def _lay(rows, laid, counts):
    """Put the lists' events in place of a person's first ordinary ones."""
    order = np.argsort(laid["person"], kind="stable")
    person = laid["person"][order]
    starts = np.cumsum(counts) - counts
    rank = np.arange(len(person)) - np.searchsorted(person, person)
    place = starts[person] + rank
    for column in ("code", "day", "value", "unit"):
        rows[column][place] = laid[column][order]


def _table(kind, people, rows):
    total = len(rows["person"])
    words, terms = _dictionaries(kind.table)
    columns = {
        "nhs_number": _pointing(rows["person"], people.ids),
        "code": _pointing(rows["code"], words),
        "term": _pointing(rows["code"], terms),
        "on": pa.array(rows["day"].astype(np.int32)).cast(pa.date32()),
        "value": pa.array(rows["value"], from_pandas=True),
        "unit": _pointing(rows["unit"], pa.array(_units())),
    }
    same = {
        "kind": kind.kind,
        "system": coding.SYSTEM[kind.table],
        "source": kind.source,
        "setting": kind.setting,
    }
    for field in EVENTS_SCHEMA:
        if field.name not in columns:
            zeros = pa.array(np.zeros(total, np.int8))
            only = pa.array([same.get(field.name, "")])
            columns[field.name] = pa.DictionaryArray.from_arrays(zeros, only)
    return pa.table({field.name: columns[field.name] for field in EVENTS_SCHEMA})


@cache
def _dictionaries(table):
    words = coding.dictionary(table)
    return pa.array(words), pa.array([coding.term(table, number) for number in range(len(words))])


def _pointing(numbers, words):
    return pa.DictionaryArray.from_arrays(pa.array(numbers), words)
