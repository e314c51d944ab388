"""The table of people, and that of their registrations, read column by column."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprotect.records.readers.columns import Cells, Mask, Numbers, clean, none_wrong, written
from openprotect.records.readers.tables import Batch, Maker, Read, Ways
from openprotect.records.rules import people, phones, places, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Person

DAYS = ("birth_date", "registered_on", "left_on", "deceased_on")
YES_OR_NO = ("deceased", "restricted", "opted_out", "care_home")
PERSON = tuple(each.name for each in fields(Person))


def maker(ways: Ways) -> Maker:
    """How the people of one table are read."""
    coded = {
        "sex": ways.reader(people.sex),
        "practice_code": ways.reader(people.practice),
        "postcode": ways.reader(people.postcode),
        "lsoa": ways.reader(places.lsoa),
    }
    yes = ways.reader(people.yes, pa.bool_())
    lines = ways.reader(_line, pa.list_(pa.string()))
    email = ways.reader(lambda value: text.email(value.strip(" ")))

    def make(batch: Batch) -> Read:
        read = Read({})
        number = ways.number.read(batch.column("nhs_number"))
        read.faults.append(number.faults)
        read.values["nhs_number"] = number.values
        tidy = _tidied(batch, read)
        for name in DAYS:
            _take(read, name, ways.day.read(tidy(name)))
        for name, reader in coded.items():
            _take(read, name, reader.read(tidy(name)))
        for name in YES_OR_NO:
            _take(read, name, yes.read(tidy(name)))
        _telephones(read, lines.read(tidy("mobile")), lines.read(tidy("phone")))
        _email(read, email.read(written(batch.column("email"))).values)
        for ours, theirs in (
            ("given", "given_name"), ("family", "family_name"), ("address", "address"),
            ("subject", "person_id"), ("updated_at", "updated_at"),
        ):  # fmt: skip
            read.values[ours] = tidy(theirs)
        _finish(read, ways, len(batch))
        return read

    return make


def _tidied(batch: Batch, read: Read) -> Callable[[str], pa.Array]:
    invisible = np.zeros(len(batch), dtype=bool)
    read.notes["invisible"] = invisible

    def tidy(name: str) -> pa.Array:
        values, changed = clean(batch.column(name))
        np.logical_or(invisible, changed, out=invisible)
        return values

    return tidy


def _take(read: Read, name: str, cells: Cells) -> None:
    read.values[name] = cells.values
    read.faults.append(cells.faults)


def _line(value: str) -> list[str]:
    """A telephone as a pair: where it can be texted, and where it can only be rung."""
    found = phones.read(value)
    if found is None:
        return ["", ""]
    return [found[0], ""] if found[1] else ["", found[0]]


def _telephones(read: Read, mobile: Cells, phone: Cells) -> None:
    """The number that can be texted and the one to ring, whichever column they came in."""
    read.faults += [mobile.faults, phone.faults]
    for at, name in enumerate(("mobile", "phone")):
        best, other = (pc.list_element(each.values, at).fill_null("") for each in (mobile, phone))
        read.values[name] = pc.if_else(pc.equal(best, ""), other, best)


def _email(read: Read, found: pa.Array) -> None:
    read.notes["email"] = pc.is_null(found).to_numpy(zero_copy_only=False)
    read.values["email"] = found.fill_null("")


def _finish(read: Read, ways: Ways, rows: int) -> None:
    """What follows from several columns, and what is wrong with a row as a whole."""
    values = read.values
    said_alive = pc.equal(values["deceased"], False).fill_null(False)
    is_dead = pc.or_(values["deceased"].fill_null(False), pc.is_valid(values["deceased_on"]))
    values["deceased"] = is_dead
    values["restricted"] = values["restricted"].fill_null(False)
    values["birth_precision"] = pa.repeat("day", rows)
    values["phone_shared"] = pa.repeat(False, rows)
    read.notes["test-name"] = _test_names(values["family"])
    read.faults.append(_as_a_whole(read, ways, said_alive, rows))


def _test_names(family: pa.Array) -> Mask:
    distinct = family.dictionary_encode()
    are = [text.is_test_name(each) for each in distinct.dictionary.to_pylist()]
    found: Mask = np.array(are, dtype=bool)[distinct.indices.to_numpy(zero_copy_only=False)]
    return found


def _as_a_whole(read: Read, ways: Ways, said_alive: pa.Array, rows: int) -> Numbers:
    """Rows that are plainly sound are passed; every other one is put to the rule."""
    values = read.values
    oldest = date(ways.today.year - people.OLDEST, 1, 1)
    born = values["birth_date"]
    sound = pc.and_(
        pc.and_(pc.not_equal(values["family"], ""), pc.is_null(values["deceased_on"])),
        pc.and_(pc.greater_equal(born, oldest), pc.less_equal(born, ways.today)),
    ).fill_null(False)
    faults = none_wrong(rows)
    for at in np.flatnonzero(~sound.to_numpy(zero_copy_only=False)):
        given = {name: column[int(at)].as_py() for name, column in values.items() if name in PERSON}
        said = {name: value for name, value in given.items() if value is not None}
        person = Person(**{"nhs_number": "", **said})
        alive = bool(said_alive[int(at)].as_py())
        faults[at] = _number(people.fault_of(person, ways.today, said_alive=alive), ways)
    return faults


def _number(fault: RowFault | None, ways: Ways) -> int:
    return ways.faults.number_of(fault) if fault else 0
