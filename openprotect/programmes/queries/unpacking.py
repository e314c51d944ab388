"""Packs of drafts and versions, read and proven once for each content: their hash names them."""

from collections.abc import Mapping
from functools import lru_cache

from openprotect.packs.doubts import doubts
from openprotect.packs.loading import from_files
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused, Problem
from openprotect.packs.proving import Proof, prove


class _Held:
    """Files that are known by the hash of their content."""

    def __init__(self, files: Mapping[str, str], content_hash: str) -> None:
        self.files, self.content_hash = files, content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.content_hash == self.content_hash


def unpacked(files: Mapping[str, str], content_hash: str) -> Pack:
    """The pack in these files; raises PackRefused with all that is wrong in it."""
    return _unpacked(_Held(files, content_hash))


@lru_cache(maxsize=16)
def _unpacked(held: _Held) -> Pack:
    return from_files({name: text.encode() for name, text in held.files.items()})


def faults(files: Mapping[str, str]) -> tuple[Problem, ...]:
    """What would be refused in these files; empty when nothing would."""
    try:
        from_files({name: text.encode() for name, text in files.items()})
    except PackRefused as refusal:
        return tuple(each for each in refusal.problems if each.severity == "refused")
    return ()


def proven(files: Mapping[str, str], content_hash: str) -> Proof:
    """What its cards come to; raises PackRefused where they cannot be read."""
    return _proven(_Held(files, content_hash))


@lru_cache(maxsize=16)
def _proven(held: _Held) -> Proof:
    return prove(_unpacked(held))


def doubted(files: Mapping[str, str], content_hash: str) -> tuple[Problem, ...]:
    """What is allowed in a pack and needs somebody's word all the same."""
    return _doubted(_Held(files, content_hash))


@lru_cache(maxsize=16)
def _doubted(held: _Held) -> tuple[Problem, ...]:
    return tuple(doubts(_unpacked(held)))
