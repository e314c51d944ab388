"""How people behave in a season: shares that were published, each with where it is from.

Sources: [NAO] National Audit Office, Protecting and supporting the clinically extremely vulnerable
during lockdown, 2021; [CCG] NHS Norfolk and Waveney CCG, Covid Protect, 2020 and 2021; [P] press
reports of letters to people who had died, 2020; [assumed] nothing was published: a guess of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openprotect.simulation.chance import Dice

UNREACHABLE = 0.21  # [NAO] 375,000 of 1.8 million names: the phone number was missing or wrong
ENGAGED = 0.55  # [CCG] 23,000 of 42,000 invited
# [CCG] 250,000 interactions of 23,000 people in 12 weeks: an engaged person answered on one day in
# eight. [assumed] a few answer nearly every day, most now and then: a seventh power of chance.
KEENNESS = 7
DIES = MOVES = 0.006  # [P] 1.2 % of the first letters went to people who had died
ASKS_FOR_HELP = 0.05  # [CCG] 12,000 calls to action from 250,000 interactions
PICKS_UP = 0.6  # [assumed] as are all below
STOPS = 0.02
REFUSES = 0.05
VOICEMAIL = 0.3
FUMBLES = 0.003
SENDS_TWICE = 0.01
CONTRADICTS = 0.1
Answers = dict[str, str]

CALM: Answers = {
    "feeling": "same",
    "breath": "normal",
    "chest-pain": "no",
    "hot": "no",
    "cough": "no",
    "medicines": "enough",
    "food": "week",
    "care": "no-need",
    "mood": "no",
}
# What somebody says who asks for help; food and medicine more often than danger.
TROUBLES: tuple[Mapping[str, str], ...] = (
    {"food": "tomorrow", "fetch": "no"},
    {"food": "few", "fetch": "no"},
    {"food": "none", "fetch": "no"},
    {"medicines": "low", "medicines-days": "2", "medicines-collect": "no"},
    {"medicines": "low", "medicines-days": "5", "medicines-collect": "yes"},
    {"medicines": "out", "medicines-collect": "yes"},
    {"care": "partly"},
    {"mood": "mostly"},
    {"other": "I have not spoken to anyone for a week."},
    {"cough": "yes"},
    {"feeling": "worse", "worse-how": "pain"},
    {"breath": "moving"},
    {"breath": "rest"},
    {"hot": "yes", "temperature": "38.5"},
    {"chest-pain": "yes"},
)


class Phone(StrEnum):
    """Whether a person can be reached by phone."""

    GOOD = "good"
    NONE = "none"
    WRONG = "wrong"


@dataclass(frozen=True)
class Character:
    """One made-up person: how they can be reached, how keen they are, what befalls them."""

    number: int
    phone: Phone
    keenness: float
    dies_on: int | None
    moves_on: int | None
    is_fumbling: bool

    def is_dead(self, day: int) -> bool:
        return self.dies_on is not None and day >= self.dies_on


def character(dice: Dice, number: int, *, days: int) -> Character:
    """Who the person of this number is, all through the season."""
    phone = Phone.GOOD
    if dice.happens(UNREACHABLE, "unreachable", number):
        phone = dice.one_of((Phone.NONE, Phone.WRONG), "phone", number)
    is_engaged = phone is Phone.GOOD and dice.happens(
        ENGAGED / (1 - UNREACHABLE), "engaged", number
    )
    fate = dice.chance("fate", number)
    day = int(dice.chance("fateful day", number) * days)
    return Character(
        number,
        phone,
        dice.chance("keenness", number) ** KEENNESS if is_engaged else 0.0,
        day if fate < DIES else None,
        day if DIES <= fate < DIES + MOVES else None,
        dice.happens(FUMBLES, "fumbles", number),
    )


def answers_at(dice: Dice, who: Character, day: int, hours: tuple[int, ...]) -> int | None:
    """The hour at which somebody answers online on a day; None when they do not."""
    if who.keenness == 0 or who.is_dead(day):
        return None
    if not dice.happens(who.keenness, "answers", who.number, day):
        return None
    return dice.one_of(hours, "hour", who.number, day)


def says(dice: Dice, who: Character, day: int) -> Answers:
    """What somebody answers on a day: mostly that all is well."""
    if dice.happens(ASKS_FOR_HELP, "help", who.number, day):
        return {**CALM, **dice.one_of(TROUBLES, "trouble", who.number, day)}
    return dict(CALM)


def on_the_phone(dice: Dice, who: Character, day: int, *attempt: object) -> str:
    """What comes of ringing somebody, as a call handler records it."""
    about = (who.number, day, *attempt)
    if who.phone is not Phone.GOOD:
        return "WRONG_NUMBER"
    if who.is_dead(day):
        return "DIED"
    if not dice.happens(PICKS_UP, "picks up", *about):
        return "VOICEMAIL" if dice.happens(VOICEMAIL, "voicemail", *about) else "NO_ANSWER"
    if dice.happens(STOPS, "stops", *about):
        return "OPTED_OUT"
    return "REFUSED" if dice.happens(REFUSES, "refuses", *about) else "ANSWERED"
