"""Trying changed rules: from what the last run kept, asking only for what the change touches.

1. Selections that are new are counted anew; all others are in the facts kept.
2. Conditions that are new are asked again of the facts that they read; their bits take the place
   of the old ones. Only people of whom a bit differs are judged, before and after.
3. Rules of another shape, ages and registrations can concern anybody: then everybody is judged,
   still from the facts kept.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from openprotect.cohorts.engine.comparing import compared
from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.finding import find
from openprotect.cohorts.engine.keeping import Facts, kept_facts, path_of
from openprotect.cohorts.engine.layout import days_schema
from openprotect.cohorts.engine.parameters import condition_row, days_row, pair_row, tables
from openprotect.cohorts.engine.plan import Condition, Pair, Plan, plan
from openprotect.cohorts.engine.resolving import Store, known_to
from openprotect.cohorts.engine.shape import BITS, words_of
from openprotect.cohorts.engine.texts import Texts, texts_of
from openprotect.cohorts.engine.trial import Trial
from openprotect.cohorts.rules import CohortRules

FACT: Final = "first, stamp, events, days, value, last_on"


def try_rules(
    old: CohortRules,
    new: CohortRules,
    store: Store,
    as_of: date,
    *,
    facts: Facts | None = None,
    queries: Path | None = None,
    examples: int = 20,
) -> Trial:
    """Whom the new rules would find that the old ones do not, and the other way round."""
    facts = facts or kept_facts(old, store, as_of) or _keep_now(old, store, as_of, queries)
    with DuckDB(store.database) as machine:
        machine.attach(facts.path)
        change = Change(machine, plan(old), plan(new), as_of, queries)
        change.count(store)
        change.judge()
        return compared(machine, old, new, as_of, examples=examples)


def _keep_now(rules: CohortRules, store: Store, as_of: date, queries: Path | None) -> Facts:
    find(rules, store, as_of, queries=queries, evidence=False, keep=True)
    return Facts(path_of(rules, store, as_of))


class Change:
    """The step from one plan to another, worked out on one machine that has the facts of the first.

    Leaves two tables, `outcome_before` and `outcome_after`, of everybody whom it may concern.
    """

    def __init__(
        self, machine: DuckDB, before: Plan, after: Plan, as_of: date, queries: Path | None
    ) -> None:
        self.machine, self.before, self.after, self.as_of = machine, before, after, as_of
        self.texts: tuple[Texts, Texts] = (
            texts_of(before.shape, machine.dialect, queries),
            texts_of(after.shape, machine.dialect, queries),
        )

    @cached_property
    def carried(self) -> dict[int, int]:
        """The new numbers of selections that have not changed, with the old."""
        earlier = {each: number for number, each in enumerate(self.before.selections)}
        return {
            number: earlier[each]
            for number, each in enumerate(self.after.selections)
            if each in earlier and self._same_codes((*each.codelists, *each.paired))
        }

    def _same_codes(self, lists: tuple[str, ...]) -> bool:
        old, new = self.before.rules.codelists, self.after.rules.codelists
        return all(old.get(key) == new.get(key) for key in lists)

    @cached_property
    def changed(self) -> int:
        """The bits whose condition is not what it was. Of another shape, all of them."""
        old, new = self._by_bit(self.before), self._by_bit(self.after)
        return sum(1 << bit for bit, asked in new.items() if old.get(bit) != asked)

    def _by_bit(self, asked: Plan) -> dict[int, dict[str, Any]]:
        """What each bit asks, with the numbers that selections had before the change."""
        renumber = self.carried if asked is self.after else {}
        fresh = len(self.before.selections)
        rows = [(each.bit, condition_row(asked, each, self.as_of)) for each in asked.conditions]
        rows += [(each.bit, pair_row(asked, each)) for each in asked.pairs]
        for _, row in rows:
            for name in ("selection", "other"):
                if asked is self.after and name in row:
                    row[name] = renumber.get(row[name], fresh + row[name])
        return dict(rows)

    @cached_property
    def keeps_its_shape(self) -> bool:
        return self.before.shape == self.after.shape

    @cached_property
    def concerns_anybody(self) -> bool:
        """Whether people may be concerned of whom no bit has changed."""
        days = [days_row(each, self.as_of) for each in (self.before, self.after)]
        return not self.keeps_its_shape or days[0] != days[1]

    def count(self, store: Store) -> None:
        """The facts that conditions with another bit read, under the numbers of the new plan."""
        asked = self.changed if self.keeps_its_shape else -1
        conditions = [each for each in self.after.conditions if asked >> each.bit & 1]
        pairs = [each for each in self.after.pairs if asked >> each.bit & 1]
        read = {each.selection for each in conditions}
        read |= {number for each in pairs for number in (each.selection, each.other)}
        fresh = read - set(self.carried)
        known = known_to(store, self.after, fresh)
        self.no_practice = known.no_practice
        loaded = tables(self.after, self.as_of, known, fresh)
        loaded["conditions"] = _only(loaded["conditions"], self.after.conditions, asked)
        loaded["pairs"] = _only(loaded["pairs"], self.after.pairs, asked)
        for name, table in loaded.items():
            self.machine.load(name, table)
        self._join_facts(sorted(read & set(self.carried)), is_fresh=bool(fresh))

    def _join_facts(self, kept: list[int], *, is_fresh: bool) -> None:
        numbers = {"now": pa.array(kept, pa.int16())}
        numbers["then"] = pa.array([self.carried[each] for each in kept], pa.int16())
        self.machine.load("carried", pa.table(numbers))
        query = f"""
            SELECT person, now AS selection, {FACT}
            FROM kept_facts JOIN carried ON selection = "then"
        """  # noqa: S608 - names of our own
        if is_fresh:
            self.machine.keep("fresh", self.texts[1]["facts"])
            query += f" UNION ALL SELECT person, selection, {FACT} FROM fresh"  # noqa: S608
        self.machine.keep("facts", query)

    def judge(self) -> None:
        """Judge those concerned by the new rules, then by the old."""
        old, new = self.texts
        self.machine.keep("masks", new["masks"])
        before = "FROM kept_masks"
        if self.keeps_its_shape:
            self.machine.keep("concerned", self._concerned())
            before = self._words("old_{0} AS {0}")
            self.machine.keep("masks", self._words("{0}"))
        self._judged(self.after, new, "outcome_after")
        self.machine.keep("masks", before)
        self._judged(self.before, old, "outcome_before")

    def _words(self, form: str) -> str:
        words = (form.format(f"w{word}") for word in range(self.after.shape.words))
        return f"SELECT person, {', '.join(words)} FROM concerned"  # noqa: S608 - our names

    def _concerned(self) -> str:
        """Whoever a changed bit concerns, with the words of before and after."""
        changed = list(enumerate(words_of(self.changed, self.after.shape.words)))
        words = ", ".join(
            f"coalesce(m.w{word}, 0) AS old_w{word}, "
            f"(coalesce(m.w{word}, 0) & {BITS & ~bits}) | coalesce(n.w{word}, 0) AS w{word}"
            for word, bits in changed
        )
        if self.concerns_anybody:
            return f"SELECT person, {words} FROM kept_masks m FULL JOIN masks n USING (person)"  # noqa: S608
        had = " OR ".join(f"(w{word} & {bits}) <> 0" for word, bits in changed)
        differ = " OR ".join(
            f"(coalesce(o.w{word}, 0) & {bits}) <> coalesce(n.w{word}, 0)" for word, bits in changed
        )
        return f"""
            WITH differing AS (
                SELECT person FROM (FROM kept_masks WHERE {had}) o
                FULL JOIN masks n USING (person) WHERE {differ}
            )
            SELECT person, {words} FROM differing
            LEFT JOIN kept_masks m USING (person) LEFT JOIN masks n USING (person)
        """  # noqa: S608 - numbers and names of our own

    def _judged(self, asked: Plan, texts: Texts, outcome: str) -> None:
        days = days_row(asked, self.as_of) | {"no_practice": self.no_practice}
        schema = days_schema(asked.shape)
        self.machine.load("days", pa.Table.from_pylist([days], schema))
        self.machine.keep("judged", texts["judged" if self.concerns_anybody else "judged_some"])
        self.machine.keep(outcome, texts["outcome"])


def _only(table: pa.Table, asked: Sequence[Condition | Pair], bits: int) -> pa.Table:
    """The rows of those of whose bits there is question."""
    places = [place for place, each in enumerate(asked) if bits >> each.bit & 1]
    return table.take(pa.array(places, pa.int32()))
