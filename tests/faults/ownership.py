"""Alerts in a world where people leave, places close and nobody comes: who owns what, always?

One system with two localities, four practices, a council, a charity and a pharmacy. Each step
changes something; after each, every open alert must have an active team, somebody active who can
open it, and a due time. What that means is worked out here from rows alone, sharing no code with
the service, and at times by signing in as that somebody and opening it.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.models import Q

from openprotect.accounts.actions import acting_as
from openprotect.accounts.models import Membership, User
from openprotect.accounts.queries import viewer as who_is_there
from openprotect.accounts.rules import digest
from openprotect.alerts.actions import Concern, accept, close, raise_alert
from openprotect.alerts.actions.passing import decline, follow_move, pass_on
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import fallen, teams_in_reach, worklist
from openprotect.alerts.queries.case import case_of
from openprotect.base.refusals import Refused
from openprotect.governance.models import LegalBasis
from openprotect.pathway.rounds import ALERTS_BY_TIME
from openprotect.people.models import Person
from openprotect.places.actions.staffing import Duty, set_rota, undertake
from openprotect.places.models import Organisation, Team
from tests import given
from tests.places.given import place
from tests.places.given import team as a_team

LOCAL = ZoneInfo("Europe/London")
START = (given.NOON + timedelta(days=1)).astimezone(LOCAL)
KINDS = ("clinical", "medication", "social", "welfare", "data")
URGENCIES = ("now", "today", "week")
WORKS_AS = {
    "practice": "PRACTICE",
    "locality": "LOCALITY",
    "surveillance": "SURVEILLANCE",
    "council": "PARTNER",
    "charity": "PARTNER",
    "pharmacy": "PARTNER",
}
MEMBERS = """
SELECT m.organisation_id, m.role FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
 WHERE u.is_active AND m.starts_at <= %(at)s AND (m.ends_at IS NULL OR m.ends_at > %(at)s)
   AND m.purpose = 'covid-protect' GROUP BY 1, 2
"""
OPEN_ALERTS = """
SELECT a.id, a.due_at, a.accept_by, a.status, t.function, t.organisation_id, t.closed_on,
       o.closed_on, e.practice_id, a.urgency
  FROM alerts_alert a JOIN places_team t ON t.id = a.team_id
  JOIN places_organisation o ON o.id = t.organisation_id
  JOIN enrolments_enrolment e ON e.id = a.enrolment_id
 WHERE a.status <> 'CLOSED'
