"""A pack: a programme as data that clinicians write, checked and turned into plain values."""

from openprotect.packs.loading import from_files, load, load_cohort
from openprotect.packs.pack import Pack, Register
from openprotect.packs.problems import PackRefused, Problem

__all__ = ["Pack", "PackRefused", "Problem", "Register", "from_files", "load", "load_cohort"]
