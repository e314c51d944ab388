"""One task by link: no account, and a code to the mailbox or phone that the team is known by."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.actions import add_membership, add_user
from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role, digest
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.places.models import Team
from openprotect.records.rules.phones import read as read_phone
from openprotect.records.rules.reasons import RowFault
from openprotect.referrals.models import Mailbox, Notice, Referral, TaskLink
from openprotect.referrals.rules import masked

LINK_VALID_FOR = timedelta(days=14)


class NoSuchTask(Refused):
    """The link is unknown, used up, too old, or its task has ended; never said which."""


class WrongCode(Refused):
    """The code does not fit, is too old, or was tried too often."""


@transaction.atomic
def set_mailbox(team: Team, *, email: str, phone: str, viewer: Viewer, at: datetime) -> Mailbox:
    """Where a team is reached with links and codes; the newest word holds."""
    email, phone = email.strip(), _textable(phone)
    if not (email or phone):
        raise Refused("Give an e-mail address or a phone number.")
    made, _ = Mailbox.objects.update_or_create(
        team=team,
        defaults={"email": email, "phone": phone, "by_id": viewer.user_id, "at": at},
    )
    record("mailbox.set", team.pk, at=at, by=viewer.user_id)
    return made


def _textable(typed: str) -> str:
    """A phone that codes can be sent to, in international form; empty when none was given."""
    try:
        known = read_phone(typed)
    except RowFault:
        raise Refused("That is not a phone number of the UK.") from None
    if known is None:
        return ""
    number, can_be_texted = known
    if not can_be_texted:
        raise Refused("Codes are sent as texts: give a mobile number.")
    return number


@transaction.atomic
def prepare_link(referral: Referral, *, at: datetime) -> None:
    """A referral by link is due to be told; whoever opens it acts as the team, by link."""
    if referral.how != Referral.How.LINK or referral.status not in Referral.OPEN:
        return
    team = referral.to_team
    user = add_user(f"by-link-{team.pk}", name=f"{team.name} (by link)"[:120])
    add_membership(
        user,
        organisation=team.organisation,
        role=Role.TASK,
        purpose=referral.programme.purpose,
        starts_at=at,
    )
    Notice.objects.get_or_create(
        referral=referral,
        kind=Notice.Kind.TASK,
        status__in=[Notice.Status.DUE, Notice.Status.SENDING, Notice.Status.SENT],
        defaults={
            "status": Notice.Status.DUE,
            "due_at": at,
            "person_id": referral.person_id,
        },
    )


def new_link(referral: Referral, *, at: datetime) -> str:
    """The secret of a new link, which is kept nowhere: made as it is sent."""
    token = secrets.token_urlsafe(32)
    TaskLink.objects.create(
        referral=referral,
        person_id=referral.person_id,
        token_digest=digest(token),
        made_at=at,
        expires_at=at + LINK_VALID_FOR,
    )
    return token


def new_code(referral: Referral, *, at: datetime) -> str:
    """A new code for the newest link of a referral; only its digest is kept."""
    link = TaskLink.objects.select_for_update().filter(referral=referral).latest("made_at")
    code = f"{secrets.randbelow(10**6):06d}"
    link.code_digest, link.code_made_at, link.tries = _of(code, link.pk), at, 0
    link.save(update_fields=["code_digest", "code_made_at", "tries"])
    return code


def _of(code: str, link_id: UUID) -> bytes:
    """Six digits alone could be tried out: each is bound to its link."""
    return digest(f"{link_id}:{code}")


def is_task(token: str) -> bool:
    """Whether a link may still be used; asked by somebody who is nobody yet."""
    return bool(_ask("SELECT task_is_open(%s)", digest(token)))


@transaction.atomic
def ask_for_code(token: str) -> str:
    """Have a code sent to the team's mailbox; tells where to, as a hint. Three an hour at most."""
    said = _ask("SELECT ask_task_code(%s)", digest(token))
    if said is None:
        raise NoSuchTask("This link cannot be used.")
    if said == "":
        raise Refused("Three codes were sent this hour. Wait, or ring the team that asked you.")
    return masked(str(said))


def open_task(token: str, code: str) -> str:
    """A session for one task, if the code is right. In no transaction of its own: tries count."""
    session = secrets.token_urlsafe(32)
    said = _ask("SELECT open_task(%s, %s, %s)", digest(token), code.strip(), digest(session))
    if said == "open":
        return session
    if said == "wrong":
        raise WrongCode("That code does not fit. Look at the newest message, or ask for a new one.")
    raise NoSuchTask("This link cannot be used.")


def _ask(statement: str, *values: str | bytes) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None
