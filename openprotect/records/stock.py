"""What the lake holds of each source, and what of it still counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openprotect.records import columnar
from openprotect.records.lake import Generation, all_files


@dataclass(frozen=True)
class Stock:
    """One source: rows that count, and the parts, rows and bytes that hold them."""

    source: str
    rows: int
    parts: int = 0
    delivered: int = 0
    bytes: int = 0


def stock(generation: Generation, *, spill: Path) -> Sequence[Stock]:
    """Every source of events, in order of name. Parts from several sources stand last, under ''."""
    found: dict[str, Stock] = {}
    if generation.live_events:
        query = f"SELECT source, count(*) FROM ({generation.live_events}) GROUP BY 1"  # noqa: S608
        with columnar.connected(spill) as sql:
            found = {name: Stock(name, rows) for name, rows in sql.execute(query).fetchall()}
    for part in generation.parts:
        so_far = found.get(part.source, Stock(part.source, 0))
        found[part.source] = Stock(
            part.source,
            so_far.rows,
            so_far.parts + 1,
            so_far.delivered + part.rows,
            so_far.bytes + part.bytes,
        )
    return sorted(found.values(), key=lambda each: (each.source == "", each.source))


def size(generation: Generation) -> int:
    """The bytes of every file that this generation needs."""
    return sum(file.bytes for _, file in all_files(generation))
