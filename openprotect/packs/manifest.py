"""pack.toml: whose programme this is, why it may run, and what localities may change."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.problems import Reading
from openprotect.packs.settings import Setting, read_settings

KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
VERSION: Final = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
LEGAL_BASES: Final = ("direct-care", "section-251", "copi-notice", "consent", "public-task")
PHONE: Final = re.compile(r"0[0-9 ]{9,13}")
TRANSLATED: Final = ("en",)
KINDS: Final = ("programme", "register")
SIGNED: Final = "kind key title version purpose legal_basis_kind sponsor clinical_owner review_on"
KEYS: Final = f"{SIGNED} sender phone languages link_domains cadence settings"


@dataclass(frozen=True)
class Cadence:
    """How often people are asked."""

    every_days: int


@dataclass(frozen=True)
class Heading:
    """What every pack says of itself: whose it is, what for, and when it is looked at again."""

    key: str
    title: str
    version: str
    purpose: str
    legal_basis_kind: str
    sponsor: str
    clinical_owner: str
    review_on: date

    def is_review_due(self, on: date) -> bool:
        return on >= self.review_on


@dataclass(frozen=True)
class Manifest(Heading):
    """The facts of a programme's pack.toml."""

    sender: str
    phone: str
    languages: tuple[str, ...]
    link_domains: tuple[str, ...]
    cadence: Cadence
    settings: dict[str, Setting]

    @property
    def always(self) -> dict[str, str]:
        """What the pack itself fills in wherever its texts name it."""
        return {"sender": self.sender, "phone": self.phone}


def kind_of(reading: Reading, file: str, text: str) -> str:
    """A programme asks people; a register only says who they are."""
    root = read_toml(reading, file, text)
    return root.one_of("kind", KINDS, default="programme")


def read_heading(reading: Reading, file: str, text: str) -> Heading:
    root = read_toml(reading, file, text)
    root.only(SIGNED.split())
    return _heading(root)


def read_manifest(reading: Reading, file: str, text: str) -> Manifest:
    root = read_toml(reading, file, text)
    root.only(KEYS.split())
    return Manifest(
        **vars(_heading(root)),
        sender=root.text("sender", longest=40),
        phone=_shaped(root, "phone", PHONE, "a number people can ring, such as 01632 960123"),
        languages=_languages(root),
        link_domains=root.texts("link_domains"),
        cadence=_cadence(root.entry("cadence")),
        settings=read_settings(root.entry("settings")),
    )


def _heading(root: Entry) -> Heading:
    root.one_of("kind", KINDS, default="programme")
    return Heading(
        key=_shaped(root, "key", KEY, "small letters, figures and dashes"),
        title=root.text("title", longest=80),
        version=_shaped(root, "version", VERSION, "three numbers such as 1.0.0"),
        purpose=root.text("purpose", longest=500),
        legal_basis_kind=root.one_of("legal_basis_kind", LEGAL_BASES),
        sponsor=root.text("sponsor", longest=120),
        clinical_owner=root.text("clinical_owner", longest=120),
        review_on=root.day("review_on"),
    )


def _shaped(entry: Entry, key: str, shape: re.Pattern[str], words: str) -> str:
    value = entry.text(key)
    if value and not shape.fullmatch(value):
        entry.refuse(key, f"must be {words}.")
    return value


def _languages(root: Entry) -> tuple[str, ...]:
    languages = root.texts("languages")
    if "en" not in languages:
        root.refuse("languages", 'must hold "en".')
    for each in languages:
        if each not in TRANSLATED:
            root.refuse("languages", f"{each[:20]!r}: only English questions are read so far.")
    return languages


def _cadence(entry: Entry) -> Cadence:
    entry.only(("every_days",))
    return Cadence(entry.whole("every_days", 1, 365))
