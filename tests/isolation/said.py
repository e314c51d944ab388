"""What each person of the world chose, needs, asked of us and wrote back, as rows to be added."""

from datetime import time
from uuid import uuid4

from openprotect.calls.models import BestTime, Standing
from openprotect.checkins.models import Excuse, Rhythm, StandIn
from openprotect.messages.models import Notice, Reply
from openprotect.people.models import Choice, Need, Wish
from tests.given import NOON as NOW


def said_by(person):
    """Each row with its table."""
    said = {"person": person, "via": "LINK"}
    yield "people_choice", Choice(way="TEXT", answer="REFUSED", said_at=NOW, **said)
    need = Need(kind="LARGE_PRINT", recorded_at=NOW, review_on=NOW.date(), **said)
    yield "people_need", need
    yield "people_wish", Wish(person=person, kind="CALL", words="Canary", made_at=NOW)
    excuse = Excuse(person=person, why="AWAY", from_on=NOW.date(), noted_at=NOW)
    yield "checkins_excuse", excuse
    notice = Notice(kind="TEXT", digest=uuid4().bytes, body="{}", received_at=NOW)
    yield "messages_notice", notice
    reply = Reply(
        notice=notice,
        person=person,
        from_number=person.mobile,
        words="Canary",
        meaning="WORDS",
        sent_at=NOW,
    )
    yield "messages_reply", reply


def asked_otherwise(checkin, nurse):
    """Somebody answers for them, and they are asked at other times."""
    about = {"person": checkin.person}
    stand_in = StandIn(checkin=checkin, who="CARER", consent="GIVEN", at=NOW, **about)
    yield "checkins_standin", stand_in
    rhythm = Rhythm(
        enrolment=checkin.enrolment,
        every_days=7,
        starts_on=NOW.date(),
        because="Canary",
        by=nurse,
        chosen_at=NOW,
        **about,
    )
    yield "checkins_rhythm", rhythm


def beside_a_call(call, now):
    """Why it stands where it does in the queue, and when its person likes to be rung."""
    about = {"person": call.person}
    reasons = [["now", 1000, "Canary"]]
    yield Standing(call=call, programme=call.programme, reasons=reasons, at=now, **about)
    yield BestTime(rings_from=time(9), rings_until=time(12), said_at=now, ended_at=now, **about)
