"""The tables of dated facts: events, medicines, admissions, social care, scores, the risk list."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprotect.records.readers import contracts
from openprotect.records.readers.columns import (
    Cells,
    Fault,
    Numbers,
    clean,
    none_wrong,
)
from openprotect.records.readers.tables import Batch, Maker, Read, Ways
from openprotect.records.rules import codes, measures, people, risk_list
from openprotect.records.rules.reasons import RowFault

SETTINGS = ("", "gp", "hospital", "social", "list")
Column = Callable[[str], pa.Array]


def maker(ways: Ways, permitted: frozenset[str] = frozenset()) -> Maker:
    """How the facts of one table are read."""
    make = {
        contracts.EVENTS.name: _events,
        contracts.MEDICATIONS.name: _medications,
        contracts.ADMISSIONS.name: _admissions,
        contracts.SOCIAL_CARE.name: _social_care,
        contracts.SCORES.name: _scores,
        contracts.RISK_LIST.name: _risk_list,
    }[ways.table.header.contract.name]
    return make(ways, permitted)


def _start(batch: Batch, ways: Ways) -> tuple[Read, Column]:
    read = Read({})
    number = ways.number.read(batch.column("nhs_number"))
    read.values["nhs_number"] = number.values
    read.faults.append(number.faults)
    setting = ways.table.header.contract.setting
    if setting:
        read.values["setting"] = pa.repeat(setting, len(batch))
    return read, lambda name: clean(batch.column(name))[0]


class _Day:
    """The day of a fact: needed, and not in the future."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.missing = ways.faults.number(Fault("event-date"))
        self.future = ways.faults.number(Fault("event-future"))

    def read(self, read: Read, column: pa.Array) -> None:
        cells = self.ways.day.read(column)
        faults = cells.faults.copy()
        days = cells.values
        missing = pc.is_null(days).to_numpy(zero_copy_only=False) & (faults == 0)
        later = pc.greater(days, self.ways.today).fill_null(False)
        faults[missing] = self.missing
        faults[later.to_numpy(zero_copy_only=False)] = self.future
        read.values["on"] = days
        read.faults.append(faults)


class _Codes:
    """Codes by the rules of the system that each row names."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.readers: dict[str, Callable[[pa.Array], Cells]] = {}

    def read(self, read: Read, system: pa.Array, code: pa.Array) -> None:
        systems = system.dictionary_encode()
        named = [codes.plain(each) for each in systems.dictionary.to_pylist()]
        where = systems.indices.to_numpy(zero_copy_only=False)
        read.values["system"] = pa.array(named, pa.string()).take(systems.indices)
        if len(set(named)) == 1:
            cells = self._of(named[0])(code)
            read.values["code"] = cells.values
            read.faults.append(cells.faults)
            return
        values, faults = code, none_wrong(len(code))
        for name in set(named):
            mask = np.isin(where, [at for at, each in enumerate(named) if each == name])
            cells = self._of(name)(code.filter(pa.array(mask)))
            values = pc.replace_with_mask(values, pa.array(mask), cells.values)
            faults[mask] = cells.faults
        read.values["code"] = values
        read.faults.append(faults)

    def _of(self, system: str) -> Callable[[pa.Array], Cells]:
        if system not in self.readers:
            reader = self.ways.reader(lambda value: codes.read(value, system))
            self.readers[system] = reader.read
        return self.readers[system]


class _Values:
    """Numbers, and whether a living body can show them in the unit that they are given in."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.reader = ways.reader(number, pa.float64())
        self.not_finite = ways.faults.number(Fault("value", shape=True))

    def read(self, read: Read, column: pa.Array, unit: pa.Array) -> None:
        if pa.types.is_floating(column.type):
            values = column.cast(pa.float64())
            faults = none_wrong(len(column))
            finite = pc.is_finite(values).fill_null(True).to_numpy(zero_copy_only=False)
            faults[~finite] = self.not_finite
            cells = Cells(values, faults)
        else:
            cells = self.reader.read(clean(column)[0])
        read.values |= {"value": cells.values, "unit": unit}
        read.faults += [cells.faults, self._measured(read.values, cells.values, unit)]

    def _measured(self, values: dict[str, pa.Array], value: pa.Array, unit: pa.Array) -> Numbers:
        known = pa.array(list(measures.MEASURES), pa.string())
        mask = pc.and_(pc.is_in(values["code"], known), pc.is_valid(value))
        faults = none_wrong(len(value))
        for at in np.flatnonzero(mask.to_numpy(zero_copy_only=False)):
            place = int(at)
            faults[at] = self._fault(
                values["code"][place].as_py(), value[place].as_py(), unit[place].as_py()
            )
        return faults

    def _fault(self, code: str, value: float, unit: str) -> int:
        try:
            measures.check(code, value, unit)
        except RowFault as fault:
            return self.ways.faults.number_of(fault)
        return 0


def number(given: str) -> float | None:
    """A number with a point, or none."""
    if not given:
        return None
    if not people.NUMBER.fullmatch(given):
        raise RowFault("value", shape=True)
    return float(given)


