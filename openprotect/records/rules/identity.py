"""Made-up identities for made-up people, so that real clinical histories can walk the whole loop.

Everything is drawn from the extract's own id, so that the same history is the same person each
time. Numbers are of ranges kept for tests and drama: nobody can be reached through them. Birth
dates, sexes, names and clinical records stay as they are.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openprotect.base.nhs_number import synthetic_number
from openprotect.records.rules.values import Person

STREETS = (
    "Alder Close", "Barn Lane", "Chapel Road", "Dyke Street", "Elm Drive", "Fen Row", "Glebe Way",
    "Heath Rise", "Ivy Court", "Jubilee Terrace", "Kiln Hill", "Larch Avenue", "Mill Green",
    "Orchard Loke", "Pightle Lane", "Quay View", "Reed Bank", "Staithe Road",
)  # fmt: skip
TOWNS = {
    **dict.fromkeys([f"NR{number}" for number in range(1, 15)], "Norwich"),
    "NR15": "Norwich", "NR16": "Norwich", "NR17": "Attleborough", "NR18": "Wymondham",
    "NR19": "Dereham", "NR20": "Dereham", "NR21": "Fakenham", "NR22": "Walsingham",
    "NR23": "Wells-next-the-Sea", "NR24": "Melton Constable", "NR25": "Holt",
    "NR26": "Sheringham", "NR27": "Cromer", "NR28": "North Walsham", "NR29": "Great Yarmouth",
    "NR30": "Great Yarmouth", "NR31": "Great Yarmouth", "NR32": "Lowestoft", "NR33": "Lowestoft",
    "NR34": "Beccles", "NR35": "Bungay", "IP19": "Halesworth", "IP20": "Harleston",
    "IP21": "Diss", "IP22": "Diss", "IP24": "Thetford", "IP25": "Thetford", "IP26": "Thetford",
    "PE30": "King's Lynn", "PE31": "King's Lynn", "PE32": "King's Lynn", "PE33": "King's Lynn",
    "PE34": "King's Lynn", "PE36": "Hunstanton", "PE37": "Swaffham", "PE38": "Downham Market",
    "PE14": "Wisbech",
}  # fmt: skip
# The districts of 2011, which the tables of deprivation name, in which the towns lie.
DISTRICTS = {
    "Norwich": ("Norwich", "Broadland", "South Norfolk"),
    "Attleborough": ("Breckland",), "Dereham": ("Breckland",), "Thetford": ("Breckland",),
    "Wymondham": ("South Norfolk",), "Harleston": ("South Norfolk",), "Diss": ("South Norfolk",),
    "Fakenham": ("North Norfolk",), "Walsingham": ("North Norfolk",), "Holt": ("North Norfolk",),
    "Wells-next-the-Sea": ("North Norfolk",), "Melton Constable": ("North Norfolk",),
    "Sheringham": ("North Norfolk",), "Cromer": ("North Norfolk",),
    "North Walsham": ("North Norfolk",), "Great Yarmouth": ("Great Yarmouth",),
    **dict.fromkeys(["Lowestoft", "Beccles", "Bungay", "Halesworth"], ("Waveney",)),
    **dict.fromkeys(
        ["King's Lynn", "Hunstanton", "Swaffham", "Downham Market", "Wisbech"],
        ("King's Lynn and West Norfolk",),
    ),
}  # fmt: skip
# One in twelve has no mobile, so that a telephone call is the only way to reach them.
WITHOUT_MOBILE = 12
DRAMA_NUMBERS = 1000


@dataclass(frozen=True)
class Practice:
    """An open practice that made-up people may be registered with, and areas they may live in."""

    code: str
    postcode: str
    areas: Sequence[str] = ()


def give(person: Person, practices: Sequence[Practice]) -> Person:
    """The person with a number, address, telephone and practice of Norfolk and Waveney."""
    seed = person.subject
    practice = max(practices, key=lambda each: _digest(seed, each.code))
    house = 1 + _draw(seed, "house", 180)
    street = STREETS[_draw(seed, "street", len(STREETS))]
    line = f"{_draw(seed, 'line', DRAMA_NUMBERS):03d}"
    is_rung = _draw(seed, "mobile", WITHOUT_MOBILE) == 0
    return replace(
        person,
        nhs_number=synthetic_number(f"openprotect {seed}"),
        address=f"{house} {street}\n{town(practice.postcode)}",
        postcode=practice.postcode,
        mobile="" if is_rung else f"+447700900{line}",
        phone=f"+441632960{line}" if is_rung else "",
        email="",
        practice_code=practice.code,
        lsoa=practice.areas[_draw(seed, "area", len(practice.areas))] if practice.areas else "",
    )


def _draw(seed: str, what: str, below: int) -> int:
    return int.from_bytes(_digest(seed, what)[:8]) % below


def _digest(seed: str, what: str) -> bytes:
    return hashlib.sha256(f"{what} of {seed}".encode()).digest()


def districts(postcode: str) -> Sequence[str]:
    """The districts that people of a practice at this postcode live in."""
    return DISTRICTS.get(town(postcode), ())


def town(postcode: str) -> str:
    """The post town of a postcode of Norfolk and Waveney."""
    return TOWNS.get(postcode.split(" ")[0], "Norfolk")
