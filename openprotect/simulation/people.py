"""Made-up people: numbers that are issued to nobody, phones of the range kept for drama."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nhs_number import calculate_checksum

from openprotect.enrolments.rules import Why
from openprotect.people.actions import Details
from openprotect.places.models import Organisation
from openprotect.simulation.behaviour import Character, Phone
from openprotect.simulation.chance import Dice

GIVEN = (
    "Ada", "Albert", "Alice", "Amina", "Arthur", "Beryl", "Brian", "Carol", "Dennis", "Doris",
    "Edith", "Eileen", "Ernest", "Frank", "Grace", "Harold", "Hilda", "Irene", "Ivy", "Jean",
    "Joyce", "Kenneth", "Krystyna", "Leonard", "Mabel", "Maureen", "Mohammed", "Norman", "Olive",
    "Pearl", "Raymond", "Ronald", "Sheila", "Stanley", "Thelma", "Vera", "Walter", "Winifred",
)  # fmt: skip
FAMILY = (
    "Able", "Barley", "Cantley", "Dilham", "Earsham", "Felbrigg", "Gresham", "Honing", "Ingham",
    "Jarrold", "Ketts", "Lamas", "Mundesley", "Neatishead", "Ormesby", "Paston", "Quidenham",
    "Ranworth", "Salle", "Thurne", "Upton", "Worstead", "Yelverton",
)  # fmt: skip
GROUPS = (
    ("chronic-respiratory", "Chronic lung disease", "13645005"),
    ("immunosuppressed", "Medicines that weaken the immune system", "86553008"),
    ("cancer", "Cancer under treatment", "363346000"),
    ("added-by-clinician", "Named by the practice", "1300561000000107"),
)
WRONG_MOBILE = "+447700900002"  # the provider cannot deliver to it
OLDEST, YOUNGEST = date(1925, 1, 1), date(1975, 1, 1)


@dataclass(frozen=True)
class MadeUp:
    """Somebody of the season: who they are, where registered, how they behave."""

    details: Details
    practice: Organisation
    why: Why
    character: Character


def numbers() -> Iterator[str]:
    """Different NHS numbers of the range that is never issued, in order."""
    for nine in range(999_000_000, 1_000_000_000):
        check = calculate_checksum(str(nine))
        if check is not None and check != 10:
            yield f"{nine}{check}"


def made_up(
    dice: Dice, who: Character, nhs_number: str, practices: Sequence[Organisation], *, on: date
) -> MadeUp:
    """A person of this character, registered somewhere, found for some reason."""
    number = who.number
    group, title, code = dice.one_of(GROUPS, "group", number)
    born = OLDEST + timedelta(days=int(dice.chance("born", number) * (YOUNGEST - OLDEST).days))
    details = Details(
        nhs_number=nhs_number,
        given_name=dice.one_of(GIVEN, "given", number),
        family_name=f"{dice.one_of(FAMILY, 'family', number)}",
        birth_date=born,
        sex=dice.one_of(("female", "male"), "sex", number),
        mobile=_mobile(dice, who),
        landline="",
        address=f"{1 + int(dice.chance('house', number) * 90)} Made Up Row",
        postcode="NR1 1AA",
    )
    why = Why(group, title, code, title, on - timedelta(days=400), "made up")
    return MadeUp(details, dice.one_of(practices, "practice", number), why, who)


def _mobile(dice: Dice, who: Character) -> str:
    if who.phone is Phone.NONE:
        return ""
    if who.phone is Phone.WRONG:
        return WRONG_MOBILE
    return f"+447700900{4 + int(dice.chance('mobile', who.number) * 996):03d}"