def _setting(permitted: frozenset[str]) -> Callable[[str], str]:
    def rule(given: str) -> str:
        setting = given.casefold()
        if setting not in SETTINGS:
            raise RowFault("setting", shape=True)
        if setting == "social" and "social" not in permitted:
            raise RowFault("setting-basis")
        return setting

    return rule


def _events(ways: Ways, permitted: frozenset[str]) -> Maker:
    day, coded, values = _Day(ways), _Codes(ways), _Values(ways)
    setting = ways.reader(_setting(permitted))

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        coded.read(read, column("system"), column("code"))
        day.read(read, column("date"))
        where = setting.read(column("setting"))
        read.faults.append(where.faults)
        kind = column("kind")
        values.read(read, batch.column("value"), column("unit"))
        read.values |= {
            "kind": pc.if_else(pc.equal(kind, ""), "record", kind),
            "term": column("term"),
            "setting": where.values,
            "episode": column("episode_id"),
            "source_id": column("event_id"),
        }
        return read

    return make


def _medications(ways: Ways, permitted: frozenset[str]) -> Maker:
    day, coded, values = _Day(ways), _Codes(ways), _Values(ways)
    setting = ways.reader(_setting(permitted))

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        system = column("system")
        coded.read(read, pc.if_else(pc.equal(system, ""), "dmd", system), column("code"))
        day.read(read, column("issued_on"))
        where = setting.read(column("setting"))
        read.faults.append(where.faults)
        values.read(read, batch.column("quantity"), column("unit"))
        read.values |= {
            "kind": pa.repeat("medication", len(batch)),
            "term": column("term"),
            "setting": pc.if_else(pc.equal(where.values, ""), "gp", where.values),
            "source_id": column("prescription_id"),
        }
        return read

    return make


def _admissions(ways: Ways, permitted: frozenset[str]) -> Maker:
    day, coded = _Day(ways), _Codes(ways)
    nameless = ways.faults.number(Fault("episode-missing"))

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        coded.read(read, column("system"), column("code"))
        day.read(read, column("admitted_on"))
        episode = column("admission_id")
        faults = none_wrong(len(batch))
        faults[pc.equal(episode, "").to_numpy(zero_copy_only=False)] = nameless
        read.faults.append(faults)
        read.values |= {
            "kind": pa.repeat("admission", len(batch)),
            "term": column("term"),
            "episode": episode,
            "source_id": column("event_id"),
        }
        return read

    return make


def _social_care(ways: Ways, permitted: frozenset[str]) -> Maker:
    day, coded, values = _Day(ways), _Codes(ways), _Values(ways)

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        coded.read(read, column("system"), column("code"))
        day.read(read, column("assessed_on"))
        values.read(read, batch.column("value"), column("unit"))
        read.values |= {
            "kind": pa.repeat("social care", len(batch)),
            "term": column("term"),
            "source_id": column("assessment_id"),
        }
        return read

    return make


def _scores(ways: Ways, permitted: frozenset[str]) -> Maker:
    day, values = _Day(ways), _Values(ways)
    named = ways.reader(lambda value: codes.read(value, "score"))
    needed = ways.faults.number(Fault("value", shape=True))

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        model, version = pc.utf8_lower(column("model")), column("version")
        code = named.read(pc.binary_join_element_wise(model, version, " "))
        read.faults.append(code.faults)
        read.values["code"] = code.values
        day.read(read, column("scored_on"))
        values.read(read, batch.column("value"), pa.repeat("", len(batch)))
        faults = none_wrong(len(batch))
        faults[pc.is_null(read.values["value"]).to_numpy(zero_copy_only=False)] = needed
        read.faults.append(faults)
        missing = column("inputs_missing")
        told = pc.binary_join_element_wise("inputs missing: ", missing, "")
        read.values |= {
            "kind": pa.repeat("score", len(batch)),
            "system": pa.repeat("score", len(batch)),
            "term": pc.if_else(pc.equal(missing, ""), "", told),
            "source_id": column("score_id"),
        }
        return read

    return make


def _risk_list(ways: Ways, permitted: frozenset[str]) -> Maker:
    day = _Day(ways)
    flagged = ways.reader(_flag)

    def make(batch: Batch) -> Read:
        read, column = _start(batch, ways)
        asked = pc.binary_join_element_wise(column("action"), column("risk"), "\t")
        code = flagged.read(asked)
        read.faults.append(code.faults)
        day.read(read, column("event_date"))
        terms = pa.array(list(risk_list.TERMS), pa.string())
        said = pa.array(list(risk_list.TERMS.values()), pa.string())
        risk = said.take(pc.index_in(code.values, terms)).fill_null("")
        beside = pc.binary_join_element_wise(risk, column("source"), column("reason"), "; ")
        read.values |= {
            "code": code.values,
            "system": pa.repeat("snomed", len(batch)),
            "kind": pa.repeat("risk list", len(batch)),
            "term": pc.utf8_rtrim(beside, characters="; "),
            "source_id": column("flag_id"),
        }
        return read

    return make


def _flag(written: str) -> str:
    action, _, risk = written.partition("\t")
    return risk_list.code(action, risk)
