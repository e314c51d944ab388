"""Signing in and out, and acting under a session that the database looks up itself."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from openprotect.accounts.models import Credential, Membership, User
from openprotect.accounts.queries import Answering
from openprotect.accounts.rules import Role, digest, key_of
from openprotect.base.refusals import Refused
from openprotect.places.models import Organisation

WORKER = "worker"


class WrongLogin(Refused):
    """Unknown login, wrong password, or too many tries; never said which."""


def _ask(statement: str, *values: str | bytes | bool | UUID) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


# Read first, then set: the inner query is done when the outer one begins.
BECOME = """
SELECT before, set_config('openprotect.session', %s, %s)
  FROM (SELECT current_setting('openprotect.session', true) AS before OFFSET 0) b
"""


@contextmanager
def acting_as(token: str, *, until_commit: bool = False) -> Iterator[None]:
    """Do what follows under this session, then be whoever one was before.

    Inside a transaction the token holds for that transaction only, so that a connection that is
    used again carries nobody over. Outside one, which only background work is, until the end.
    `until_commit` says that the transaction ends with this: nothing needs to be put back.
    """
    before = str(_ask(BECOME, token, connection.in_atomic_block) or "")
    with _until_over(before, until_commit=until_commit):
        yield


# Whoever comes in by a link is asked in the same breath who they are.
ENTER = f"""
SELECT i.before, context_person(), context_checkin(), openprotect_now()
  FROM ({BECOME} OFFSET 0) i
"""  # noqa: S608 - a statement of our own


@contextmanager
def answering_as(token: str, *, until_commit: bool = False) -> Iterator[Answering | None]:
    """As `acting_as`, for a personal link: whose check-in the session opens; None when none."""
    with connection.cursor() as cursor:
        cursor.execute(ENTER, [token, connection.in_atomic_block])
        before, person_id, checkin_id, at = cursor.fetchone()
    with _until_over(str(before or ""), until_commit=until_commit):
        yield Answering(person_id, checkin_id, at) if person_id else None


@contextmanager
def _until_over(before: str, *, until_commit: bool) -> Iterator[None]:
    local = connection.in_atomic_block
    try:
        yield
    finally:
        # A transaction that is to be undone takes the token with it, and can be asked no more.
        if not (local and until_commit) and (not local or _may_be_asked()):
            _ask("SELECT set_config('openprotect.session', %s, %s)", before, local)


def _may_be_asked() -> bool:
    open_one = connection.connection
    has_failed = open_one is None or open_one.info.transaction_status == TransactionStatus.INERROR
    return not has_failed and not connection.needs_rollback


def sign_in(login: str, password: str) -> str:
    """A new session token for a user whose password is right; the database compares the keys.

    In no transaction of its own: being refused would undo that the failure was counted.
    """
    salt = _ask("SELECT salt_of(%s)", login)
    if not isinstance(salt, bytes | memoryview):
        raise WrongLogin("That login and password do not match.")
    return sign_in_with_key(login, key_of(password, bytes(salt)))


def sign_in_with_key(login: str, key: bytes) -> str:
    """A new session token for a user, or for the worker, whose key is right."""
    token = secrets.token_urlsafe(32)
    if not _ask("SELECT open_session(%s, %s, %s)", login, key, digest(token)):
        raise WrongLogin("That login and password do not match. Wait a moment, then try again.")
    return token


@transaction.atomic
def sign_in_to_demonstration(login: str) -> str:
    """A session without a password; the database refuses unless it is a demonstration."""
    token = secrets.token_urlsafe(32)
    if not _ask("SELECT open_demo_session(%s, %s)", login, digest(token)):
        raise WrongLogin("Signing in with one click works in a demonstration only.")
    return token


def switch_to(membership_id: UUID) -> None:
    """Go on under another membership of the same user."""
    if not _ask("SELECT switch_membership(%s)", membership_id):
        raise Refused("That role is not one of yours.")


def sign_out() -> None:
    _ask("SELECT close_session()")


@transaction.atomic
def add_user(login: str, *, name: str, title: str = "", using: str = "default") -> User:
    """A user, or the one who has this login already."""
    return User.objects.using(using).get_or_create(
        login=login, defaults={"name": name, "title": title}
    )[0]


def add_membership(
    user: User,
    *,
    organisation: Organisation | None,
    role: Role,
    purpose: str,
    starts_at: datetime,
    using: str = "default",
) -> Membership:
    """A user's role in an organisation for a purpose; asked for twice, it is one."""
    return Membership.objects.using(using).get_or_create(
        user_id=user.pk,
        organisation=organisation,
        role=role,
        purpose=purpose,
        ends_at=None,
        defaults={"starts_at": starts_at},
    )[0]


def set_key(user: User, *, salt: bytes, key: bytes, using: str = "default") -> None:
    """Store the digest of a user's key; the key itself is kept nowhere."""
    Credential(user_id=user.pk, salt=salt, key_digest=digest(key)).save(
        using=using, force_insert=True
    )


def install_worker(key: bytes, *, at: datetime, using: str = "owner") -> None:
    """The account under which background work runs. Asked for twice, nothing changes."""
    if User.objects.using(using).filter(login=WORKER).exists():
        return
    with transaction.atomic(using=using):
        worker = add_user(WORKER, name="Background worker", using=using)
        add_membership(
            worker, organisation=None, role=Role.WORKER, purpose="", starts_at=at, using=using
        )
        set_key(worker, salt=secrets.token_bytes(16), key=key, using=using)
