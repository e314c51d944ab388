"""Why one person is found by a programme's rules, or is not: for their own practice.

The records are files, where no row security stands: whose patient it is, and whether there is a
legal basis, are asked here, before anything is read aloud.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from openprotect.accounts.queries import Viewer
from openprotect.base.nhs_number import NotAnNhsNumber, parse
from openprotect.base.refusals import Refused
from openprotect.cohorts.engine import Known, know
from openprotect.cohorts.explaining import near_miss, shown
from openprotect.cohorts.rules import REASONS, CohortRules
from openprotect.governance.queries import basis_ends_at
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records.queries import NoRecords, present_generation
from openprotect.records.store import ready_store


class NotExplained(Refused):
    """There is nobody whom this reader may be told about."""


@dataclass(frozen=True)
class InGroup:
    """A group that somebody is in: what it is, whose rule it is, and the dated evidence."""

    title: str
    source: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """A group that somebody came near to: what is there, and what speaks against it."""

    title: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """What the rules say of one person, as of a day."""

    nhs_number: str
    birth_date: date | None
    as_of: date
    version: str
    excluded: str
    excluded_for: tuple[str, ...]
    groups: tuple[InGroup, ...]
    near: tuple[Near, ...]

    @property
    def is_found(self) -> bool:
        return bool(self.groups) and not self.excluded


def explain(viewer: Viewer, programme: Programme, text: str) -> Explained:
    """One patient of the viewer's own practice, by NHS number, as the rules see them today."""
    try:
        number = parse(text, synthetic=settings.OPENPROTECT.synthetic)
    except NotAnNhsNumber as why:
        raise NotExplained(f"That is not an NHS number: {why.reason}.") from None
    if basis_ends_at(programme.purpose, at=viewer.at) is None:
        raise NotExplained("There is no legal basis for this programme now.")
    practice = Organisation.objects.get(pk=viewer.organisation_id)
    rules, as_of = pack_of(programme).cohort, viewer.at.date()
    known = _known(rules, number, as_of)
    if known is None or known.person.practice_code != practice.code:
        raise NotExplained("Not found among the people registered with your practice.")
    return _told(rules, known, number, as_of, version=programme.pack.version)


def _known(rules: CohortRules, number: str, as_of: date) -> Known | None:
    generation = present_generation()
    if generation is None:
        raise NoRecords("No records have been imported yet.")
    return know(rules, ready_store(settings.OPENPROTECT.lake, generation), number, as_of)


def _told(rules: CohortRules, known: Known, number: str, as_of: date, *, version: str) -> Explained:
    judged = known.judgement
    return Explained(
        number,
        known.person.birth_date,
        as_of,
        version,
        reason_in_words(rules, judged.excluded),
        tuple(shown(each) for each in judged.excluded_for),
        tuple(_group(rules, known, name) for name in judged.groups),
        near_misses(rules, known),
    )


def _group(rules: CohortRules, known: Known, name: str) -> InGroup:
    (group,) = (each for each in rules.groups if each.name == name)
    evidence = (each for each in known.judgement.evidence if each.group == name)
    return InGroup(group.title, group.source, tuple(shown(each) for each in evidence))


def near_misses(rules: CohortRules, known: Known) -> tuple[Near, ...]:
    """What the record holds of other groups, and why that does not count; each once."""
    near: dict[str, dict[str, None]] = {}
    for miss in known.judgement.misses:
        near.setdefault(rules.title_of(miss.group), {})[near_miss(rules, miss)] = None
    return tuple(Near(title, tuple(words)) for title, words in near.items())


def reason_in_words(rules: CohortRules, reason: str) -> str:
    """An exclusion by its title; a reason of the population says itself."""
    return reason if reason in REASONS else rules.title_of(reason)