"""


class House:
    """The places and people, the moment, and what has been done to them so far."""

    def __init__(self, dice, above):
        self.dice, self.above = dice, above
        self.at, self.scheduler_off_until = START, START
        self.done, self.steps, self.opened, self.refused = {}, 0, 0, 0
        area = given.area()
        self.system = area.system
        self.programme = given.programme()
        self.localities = [area.locality, place("LO2", "LOCALITY", [(area.system, "LIES_IN")])]
        self.practices = [area.practice]
        for number, home in enumerate((0, 1, 1)):
            made = place(f"PR{number}", "PRACTICE", [(self.localities[home], "LIES_IN")])
            self.practices.append(made)
        self.helpers = [
            (function, place(function[:3].upper() + "9", function.upper()))
            for function in ("charity", "pharmacy")
        ]
        self._teams(area)
        self.people = [
            given.enrolment(of=given.person(at=self.practices[number % 4])) for number in range(8)
        ]
        self._set_clock()
        above.execute("UPDATE accounts_session SET expires_at = now() + interval '900 years'")
        self.basis = LegalBasis.objects.get(purpose=self.programme.purpose)
        self.has_basis = True

    def _teams(self, area):
        a_team("locality", self.localities[1])
        for each in self.practices[1:]:
            a_team("practice", each)
        for function, organisation in self.helpers:
            a_team(function, self.system, organisation=organisation)
        office = {"weekdays": [1, 2, 3, 4, 5], "opens": "08:00", "closes": "18:00"}
        Team.objects.exclude(function="surveillance").update(**office)
        for each in Team.objects.select_related("organisation"):
            for _ in range(2):
                self._joins(each)

    def _joins(self, team):
        given.colleague(WORKS_AS[team.function], team.organisation)

    # --- what may happen -------------------------------------------------------------------------

    def somebody_answers(self):
        enrolment = self.dice.choice(self.people)
        concern = Concern(
            f"R{self.dice.randrange(4)}",
            self.dice.choice(KINDS),
            self.dice.choice(URGENCIES),
            "Why",
        )
        pack = self.programme.pack_id
        raise_alert(enrolment, concern, source_id=uuid4(), pack_id=pack, at=self.at)

    def somebody_works(self):
        alert = self._an_alert()
        who = alert and self._member_of(
            alert.team.organisation_id if self.has_basis else alert.enrolment.practice_id
        )
        if not who:
            return
        with self._as(who) as viewer:
            try:
                self._work(alert, viewer)
            except Refused:
                self.refused += 1

    def _work(self, alert, viewer):
        act = self.dice.randrange(5)
        if act in (0, 1):
            accept(alert, viewer=viewer, at=self.at)
        elif act == 2:
            close(alert, "ADVICE", note="Rang", viewer=viewer, at=max(self.at, alert.raised_at))
        elif act == 3:
            decline(alert, because="Full", viewer=viewer, at=self.at)
        else:
            near = teams_in_reach(viewer, alert, at=self.at)
            pass_on(alert, self.dice.choice(near), because="x", viewer=viewer, at=self.at)

    def somebody_leaves(self):
        """Anybody may leave, but for the last of surveillance: that is for a person to settle."""
        held = list(self._memberships())
        left = self.dice.choice(held)
        alike = [
            each
            for each in held
            if (each.organisation_id, each.role) == (left.organisation_id, left.role)
        ]
        keeps = left.role == "SURVEILLANCE" or (left.role == "PRACTICE" and not self.has_basis)
        if keeps and len(alike) == 1:
            return
        if self.dice.random() < 0.5:
            User.objects.filter(pk=left.user_id).update(is_active=False)
        else:
            Membership.objects.filter(pk=left.pk).update(ends_at=self.at)

    def somebody_joins(self):
        self._joins(self.dice.choice(list(Team.objects.select_related("organisation"))))

    def a_place_closes(self):
        """Any but the system itself; a practice's people go where they can."""
        choices = [*self.localities, *self.practices, *(each for _, each in self.helpers)]
        closing = self.dice.choice(choices)
        open_practices = [each for each in self.practices if self._is_open(each)]
        if closing in self.practices and (len(open_practices) < 2 or not self.has_basis):
            return
        self._close(closing, self.at.date() - timedelta(days=1))
        if closing in self.practices:
            others = [each for each in open_practices if each != closing]
            for enrolment in self.people:
                if enrolment.practice_id == closing.pk and self.dice.random() < 0.5:
                    self._moves(enrolment, self.dice.choice(others))

    def a_place_opens_again(self):
        closed = Organisation.objects.filter(closed_on__isnull=False)
        ids = sorted(closed.values_list("pk", flat=True))
        if ids:
            self._close(Organisation.objects.get(pk=self.dice.choice(ids)), None)

    def _close(self, organisation, on):
        Organisation.objects.filter(pk=organisation.pk).update(closed_on=on)

    def _is_open(self, organisation):
        return Organisation.objects.filter(pk=organisation.pk, closed_on=None).exists()

    def somebody_moves(self):
        home = self.dice.choice([each for each in self.practices if self._is_open(each)])
        self._moves(self.dice.choice(self.people), home)

    def _moves(self, enrolment, home):
        # Once the legal basis has ended nobody sees them, the worker included.
        if not Person.objects.filter(pk=enrolment.person_id).exists():
            return
        enrolment.person.practice = enrolment.practice = home
        enrolment.person.save(update_fields=["practice"])
        enrolment.save(update_fields=["practice"])
        follow_move(enrolment.person_id, at=self.at)

    def a_team_changes_its_mind(self):
        team = self.dice.choice(list(Team.objects.exclude(function="surveillance")))
        who = self._member_of(team.organisation_id)
        if who:
            takes = self.dice.random() < 0.6
            kind = self.dice.choice(KINDS)
            undertake(team, kind, takes=takes, because="x", by=who.user_id, at=self.at)

    def a_rota_is_set(self):
        """Often with an empty weekend."""
        team = self.dice.choice(list(Team.objects.select_related("organisation")))
        who = self._member_of(team.organisation_id)
        if not who:
            return
        first = self.at.replace(hour=0, minute=0) + timedelta(days=1)
        days = [first + timedelta(days=each) for each in range(7)]
        duties = [
            Duty(who.user_id, day.replace(hour=8), day.replace(hour=18))
            for day in days
            if day.isoweekday() < 6 or self.dice.random() < 0.2
        ]
        set_rota(team, duties, starts_at=first, ends_at=first + timedelta(days=8), at=self.at)

    def the_basis_ends_or_begins(self):
        """When it ends, each practice with people still has somebody: they are the last to see."""
        if self.has_basis:
            held = self._memberships()
            staffed = {each.organisation_id for each in held if each.role == "PRACTICE"}
            homes = {each.practice_id for each in self.people}
            if not homes <= staffed or not all(map(self._is_open_by_id, homes)):
                return
            self._basis_ends(self.at)
        else:
            self._basis_ends(self.at + timedelta(days=36500))
        self.has_basis = not self.has_basis

    def _is_open_by_id(self, pk):
        return Organisation.objects.filter(pk=pk, closed_on=None).exists()

    def _basis_ends(self, at):
        self.above.execute(
            "UPDATE governance_legalbasis SET ends_at = %s WHERE id = %s", [at, self.basis.pk]
        )

    def the_scheduler_stops(self):
        self.scheduler_off_until = self.at + timedelta(hours=48)

    def time_passes(self):
        hours = self.dice.choice((0.1, 0.5, 2, 8, 26))
        self.at += timedelta(hours=hours)
        self._set_clock()

    def _set_clock(self):
        self.above.execute(
            "UPDATE governance_installation SET clock_ahead_by = %s - statement_timestamp()",
            [self.at],
        )

    def the_round_goes(self):
        if self.at >= self.scheduler_off_until:
            for chore in ALERTS_BY_TIME:
                chore(at=self.at)

    # --- what must hold --------------------------------------------------------------------------

    def orphans(self):
        """Open alerts that nobody active can see on a list of theirs, by the rows alone."""
        members = set(self.above.execute(MEMBERS, {"at": self.at}).fetchall())
        rows = self.above.execute(OPEN_ALERTS).fetchall()
        surveilled = (self.system.pk, "SURVEILLANCE") in members
        return [row[0] for row in rows if not self._is_owned(row, members, surveilled)]

    def _is_owned(self, row, members, surveilled):
        _, due, accept_by, _, function, organisation, team_ends, place_ends, practice, _ = row
        if not due or not accept_by:
            return False
        if not self.has_basis:
            return (practice, "PRACTICE") in members
        today: date = self.at.date()
        is_open = not any(ends and ends < today for ends in (team_ends, place_ends))
        works = (organisation, WORKS_AS[function]) in members
        return surveilled or (is_open and works)

    def can_be_opened(self):
        """Sign in as whoever should see an alert, and open it: by the database's own walls."""
        alert = self._an_alert()
        if alert is None:
            return True
        self.opened += 1
        owner = alert.team.organisation_id if self.has_basis else alert.enrolment.practice_id
        gone = self._has_closed(alert.team)
        who = None if gone and self.has_basis else self._member_of(owner)
        who = who or self._member_of(self.system.pk)
        with self._as(who) as viewer:
            listed = worklist(viewer).filter(pk=alert.pk) or fallen(viewer).filter(pk=alert.pk)
            return case_of(viewer, alert.pk) is not None and listed.exists()

    def _has_closed(self, team):
        today = self.at.date()
        ends = (team.closed_on, team.organisation.closed_on)
        return any(each and each < today for each in ends)

    # --- who -------------------------------------------------------------------------------------

    def _an_alert(self):
        ids = list(Alert.objects.open().values_list("pk", flat=True))
        if not ids:
            return None
        found = Alert.objects.select_related("team__organisation", "enrolment")
        return found.get(pk=self.dice.choice(sorted(ids)))

    def _memberships(self, **where):
        held = Membership.objects.filter(user__is_active=True, role__in=WORKS_AS.values(), **where)
        here = held.filter(Q(ends_at=None) | Q(ends_at__gt=self.at), starts_at__lte=self.at)
        return list(here.order_by("id"))

    def _member_of(self, organisation):
        here = self._memberships(organisation_id=organisation)
        return self.dice.choice(here) if here else None

    def _as(self, membership):
        return signed_in(self.above, membership, self.at)


