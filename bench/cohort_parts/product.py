"""The task through the product: cohort.toml, its reader, its engine, its store."""

import time
from pathlib import Path

from bench.cohort_parts.engine import Engine
from bench.cohort_parts.people import AS_OF
from bench.cohort_parts.rules import reference_rules


class Product(Engine):
    name, title = "product", "OpenProtect, its own rule language, code-sorted store"
    runs_on, with_reasons = "duckdb", False

    def open(self):
        """The first run ever builds and compiles the plan, which is then kept."""
        from openprotect.cohorts.engine import find

        self.find, self.rules, self.store = find, reference_rules(), self.spec.store
        self.queries = Path(self.spec.home) / "queries"
        began = time.perf_counter()
        self.run()
        self.prepared = time.perf_counter() - began

    def run(self):
        return answer_of(
            self.find(
                self.rules,
                self.store,
                AS_OF,
                engine=self.runs_on,
                queries=self.queries,
                evidence=self.with_reasons,
            )
        )


def answer_of(findings):
    """15 groups fit into one word of bits."""
    names = ["groups" if name == "groups_0" else name for name in findings.table.column_names]
    return findings.table.rename_columns(names)


class WithReasons(Product):
    name, title = "reasons", "OpenProtect, and every reason of everybody listed"
    with_reasons = True


class OnSpark(Product):
    name, title = "pyspark", "OpenProtect, the same plan on PySpark (local)"
    runs_on = "pyspark"

    def files(self):
        return sorted(self.store.folder.glob("parquet-*/*.parquet"))
