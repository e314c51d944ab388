"""Rows Q01 to Q08: Parquet files."""

import io
import pickle

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bad_inputs.making import ANN, BOB

SOUND = {
    "nhs_number": [ANN, BOB],
    "family_name": ["Ames", "Bell"],
    "birth_date": ["1950-04-03", "1961-05-04"],
    "sex": ["female", "male"],
    "practice_code": ["D82001", "D82002"],
}


def written(table, **options):
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def people(make, **columns):
    return [make.file(written(pa.table(SOUND | columns)), "people.parquet")], {}


def q01(make):
    rows = 10_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["x" * 2_000_000])
    table = pa.table({name: [values[0]] * rows for name, values in SOUND.items()})
    content = written(table.append_column("address", long), compression="none")
    assert len(content) < 2_500_000
    yield [make.file(content, "people.parquet")], {}


def q02(make):
    content = written(pa.table(SOUND))
    yield [make.file(content[:-40], "people.parquet")], {}


def q03(make):
    content = written(pa.table(SOUND))
    yield [make.file(b"PAR2" + content[4:], "people.parquet")], {}
    yield [make.file(content, "people.csv")], {}


def q04(make):
    yield people(make, nhs_number=[float(ANN), float(BOB)])
    yield people(make, nhs_number=[int(ANN), int(BOB)])


def q05(make):
    kind, value = pa.string(), "x"
    for _ in range(200):
        kind, value = pa.list_(kind), [value]
    yield people(make, address=pa.array([value, value], kind))


def q05_few(make):
    yield people(make, address=pa.array([[["x"]], []], pa.list_(pa.list_(pa.string()))))


class Planted:
    """Anything that is unpickled may call anything: this would leave a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def q06(make):
    mark = make.folder / "unpickled"
    field = pa.field(
        "address",
        pa.string(),
        metadata={
            b"ARROW:extension:name": b"arrow.py_extension_type",
            b"ARROW:extension:metadata": pickle.dumps(Planted(mark)),
        },
    )
    table = pa.table(SOUND).append_column(field, pa.array(["1 Mill Lane", ""]))
    yield [make.file(written(table), "people.parquet")], {}
    assert not mark.exists()


def q07(make):
    at = [1_600_000_000_000] * 2
    yield people(
        make,
        updated_at=pa.array(at, pa.timestamp("ms", tz="UTC")),
        registered_on=pa.array(at, pa.timestamp("ms")),
    )


def q08(make):
    content = written(pa.table(SOUND))
    # The footer's third field: the number of rows, here 2, and then the list of row groups.
    said, lied = b"\x16\x04\x19", b"\x16\x06\x19"
    assert content.count(said) == 1
    yield [make.file(content.replace(said, lied), "people.parquet")], {}