SESSION = """
INSERT INTO accounts_session (id, token_digest, user_id, membership_id, opened_at, expires_at)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s)
"""


@contextmanager
def signed_in(above, membership, at):
    """Under a session of this member of staff, whatever the year is in this world."""
    token = given.random_token()
    much_later = at + timedelta(days=400)
    values = [digest(token), membership.user_id, membership.pk, at, much_later]
    above.execute(SESSION, values)
    with acting_as(token):
        yield who_is_there()


def walk(house, steps, *, open_every=25):
    """So many steps; after each, who is left without an owner, and at times whether it opens."""
    names, weights = list(STEPS), list(STEPS.values())
    for number in range(steps):
        name = house.dice.choices(names, weights)[0]
        getattr(house, name)()
        house.steps += 1
        house.done[name] = house.done.get(name, 0) + 1
        if found := house.orphans():
            yield name, found
        if number % open_every == 0 and not house.can_be_opened():
            yield name, "cannot be opened"


STEPS = {
    "somebody_answers": 24,
    "somebody_works": 24,
    "somebody_leaves": 7,
    "somebody_joins": 6,
    "a_place_closes": 3,
    "a_place_opens_again": 3,
    "somebody_moves": 4,
    "a_team_changes_its_mind": 4,
    "a_rota_is_set": 3,
    "the_basis_ends_or_begins": 2,
    "the_scheduler_stops": 1,
    "time_passes": 14,
    "the_round_goes": 12,
}
