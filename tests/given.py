"""The least that stands for a situation. Traits name it: `enrolment(active=True)`.

Everything is arranged under the worker's session, as the application role: row security is on.
"""

import secrets
import uuid
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

from openprotect.accounts.actions import acting_as, add_membership, sign_in_with_key
from openprotect.accounts.models import Credential, Membership, User
from openprotect.accounts.queries import viewer
from openprotect.accounts.rules import Role, digest
from openprotect.alerts.models import Alert
from openprotect.base.nhs_number import synthetic_number
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin, Response
from openprotect.checkins.rules import content_hash
from openprotect.enrolments.models import Enrolment, Reason
from openprotect.governance.models import LegalBasis
from openprotect.messages.models import Message
from openprotect.messages.rules import Receipt, TryLater
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person, Registration
from openprotect.places.models import Organisation, Team
from openprotect.programmes.models import Programme
from tests.database import WORKER_KEY
from tests.places.given import Area, place, team, unsaved_team
from tests.shipped import covid_protect, pack_version


def _last_noon():
    """Always past by the database's clock, which is the real one, and by a day at most."""
    now = datetime.now(UTC)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon <= now else noon - timedelta(days=1)


NOON = _last_noon()
KEY = b"k" * 32
numbers = count(1)


@contextmanager
def as_worker():
    with acting_as(sign_in_with_key("worker", WORKER_KEY)):
        yield


def area():
    """One locality with a practice, a council, and the system with its surveillance team."""
    return Area.known() or _with_more_teams(Area())


def _with_more_teams(made):
    Team.objects.bulk_create(
        unsaved_team(name, getattr(made, name)) for name in ("practice", "locality", "council")
    )
    at_work = [
        (_somebody(), role, where)
        for role, where in (
            ("SURVEILLANCE", made.system),
            ("LOCALITY", made.locality),
            ("PRACTICE", made.practice),
            ("PARTNER", made.council),
        )
    ]
    User.objects.bulk_create(who for who, _, _ in at_work)
    Membership.objects.bulk_create(
        Membership(
            user=who,
            organisation=where,
            role=role,
            purpose="covid-protect",
            starts_at=NOON - timedelta(days=30),
        )
        for who, role, where in at_work
    )
    return made


def _somebody():
    number = next(numbers)
    return User(login=f"colleague{number}", name=f"Colleague {number}")


def colleague(role, organisation, purpose="covid-protect"):
    """Somebody who works there, without whom a team is given nothing."""
    made = _somebody()
    made.save(force_insert=True)
    add_membership(
        made,
        organisation=organisation,
        role=Role(role),
        purpose=purpose,
        starts_at=NOON - timedelta(days=30),
    )
    return made


def practice(code, *, locality=None):
    """Another practice, of the same locality unless told otherwise, with its team."""
    home = locality or area().locality
    made = place(code, "PRACTICE", [(home, "LIES_IN")])
    team("practice", made)
    colleague("PRACTICE", made)
    return made


def locality(code):
    made = place(code, "LOCALITY", [(area().system, "LIES_IN")])
    team("locality", made)
    colleague("LOCALITY", made)
    return made


def place_once(code, kind):
    """A body of its own, such as a charity; asked for again, it is the same one."""
    return Organisation.objects.filter(code=code).first() or place(code, kind)


def basis(purpose="shielding", *, starts_at=None, ends_at=None):
    return LegalBasis.objects.create(
        purpose=purpose,
        kind=LegalBasis.Kind.COPI_NOTICE,
        title="Notice",
        starts_at=starts_at or NOON - timedelta(days=400),
        ends_at=ends_at or NOON + timedelta(days=400),
        approved_by="Caldicott Guardian",
        recorded_at=NOON,
    )


def programme(**given):
    """The live covid-protect programme, with a legal basis in force."""
    pack = covid_protect()
    if known := Programme.objects.filter(key=pack.key).first():
        return known
    made = Programme.objects.create(
        **{
            "key": pack.key,
            "title": pack.title,
            "purpose": pack.key,
            "aim": pack.purpose,
            "sponsor": pack.sponsor,
            "pack": pack_version(),
            "status": Programme.Status.LIVE,
            "launched_at": NOON,
        }
        | given
    )
    if not LegalBasis.objects.filter(purpose=made.purpose).exists():
        basis(made.purpose)
    return made


def _fresh_number(given_out=set()):  # noqa: B006 - remembered on purpose
    """A number that nobody here has: drawn at random, two of a thousand people would share one."""
    while (drawn := synthetic_number(str(uuid.uuid4()))) in given_out:
        pass
    given_out.add(drawn)
    return drawn


def person(*, at=None, **given):
    number = next(numbers)
    made = Person(
        **{
            "nhs_number": _fresh_number(),
            "given_name": "Ada",
            "family_name": f"Canary{number}",
            "birth_date": date(1941, 3, 4),
            "mobile": f"+447700900{number % 1000:03d}",
            "address": "1 Canary Row, Cromer",
            "postcode": "NR27 0AA",
            "practice": at or area().practice,
            "known_at": NOON,
        }
        | given
    )
    made.save(force_insert=True)
    Registration.objects.create(person=made, practice=made.practice, from_on=date(2020, 1, 1))
    return made


