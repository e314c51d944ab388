"""The same task as numbers, for the engines that stand beside ours and know no cohort.toml.

Each list of coding.LISTS has a number, its place there, and a bit. A person's *mask* has the bit of
every list whose events satisfy their condition; a rule holds when all bits of one of its
alternatives are in the mask, and those bits are its evidence.
"""

from collections import defaultdict
from datetime import date

from bench.cohort_parts import coding
from bench.cohort_parts.people import AS_OF

ALWAYS = date(1800, 1, 1)
SINCE = {
    "cancer": date(2025, 3, 31),
    "chemotherapy": date(2025, 9, 30),
    "blood-cancer": date(2021, 3, 31),
    "steroids": date(2025, 3, 31),
    "biologics": date(2025, 3, 31),
    "immunosuppressants": date(2025, 9, 30),
    "pregnant": date(2025, 6, 30),
    "dialysis": date(2025, 3, 31),
    "respiratory-admissions": date(2024, 3, 31),
}
BELIEVED = {"fev1": (0.0, 200.0), "egfr": (0.0, 200.0), "bmi": (4.0, 200.0)}
AT_LEAST = {"steroids": 4, "immunosuppressants": 2, "respiratory-admissions": 2}
BELOW = {"fev1": 30.0, "egfr": 15.0}
FROM = {"bmi": 40.0}
# What ends what; and whether a code of the same day ends it.
ENDED_BY = {
    "asthma": ("asthma-resolved", True),
    "pregnant": ("delivered", True),
    "kidney-stage-5": ("kidney-other-stages", False),
    "flag-added": ("flag-removed", True),
    "dissent": ("consent", True),
}
# Each rule's place among the groups of cohort.toml, and the lists of each alternative.
ALTERNATIVES = (
    (0, ("transplant",)),
    (1, ("cancer",)),
    (1, ("chemotherapy",)),
    (2, ("blood-cancer",)),
    (3, ("copd", "steroids")),
    (3, ("copd", "fev1")),
    (4, ("asthma", "steroids")),
    (4, ("asthma", "biologics")),
    (5, ("rare-disease",)),
    (6, ("immunosuppressants",)),
    (7, ("pregnant", "heart-disease")),
    (8, ("kidney-stage-5",)),
    (8, ("dialysis",)),
    (8, ("egfr",)),
    (9, ("downs",)),
    (11, ("bmi",)),
    (12, ("splenectomy",)),
    (13, ("respiratory-admissions",)),
    (14, ("flag-added",)),
)
AGED_70 = 10
BORN_BY = date(AS_OF.year - 70, AS_OF.month, AS_OF.day)
NUMBER = {each.key: number for number, each in enumerate(coding.LISTS)}


def bits(*keys):
    return sum(1 << NUMBER[key] for key in keys)


def asked():
    """A row a list: its number, since when, and between which values, if a value is asked."""
    return [
        (NUMBER[each.key], SINCE.get(each.key, ALWAYS), *BELIEVED.get(each.key, (None, None)))
        for each in coding.LISTS
    ]


def listed_codes():
    """Every code that is asked for: number of its list, system, code."""
    for each in coding.LISTS:
        for code in coding.codes_of(each):
            yield NUMBER[each.key], coding.SYSTEM[each.table], code


def sql_words():
    """What the SQL files leave open, by name."""
    words = {f"n_{key.replace('-', '_')}": number for key, number in NUMBER.items()}
    words |= {f"b_{key.replace('-', '_')}": 1 << number for key, number in NUMBER.items()}
    return words | {
        "as_of": f"DATE '{AS_OF}'",
        "born_by": f"DATE '{BORN_BY}'",
        "aged_70": 1 << AGED_70,
        "groups": f"({' | '.join(_tests(lambda group, bit: 1 << group))})",
        "evidence": f"({' | '.join(_tests(lambda group, bit: bit, is_evidence=True))})",
    }


def _tests(gives, *, is_evidence=False):
    """A test of bits for each alternative; those of one list alone are tested together."""
    alone = defaultdict(int)
    for group, keys in ALTERNATIVES:
        if len(keys) == 1:
            alone[group] |= bits(*keys)
    if is_evidence:
        yield f"(m & {sum(alone.values())})"
    else:
        for group, any_of in alone.items():
            yield f"CASE WHEN (m & {any_of}) <> 0 THEN {gives(group, any_of)} ELSE 0 END"
    for group, keys in ALTERNATIVES:
        if len(keys) > 1:
            all_of = bits(*keys)
            yield f"CASE WHEN (m & {all_of}) = {all_of} THEN {gives(group, all_of)} ELSE 0 END"
