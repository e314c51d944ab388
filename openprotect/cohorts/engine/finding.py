"""A run of rules over the whole population."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, Protocol, Self

import pyarrow as pa
import pyarrow.compute as pc

from openprotect.base.refusals import Refused
from openprotect.cohorts.engine import keeping
from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.findings import NO_EVIDENCE, Findings, Step
from openprotect.cohorts.engine.parameters import Known, tables
from openprotect.cohorts.engine.plan import Plan, plan
from openprotect.cohorts.engine.resolving import Store, known_to
from openprotect.cohorts.engine.texts import Texts, texts_of
from openprotect.cohorts.rules import REASONS, CohortRules

ENGINES: Final = ("duckdb", "pyspark")
EPOCH: Final = date(1970, 1, 1).toordinal()


class UnknownEngine(Refused):
    """A run was asked of an engine that is not one of ENGINES."""


class Engine(Protocol):
    """What runs the queries: it reads a store's tables, and keeps what it works out on the way."""

    @property
    def dialect(self) -> str:
        """The words it understands, as Ibis calls them."""

    def load(self, name: str, table: pa.Table) -> None:
        """Have a small table under a name."""

    def keep(self, name: str, query: str) -> None:
        """Work a query out and have the result under a name."""

    def read(self, query: str) -> pa.Table:
        """The result of a query."""

    def __enter__(self) -> Self:
        """Ready to be used."""

    def __exit__(self, *_: object) -> None:
        """Let everything go."""


def open_engine(name: str, store: Store) -> Engine:
    if name == "pyspark":
        from openprotect.cohorts.engine.spark import Spark

        return Spark(store)
    if name != "duckdb":
        raise UnknownEngine(f"There is no engine called {name[:20]!r}: {' or '.join(ENGINES)}.")
    return DuckDB(store.database)


def find(
    rules: CohortRules,
    store: Store,
    as_of: date,
    *,
    engine: str = "duckdb",
    queries: Path | None = None,
    evidence: bool = True,
    keep: bool = False,
) -> Findings:
    """Everybody whom the rules find, with groups and evidence, in order of NHS number.

    `queries` is the folder where compiled queries are kept. `keep` keeps, beside the store, what
    was worked out on the way: for explanations and trials (DuckDB alone).
    """
    asked = plan(rules, bare=not (evidence or keep))
    with open_engine(engine, store) as machine:
        texts = texts_of(asked.shape, machine.dialect, queries)
        prepare(machine, asked, known_to(store, asked), as_of, texts)
        work_out(machine, texts)
        found = findings(machine, texts, asked, as_of, evidence=evidence)
        if keep and isinstance(machine, DuckDB):
            counts = {"": found.found_count, **found.by_group}
            keeping.keep(machine, rules, store, as_of, texts["outcome"], counts)
        return found


def prepare(machine: Engine, asked: Plan, known: Known, as_of: date, texts: Texts) -> None:
    """Give the engine the figures, codes and days of a plan; of a bare one those that are read."""
    whole = "".join(texts.values())
    for name, table in tables(asked, as_of, known).items():
        if name in whole or not asked.bare:
            machine.load(name, table)


def work_out(machine: Engine, texts: Texts) -> None:
    for step in ("facts", "masks", "judged", "shown"):
        machine.keep(step, texts[step])


def findings(
    machine: Engine, texts: Texts, asked: Plan, as_of: date, *, evidence: bool = True
) -> Findings:
    counted = machine.read(texts["waterfall"]).to_pylist()
    counts = {row["reason"]: (int(row["people"]), int(row["found"])) for row in counted}
    return Findings(
        as_of=as_of,
        people=sum(people for people, _ in counts.values()),
        groups=tuple(group.name for group in asked.rules.groups),
        steps=steps(asked.rules, counts),
        table=_plain(machine.read(texts["found"])),
        evidence=_plain(machine.read(texts["evidence"])) if evidence else NO_EVIDENCE,
    )


def _plain(table: pa.Table) -> pa.Table:
    """Without what one engine knows of its columns and another does not; days as days."""
    columns = {}
    for each in table.schema:
        column = table.column(each.name).combine_chunks()
        if each.name in ("on", "first_on", "last_on"):
            column = pc.subtract(column, EPOCH).cast(pa.int32()).cast(pa.date32())
        columns[each.name] = column
    return pa.table(columns)


def steps(rules: CohortRules, counts: Mapping[int, tuple[int, int]]) -> tuple[Step, ...]:
    """The waterfall: every reason in the order in which it counts, also those of nobody."""
    named = [(reason, reason) for reason in REASONS]
    named += [(group.name, group.title) for group in rules.exclusions]
    return tuple(
        Step(reason, title, *counts.get(number, (0, 0)))
        for number, (reason, title) in enumerate(named, start=1)
    )
