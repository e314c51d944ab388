"""Columns of a table read value by value, each distinct value once.

Extracts of a whole system repeat themselves: a hundred million events know some thousand codes and
days. So every rule of `records/rules` is asked about each distinct value, and the answer is given
to all rows that hold it. What is wrong with a row is a number: 0 for nothing, or one of `Faults`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from nhs_number import REGION_ENGLAND_WALES_IOM, REGION_RESERVED, REGION_SYNTHETIC

from openprotect.records.rules import people, text
from openprotect.records.rules.dates import AmbiguousDate
from openprotect.records.rules.reasons import RowFault

Numbers = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
MOST_REMEMBERED = 2_000_000
WEIGHTS = np.array([10, 9, 8, 7, 6, 5, 4, 3, 2], dtype=np.int32)


@dataclass(frozen=True)
class Fault:
    """What may be wrong with a row; `refuses` holds the words that refuse the whole file."""

    reason: str
    held: bool = False
    shape: bool = False
    refuses: str = ""


class Faults:
    """Every fault met so far, by number."""

    def __init__(self) -> None:
        self.known: list[Fault] = [Fault("")]
        self.numbers: dict[Fault, int] = {}

    def number(self, fault: Fault) -> int:
        if fault not in self.numbers:
            self.numbers[fault] = len(self.known)
            self.known.append(fault)
        return self.numbers[fault]

    def number_of(self, why: RowFault | AmbiguousDate) -> int:
        if isinstance(why, AmbiguousDate):
            words = f"{why}: dates must be yyyy-mm-dd, or their order declared"
            return self.number(Fault("dates", refuses=words))
        return self.number(Fault(why.reason, held=why.held, shape=why.shape))

    def reasons(self) -> pa.Array:
        return pa.array([each.reason for each in self.known], pa.string())

    def are(self, name: str) -> Mask:
        """For each fault, whether it is held, a matter of shape, or refuses the file."""
        return np.array([bool(getattr(each, name)) for each in self.known], dtype=bool)


@dataclass(frozen=True)
class Cells:
    """One column as read: its values, null where there is none, and what is wrong with each."""

    values: pa.Array
    faults: Numbers


def none_wrong(rows: int) -> Numbers:
    return np.zeros(rows, dtype=np.int32)


class Reader:
    """Reads columns of one kind by a rule, and remembers what it said of each value."""

    def __init__(self, rule: Callable[[str], object], kind: pa.DataType, faults: Faults) -> None:
        self.rule, self.kind, self.faults = rule, kind, faults
        self.known: dict[str, tuple[object, int]] = {}

    def read(self, column: pa.Array) -> Cells:
        distinct = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        said = [self._said(each) for each in written(distinct.dictionary).to_pylist()]
        where = distinct.indices
        values = pa.array([value for value, _ in said], self.kind).take(where)
        if not any(fault for _, fault in said):
            return Cells(values, none_wrong(len(column)))
        wrong = np.array([fault for _, fault in said], dtype=np.int32)
        return Cells(values, wrong[_indices(where)])

    def _said(self, value: str) -> tuple[object, int]:
        found = self.known.get(value)
        if found is None:
            if len(self.known) > MOST_REMEMBERED:
                self.known.clear()
            found = self.known[value] = self._ask(value)
        return found

    def _ask(self, value: str) -> tuple[object, int]:
        try:
            return self.rule(value), 0
        except (RowFault, AmbiguousDate) as why:
            return None, self.faults.number_of(why)


def _indices(where: pa.Array) -> Numbers:
    found: Numbers = where.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return found


def written(column: pa.Array) -> pa.Array:
    """The column as an agreed file of text would have it; nothing given is empty text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_timestamp(kind):
        column = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
    elif not pa.types.is_string(kind):
        column = column.cast(pa.string())
    return column.fill_null("") if column.null_count else column


def nothing(rows: int) -> pa.Array:
    """The column of a table that does not have it."""
    return pa.repeat("", rows)


