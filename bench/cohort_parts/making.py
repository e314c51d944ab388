"""One generation of a lake, made up from a seed and kept for the next run of the bench."""

import os
import sys
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pyarrow.parquet as pq

from bench.cohort_parts.people import CHUNK, make_people
from bench.cohort_parts.records import KINDS, make_records
from openprotect.records import lake
from openprotect.records.lake import PEOPLE_SCHEMA

FORMAT = 1  # a new one makes everybody's data anew
CHUNKS_A_PART = 2


@dataclass(frozen=True)
class Made:
    """A lake of the bench: where it is, and how long it took when it was made just now."""

    folder: Path
    generation: uuid.UUID
    seconds: float | None

    @property
    def parts(self):
        return lake.folder_of(self.folder, self.generation)

    @property
    def delivered_bytes(self):
        return sum(path.stat().st_size for path in self.parts.glob("*.parquet"))


def made(home, people, seed):
    """The lake of so many people: the one that is kept, or a new one."""
    folder = Path(home) / "bench" / f"{people}-{seed}" / "lake"
    generation = uuid.uuid5(uuid.NAMESPACE_URL, f"openprotect bench {FORMAT} {people} {seed}")
    kept = Made(folder, generation, None)
    with suppress(lake.LakeDamaged):  # never made, half made, or made by another version
        lake.open_generation(folder, generation)
        return kept
    began = time.perf_counter()
    kept.parts.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_parts(kept.parts, people, seed)
    lake.seal(kept.parts, generation)
    return Made(folder, generation, time.perf_counter() - began)


def _make_parts(folder, people, seed):
    size = CHUNK * CHUNKS_A_PART
    jobs = [
        (str(folder), seed, part, min(size, people - part * size))
        for part in range(-(-people // size))
    ]
    workers = min(os.cpu_count() or 1, len(jobs))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(_make_part, jobs), start=1):
            print(f"made part {number} of {len(jobs)}", file=sys.stderr)


def _make_part(job):
    """One file of people and one of their events, a chunk at a time so that memory stays small."""
    folder, seed, part, count = job
    with (
        pq.ParquetWriter(
            Path(folder) / f"people-{part:04d}.parquet", PEOPLE_SCHEMA, compression="zstd"
        ) as people_file,
        EventsFile(Path(folder) / f"events-{part:04d}.parquet") as events_file,
    ):
        for turn in range(-(-count // CHUNK)):
            chunk = part * CHUNKS_A_PART + turn
            people = make_people(seed, chunk, min(CHUNK, count - turn * CHUNK))
            people_file.write_table(people.table)
            for kind in KINDS:
                events_file.write(make_records(seed, chunk, people, kind))
    return part


class EventsFile:
    """Columns of few values are written as they are held, each value once; readers find text."""

    def __init__(self, path):
        self.path, self.writer = path, None

    def __enter__(self):
        return self

    def write(self, table):
        if self.writer is None:
            self.writer = pq.ParquetWriter(
                self.path,
                table.schema,
                compression="zstd",
                compression_level=1,
                store_schema=False,
            )
        self.writer.write_table(table)

    def __exit__(self, *_):
        self.writer.close()
