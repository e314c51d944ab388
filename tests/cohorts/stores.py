"""A store of a few people, made from values in hand."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from openprotect.cohorts.engine.layout import CODED, PEOPLE, PRACTICES, SOURCES
from openprotect.cohorts.engine.parameters import SETTINGS
from openprotect.cohorts.engine.plan import SEXES
from openprotect.cohorts.rules.judging import NOWHERE

CODES = pa.schema(
    [("code", pa.int32()), ("system", pa.string()), ("written", pa.string()), ("term", pa.string())]
)
UNITS = pa.schema([("unit", pa.int16()), ("name", pa.string())])

generations = count(1)


@dataclass(frozen=True)
class SmallStore:
    database: Path

    def parquet(self, name):
        return self.database.parent / f"{name}.parquet"


def numbered(values):
    return {value: number for number, value in enumerate(sorted(set(values)))}


def small_store(folder, people, events, deprivation=NOWHERE):
    people = sorted(people, key=lambda person: person.nhs_number)
    persons = numbered(person.nhs_number for person in people)
    practices = numbered(["", *(person.practice_code for person in people)])
    sources = numbered(each.source for each in (*people, *events))
    units = numbered(["", *(event.unit for event in events)])
    codes = numbered((event.system, event.code) for event in events)
    episodes = numbered(["", *(event.episode for event in events)])
    terms = {(event.system, event.code): event.term for event in events}
    rows = {
        "people": (PEOPLE, [
            {"person": persons[each.nhs_number], "nhs_number": each.nhs_number,
             "born": each.birth_date, "sex": SEXES[each.sex],
             "practice": practices[each.practice_code], "registered_on": each.registered_on,
             "left_on": each.left_on, "is_dead": each.deceased, "died_on": each.deceased_on,
             "objected": each.opted_out, "care_home": each.care_home,
             "decile": deprivation.get(each.lsoa, 0), "source": sources[each.source]}
            for each in people
        ]),
        "coded": (CODED, sorted([
            {"code": codes[each.system, each.code], "person": persons[each.nhs_number],
             "on": each.on, "value": each.value, "unit": units[each.unit],
             "source": sources[each.source], "setting": SETTINGS[each.setting],
             "episode": episodes[each.episode]}
            for each in events
        ], key=lambda row: (row["code"], row["person"], row["on"]))),
        "practices": (PRACTICES, [{"practice": n, "code": each} for each, n in practices.items()]),
        "sources": (SOURCES, [{"source": n, "name": each} for each, n in sources.items()]),
        "units": (UNITS, [{"unit": number, "name": each} for each, number in units.items()]),
        "codes": (CODES, [
            {"code": number, "system": system, "written": written, "term": terms[system, written]}
            for (system, written), number in codes.items()
        ]),
    }  # fmt: skip
    return SmallStore(written(folder, rows))


def written(folder, rows):
    """The tables in a database and, beside it, as Parquet; each time in a place of its own."""
    folder = folder / f"generation-{next(generations)}" / "store"
    folder.mkdir(parents=True)
    path = folder / "store.duckdb"
    with duckdb.connect(path) as sql:
        for name, (schema, listed) in rows.items():
            sql.register("arriving", pa.Table.from_pylist(listed, schema))
            sql.execute(f"CREATE TABLE {name} AS FROM arriving")
            sql.execute(f"COPY {name} TO '{folder / name}.parquet'")
    return path
