"""Three days of the service with somebody in every situation, made by its own actions."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.base import clock
from openprotect.calls.actions import claim_next, record_outcome
from openprotect.calls.models import Call
from openprotect.checkins.actions import submit
from openprotect.checkins.models import Channel, Checkin
from openprotect.enrolments.actions import leave, stay, veto
from openprotect.enrolments.actions.absences import note_found, note_missing
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.rules import Missing
from openprotect.gateways.notify_posts import understand
from openprotect.messages.actions import A_TEXT, RECEIPT, make_due, take_in
from openprotect.messages.chores import read_notices
from openprotect.messages.models import Message
from openprotect.messages.rules import Undeliverable
from openprotect.pathway.rounds import go_round
from openprotect.records.models import ChangesetCount
from openprotect.referrals import actions as referrals
from openprotect.referrals.actions import linking
from openprotect.referrals.queries import to_us
from tests import given
from tests.checkins.saying import BREATHLESS, CALM, COUGHING
from tests.enrolments.finding import recorded, records_of
from tests.given import NOON
from tests.messages.test_notices import receipt, text

LANDLINE = "+447700900666"
COUNCIL = "+447700900777"


@dataclass
class World:
    """Who is who, by enrolment."""

    start: object
    people: dict = field(default_factory=dict)

    def add(self, name, *, active=True, **person):
        since = {"active_from": self.start} if active else {"preview_ends_at": NOON + 9 * DAY}
        self.people[name] = given.enrolment(of=given.person(**person), active=active, **since)


DAY = timedelta(days=1)


class Postbox(given.Outbox):
    """Delivers to everybody but one number."""

    def post_text(self, reference, to, body):
        if to == LANDLINE:
            raise Undeliverable("not a mobile number")
        return super().post_text(reference, to, body)


def three_days():
    """The world at this moment, balanced; gives who is who."""
    now = clock.now()
    world = World(now - 3 * DAY)
    _found(world)
    postbox = Postbox()
    for hours in range(0, 73, 12):
        at = world.start + timedelta(hours=hours)
        go_round(at=at, postbox=postbox)
        _answers(world, at)
    _leaves(world, now)
    _is_rung(world)
    go_round(at=clock.now(), postbox=postbox)
    _is_worked(clock.now())
    _is_helped_by_others(clock.now())
    _is_heard_from(world, clock.now())
    go_round(at=clock.now(), postbox=postbox)
    _is_looked_for(world, clock.now())
    world.add("just taken in")
    Enrolment.objects.filter(pk=world.people["just taken in"].pk).update(found_at=clock.now())
    Enrolment.objects.filter(pk=world.people["just taken in"].pk).update(active_from=now)
    return world


def _found(world):
    read = records_of(recorded(), recorded())
    ChangesetCount.objects.create(
        changeset=read, kind="people", rows=3, added=2, rejected=1, changed=0, unchanged=0,
        duplicate=0, held=0,
    )  # fmt: skip
    for name in ("well", "breathless", "changes their mind", "silent", "says no", "leaves"):
        world.add(name)
    world.add("no mobile", mobile="", landline="+441632960001")
    world.add("landline", mobile=LANDLINE)
    world.add("restricted", is_restricted=True)
    for name in ("in review", "vetoed"):
        world.add(name, active=False)
    doctor = given.user("PRACTICE", given.area().practice)
    with given.acting(doctor) as viewer:
        veto(world.people["vetoed"], "in-hand", note="", viewer=viewer, at=world.start)


def _answers(world, at):
    said = {"well": [CALM], "breathless": [BREATHLESS], "changes their mind": [CALM, COUGHING]}
    for name, sent in said.items():
        for checkin in Checkin.objects.filter(enrolment=world.people[name], status="OPEN"):
            for answers in sent:
                submit(checkin, uuid4(), channel=Channel.WEB, at=at, answers=answers)


def _is_heard_from(world, at):
    """The provider says what became of a text; somebody answers one, and so does a stranger."""
    sent = Message.objects.filter(status="SENT", kind="INVITE").order_by("id").first()
    take_in(RECEIPT, receipt(sent))
    take_in(A_TEXT, text("I feel worse", number=world.people["well"].person.mobile))
    take_in(A_TEXT, text("Who is this?", number="07700900998"))
    read_notices(at=at, understand=understand)


def _leaves(world, at):
    """An e-mail was due to them; it is never written."""
    asked = Checkin.objects.filter(enrolment=world.people["leaves"]).latest("due_on")
    who = {"person_id": asked.person_id, "programme_id": asked.programme_id}
    make_due(Message.Kind.INVITE, subject_id=asked.pk, channel="EMAIL", at=at, **who)
    leave(world.people["leaves"], because="moved away", at=at)


def _is_rung(world):
    outcomes = {"silent": "NO_ANSWER", "says no": "REFUSED", "no mobile": "WRONG_NUMBER"}
    of_person = {world.people[name].person_id: outcome for name, outcome in outcomes.items()}
    # The calls are made by the real clock, at whatever hour this runs.
    Call.objects.update(rings_from=None, rings_until=None)
    with given.acting(given.user("CALLER")) as viewer:
        while call := claim_next(viewer=viewer, at=viewer.at):
            outcome = of_person.get(call.person_id, "RESCHEDULED")
            record_outcome(call, outcome, note="", viewer=viewer, at=viewer.at)


def _is_worked(at):
    first = Alert.objects.filter(rule="breath-rest").order_by("id").first()
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        alerts.accept(first, viewer=viewer, at=at)
        alerts.close(first, "ADVICE", note="Rang him.", viewer=viewer, at=at)


def _is_helped_by_others(at):
    """The council is asked by a link, and by page for another; one of them is done."""
    council = given.area().council.covered_by.get(function="council")
    found = Alert.objects.open().filter(team__function="surveillance").order_by("id")
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        linking.set_mailbox(council, email="", phone=COUNCIL, viewer=viewer, at=at)
        for how, alert in zip(("LINK", "PAGE"), found[:2], strict=False):
            referrals.offer(alert, council, what="Shopping", how=how, viewer=viewer, at=at)
    with given.acting(given.user("PARTNER", given.area().council)) as viewer:
        done = to_us(viewer).filter(how="PAGE").first()
        if done:
            referrals.finish(done, "GIVEN", note="", viewer=viewer, at=at)


def _is_looked_for(world, at):
    """A run of the rules: most are found again, others missed, one of whom is kept all the same."""
    missed = {
        "silent": Missing("RULE", "no rule holds any longer"),
        "landline": Missing("EXCLUDED", "excluded: objected"),
        "no mobile": Missing("MOVED", "registered with a practice outside this area"),
        "restricted": Missing("GONE", "no longer in the records"),
        "says no": Missing("RULE", "no rule holds any longer"),
    }
    run, programme = uuid4(), given.programme()
    here = [each for name, each in world.people.items() if name not in missed]
    note_found(programme, [each.person.nhs_number for each in here], run=run, at=at)
    why = {world.people[name].pk: each for name, each in missed.items()}
    note_missing(programme, why, run=run, at=at)
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        stay(world.people["says no"], reason="Known to us", viewer=viewer, at=at)
