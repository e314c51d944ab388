"""Two localities, two practices in each, people in every state; and someone in every role.

Each row that is made is also written down as plain facts, from which `words.py` says, without any
database, who may see it.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import connection
from psycopg import sql

from openprotect.accounts.models import Membership
from openprotect.alerts.models import Evaluation, Finding, FollowUp, Handover, MedicinesCare
from openprotect.calls.models import Attempt, Draft
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Answer, Conflict
from openprotect.cohorts.models import Change
from openprotect.enrolments.models import Absence, Decision, Request
from openprotect.events.models import Event
from openprotect.governance.actions import record_access
from openprotect.programmes.models import Rehearsed
from openprotect.records.models import Changeset, ChangesetProblem, Proposal
from tests import given
from tests.given import NOON
from tests.isolation import ledger
from tests.isolation.facts import Body, Fact, Someone
from tests.isolation.floor import the_floor, words_about_calls
from tests.isolation.programmes import ENDED, LIVE, OTHER, programmes, rehearsal_by, run_of
from tests.isolation.said import asked_otherwise, beside_a_call, said_by
from tests.isolation.staff import LOCALITIES, STAFF
from tests.places.given import place, team
from tests.referrals.given import document as a_document
from tests.referrals.given import rows_of_a_referral

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
NOT_ENDED = {"ended_at": None, "outcome": ""}


class World:
    """`people` by a name for their state, `facts` about every row, `staff` by a name."""

    def __init__(self):
        self.facts, self.people, self.staff, self.left_over = [], {}, {}, []
        self._places()
        self.programmes = programmes()
        self.runs = {key: self._later(run_of(key)) for key in self.programmes}
        given.basis(OTHER)
        given.basis(ENDED, ends_at=NOW - HOUR)
        self._staff()
        self.rehearsal = rehearsal_by(self.staff["clinical lead"].user, self._later)
        for practice in self.localities:
            self._people_of(practice)
        self._answering()
        self._imports()

    def _imports(self):
        """An import with a row held back, and two records that may be of one person."""
        self.changeset = Changeset.objects.create(
            number=1, source="gp", status="COMMITTED", taken_as=1, settled_at=NOW, started_at=NOW,
            by="ann", place=uuid4(),
        )  # fmt: skip
        held = ChangesetProblem.objects.create(
            changeset=self.changeset, place=self.changeset.place, kind="people", file="a.csv",
            row=2, outcome="held", reason="birth-date-changed",
        )  # fmt: skip
        pair = self._later(Proposal(id=uuid4(), score=0.99, proposed_at=NOW))
        for row in (held, pair):
            self._note(row._meta.db_table, row, None)
        ledger.exchanges(self)

    def _places(self):
        area = given.area()
        second = given.locality("LOC2")
        self.council_two = place("COU2", "COUNCIL")
        team("council", self.council_two)
        self.places = {each.code: each for each in (area.system, area.locality, second)}
        self.places |= {"PRA": area.practice, "COU": area.council, "COU2": self.council_two}
        for code, home in (("PRA2", area.locality), ("PRB", second), ("PRB2", second)):
            self.places[code] = given.practice(code, locality=home)
        self.localities = LOCALITIES

    def _staff(self):
        for name, role, code, purpose in STAFF:
            made = given.user(role, self.places[code], login=name, purpose=purpose)
            self.staff[name] = Someone(name, role, code, purpose, made, str(made.pk))
        for held in Membership.objects.select_related("organisation"):
            at = held.organisation.code if held.organisation else ""
            said = {"by": str(held.user_id), "purpose": held.purpose, "owner": at}
            fact = Fact("accounts_membership", str(held.pk), None, about=held.role, **said)
            self.facts.append(fact)
        the_floor(self)

    def _people_of(self, code):
        for name, enrolled in [
            ("active", {LIVE: "ACTIVE"}),
            ("in review", {LIVE: "PREVIEW"}),
            ("vetoed", {LIVE: "VETOED"}),
            ("left", {LIVE: "LEFT"}),
            ("of another purpose", {OTHER: "ACTIVE"}),
            ("of two purposes", {LIVE: "ACTIVE", OTHER: "PREVIEW"}),
            ("of two programmes", {LIVE: "PREVIEW", OTHER: "ACTIVE"}),
            ("after the end", {ENDED: "ACTIVE"}),
            ("after the end, alerted", {ENDED: "ACTIVE"}),
            ("alerted", {LIVE: "ACTIVE"}),
            ("alerted, with the council", {LIVE: "ACTIVE"}),
            ("once with the council", {LIVE: "ACTIVE"}),
            ("waiting for a call", {LIVE: "ACTIVE"}),
            ("in a call", {LIVE: "ACTIVE"}),
            ("in a call of another", {LIVE: "ACTIVE"}),
            ("in a call too long", {LIVE: "ACTIVE"}),
            ("in a call after the end", {ENDED: "ACTIVE"}),
            ("nowhere", {}),
        ]:
            body = self._person(code, name, enrolled)
            self._situation(body, name)

    def _person(self, code, name, enrolled):
        song = f"canary{uuid4().hex[:12]}"
        person = given.person(
            at=self.places[code],
            family_name=song.title(),
            address=f"{song} Row",
            postcode="NR27 0AA",
            # Apart from the numbers that pages give as examples, or each would sing.
            mobile=f"+447700900{300 + len(self.people)}",
        )
        body = self.people[code, name] = Body(person, f"{name} {code}", code, enrolled)
        self._note("people_person", person, body)
        record_access([person.pk], what="tests.world", why="arranging")
        ledger.claims(self, body)
        nurse = self.staff["surveillance"].user
        care = MedicinesCare(person=person, pharmacy="Canary", by=nurse, at=NOW)
        self._note("alerts_medicinescare", self._later(care), body)
        [self._note(table, self._later(row), body) for table, row in said_by(body.person)]
        otherwise = Rehearsed(
            rehearsal=self.rehearsal, person=person, kind="more", gained=["fever"], lost=[]
        )
        self._note("programmes_rehearsed", self._later(otherwise), body)
        for purpose, status in enrolled.items():
            self._life(body, purpose, status)
        return body

    def _note(self, table, row, body, **facts):
        self.facts.append(Fact(table, str(row.pk), body, **facts))
        return row

    def _later(self, row):
        """A row that not even the worker may write: the administrator adds it at the end."""
        self.left_over.append(row)
        return row

    def complete(self, owner):
        """Add what only somebody in the middle of their work could have written."""
        tables = list(dict.fromkeys(row._meta.db_table for row in self.left_over))
        for table in tables:
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for row in self.left_over:
            fields = row._meta.concrete_fields
            statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(row._meta.db_table),
                sql.SQL(", ").join(sql.Identifier(each.column) for each in fields),
                sql.SQL(", ").join(sql.Placeholder() for _ in fields),
            )
            values = [
                each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields
            ]
            owner.execute(statement, values)
        for table in tables:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

    def note_the_rest(self, reader):
        """Rows that came by themselves with a person."""
        bodies = {body.person.pk: body for body in self.people.values()}
        for table in ("people_registration", "governance_access"):
            for pk, person in reader.execute(f"SELECT id, person_id FROM {table}"):
                self.facts.append(Fact(table, str(pk), bodies[person]))

    def _life(self, body, purpose, status):
        """A row of every kind about one person in one programme."""
        ended = {"left_at": NOW, "left_because": "moved"} if status == "LEFT" else {}
        enrolment = given.enrolment(
            of=body.person, programme=self.programmes[purpose], status=status, **ended
        )
        self._note("enrolments_enrolment", enrolment, body, purpose=purpose)
        self._note("enrolments_reason", enrolment.reasons.get(), body, purpose=purpose)
        ledger.ladder(self, body, purpose, enrolment)
        change = Change(
            run=self.runs[purpose], nhs_number=body.person.nhs_number, kind="joined",
            practice_code=body.practice, reason="Canary",
        )  # fmt: skip
        self._note("cohorts_change", self._later(change), body, purpose=purpose)
        absence = Absence.objects.create(
            enrolment=enrolment, person=body.person, programme=enrolment.programme, run=uuid4(),
            because="RULE", words="Canary", noticed_at=NOW,
        )  # fmt: skip
        self._note("enrolments_absence", absence, body, purpose=purpose)
        nurse, by = self.staff["practice PRA"].user, str(self.staff["practice PRA"].user.pk)
        decision = Decision.objects.create(
            enrolment=enrolment, person=body.person, kind="KEEP", reason="Canary", by=nurse, at=NOW
        )
        self._note("enrolments_decision", decision, body, purpose=purpose)
        request = Request(
            programme=enrolment.programme, practice=body.person.practice, by=nurse, at=NOW,
            nhs_number=body.person.nhs_number, reason="Canary", person=body.person, status="ADDED",
        )  # fmt: skip
        self._later(request)
        self._note("enrolments_request", request, body, purpose=purpose, owner=body.practice)
        event = Event.objects.create(
            name="alert.raised", subject_id=uuid4(), person_id=body.person.pk, at=NOW, try_at=NOW,
            programme_id=enrolment.programme_id, followed_up_at=NOW, detail={"rule": "canary"},
        )  # fmt: skip
        self._note("events_event", event, body, purpose=purpose, by="")
        self._answers(body, purpose, enrolment)
        self._call(body, purpose, enrolment, nurse, by)

    def _answers(self, body, purpose, enrolment):
        checkin = given.checkin(
            of=enrolment, status="ANSWERED", due_on=NOON.date() - timedelta(days=1)
        )
        response = given.response(of=checkin, answers={"other": "Canary"})
        said = {"checkin": checkin, "person": body.person, "channel": "WEB", "at": NOON}
        facts = {"purpose": purpose, "checkin": str(checkin.pk)}
        self._note("checkins_checkin", checkin, body, **facts)
        self._note("checkins_response", response, body, **facts)
        answer = Answer.objects.create(link_id="other", value="Canary", **said)
        self._note("checkins_answer", answer, body, **facts)
        conflict = Conflict.objects.create(
            response=response, submission_id=uuid4(), answers={}, content_hash="0" * 64, **said
        )
        self._note("checkins_conflict", conflict, body, **facts)
        for table, row in asked_otherwise(checkin, self.staff["practice PRA"].user):
            self._note(table, self._later(row), body, **facts)
        checkins.issue_link(checkin, valid_for=timedelta(days=2), at=NOW)
        self._note("checkins_link", checkin.links.get(), body, purpose=purpose)
        evaluation = Evaluation.objects.create(
            response=response, person=body.person, at=NOON, findings=0, failures=0
        )
        self._note("alerts_evaluation", evaluation, body, purpose=purpose)
        message = given.message(of=checkin)
        self._note("messages_message", message, body, purpose=purpose)
        self._alert(body, purpose, enrolment, "SYS", status="CLOSED", closed_at=NOW, outcome="SEEN")

    def _call(self, body, purpose, enrolment, nurse, by, **given_as):
        checkin = given.checkin(
            of=enrolment, status="MISSED", due_on=NOON.date() - timedelta(days=2 + bool(given_as))
        )
        call = given.call(
            of=checkin, **({"status": "DONE", "ended_at": NOW, "outcome": "ANSWERED"} | given_as)
        )
        facts = {"purpose": purpose, "checkin": str(checkin.pk)}
        self._note("checkins_checkin", checkin, body, **facts)
        self._note("calls_call", call, body, **facts)
        about = {"call": call, "person": body.person, "by": nurse, "at": NOW, "note": "Canary"}
        attempt = self._later(Attempt(outcome="NO_ANSWER", **about))
        draft = self._later(Draft(**about))
        self._note("calls_attempt", attempt, body, by=by, **facts)
        self._note("calls_draft", draft, body, by=by, **facts)
        for row in beside_a_call(call, NOW):
            self._note(row._meta.db_table, self._later(row), body, **facts)
        answer = Answer.objects.create(
            checkin=checkin, person=body.person, link_id="mood", value="no", channel="PHONE", at=NOW
        )
        self._note("checkins_answer", answer, body, **facts)
        return call

    def _alert(self, body, purpose, enrolment, owner, **given_as):
        function = {"SYS": "surveillance", "COU": "council", "COU2": "council"}.get(
            owner, "practice"
        )
        nurse = self.staff["surveillance"].user
        if given_as:
            given_as["closed_by"] = nurse
        alert = given.alert(
            of=enrolment, by=self.places[owner].covered_by.get(function=function), **given_as
        )
        facts = {"purpose": purpose, "owner": owner}
        self._note("alerts_alert", alert, body, **facts)
        finding = Finding.objects.create(
            alert=alert, person=body.person, source_id=uuid4(), rule="R1", urgency=2,
            reason="Canary", standing="RAISED", at=NOON,
        )  # fmt: skip
        self._note("alerts_finding", finding, body, **facts)
        asked = FollowUp.objects.create(
            alert=alert, person=body.person, enrolment=enrolment, made_at=NOON
        )
        self._note("alerts_followup", asked, body, **facts)
        handover = Handover(
            alert=alert, person=body.person, from_team=alert.team, to_team=alert.team,
            because="Canary", by=nurse, at=NOW,
        )  # fmt: skip
        self._note("alerts_handover", self._later(handover), body, **facts)
        event = Event.objects.create(
            name="alert.accepted", subject_id=alert.pk, person_id=body.person.pk, by=nurse, at=NOW,
            try_at=NOW, programme_id=alert.programme_id, followed_up_at=NOW,
        )  # fmt: skip
        self._referral(alert, body, nurse, **facts)
        document = self._later(a_document(alert, NOW))
        self._note("referrals_document", document, body, purpose=purpose)
        by = str(nurse.pk)
        self._note(
            "events_event", event, body, purpose=purpose, by=by, about=str(alert.pk), owner=owner
        )

    def _referral(self, alert, body, nurse, **facts):
        """Only where a council is concerned: what it was asked, by whom, and how it was told."""
        if facts["owner"].startswith("COU"):
            for row in rows_of_a_referral(alert, nurse, NOW):
                self._note(row._meta.db_table, self._later(row), body, **facts)

    def _situation(self, body, name):
        """What sets this person apart: an open alert, or a call in somebody's hands."""
        purpose = ENDED if "after the end" in name else LIVE
        enrolment = body.person.enrolments.filter(programme=self.programmes[purpose]).first()
        council = "COU" if body.practice.startswith("PRA") else "COU2"
        if "council" in name or "alerted" in name:
            owner = council if "council" in name else body.practice
            if name == "once with the council":
                closed = {"status": "CLOSED", "closed_at": NOW, "outcome": "SEEN"}
                self._alert(body, purpose, enrolment, owner, **closed)
            else:
                self._alert(body, purpose, enrolment, owner)
                body.open_alerts.add((owner, purpose))
        self._in_a_call(body, name, purpose, enrolment)

    def _in_a_call(self, body, name, purpose, enrolment):
        who = {
            "in a call": "caller one",
            "in a call of another": "caller two",
            "in a call too long": "caller one",
            "in a call after the end": "caller after the end",
        }.get(name)
        until = NOW + (-HOUR if name.endswith("too long") else HOUR)
        nurse = self.staff["practice PRA"].user
        if name == "waiting for a call":
            self._call(
                body, purpose, enrolment, nurse, str(nurse.pk), status="WAITING", **NOT_ENDED
            )
        elif who:
            holder = self.staff[who].user
            held = {"status": "CLAIMED", "claimed_by": holder, "leased_until": until}
            call = self._call(body, purpose, enrolment, holder, str(holder.pk), **NOT_ENDED, **held)
            rung_about = self.facts[-1].checkin
            if (name, body.practice) == ("in a call", "PRA"):
                words_about_calls(self, call, body, purpose)
            if until > NOW:
                body.claims.add((who, purpose))
                body.in_hand.add(rung_about)

    def _answering(self):
        """Somebody who came in by a link, and so has a session of their own."""
        body = self.people["PRA", "active"]
        checkin = given.checkin(
            of=body.person.enrolments.get(), opens_at=NOW - HOUR, closes_at=NOW + HOUR
        )
        self._note("checkins_checkin", checkin, body, purpose=LIVE, checkin=str(checkin.pk))
        token = checkins.issue_link(checkin, valid_for=timedelta(days=2), at=NOW)
        self._note("checkins_link", checkin.links.get(), body, purpose=LIVE)
        entry, self.person_token = checkins.enter(token, born=body.person.birth_date)
        assert entry == "open"
        self.answering = Someone(
            "person by link", "PERSON", "", LIVE, None, "", str(body.person.pk), str(checkin.pk)
        )
        answer = Answer.objects.create(
            checkin=checkin, person=body.person, link_id="mood", value="no", channel="WEB", at=NOW
        )
        self._note("checkins_answer", answer, body, purpose=LIVE, checkin=str(checkin.pk))