def enrolment(*, active=True, of=None, **given):
    of = of or person()
    made = Enrolment(
        **{
            "person": of,
            "programme": programme(),
            "practice": of.practice,
            "found_at": NOON - timedelta(days=4),
            "preview_ends_at": NOON - timedelta(days=1),
        }
        | ({"status": "ACTIVE", "active_from": NOON - timedelta(days=1)} if active else {})
        | given
    )
    made.save(force_insert=True)
    Reason.objects.create(
        enrolment=made,
        person=of,
        group="chronic-respiratory",
        title="Chronic lung disease",
        code="13645005",
        term="Chronic obstructive lung disease",
        on=date(2015, 5, 1),
        source="GP record",
        recorded_at=NOON,
    )
    return made


def checkin(*, of=None, status="OPEN", **given):
    of = of or enrolment()
    made = Checkin(
        **{
            "enrolment": of,
            "person": of.person,
            "programme": of.programme,
            "pack_id": of.programme.pack_id,
            "due_on": NOON.date(),
            "opens_at": NOON - timedelta(hours=3),
            "closes_at": NOON + timedelta(hours=45),
            "status": status,
        }
        | ({"answered_at": NOON} if status == "ANSWERED" else {})
        | given
    )
    made.save(force_insert=True)
    return made


def response(*, of=None, answers=None, **given):
    of = of or checkin(status="ANSWERED")
    answers = answers or {}
    made = Response(
        **{
            "submission_id": uuid.uuid4(),
            "checkin": of,
            "person": of.person,
            "programme": of.programme,
            "pack_id": of.pack_id,
            "answers": answers,
            "content_hash": content_hash(answers),
            "channel": "WEB",
            "at": NOON,
        }
        | given
    )
    made.save(force_insert=True)
    return made


def call(*, of=None, **given):
    of = of or checkin(status="MISSED")
    made = Call(
        **{
            "enrolment": of.enrolment,
            "person": of.person,
            "programme": of.programme,
            "checkin": of,
            "why": "SILENT",
            "made_at": NOON,
            "due_at": NOON,
        }
        | given
    )
    made.save(force_insert=True)
    return made


def alert(*, of=None, by=None, **given):
    of = of or enrolment()
    made = Alert(
        **{
            "person": of.person,
            "enrolment": of,
            "programme": of.programme,
            "pack_id": of.programme.pack_id,
            "source_id": uuid.uuid4(),
            "rule": "R1",
            "kind": "clinical",
            "need": str(uuid.uuid4()),
            "urgency": 2,
            "reason": "More breathless than yesterday",
            "team": by or of.practice.covered_by.get(function="practice"),
            "raised_at": NOON,
            "accept_by": NOON + timedelta(hours=1),
            "due_at": NOON + timedelta(hours=4),
        }
        | given
    )
    made.save(force_insert=True)
    return made


def message(*, of=None, **given):
    of = of or checkin()
    made = Message(
        **{
            "person_id": of.person_id,
            "programme_id": of.programme_id,
            "kind": "INVITE",
            "subject_id": of.pk,
            "due_at": NOON,
            "made_at": NOON,
        }
        | given
    )
    made.save(force_insert=True)
    return made


def user(role, organisation=None, *, login=None, purpose=None):
    """Someone on the staff, in a role of an organisation, for the programme's purpose."""
    made = User.objects.create(login=login or f"user{next(numbers)}", name=f"Staff {next(numbers)}")
    add_membership(
        made,
        organisation=organisation or area().system,
        role=Role(role),
        purpose=purpose or programme().purpose,
        starts_at=NOON - timedelta(days=30),
    )
    Credential(user=made, salt=b"s" * 16, key_digest=digest(KEY)).save(force_insert=True)
    return made


def token_of(someone):
    return sign_in_with_key(someone.login, KEY)


@contextmanager
def acting(someone):
    """Under the session of a member of staff; gives the viewer as pages have it."""
    with acting_as(token_of(someone)):
        yield viewer()


def sign_in(client, someone):
    """Sign a test client in as a member of staff."""
    client.cookies["openprotect_staff"] = token_of(someone)
    return client


def random_token():
    return secrets.token_urlsafe(32)


class Outbox:
    """A postbox that keeps what is posted; `faults` are raised in turn, before or after keeping."""

    def __init__(self, *faults):
        self.faults = list(faults)
        self.texts = {}
        self.posts = 0

    def find(self, reference, channel):
        return Receipt("known", "sending") if reference in self.texts else None

    def recall(self, reference):
        return False

    def post_text(self, reference, to, body):
        self.posts += 1
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        self.texts[reference] = (to, body)
        if fault == "accepted, then silence":
            raise TryLater
        return Receipt(f"provider-{self.posts}", "sending")


def follow():
    """Everything that follows what has happened so far."""
    return follow_waiting(at=NOON)
