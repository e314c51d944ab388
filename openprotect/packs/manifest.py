"""pack.toml: whose programme this is, why it may run, and what localities may change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from openprotect.packs.bands import Band, read_bands
from openprotect.packs.cadence import Cadence, read_cadence
from openprotect.packs.calling import CallingPlan, read_calling
from openprotect.packs.channels import ChannelPlan, read_channels
from openprotect.packs.entry import Entry, read_toml
from openprotect.packs.languages import ENGLISH, TAG, named
from openprotect.packs.problems import Reading, not_one_of
from openprotect.packs.settings import Setting, read_settings

KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
VERSION: Final = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
LEGAL_BASES: Final = ("direct-care", "section-251", "copi-notice", "consent", "public-task")
PHONE: Final = re.compile(r"0[0-9 ]{9,13}")
KINDS: Final = ("programme", "register")
SIGNED: Final = "kind key title version purpose legal_basis_kind sponsor clinical_owner review_on"
OF_A_PROGRAMME: Final = "sender sender_in phone languages awaiting_translation link_domains"
KEYS: Final = f"{SIGNED} {OF_A_PROGRAMME} cadence calling channels band settings triage"


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
    """The facts of a programme's pack.toml.

    `awaiting_translation` are the languages whose words no professional translator has been over:
    somebody who knows the language signs for each before it goes out.
    """

    sender: str
    phone: str
    languages: tuple[str, ...]
    link_domains: tuple[str, ...]
    cadence: Cadence
    settings: dict[str, Setting]
    sender_in: Mapping[str, str]
    awaiting_translation: tuple[str, ...]
    channels: ChannelPlan
    bands: tuple[Band, ...]
    calling: CallingPlan

    @property
    def always(self) -> dict[str, str]:
        """What the pack itself fills in wherever its texts name it."""
        return self.always_in(ENGLISH)

    def always_in(self, language: str) -> dict[str, str]:
        return {"sender": self.sender_in.get(language, self.sender), "phone": self.phone}


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
    languages = _languages(root)
    return Manifest(
        **vars(_heading(root)),
        sender=root.text("sender", longest=40),
        sender_in=_senders(root.entry("sender_in"), languages),
        phone=_shaped(root, "phone", PHONE, "a number people can ring, such as 01632 960123"),
        languages=languages,
        awaiting_translation=_awaiting(root, languages),
        link_domains=root.texts("link_domains"),
        cadence=read_cadence(root.entry("cadence")),
        settings=read_settings(root.entry("settings")),
        channels=read_channels(root.entry("channels")),
        bands=read_bands(root),
        calling=read_calling(root.entry("calling")),
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
    if ENGLISH not in languages:
        root.refuse("languages", 'must hold "en".')
    for each in languages:
        if not TAG.fullmatch(each):
            root.refuse("languages", f"{each[:20]!r} is no language, such as pl or pt-BR.")
    return languages


def _senders(entry: Entry, languages: tuple[str, ...]) -> dict[str, str]:
    entry.only(languages)
    return {each: entry.text(each, longest=40) for each in entry.values}


def _awaiting(root: Entry, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Machine-readable, so that publishing can ask for the signature that is lacking."""
    awaiting = root.texts("awaiting_translation")
    for each in awaiting:
        if each not in languages:
            root.refuse("awaiting_translation", not_one_of(each, languages))
        else:
            words = f"{named(each)} awaits professional translation; it needs a signature to go out"
            root.warn("awaiting_translation", f"{words}.")
    return awaiting
