"""The code-sorted store: one generation of the lake, laid out for the questions of cohort rules."""

from openprotect.records.store.building import build
from openprotect.records.store.evidence import evidence_store
from openprotect.records.store.opening import Store, StoreDamaged, check, open_store
from openprotect.records.store.ready import ready_store

__all__ = [
    "Store",
    "StoreDamaged",
    "build",
    "check",
    "evidence_store",
    "open_store",
    "ready_store",
]
