"""Why somebody is, or is not, among the people found, in plain words."""

from collections.abc import Iterator
from datetime import date

from openprotect.cohorts.engine import Known
from openprotect.cohorts.rules import Clause, CohortRules, Evidence, Miss, Tie
from openprotect.cohorts.rules.judging import Fact


def told(rules: CohortRules, known: Known, as_of: date) -> list[str]:
    """The groups with their evidence, then what came near and why it does not count."""
    judged = known.judgement
    lines = [_verdict(known, as_of)]
    for name in judged.groups:
        lines.append(f"  {rules.title_of(name)}:")
        lines += [f"    {_shown(each)}" for each in judged.evidence if each.group == name]
    if judged.misses:
        lines.append("  Looked at, and not counted:")
        lines += [f"    {rules.title_of(miss.group)}: {_near(miss)}" for miss in judged.misses]
    if not judged.groups and not judged.misses:
        lines.append("  The record holds none of the codes that these rules look for.")
    return lines


def _verdict(known: Known, as_of: date) -> str:
    judged, day = known.judgement, written(as_of)
    if judged.excluded:
        would = " They would otherwise be in these groups:" if judged.groups else ""
        return f"Not found, as of {day}: {judged.excluded}.{would}"
    if judged.groups:
        number = len(judged.groups)
        return f"Found, as of {day}, in {number} group{'s' if number > 1 else ''}:"
    return f"Not found, as of {day}."


def _shown(each: Evidence) -> str:
    value = f", value {each.value:g}" if each.value is not None else ""
    code = f" ({each.code})" if each.code else ""
    return f"{each.term}{code}{value}, {written(each.on)}, from {each.source or 'the record'}"


def _near(miss: Miss) -> str:
    """What was found, and what speaks against it."""
    fact, clause = miss.fact, miss.clause
    if fact is None:
        return "; ".join(_asked(clause)) or "nothing found"
    found = f"{fact.latest.term} ({fact.latest.code}), {written(fact.last)}"
    return f"{found}: {_against(miss, fact)}"


def _against(miss: Miss, fact: Fact) -> str:
    clause = miss.clause
    match miss.because:
        case "age":
            return f"counts only for people {clause.ages}"
        case "too few":
            found = fact.days if clause.on_different_days else fact.events
            return f"found {found}, where {clause.at_least} are needed{_in_time(clause)}"
        case "value":
            value = "no value" if fact.value is None else f"the value {fact.value:g}"
            return f"{value}, where {clause.latest_value} is asked for"
        case "ended" if miss.ender:
            same = miss.ender.last == fact.last and clause.tie is Tie.ENDS
            when = "on the same day" if same else f"later, on {written(miss.ender.last)}"
            return f"ended by {miss.ender.latest.term} ({miss.ender.latest.code}) {when}"
    return "does not count"


def _in_time(clause: Clause) -> str:
    within = clause.select.within if clause.select else None
    return f" within {within}" if within else ""


def _asked(clause: Clause) -> Iterator[str]:
    """What a clause wanted of which nothing was found."""
    if clause.ages and clause.select is None:
        yield f"must be {clause.ages}"
    elif clause.select:
        yield f"no code of {', '.join(clause.select.codelists)}{_in_time(clause)}"


def written(day: date) -> str:
    """A day as people write it: 3 April 2020."""
    return f"{day.day} {day:%B %Y}"
