"""Trying changed rules: from what the last run kept, asking only for what the change touches.

1. Selections that are new are counted anew; all others are in the facts kept.
2. Conditions that are new are asked again of the facts that they read; their bits take the place
   of the old ones. Only people of whom a bit differs are judged; whom the old rules found is kept.
3. Rules of another shape, ages and registrations can concern anybody: then everybody is judged,
   still from the facts kept.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from openprotect.cohorts.engine.comparing import compared
from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.finding import find
from openprotect.cohorts.engine.keeping import Facts, kept_facts, path_of
from openprotect.cohorts.engine.parameters import condition_row, days_row, pair_row, tables
from openprotect.cohorts.engine.plan import Plan, plan
from openprotect.cohorts.engine.resolving import Store, known_to
from openprotect.cohorts.engine.shape import BITS, words_of
from openprotect.cohorts.engine.texts import Texts, texts_of
from openprotect.cohorts.engine.trial import Trial
from openprotect.cohorts.rules import CohortRules

EVENT: Final = 'person, code, "on", value, unit, source, setting, episode'
FROM_BOTH: Final = f"""
    SELECT {EVENT} FROM kept_events
    UNION ALL SELECT {EVENT} FROM store.coded SEMI JOIN new_codes USING (code)
"""  # noqa: S608 - names of our own
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
    people: bool = False,
) -> Trial:
    """Whom the new rules would find that the old ones do not, and the other way round.

    With `people`, everybody concerned is listed, beside the counts and a few examples.
    """
    facts = facts or kept_facts(old, store, as_of) or _keep_now(old, store, as_of, queries)
    with DuckDB(store.database) as machine:
        machine.attach(facts.path)
        change = Change(machine, plan(old), plan(new), as_of, queries)
        change.count(store)
        change.judge()
        return compared(machine, change.outcomes, old, new, as_of, examples=examples, people=people)


def _keep_now(rules: CohortRules, store: Store, as_of: date, queries: Path | None) -> Facts:
    find(rules, store, as_of, queries=queries, evidence=False, keep=True)
    return Facts(path_of(rules, store, as_of))


class Change:
    """The step from one plan to another, worked out on one machine that has the facts of the first.

    Leaves the beginning of a query, `outcomes`, in which `outcome` is everybody whom the new rules
    find among those concerned and `outcome_before` whom the old ones found among them; and, if not
    everybody is, a table of those whom the change may concern, `concerned`.
    """

    def __init__(
        self, machine: DuckDB, before: Plan, after: Plan, as_of: date, queries: Path | None
    ) -> None:
        self.machine, self.before, self.after, self.as_of = machine, before, after, as_of
        self.texts: Texts = texts_of(after.shape, machine.dialect, queries)

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
        loaded = tables(self.after, self.as_of, known, fresh, asked)
        self.masks = self.texts["masks" if loaded["pairs"].num_rows else "masks_unpaired"]
        named = self.masks + self.texts["judged"]
        self.machine.show("asked_events", "FROM kept_events")
        if fresh:
            named += self.texts["facts"]
            self._find_events(loaded)
        for name, table in loaded.items():
            if f'"{name}"' in named:
                self.machine.load(name, table)
        self._join_facts(sorted(read & set(self.carried)), is_fresh=bool(fresh))

    def _find_events(self, loaded: Mapping[str, pa.Table]) -> None:
        """Events are those that were kept, and the store's of codes that the run kept none of."""
        listed = [loaded[name].column("code") for name in ("wanted", "closely", "daily", "mates")]
        codes = pa.chunked_array([chunk for each in listed for chunk in each.chunks], pa.int32())
        self.machine.load("asked_codes", pa.table({"code": codes.unique()}))
        self.machine.keep("new_codes", "FROM asked_codes ANTI JOIN kept_codes USING (code)")
        if self.machine.has_any("new_codes"):
            self.machine.show("asked_events", FROM_BOTH)
        self.machine.show("coded", "FROM asked_events")

    def _join_facts(self, kept: list[int], *, is_fresh: bool) -> None:
        renumbered = " ".join(
            f"WHEN {self.carried[each]} THEN {each}" for each in kept if self.carried[each] != each
        )
        selection = f"CASE selection {renumbered} ELSE selection END" if renumbered else "selection"
        listed = ", ".join(str(self.carried[each]) for each in kept) or "-1"
        query = f"""
            SELECT person, {selection} AS selection, {FACT}
            FROM kept_facts WHERE selection IN ({listed})
        """  # noqa: S608 - names and numbers of our own
        if is_fresh:
            self.machine.keep("fresh", self.texts["facts"])
            query += f" UNION ALL SELECT person, selection, {FACT} FROM fresh"  # noqa: S608
        self.machine.show("facts", query)

    def judge(self) -> None:
        """Judge by the new rules whom they may concern; the kept run has judged by the old."""
        self.machine.keep("met", self.masks)
        self.machine.show("masks", "FROM met")
        if self.keeps_its_shape:
            self.machine.keep("concerned", self._concerned())
            self.machine.show("masks", "FROM concerned")
        if not self.concerns_anybody:
            self.machine.keep("people", "FROM store.people SEMI JOIN concerned USING (person)")
        judged = "judged" if self.concerns_anybody else "judged_some"
        self.outcomes = f"""
            WITH judged AS ({self.texts[judged]}), outcome AS ({self.texts["outcome"]}),
                 outcome_before AS ({self._found_before()})
        """

    def _found_before(self) -> str:
        """Of those concerned, whom the kept run found."""
        among = "" if self.concerns_anybody else " SEMI JOIN concerned USING (person)"
        return f"FROM kept_found{among}"

    def _concerned(self) -> str:
        """Whoever has a bit that changed, or might be concerned without one, with all bits anew."""
        changed = list(enumerate(words_of(self.changed, self.after.shape.words)))
        words = ", ".join(
            f"(coalesce(m.w{word}, 0) & {BITS & ~bits}) | coalesce(n.w{word}, 0) AS w{word}"
            for word, bits in changed
        )
        query = f"SELECT person, {words} FROM kept_masks m FULL JOIN met n USING (person)"  # noqa: S608
        if self.concerns_anybody:
            return query
        differ = " OR ".join(
            f"(coalesce(m.w{word}, 0) & {bits}) <> coalesce(n.w{word}, 0)" for word, bits in changed
        )
        return f"{query} WHERE {differ}"
