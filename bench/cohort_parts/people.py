"""Made-up people, a chunk of them at a time, each chunk from a seed of its own.

A bench of 1.1 million has more people than the range of NHS numbers that is never issued has
numbers (999: about 909,000 with a true check digit). So a person of the bench has a number with a
letter in front, as long as an NHS number and impossible to take for one.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from openprotect.records.lake import PEOPLE_SCHEMA

AS_OF = date(2026, 3, 31)
TODAY = np.datetime64(AS_OF, "D").astype(np.int32)
YEARS = 20
SPAN = int(YEARS * 365.25)
CHUNK = 20_000
PRACTICES = 100
NEIGHBOURHOODS = 660
DAYS_A_YEAR = 365.25
SEX_NAMES = ("unknown", "male", "female", "other")


@dataclass(frozen=True)
class People:
    """What the events of one chunk need to know of its people; days are counted from 1970."""

    ids: pa.Array
    born: np.ndarray
    last_day: np.ndarray  # of records: death, leaving, or the present
    activity: np.ndarray  # how much is recorded of somebody: a standard normal score
    table: pa.Table

    def __len__(self):
        return len(self.ids)


def source_of_randomness(seed, chunk, what):
    """The same stream whichever process draws it, however many people there are in all."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, chunk, what])))


def make_people(seed, chunk, count):
    random = source_of_randomness(seed, chunk, 0)
    ids = pa.array([f"B{number:09d}" for number in range(chunk * CHUNK, chunk * CHUNK + count)])
    age_days = (random.beta(1.15, 1.75, count) * 101 * DAYS_A_YEAR).astype(np.int32)
    born = TODAY - age_days
    died = _died(random, age_days, count)
    joined = TODAY - np.minimum(age_days, (random.random(count) ** 2 * 40 * 365).astype(np.int32))
    left = np.where(random.random(count) < 0.02, TODAY - random.integers(0, 2000, count), 0)
    left = np.maximum(left, joined).astype(np.int32) * (left > 0)
    columns = {
        "nhs_number": ids,
        "birth_date": _days(born, absent=random.random(count) < 0.0005),
        "birth_precision": pa.repeat("day", count),
        "sex": _named(random, SEX_NAMES, (0.002, 0.493, 0.503, 0.002), count),
        "practice_code": _practices(random, count),
        "registered_on": _days(
            joined + 60 * (random.random(count) < 0.001), absent=random.random(count) < 0.01
        ),
        "left_on": _days(left, absent=left == 0),
        "deceased": pa.array((died > 0) | (random.random(count) < 0.0003)),
        "deceased_on": _days(died, absent=died == 0),
        "opted_out": pa.nulls(count, pa.bool_()),
        "care_home": pa.array((random.random(count) < 0.05) & (age_days > 75 * 365)),
        "lsoa": _named(random, [f"E01{n:06d}" for n in range(NEIGHBOURHOODS)], None, count),
        "source": pa.repeat("bench-people", count),
    }
    last_day = np.where(died > 0, died, TODAY).astype(np.int32)
    return People(ids, born, last_day, random.standard_normal(count), _table(columns, count))


def _died(random, age_days, count):
    """The day of death, 0 for the living: the older, the more."""
    dead = random.random(count) < 0.15 * (age_days / (101 * DAYS_A_YEAR)) ** 3
    return ((TODAY - random.integers(0, 1500, count)) * dead).astype(np.int32)


def _practices(random, count):
    """Practices of different sizes; a few people have none."""
    number = (random.random(count) ** 1.3 * PRACTICES).astype(np.int32)
    number[random.random(count) < 0.012] = PRACTICES
    names = pa.array([*(f"B8{n:04d}" for n in range(PRACTICES)), ""])
    return pa.DictionaryArray.from_arrays(pa.array(number), names).cast(pa.string())


def _named(random, names, shares, count):
    number = random.choice(len(names), count, p=shares).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(number), pa.array(names)).cast(pa.string())


def _days(days, absent=None):
    return pa.array(days.astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())


def _table(columns, count):
    """Every column of the lake; what the bench has no use for is empty."""
    empty = {pa.string(): "", pa.bool_(): False}
    arrays = [
        columns.get(field.name, pa.repeat(pa.scalar(empty.get(field.type), field.type), count))
        for field in PEOPLE_SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=PEOPLE_SCHEMA)
