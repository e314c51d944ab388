"""Everything coded about one person, found by the order in which parts are written."""

from collections.abc import Sequence

from openprotect.records import columnar, parts
from openprotect.records.lake import Generation
from openprotect.records.rules.values import Event


def events_of(generation: Generation, numbers: Sequence[str]) -> list[Event]:
    """One person's events that count, oldest first, under all the numbers that they came with.

    Only files that may hold them are opened, and of these only the few rows around them are read.
    """
    mine = parts.live_events(parts.about(generation.parts, numbers), only=numbers)
    if not mine or not numbers:
        return []
    query = f'SELECT * FROM ({mine}) ORDER BY "on", system, code, source, source_id'  # noqa: S608
    with columnar.connected(generation.folder.parent) as sql:
        rows = sql.sql(query).to_arrow_table().to_pylist()
    return [Event(**row) for row in rows]
