"""The least that stands for a referral."""

from datetime import timedelta
from uuid import uuid4

from openprotect.referrals.models import Document, Notice, Referral, TaskLink
from tests import given
from tests.given import NOON


def referral(of=None, *, to=None, by=None, saved=True, **traits):
    """What a team was asked to do about an alert, as whoever owns the alert asked it."""
    of = of or given.alert()
    made = Referral(
        **{
            "alert": of,
            "person": of.person,
            "enrolment": of.enrolment,
            "programme": of.programme,
            "from_team": of.team,
            "to_team": to or given.area().council.covered_by.get(function="council"),
            "how": "PAGE",
            "what": "Please bring some shopping",
            "shown": {"name": f"{of.person.given_name} {of.person.family_name}"},
            "by": by,
            "offered_at": NOON,
            "accept_by": NOON + timedelta(hours=4),
            "due_at": NOON + timedelta(days=1),
            "delivered_at": NOON,
        }
        | traits
    )
    if saved:
        made.save(force_insert=True)
    return made


def rows_of_a_referral(alert, by, at):
    """A referral of an alert to its own team with all that hangs on it, none of it saved yet."""
    ended = {"status": "DONE", "outcome": "GIVEN", "ended_at": at, "ended_by": by}
    how = ended if alert.status == "CLOSED" else {}
    made = referral(alert, to=alert.team, by=by, saved=False, **how)
    about = {"referral": made, "person_id": alert.person_id}
    notice = Notice(kind="CODE", status="SENT", due_at=at, **about)
    until = at + timedelta(hours=1)
    return [
        made,
        notice,
        TaskLink(token_digest=uuid4().bytes, made_at=at, expires_at=until, **about),
    ]


def document(alert, at):
    """A first document about an alert, not saved yet."""
    said = dict.fromkeys(("about", "by", "team", "outcome", "note", "closed_at", "raised_at"), "")
    return Document(
        alert=alert, person=alert.person, programme=alert.programme, version=1, made_at=at,
        practice=alert.person.practice, content=said | {"need": "Canary", "others": []}, due_at=at,
    )  # fmt: skip
