"""Spark, here or on a cluster, over a store's Parquet. An extra: pyspark and Java must be there."""

import os
from typing import Any, Final, Self

import pyarrow as pa

from openprotect.base.refusals import Refused
from openprotect.cohorts.engine.layout import STORE
from openprotect.cohorts.engine.resolving import Store


class NoSpark(Refused):
    """pyspark is not installed here."""


class Spark:
    """A session of Spark that reads the store and keeps each step until the run is over."""

    dialect: Final = "pyspark"

    def __init__(self, store: Store) -> None:
        self.session = session()
        self._kept: list[Any] = []
        self._is_local = self.session.sparkContext.master.startswith("local")
        for name in STORE:
            self.session.read.parquet(str(store.parquet(name))).createOrReplaceTempView(name)

    def load(self, name: str, table: pa.Table) -> None:
        whole = table.combine_chunks()  # Spark stops at the first chunk that is empty
        self.session.createDataFrame(whole).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        """Kept with its plan, by which a cluster makes again what a lost worker had.

        On one machine nothing is lost, and plans that grow with each step cost half a minute.
        """
        rows = self.session.sql(query)
        rows = rows.localCheckpoint() if self._is_local else rows.persist()
        rows.createOrReplaceTempView(name)
        self._kept.append(rows)

    def read(self, query: str) -> pa.Table:
        return self.session.sql(query).toArrow()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for rows in self._kept:
            rows.unpersist()


def session() -> Any:
    """A session on OPENPROTECT_SPARK_MASTER, or on two threads of this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise NoSpark("PySpark is not installed here: see docs/scale.md, or use DuckDB.") from None
    master = os.environ.get("OPENPROTECT_SPARK_MASTER", "local[2]")
    builder = SparkSession.builder.master(master).appName("openprotect cohort")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.adaptive.enabled": "true",
    }
    if master.startswith("local"):
        settings["spark.sql.shuffle.partitions"] = "8"
        settings["spark.driver.memory"] = f"{_memory()}m"
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _memory() -> int:
    """Megabytes for a session on this machine: a third of it, as 1 GB holds no county's joins."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(1024, min(whole // 3, 8192))
