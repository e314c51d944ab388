"""The rules of matching, one row at a time in plain Python: slow, and easy to read.

The product decides all rows at once in SQL. A property test holds the two against each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from openprotect.records.rules.matching import FILLER_SHARE, SHARED_BY_TOO_MANY
from openprotect.records.rules.values import Outcome, Person, Row


@dataclass(frozen=True)
class Decided:
    """One row and what became of it."""

    row: Row
    outcome: Outcome
    reason: str = ""


@dataclass
class Decisions:
    """What became of every person's row of one import."""

    rows: list[Decided] = field(default_factory=list)
    taken: dict[str, Person] = field(default_factory=dict)
    deaths: dict[str, Person] = field(default_factory=dict)

    def say(self, row: Row, outcome: Outcome, reason: str = "") -> None:
        self.rows.append(Decided(row, outcome, reason))

    @property
    def changes(self) -> int:
        """How many people of the lake become other than they were."""
        new = sum(each.outcome in (Outcome.ADDED, Outcome.CHANGED) for each in self.rows)
        return new + len(self.deaths)


Likeness = tuple[str, str, str, str]


def likeness(person: Person) -> Likeness:
    """What two rows of one person under two NHS numbers would share."""
    born = person.birth_date.isoformat() if person.birth_date else ""
    return person.family.lower(), person.given.lower(), born, person.postcode


def decide(
    rows: Sequence[Row], known: Mapping[str, Person], alike: Mapping[Likeness, frozenset[str]]
) -> Decisions:
    """Every row's outcome, and the people as the lake should then hold them.

    `known` are the people of the lake by NHS number; `alike` the numbers under which the lake
    holds a person of the same name, birth date and postcode.
    """
    decisions = Decisions()
    groups: dict[str, list[Row]] = defaultdict(list)
    crowded = _crowded(rows)
    for row in rows:
        if row.outcome is not None:
            _settle(row, rows, decisions)
        elif row.person and {row.person.mobile, row.person.phone} & crowded:
            decisions.say(row, Outcome.HELD, "phone-many")
        elif row.person:
            groups[row.person.nhs_number].append(row)
    for number, group in groups.items():
        chosen = _alone(group, decisions)
        if chosen and chosen.person:
            _decide_one(chosen, chosen.person, known.get(number), alike, decisions)
    decisions.deaths = _deaths(decisions, known)
    return decisions


def _settle(row: Row, rows: Sequence[Row], decisions: Decisions) -> None:
    """A row already judged; a filler birth date shared by few is just a wrong one."""
    outcome = row.outcome or Outcome.REJECTED
    if row.reason == "birth-date-filler":
        sharing = sum(each.reason == "birth-date-filler" for each in rows)
        outcome = Outcome.HELD if sharing > len(rows) * FILLER_SHARE else Outcome.REJECTED
    decisions.say(row, outcome, row.reason)


def _crowded(rows: Iterable[Row]) -> set[str]:
    """Numbers so widely shared that they are a practice's or a mistake."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.person:
            counts.update({row.person.mobile, row.person.phone} - {""})
    return {number for number, count in counts.items() if count > SHARED_BY_TOO_MANY}


def _alone(group: list[Row], decisions: Decisions) -> Row | None:
    """The one row to go on with of those for one NHS number; the others are told why not."""
    candidates = []
    for row in group:
        if any(plain(row.person) == plain(other.person) for other in candidates):
            decisions.say(row, Outcome.DUPLICATE)
        else:
            candidates.append(row)
    if len(candidates) == 1:
        return candidates[0]
    if len({row.person.birth_date for row in candidates if row.person}) > 1:
        _hold_all(candidates, "same-number-other-birth-date", decisions)
        return None
    return _newest_registration(candidates, decisions)


def _newest_registration(rows: list[Row], decisions: Decisions) -> Row | None:
    """Of two practices' rows the newer registration counts; the older one is superseded."""
    days = {row.position: row.person.registered_on for row in rows if row.person}
    practices = {row.person.practice_code for row in rows if row.person}
    if len(practices) == 1 or None in days.values() or len(set(days.values())) < len(rows):
        one = len(practices) == 1
        reason = "same-number-differs" if one else "same-number-two-practices"
        _hold_all(rows, reason, decisions)
        return None
    newest, *older = sorted(rows, key=lambda row: str(days[row.position]), reverse=True)
    for row in older:
        decisions.say(row, Outcome.DUPLICATE)
    return newest


def _hold_all(rows: list[Row], reason: str, decisions: Decisions) -> None:
    for row in rows:
        decisions.say(row, Outcome.HELD, reason)


def plain(person: Person | None) -> Person | None:
    """The person without what does not matter when two rows are compared."""
    return person and replace(person, phone_shared=False, updated_at="", source="", subject="")


def _decide_one(
    row: Row,
    person: Person,
    held: Person | None,
    alike: Mapping[Likeness, frozenset[str]],
    decisions: Decisions,
) -> None:
    """One row against the lake: somebody new, or what is held of this person."""
    if alike.get(likeness(person), frozenset()) - {person.nhs_number}:
        decisions.say(row, Outcome.HELD, "other-number-same-person")
    elif held is None:
        decisions.taken[person.nhs_number] = person
        decisions.say(row, Outcome.ADDED)
    elif fault := _fault_against(person, held):
        outcome = Outcome.REJECTED if fault == "older-than-held" else Outcome.HELD
        decisions.say(row, outcome, fault)
    else:
        _renew(row, person, held, decisions)


def _renew(row: Row, person: Person, held: Person, decisions: Decisions) -> None:
    """Newer details of somebody known; an objection that is not mentioned still stands."""
    person = _with_what_it_does_not_say(person, held)
    same = plain(person) == plain(held)
    decisions.taken[person.nhs_number] = held if same else person
    decisions.say(row, Outcome.UNCHANGED if same else Outcome.CHANGED)


def _with_what_it_does_not_say(person: Person, held: Person) -> Person:
    """Nothing said is not 'no': an objection stands, and so do a care home and an area."""
    if person.opted_out is None:
        person = replace(person, opted_out=held.opted_out)
    if person.care_home is None:
        person = replace(person, care_home=held.care_home)
    if not person.lsoa and person.postcode == held.postcode:
        person = replace(person, lsoa=held.lsoa)
    return person


def _fault_against(person: Person, held: Person) -> str:
    """What speaks against taking this row over the one held."""
    if _instant(person.updated_at) and _instant(held.updated_at) > _instant(person.updated_at):
        return "older-than-held"
    if person.birth_date != held.birth_date and held.birth_precision == "day":
        return "birth-date-changed"
    if held.restricted and not person.restricted:
        return "restricted-omitted"
    return ""


def _instant(written: str) -> float:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return 0.0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _deaths(decisions: Decisions, known: Mapping[str, Person]) -> dict[str, Person]:
    """People of the lake whom a held row says have died: treated as dead until it is settled."""
    return {
        person.nhs_number: replace(held, deceased=True)
        for each in decisions.rows
        if each.outcome is Outcome.HELD
        and (person := each.row.person)
        and person.deceased
        and (held := known.get(person.nhs_number))
        and not held.deceased
    }
