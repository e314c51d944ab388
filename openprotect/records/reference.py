"""Tables that are about places, not people: how deprived each small area is.

Every table that was ever taken is kept, with the moment from which it was used, so that a run of an
earlier day finds what it found then.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openprotect.records import lake
from openprotect.records.lake import LakeDamaged

FOLDER, INDEX = "reference", "deprivation.json"
SCHEMA = pa.schema([("lsoa", pa.string()), ("decile", pa.int8()), ("district", pa.string())])


@dataclass(frozen=True)
class Area:
    """A lower-layer super output area: some 1,500 people who live next to each other."""

    lsoa: str
    decile: int
    district: str = ""


@dataclass(frozen=True)
class Deprivation:
    """The decile of the Index of Multiple Deprivation of each area; 1 is the most deprived."""

    path: Path
    name: str
    rows: int
    bytes: int
    sha256: str
    used_from: datetime


def keep_deprivation(
    lake_folder: Path, areas: Iterable[Area], *, name: str, at: datetime
) -> Deprivation:
    """Use this table from now on. The one in use already changes nothing."""
    folder = lake_folder / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"draft.{os.getpid()}"
    rows = [asdict(area) for area in sorted(areas, key=lambda area: area.lsoa)]
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), draft)
    digest = lake.digest_of(draft)
    path = folder / f"deprivation-{digest[:16]}.parquet"
    table = Deprivation(path, name, len(rows), draft.stat().st_size, digest, at)
    lake.to_disk(draft)
    draft.replace(path)
    known = _index(lake_folder)
    if known and known[-1].sha256 == digest:
        return known[-1]
    _write_index(folder, [*known, table])
    return table


def _write_index(folder: Path, tables: Iterable[Deprivation]) -> None:
    said = [
        asdict(each) | {"path": each.path.name, "used_from": each.used_from.isoformat()}
        for each in tables
    ]
    draft = folder / f"{INDEX}.{os.getpid()}"
    draft.write_text(json.dumps(said, indent=1))
    lake.to_disk(draft)
    draft.replace(folder / INDEX)
    lake.to_disk(folder)


def deprivation(lake_folder: Path, *, at: datetime | None = None) -> Deprivation | None:
    """The table in use, now or at that moment, its file checked. None when there was none yet."""
    used = [each for each in _index(lake_folder) if at is None or each.used_from <= at]
    if not used:
        return None
    table = used[-1]
    if not table.path.is_file() or lake.digest_of(table.path) != table.sha256:
        raise LakeDamaged(f"{table.path.name} is missing or was changed: import it again.")
    return table


def areas(table: Deprivation) -> Iterator[Area]:
    for row in pq.read_table(table.path).to_pylist():
        yield Area(**row)


def _index(lake_folder: Path) -> list[Deprivation]:
    folder = lake_folder / FOLDER
    try:
        said: list[dict[str, Any]] = json.loads((folder / INDEX).read_text())
    except FileNotFoundError:
        return []
    except ValueError:
        raise LakeDamaged("The list of reference tables cannot be read.") from None
    return [
        Deprivation(
            **each
            | {
                "path": folder / each["path"],
                "used_from": datetime.fromisoformat(each["used_from"]),
            }
        )
        for each in said
    ]
