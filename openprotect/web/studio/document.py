"""A pack as one document in plain words: what clinicians read, print and sign."""

from collections.abc import Iterator
from dataclasses import dataclass

from openprotect.packs.differences.judging import in_words
from openprotect.packs.languages import named
from openprotect.packs.pack import Pack
from openprotect.packs.rule_table import sections
from openprotect.packs.rules_in_words import when
from openprotect.packs.triage import Rule

# Who owns a concern, as people call them.
WORK = {
    "practice": "GP practice",
    "locality": "locality team",
    "surveillance": "surveillance team",
}


@dataclass(frozen=True)
class RuleLine:
    """One rule of the table: when, how soon, whose, and on whose word."""

    name: str
    when: tuple[str, ...]
    kind: str
    urgency: str
    reason: str
    owner: str
    accept: str
    resolve: str
    source: str


@dataclass(frozen=True)
class Asked:
    """One question with its answers."""

    text: str
    name: str
    answers: tuple[str, ...]
    is_needed: bool
    emergencies: tuple[str, ...]


def document(pack: Pack) -> dict[str, object]:
    """All parts of a pack, as its page shows them."""
    return {
        "rules": [_rule(pack, rule) for rule in pack.triage.rules],
        "questions": list(_questions(pack)),
        "messages": [
            (each.name, each.channel, named(each.language), each.body, each.cost)
            for each in pack.messages
        ],
        "settings": sorted(pack.settings.values(), key=lambda each: each.latitude),
        "cohort": sections(pack.cohort),
    }


def _rule(pack: Pack, rule: Rule) -> RuleLine:
    route = pack.routing.route(rule.kind, rule.urgency)
    return RuleLine(
        name=rule.name,
        when=when(rule, pack.triage.facts),
        kind=rule.kind,
        urgency=rule.urgency,
        reason=rule.reason,
        owner=WORK.get(route.function, route.function),
        accept=in_words(route.accept_within),
        resolve=in_words(route.resolve_within),
        source=rule.source,
    )


def _questions(pack: Pack) -> Iterator[Asked]:
    for item in pack.questionnaire.questions:
        yield Asked(
            text=item.text,
            name=item.link_id,
            answers=tuple(option.display for option in item.options),
            is_needed=item.required,
            emergencies=tuple(flag.emergency.text for flag in item.red_flags),
        )
