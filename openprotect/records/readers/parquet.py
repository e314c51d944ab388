"""An agreed table as Parquet: its shape is looked at before its rows, and rows come in batches."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openprotect.records.readers import contracts, csv_text
from openprotect.records.readers.columns import Mask, written
from openprotect.records.readers.csv_text import Declared, Line
from openprotect.records.readers.sources import Caps, Document
from openprotect.records.readers.tables import Batch, Table
from openprotect.records.rules.reasons import FileRefused

MAGIC = b"PAR1"
BATCH = 262_144
AS_TEXT = ("nhs_number", "code", "practice_code")
EXTENSION = b"ARROW:extension:name"
DECLARED = b"openprotect"


def open_table(document: Document, declared: Declared, caps: Caps, *, registered: bool) -> Table:
    """The table that this Parquet file is. Raises FileRefused."""
    file = _opened(document)
    schema = file.schema_arrow
    header = contracts.recognise(schema.names, document.name, registered=registered)
    _refuse_types(document, schema, dict(zip(schema.names, header.columns, strict=True)))
    _refuse_counts(document, file.metadata)
    _declare(document, schema, declared)

    def batches() -> Iterator[Batch]:
        return _batches(document, header.columns, caps)

    rows = file.metadata.num_rows
    counted = replace(declared, rows=rows if declared.rows is None else declared.rows)
    file.close()
    return Table(document, header, counted, batches, counts_itself=True)


def names(document: Document) -> list[str]:
    """The columns of a Parquet file. Raises FileRefused."""
    file = _opened(document)
    found: list[str] = file.schema_arrow.names
    file.close()
    return found


def _opened(document: Document, columns: list[str] | None = None) -> pq.ParquetFile:
    with document.path.open("rb") as file:
        starts = file.read(4) == MAGIC
        file.seek(-4, 2)
        ends = file.read() == MAGIC
    if not starts or not ends:
        words = "cut off: it has no footer" if starts else "not a Parquet file"
        raise FileRefused(document.name, words, reason="parquet")
    try:
        return pq.ParquetFile(document.path, read_dictionary=columns, memory_map=False)
    except (pa.ArrowException, OSError, ValueError, RecursionError):
        words = "a Parquet file whose footer cannot be read"
        raise FileRefused(document.name, words, reason="parquet") from None


def _refuse_types(document: Document, schema: pa.Schema, named: dict[str, str]) -> None:
    """Only plain columns are read, and what is counted in digits only as text."""
    zones = set()
    for each in schema:
        kind, name = each.type, named[each.name]
        if isinstance(kind, pa.BaseExtensionType) or EXTENSION in (each.metadata or {}):
            raise _refused(document, name, "is of a type that a program has added")
        if pa.types.is_nested(kind):
            raise _refused(document, name, "holds lists or parts: only plain values are read")
        if name in AS_TEXT and not _is_text(kind):
            raise _refused(document, name, f"must be text, and is {kind}")
        if pa.types.is_timestamp(kind):
            zones.add(kind.tz is not None)
    if len(zones) > 1:
        words = "timestamps with a time zone beside others without"
        raise FileRefused(document.name, words, reason="parquet-types")


def _refused(document: Document, column: str, words: str) -> FileRefused:
    return FileRefused(document.name, f"the column {column[:30]!r} {words}", reason="parquet-types")


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _refuse_counts(document: Document, metadata: pq.FileMetaData) -> None:
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    columns = {
        group.column(at).num_values - group.num_rows
        for group in groups
        for at in range(group.num_columns)
    }
    if sum(group.num_rows for group in groups) != metadata.num_rows or columns - {0}:
        words = "its row groups do not add up to the rows it says it has"
        raise FileRefused(document.name, words, reason="count")


def _declare(document: Document, schema: pa.Schema, declared: Declared) -> None:
    said = (schema.metadata or {}).get(DECLARED, b"").decode("ascii", "replace")
    if said:
        declared.learn(f"{csv_text.CONTROL} {said}", document.name)


def _batches(document: Document, names: tuple[str, ...], caps: Caps) -> Iterator[Batch]:
    file = _opened(document)
    texts = [each.name for each in file.schema_arrow if _is_text(each.type)]
    file.close()
    file = _opened(document, texts)
    seen, total = 0, file.metadata.num_rows
    try:
        for batch in file.iter_batches(BATCH):
            _refuse_width(document, batch, total, caps)
            yield _batch(batch, names, seen)
            seen += len(batch)
    except (pa.ArrowException, OSError) as why:
        if isinstance(why, MemoryError):
            raise
        words = "a Parquet file that is damaged inside"
        raise FileRefused(document.name, words, reason="parquet", row=seen + 1) from None
    finally:
        file.close()
    if seen != total:
        words = "its row groups do not add up to the rows it says it has"
        raise FileRefused(document.name, words, reason="count")


def _refuse_width(document: Document, batch: pa.RecordBatch, total: int, caps: Caps) -> None:
    """One long value, said to stand in every row, unpacks to more than any machine holds."""
    whole = sum(_width(column) for column in batch.columns) * total
    most = max(caps.archive_bytes, caps.archive_ratio * document.size)
    if whole > most:
        words = f"rows of such width come to over {most:,} bytes"
        raise FileRefused(document.name, words, reason="too-large")


def _width(column: pa.Array) -> int:
    if not pa.types.is_dictionary(column.type):
        return 16
    longest = pc.max(pc.binary_length(column.dictionary)).as_py()
    return int(longest or 0)


def _batch(batch: pa.RecordBatch, names: tuple[str, ...], seen: int) -> Batch:
    """The batch, without rows that hold what no file of text could."""
    columns = [_dated(column) for column in batch.columns]
    rows = np.arange(seen + 1, seen + 1 + len(batch), dtype=np.int32)
    nul, long = _of_any(columns, _has_nul), _of_any(columns, _is_long)
    bad = [Line(int(rows[at]), fault="nul" if nul[at] else "long-field")
           for at in np.flatnonzero(nul | long)]  # fmt: skip
    if bad:
        kept = pa.array(~(nul | long))
        rows = rows[~(nul | long)]
        columns = [column.filter(kept) for column in columns]
    return Batch(rows, dict(zip(names, columns, strict=True)), bad)


def _dated(column: pa.Array) -> pa.Array:
    """Days as days; a midnight is no other day for being written with its hours."""
    return column.cast(pa.date32(), safe=False) if pa.types.is_date(column.type) else column


def _of_any(columns: list[pa.Array], test: Callable[[pa.Array], pa.Array]) -> Mask:
    found = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    for column in columns:
        if not pa.types.is_dictionary(column.type):
            continue
        values = test(written(column.dictionary)).to_numpy(zero_copy_only=False)
        if values.any():
            where = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
            found |= values[where] & column.is_valid().to_numpy(zero_copy_only=False)
    return found


def _has_nul(values: pa.Array) -> pa.Array:
    return pc.match_substring(values, "\x00")


def _is_long(values: pa.Array) -> pa.Array:
    return pc.greater(pc.utf8_length(values), csv_text.LONGEST_FIELD)
