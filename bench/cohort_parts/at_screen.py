"""What somebody waits for at a screen: a changed rule, and why one person is found."""

import json
import statistics
import sys
import time
from pathlib import Path

from bench.cohort_parts import coding
from bench.cohort_parts.engine import Spec
from bench.cohort_parts.people import AS_OF
from bench.cohort_parts.rules import FILE, codelists, reference_rules
from openprotect.cohorts.engine import find, know
from openprotect.cohorts.engine.keeping import kept_facts
from openprotect.cohorts.engine.trying import try_rules
from openprotect.packs.cohort import read_cohort

EXPLAINED = 200
EDITS = (
    "threshold: 4 courses of steroids become 3",
    "window: cancer in 12 months becomes 18",
    "five codes added to rare diseases",
)


def edited(number):
    """The rules with one thing changed, as a clinician would change the file."""
    text, lists = FILE.read_text(), dict(codelists())
    if number == 0:
        text = text.replace("at_least = 4 }", "at_least = 3 }")
    elif number == 1:
        text = text.replace('["cancer"]\nwithin = "12 months"', '["cancer"]\nwithin = "18 months"')
    else:
        first = coding.first_ordinary("events")
        more = coding.dictionary("events")[first + 100 : first + 105]
        lists["codelists/rare-disease.csv"] += "".join(f"{code},added\n" for code in more)
    return read_cohort(text, lists, FILE.name)


def main(_, written):
    spec = Spec.read(written)
    rules, store, queries = reference_rules(), spec.store, Path(spec.home) / "queries"
    before = find(rules, store, AS_OF, queries=queries, keep=True, evidence=False)
    edits = [_edit(number, spec, store, queries, before) for number in range(len(EDITS))]
    numbers = before.table.column("nhs_number").to_pylist()
    chosen = numbers[:: max(len(numbers) // EXPLAINED, 1)][:EXPLAINED]
    facts, times = kept_facts(rules, store, AS_OF), []
    for number in chosen:
        began = time.perf_counter()
        known = know(rules, store, number, AS_OF, facts)
        times.append(time.perf_counter() - began)
        assert known.judgement.groups
    print(
        json.dumps(
            {
                "edits": edits,
                "explain_ms": statistics.median(times) * 1000,
                "explained": len(times),
            }
        )
    )


def _edit(number, spec, store, queries, before):
    """Try one change as often as the bench runs; the same must come of it as of two whole runs."""
    rules, changed, times = reference_rules(), edited(number), []
    facts = kept_facts(rules, store, AS_OF)
    for _ in range(spec.rounds + 1):
        began = time.perf_counter()
        trial = try_rules(rules, changed, store, AS_OF, facts=facts, queries=queries)
        times.append(time.perf_counter() - began)
    after = find(changed, store, AS_OF, queries=queries, evidence=False)
    old, new = (set(each.table.column("nhs_number").to_pylist()) for each in (before, after))
    told, truth = (trial.joined, trial.left), (len(new - old), len(old - new))
    if told != truth:
        sys.exit(f"unequal: {EDITS[number]}: {told} joined and left, but {truth} by whole runs")
    return {
        "title": EDITS[number],
        "seconds": statistics.median(times[1:]),
        "joined": trial.joined,
        "left": trial.left,
        "changed": trial.changed,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
