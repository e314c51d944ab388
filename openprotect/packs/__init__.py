"""A pack: a programme as data that clinicians write, checked and turned into plain values."""

from openprotect.packs.loading import from_files, load
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused, Problem

__all__ = ["Pack", "PackRefused", "Problem", "from_files", "load"]
