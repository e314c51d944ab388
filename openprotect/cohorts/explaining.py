"""Why somebody is, or is not, among the people found, in plain words."""

from collections.abc import Iterator
from datetime import date

from openprotect.cohorts.engine import Known
from openprotect.cohorts.rules import REASONS, Because, CohortRules, Evidence, Fact, Miss
from openprotect.cohorts.rules.wording import events_asked, person_asked


def told(rules: CohortRules, known: Known, as_of: date) -> list[str]:
    """The groups with their evidence, then what came near and why it does not count."""
    judged = known.judgement
    lines = [_verdict(rules, known, as_of)]
    lines += [f"    {shown(each)}" for each in judged.excluded_for]
    if judged.excluded and judged.groups:
        lines.append("  They would otherwise be in:")
    for name in judged.groups:
        lines.append(f"  {rules.title_of(name)}:")
        lines += [f"    {shown(each)}" for each in judged.evidence if each.group == name]
    if judged.misses:
        lines.append("  Looked at, and not counted:")
        near = (f"{rules.title_of(miss.group)}: {near_miss(rules, miss)}" for miss in judged.misses)
        lines += [f"    {each}" for each in dict.fromkeys(near)]
    if not judged.groups and not judged.misses:
        lines.append("  The record holds none of the codes that these rules look for.")
    return lines


def _verdict(rules: CohortRules, known: Known, as_of: date) -> str:
    judged, day = known.judgement, written(as_of)
    if judged.excluded:
        why = judged.excluded if judged.excluded in REASONS else rules.title_of(judged.excluded)
        return f"Not found, as of {day}: {why}."
    if judged.groups:
        number = len(judged.groups)
        return f"Found, as of {day}, in {number} group{'s' if number > 1 else ''}:"
    return f"Not found, as of {day}."


def shown(each: Evidence) -> str:
    """One piece of evidence: term, code, value, day and source."""
    value = f", value {each.value:g}" if each.value is not None else ""
    code = f" ({each.code})" if each.code else ""
    return f"{each.term}{code}{value}, {written(each.on)}, from {each.source or 'the record'}"


def near_miss(rules: CohortRules, miss: Miss) -> str:
    """What was found, and what speaks against it."""
    fact = miss.fact
    if fact is None or miss.because in _OF_THE_PERSON:
        asked = "; ".join(_wanting(rules, miss))
        return asked if fact is None else f"{_latest(fact)}: {asked}"
    return f"{_latest(fact)}: {_against(miss, fact)}"


_OF_THE_PERSON = frozenset(
    {
        Because.AGE,
        Because.SEX,
        Because.DEPRIVATION,
        Because.REGISTRATION,
        Because.CARE_HOME,
        Because.IN_GROUP,
        Because.NOT_IN_GROUP,
    }
)


def _wanting(rules: CohortRules, miss: Miss) -> Iterator[str]:
    """What a clause asked for that is not in the record, or not so of the person."""
    if miss.because in _OF_THE_PERSON:
        yield f"counts only for people {', '.join(person_asked(rules, miss.clause))}"
    else:
        yield f"nothing recorded of: {', '.join(events_asked(miss.clause))}"


def _latest(fact: Fact) -> str:
    return f"{fact.latest.term} ({fact.latest.code}), {written(fact.last)}"


def _against(miss: Miss, fact: Fact) -> str:
    clause = miss.clause
    match miss.because:
        case Because.TOO_FEW | Because.TOO_MANY:
            return _count(miss, fact)
        case Because.VALUE:
            value = "no value" if fact.value is None else f"the value {fact.value:g}"
            return f"{value}, where {clause.latest_value} is asked for"
        case Because.TOO_CLOSE:
            first = (
                "also the first" if fact.first == fact.last else f"the first {written(fact.first)}"
            )
            return f"{first}, where {clause.apart} between them is asked for"
        case Because.ENDED | Because.NOT_AFTER | Because.BEFORE:
            return _opposed(miss, fact)
        case Because.PRESENT:
            return "counts only for people who have none"
        case Because.FIRST:
            return f"the first is of {written(fact.first)}, which is not when it is asked for"
        case Because.NOT_BELIEVED:
            return "without a value, a place or a date of the kind that counts"
    return "not when it is asked for"


def _count(miss: Miss, fact: Fact) -> str:
    clause = miss.clause
    found = fact.days if clause.on_different_days else fact.events
    unit = "days" if clause.on_different_days else "records"
    if miss.because is Because.TOO_MANY:
        return f"{found} {unit}, where at most {clause.at_most} may be{_in_time(miss)}"
    return f"{found} {unit}, where {clause.at_least} are needed{_in_time(miss)}"


def _opposed(miss: Miss, fact: Fact) -> str:
    other = miss.against
    if other is None:
        return "comes after nothing that it should follow"
    if miss.because is Because.BEFORE:
        return f"preceded by {other.latest.term} ({other.latest.code}), {written(other.first)}"
    same = other.last == fact.last
    when = "on the same day" if same else f"on {written(other.last)}"
    if miss.because is Because.NOT_AFTER:
        return f"not later than {other.latest.term} ({other.latest.code}) {when}"
    return f"ended by {other.latest.term} ({other.latest.code}) {when}"


def _in_time(miss: Miss) -> str:
    select = miss.clause.select
    within = select.days.within if select else None
    return f" within {within}" if within else ""


def written(day: date) -> str:
    """A day as people write it: 3 April 2020."""
    return f"{day.day} {day:%B %Y}"
