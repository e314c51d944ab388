"""What the record cards leave open: groups never seen to find, or never seen to pass by."""

from collections.abc import Iterator, Sequence

from openprotect.cohorts.rules import CohortRules, Group, coded
from openprotect.packs.who import RecordCard


def unproven_groups(cards: Sequence[RecordCard], rules: CohortRules) -> Iterator[str]:
    """Each group and exclusion must find somebody on a card, and on another one just not."""
    for kind, groups in (("group", rules.groups), ("exclusion", rules.exclusions)):
        for group in groups:
            found = {card.name for card in cards if group.name in (*card.expected, card.taken_out)}
            if not found:
                yield f"{kind} {group.name} finds nobody on any card"
            if all(card.name in found or not _is_near(card, group, rules) for card in cards):
                yield f"{kind} {group.name} is not seen to pass by anybody near it"


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
