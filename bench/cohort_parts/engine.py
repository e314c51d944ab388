"""What the bench asks of every engine: open the data, do the task, leave nothing behind."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True)
class Spec:
    """Where one run of the bench has its data, for a process of its own to read."""

    lake: str
    generation: str
    home: str
    rounds: int
    planted: str = ""  # an engine that must leave somebody out, so that the bench has to notice

    @property
    def parts(self):
        return Path(self.lake) / self.generation

    @property
    def events(self):
        return sorted(self.parts.glob("events*.parquet"))

    @property
    def people(self):
        return sorted(self.parts.glob("people*.parquet"))

    @property
    def store(self):
        from openprotect.records.store import open_store

        return open_store(Path(self.lake), UUID(self.generation))

    def written(self):
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text):
        return cls(**json.loads(text))


class Engine:
    """One way to do the task. `reads` says from what: delivered files, the store, its own."""

    name = title = ""
    reads = "store"

    def __init__(self, spec):
        self.spec = spec

    def files(self):
        """What a cold run should find in no cache."""
        if self.reads == "delivered":
            return [*self.spec.people, *self.spec.events]
        return [self.spec.store.database]

    def open(self):
        """Connect, and whatever a service does once."""

    def run(self):
        """The answer, a table with the columns of `answer`."""
        raise NotImplementedError

    def more_cpu(self):
        """CPU seconds of processes that are not below ours."""
        return 0.0

    def more_memory(self):
        return 0

    def close(self):
        """Leave nothing running."""
