"""A journey played in the service itself, by rounds of background work and acts of people."""

from datetime import UTC, datetime
from uuid import uuid4

from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.alerts.rules import URGENCIES
from openprotect.calls import actions as calls
from openprotect.calls.actions import talking
from openprotect.calls.models import Call
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Checkin
from openprotect.events.models import Event
from openprotect.messages.models import Message
from openprotect.packs.journeys import world as small
from openprotect.packs.journeys.comparing import Seen
from openprotect.packs.journeys.values import RUNG
from openprotect.pathway.rounds import go_round
from openprotect.people import actions as people
from openprotect.programmes.models import Adaptation
from openprotect.programmes.queries import LOCAL
from tests import given
from tests.places.given import LONG_AGO, team

WORDS = {number: word for word, number in URGENCIES.items()}
STATES = {"OPEN": "open", "ANSWERED": "answered", "MISSED": "missed", "CANCELLED": "stopped"}
BEFORE_ALL = datetime(LONG_AGO.year, LONG_AGO.month, LONG_AGO.day, tzinfo=UTC)


class Service:
    """One person in the live programme, where every function of routing has a team."""

    def __init__(self, pack, journey):
        self.pack, self.journey = pack, journey
        self.outbox = given.Outbox()
        self.known = {"messages": set(), "alerts": set()}
        given.basis(pack.key, starts_at=BEFORE_ALL)
        area = given.area()
        for function in ("charity", "pharmacy"):
            team(function, area.locality)
        given.user("PARTNER", area.locality)
        self.staff = {"caller": given.user("CALLER"), "nurse": given.user("SURVEILLANCE")}
        for key, value in journey.settings.items():
            Adaptation.objects.create(
                programme=given.programme(),
                locality=area.locality,
                setting=key,
                value=value,
                reason="As the journey says",
                owner=self.staff["nurse"],
                starts_at=BEFORE_ALL,
            )
        who = journey.traveller
        mobile = {} if who.has_mobile else {"mobile": "", "landline": "+441632960001"}
        self.person = given.person(birth_date=who.born, **mobile)
        self.enrolment = given.enrolment(
            of=self.person,
            found_at=who.joined,
            preview_ends_at=who.joined,
            active_from=who.joined,
        )

    def round(self, at):
        go_round(at=at, postbox=self.outbox)

    def act(self, step):
        if step.rung:
            self._ring(step)
        elif step.answers:
            self._answer(step)
        elif step.accepts or step.closes:
            self._work(step)
        elif step.stops:
            people.stop_contact(self.person, because="asked to", at=step.at)
        self.round(step.at)

    def _answer(self, step):
        checkin = Checkin.objects.get(enrolment=self.enrolment, status="OPEN")
        for name, value in step.answers.items():
            checkins.answer(checkin, name, value, channel=Channel.WEB, at=step.at)
        if step.sent:
            checkins.submit(checkin, uuid4(), channel=Channel.WEB, at=step.at)

    def _ring(self, step):
        with given.acting(self.staff["caller"]) as viewer:
            call = calls.claim_next(viewer=viewer, at=step.at)
            for name, value in step.answers.items():
                talking.hear(call, name, value, viewer=viewer, at=step.at)
            told = "As it was told"
            talking.finish(call, RUNG[step.rung], note=told, viewer=viewer, at=step.at)

    def _work(self, step):
        rule = step.accepts or step.closes
        alert = Alert.objects.open().filter(person=self.person, rule=rule).order_by("raised_at")[0]
        with given.acting(self.staff["nurse"]) as viewer:
            if step.accepts:
                alerts.accept(alert, viewer=viewer, at=step.at)
            else:
                alerts.close(alert, "ADVICE", note="Spoken to", viewer=viewer, at=step.at)

    def seen(self, at):
        """What is there now, and what came since it was last looked at."""
        written = Message.objects.filter(status__in=["SENT", "DELIVERED"]).exclude(channel="CALL")
        sent = self._new("messages", written)
        raised = self._new("alerts", Alert.objects.order_by("raised_at", "rule"))
        standing = Alert.objects.open().order_by("raised_at", "rule")
        self.person.refresh_from_db()
        return Seen(
            [each.kind.lower() for each in sent],
            [_as_small(each) for each in raised],
            [_as_small(each) for each in standing.select_related("team")],
            self._checkin(),
            self._call(at),
            "stopped" if self.person.has_stopped_contact else "yes",
        )

    def _new(self, kind, rows):
        fresh = [each for each in rows if each.pk not in self.known[kind]]
        self.known[kind] |= {each.pk for each in fresh}
        return fresh

    def _checkin(self):
        opened = Event.objects.filter(name="checkin.opened").values("subject_id")
        latest = Checkin.objects.filter(pk__in=opened).order_by("-due_on").first()
        return STATES[latest.status] if latest else "none"

    def _call(self, at):
        waiting = Call.objects.filter(status="WAITING").first()
        if waiting is None:
            return "none"
        return "due" if waiting.due_at <= at else "later"


def _as_small(alert):
    return small.Alert(
        alert.rule,
        alert.kind,
        WORDS[alert.urgency],
        alert.team.function,
        alert.raised_at.astimezone(LOCAL),
        alert.accept_by.astimezone(LOCAL),
        alert.due_at.astimezone(LOCAL),
        alert.status.lower(),
    )
