"""How deprived each small area is, from a CSV file: the government's own, or one cut from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from openprotect.records.readers import csv_text
from openprotect.records.readers.csv_text import Declared, Line
from openprotect.records.reference import Area
from openprotect.records.rules.reasons import FileRefused

# What the columns are called here, and how the government's file of 2019 (and of 2025) begins them.
LSOA = ("lsoa_code", "LSOA code")
DECILE = ("imd_2019_decile", "imd_decile", "Index of Multiple Deprivation (IMD) Decile")
DISTRICT = ("lad_name", "Local Authority District name")
LEAST_DEPRIVED = 10


def read(path: Path) -> list[Area]:
    """Every area, once. Raises FileRefused."""
    if not path.is_file():
        raise FileRefused(path.name, "there is no such file", reason="missing")
    lines = csv_text.read(path, path.name, Declared())
    header = next(lines, Line(1))
    columns = [_column(path, header, names) for names in (LSOA, DECILE)]
    district = next(_found(header, DISTRICT), None)
    areas: dict[str, Area] = {}
    for line in lines:
        area = _area(path, line, columns, district)
        if areas.setdefault(area.lsoa, area) != area:
            raise _refused(path, line, "an area that stands above with another decile", columns[0])
    if not areas:
        raise FileRefused(path.name, "it names no area", reason="deprivation")
    return list(areas.values())


def _found(header: Line, names: Sequence[str]) -> Iterator[int]:
    for number, column in enumerate(header.fields):
        if column.strip().startswith(tuple(names)):
            yield number


def _column(path: Path, header: Line, names: Sequence[str]) -> int:
    number = next(_found(header, names), None)
    if number is None:
        raise FileRefused(path.name, f"no column {names[0]} in its header", reason="deprivation")
    return number


def _area(path: Path, line: Line, columns: Sequence[int], district: int | None) -> Area:
    if line.fault or len(line.fields) <= max(columns):
        raise _refused(path, line, "fewer columns than its header, or a broken quotation", 0)
    lsoa, decile = (line.fields[column].strip() for column in columns)
    # E for England, W for Wales; 01 is the kind of area.
    if not (len(lsoa) == 9 and lsoa[:3] in ("E01", "W01") and lsoa[3:].isdecimal()):
        raise _refused(path, line, "a code that is none of an LSOA", columns[0])
    if not (decile.isdecimal() and 1 <= int(decile) <= LEAST_DEPRIVED):
        raise _refused(path, line, "a decile that is not 1 to 10", columns[1])
    return Area(lsoa, int(decile), line.fields[district].strip() if district is not None else "")


def _refused(path: Path, line: Line, words: str, column: int) -> FileRefused:
    return FileRefused(path.name, words, reason="deprivation", row=line.row, column=column + 1)
