"""What the record cards leave open: groups never seen to find, or never seen to pass by."""

from collections.abc import Iterator, Sequence

from openprotect.cohorts.rules import CohortRules, Group, coded
from openprotect.packs.who import RecordCard


def unproven_groups(cards: Sequence[RecordCard], rules: CohortRules) -> Iterator[str]:
    """Each group and exclusion must find somebody on a card, and on another one just not."""
    for kind, groups in (("group", rules.groups), ("exclusion", rules.exclusions)):
        for group in groups:
            if not _found(cards, group):
                yield f"{kind} {group.name} finds nobody on any card"
            if not _passes_by(cards, group, rules):
                yield f"{kind} {group.name} is not seen to pass by anybody near it"


def groups_covered(cards: Sequence[RecordCard], rules: CohortRules) -> int:
    """How many groups and exclusions are seen both to find somebody and to pass somebody by."""
    groups = (*rules.groups, *rules.exclusions)
    return sum(bool(_found(cards, e)) and _passes_by(cards, e, rules) for e in groups)


def _found(cards: Sequence[RecordCard], group: Group) -> set[str]:
    return {card.name for card in cards if group.name in (*card.expected, card.taken_out)}


def _passes_by(cards: Sequence[RecordCard], group: Group, rules: CohortRules) -> bool:
    found = _found(cards, group)
    return any(card.name not in found and _is_near(card, group, rules) for card in cards)


def _is_near(card: RecordCard, group: Group, rules: CohortRules) -> bool:
    """The record holds something that the group looks at; one that looks at no code is near all."""
    lists = {
        key
        for alternative in group.any_of
        for clause in alternative
        for select in clause.selections()
        for key in select.codelists
    }
    wanted = coded(rules, tuple(lists))
    return not lists or any((each.system, each.code) in wanted for each in card.events)