def clean(column: pa.Array) -> tuple[pa.Array, Mask]:
    """Text in normal form, and where something invisible was taken out."""
    if pa.types.is_dictionary(column.type):
        values, changed = clean(written(column.dictionary))
        where = column.indices
        return values.take(where).fill_null(""), changed[_indices(where.fill_null(0))]
    column = written(column)
    if _is_plain(column):
        return pc.ascii_trim_whitespace(column), np.zeros(len(column), dtype=bool)
    distinct = column.dictionary_encode()
    said = [text.clean(each) for each in distinct.dictionary.to_pylist()]
    values = pa.array([value for value, _ in said], pa.string()).take(distinct.indices)
    return values, np.array([changed for _, changed in said], dtype=bool)[
        _indices(distinct.indices)
    ]


def _is_plain(column: pa.Array) -> bool:
    if not pc.all(pc.string_is_ascii(column), min_count=0).as_py():
        return False
    plain = pc.or_(pc.ascii_is_printable(column), pc.equal(column, ""))
    return bool(
        pc.all(plain, min_count=0).as_py()
        and not pc.any(pc.match_substring(column, "  "), min_count=0).as_py()
    )


class NhsNumbers:
    """NHS numbers: plain ones are counted through at once, others asked about one by one."""

    def __init__(self, faults: Faults, *, synthetic: bool) -> None:
        regions = [REGION_ENGLAND_WALES_IOM]
        regions += [REGION_SYNTHETIC, REGION_RESERVED] if synthetic else []
        self.ranges = [(each.start, each.end) for region in regions for each in region.ranges]
        rule = lambda value: people.number(value, synthetic=synthetic)  # noqa: E731
        self.others = Reader(rule, pa.string(), faults)

    def read(self, column: pa.Array) -> Cells:
        column = written(column)
        good = self._good(column)
        if good.all():
            return Cells(column, none_wrong(len(column)))
        odd = self.others.read(column.filter(pa.array(~good)))
        faults = none_wrong(len(column))
        faults[~good] = odd.faults
        return Cells(pc.replace_with_mask(column, pa.array(~good), odd.values), faults)

    def _good(self, column: pa.Array) -> Mask:
        """Which are ten digits, of a range that is taken, not one digit repeated, and check."""
        good = pc.equal(pc.binary_length(column), 10).to_numpy(zero_copy_only=False)
        tens = column.filter(pa.array(good)) if not good.all() else pa.concat_arrays([column])
        if not len(tens):
            return np.asarray(good, dtype=bool)
        good = np.array(good, dtype=bool)
        good[good] = self._check(tens)
        return good

    def _check(self, tens: pa.Array) -> Mask:
        start = np.frombuffer(tens.buffers()[1], dtype=np.int32)[tens.offset]
        letters = np.frombuffer(tens.buffers()[2], dtype=np.uint8)[start : start + 10 * len(tens)]
        digits = letters.reshape(-1, 10).astype(np.int32) - ord("0")
        are_digits = ((digits >= 0) & (digits <= 9)).all(axis=1)
        check = (11 - (digits[:, :9] * WEIGHTS).sum(axis=1) % 11) % 11
        repeated = (digits == digits[:, :1]).all(axis=1)
        whole = digits.astype(np.int64) @ (10 ** np.arange(9, -1, -1, dtype=np.int64))
        allowed = np.zeros(len(tens), dtype=bool)
        for first, last in self.ranges:
            allowed |= (whole >= first) & (whole <= last)
        found: Mask = are_digits & (check == digits[:, 9]) & ~repeated & allowed
        return found


def first(faults: Sequence[Numbers], held: Mask) -> Numbers:
    """What is to be said of each row: the first fault that rejects it, or else the first at all."""
    chosen = faults[0].copy()
    for more in faults[1:]:
        better = (more > 0) & ((chosen == 0) | (held[chosen] & ~held[more]))
        chosen[better] = more[better]
    return chosen
