"""People answer by the link in their text: the birth date first, then what they say, sent once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from openprotect.accounts.actions import acting_as, answering_as
from openprotect.checkins.actions import enter, submit
from openprotect.checkins.queries import ONLINE, asked_of
from openprotect.checkins.rules import NoLongerOpen, Value
from openprotect.packs.questionnaire import Questionnaire
from openprotect.simulation.behaviour import (
    CONTRADICTS,
    SENDS_TWICE,
    Answers,
    answers_at,
    says,
)
from openprotect.simulation.beside import Share
from openprotect.simulation.chance import Dice
from openprotect.simulation.people import MadeUp
from openprotect.simulation.provider import Provider

# The texts that lie on people's phones: to whom, about which check-in, under which reference.
TEXTED = """
SELECT p.nhs_number, m.id FROM checkins_checkin c
  JOIN people_person p ON p.id = c.person_id
  JOIN messages_message m ON m.subject_id = c.id AND m.kind = 'INVITE'
 WHERE c.status = 'OPEN' AND c.due_on = %s AND m.status IN ('SENT', 'DELIVERED')
   AND p.nhs_number = ANY (%s)
 ORDER BY p.nhs_number
"""
TRIES = 5
SENT = ("checkin.sent", "answering their own check-in")


@dataclass(frozen=True)
class Moment:
    """A day of the season by its number and date, an hour of it, and the instant that is."""

    day: int
    on: date
    hour: int
    at: datetime


def reply(
    dice: Dice,
    people: Mapping[str, MadeUp],
    provider: Provider,
    moment: Moment,
    hours: tuple[int, ...],
    share: Share,
) -> int:
    """Everybody who answers online at this hour does so; how many got in and sent."""
    wanting = [
        number
        for number, each in people.items()
        if answers_at(dice, each.character, moment.day, hours) == moment.hour
    ]
    sent = 0
    for number, reference in _texted(moment.on, list(share.take(wanting))):
        link = provider.links.get(reference)
        if link is not None:
            sent += _answer(dice, people[number], link, moment.day)
    return sent


def _texted(on: date, wanting: list[str]) -> list[tuple[str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(TEXTED, [on, wanting])
        return list(cursor.fetchall())


def _answer(dice: Dice, who: MadeUp, token: str, day: int) -> bool:
    """One person at their phone; whether their answers were taken."""
    born = who.details.birth_date or date(1900, 1, 1)
    with acting_as(""):
        if who.character.is_fumbling:
            for _ in range(TRIES):
                enter(token, born=born + timedelta(days=1))
        entry, session = enter(token, born=born)
    if entry != "open":
        return False
    said = says(dice, who.character, day)
    number = uuid4()
    taken = _send(session, number, said)
    if dice.happens(SENDS_TWICE, "twice", who.character.number, day):
        differs = dice.happens(CONTRADICTS, "contradicts", who.character.number, day)
        _send(session, number, {**said, "mood": "a-bit"} if differs else said)
    return taken


def _send(session: str, number: UUID, said: Answers) -> bool:
    """One request, as the page that sends: everything in it commits together."""
    with transaction.atomic(), answering_as(session, until_commit=True) as here:
        asked = asked_of(here) if here else None
        if here is None or asked is None:
            return False
        answers = whole(asked.pack.questionnaire, said)
        try:
            submit(asked.checkin, number, channel=ONLINE, at=here.at, answers=answers, noted=SENT)
        except NoLongerOpen:
            return False
    return True


def whole(questionnaire: Questionnaire, said: Mapping[str, str]) -> dict[str, Value]:
    """What was said, as the form keeps it; a question that it leaves open has the first answer."""
    kept: dict[str, Value] = {}
    for item in questionnaire.questions:
        if item.link_id in said:
            kept[item.link_id] = questionnaire.read(item, said[item.link_id])
    while missing := questionnaire.missing(kept):
        item = missing[0]
        kept[item.link_id] = item.options[0].code if item.options else "no"
    return kept
