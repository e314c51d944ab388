"""The exhaustive kill sweep: die at every boundary in turn, go on, and look what is missing.

`Sweep(...).run(scenario)` gives each kill point its own person, kills a process at the n-th
boundary of that person's life, n+1 until a life ends unharmed, then lets a fresh process go on,
and compares what is stored and what the provider has with what must be there.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import count
from uuid import uuid4

from openprotect.alerts.models import Finding
from openprotect.checkins.models import Checkin, Response
from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE
from openprotect.pathway.table import PATHWAY
from openprotect.reports.queries.reconcile import balance
from tests import given
from tests.database import CHECKOUT
from tests.faults.life import Case
from tests.faults.second_opinion import rules_that_alert
from tests.given import NOON

CALM = {
    "feeling": "same", "breath": "normal", "chest-pain": "no", "hot": "no", "cough": "no",
    "medicines": "enough", "food": "week", "care": "no-need", "mood": "no",
}  # fmt: skip
ILL = CALM | {
    "feeling": "worse", "worse-how": "breathing", "breath": "rest", "hot": "yes",
    "temperature": 38.5, "food": "none", "fetch": "no",
}  # fmt: skip
UNREADABLE = CALM | {"hot": "yes", "temperature": "like an oven"}
numbers = count(1)
AFTER = timedelta(minutes=10)  # longer than a lease, and soon enough that no alert changes hands
# What is sent in, one after the other; the same number is the same submission.
SCENARIOS = {
    "no alert": [(1, CALM)],
    "one alert": [(1, CALM | {"cough": "yes"})],
    "several alerts": [(1, ILL)],
    "a rule that cannot be computed": [(1, UNREADABLE)],
    "sent again": [(1, ILL), (1, ILL), (2, ILL)],
    "sent again with other answers": [(1, CALM | {"cough": "yes"}), (1, CALM)],
}


@dataclass
class Report:
    """What a sweep found; `missing` and `extra` name what, for whom and after which kill."""

    kill_points: int = 0
    missing: list = field(default_factory=list)
    extra: list = field(default_factory=list)
    off: list = field(default_factory=list)

    def __str__(self):
        return (
            f"kill points {self.kill_points}, missing {len(self.missing)}, extra {len(self.extra)}"
        )

    def __add__(self, other):
        return Report(
            self.kill_points + other.kill_points,
            self.missing + other.missing,
            self.extra + other.extra,
            self.off + other.off,
        )

    @property
    def faults(self):
        return {"missing": self.missing, "extra": self.extra, "off": self.off}

    @property
    def is_clean(self):
        return self.kill_points > 0 and not any(self.faults.values())

    def compare(self, what, must_be, there_is):
        must_be, there_is = Counter(must_be), Counter(there_is)
        self.missing += [f"{what}: {each}" for each in (must_be - there_is).elements()]
        self.extra += [f"{what}: {each}" for each in (there_is - must_be).elements()]


class Sweep:
    """Kills and recoveries on one database, with one stand-in for the provider."""

    def __init__(self, environment, fake, *, bug=""):
        self.fake, self.bug = fake, bug
        self.nurse = given.token_of(given.user("SURVEILLANCE", given.area().system))
        given.programme()
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=CHECKOUT,
            env={
                **environment,
                "OPENPROTECT_NOTIFY_URL": fake.url,
                "OPENPROTECT_NOTIFY_KEY": DEMO_KEY,
                "OPENPROTECT_NOTIFY_TEMPLATE": DEMO_TEMPLATE,
                "OPENPROTECT_LOG_LEVEL": "error",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.nursery.stdin.close()
        self.nursery.stdout.close()
        self.nursery.wait(timeout=30)

    def run(self, scenario, *, workers=1, edges_only=False, every=1, first=1):
        """Kill at each boundary in turn, until a life ends unharmed; then let others go on."""
        report, lives, killed = Report(), [], True
        while killed:
            case, kill_at = self._case(SCENARIOS[scenario]), first + len(lives) * every
            ended = self._ask(
                [case], kill_at=kill_at, workers=workers, edges_only=edges_only, after=""
            )
            killed = ended["killed"]
            report.kill_points += killed
            lives.append((case, f"{scenario}, {workers} at work, {kill_at}", ended["told"]))
        self._check_acknowledged(report, lives)
        cases, told = [case for case, _, _ in lives], [told for _, _, told in lives]
        self._ask(cases, told=told, after=_iso(NOON + AFTER))
        self._check(report, lives)
        return report

    def _case(self, sends):
        """Somebody new, whose messages are due before those of all who lived before them."""
        number = next(numbers)
        person = given.person(mobile=f"+447700{number:06d}")
        checkin = given.checkin(of=given.enrolment(of=person), status="DUE")
        ids = {number: str(uuid4()) for number, _ in sends}
        return Case(
            str(person.pk),
            str(checkin.pk),
            [(ids[number], answers) for number, answers in sends],
            _iso(NOON - timedelta(seconds=number)),
            self.nurse,
        )

    def _ask(self, cases, **order):
        order |= {"cases": [asdict(each) for each in cases], "bug": self.bug}
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        answer = json.loads(self.nursery.stdout.readline())
        assert not answer["failed"], "a process failed by itself: see its standard error"
        return answer

    def _check_acknowledged(self, report, lives):
        """What was acknowledged is stored, before anybody tries again."""
        stored = {str(each) for each in Response.objects.values_list("checkin_id", flat=True)}
        for case, what, told in lives:
            if "acknowledged" in told and case.checkin not in stored:
                report.missing.append(f"{what}: the acknowledged response")

    def _check(self, report, lives):
        texts = self._texts()
        for case, what, _ in lives:
            checkin = Checkin.objects.select_related("pack", "person").get(pk=case.checkin)
            answers = list(
                Response.objects.filter(checkin=checkin).values_list("answers", flat=True)
            )
            report.compare(
                f"{what}, responses",
                [case.sends[0][1]["breath"]],
                [each["breath"] for each in answers],
            )
            due = [rule for each in answers for rule in rules_that_alert(checkin.pack.files, each)]
            if any(each != case.sends[0][1] for _, each in case.sends):
                due.append("conflicting-answers")
            raised = Finding.objects.filter(person_id=case.person).values_list("rule", flat=True)
            report.compare(f"{what}, alerts", due, raised)
            wanted = ["invitation", "outcome"] if due else ["invitation"]
            report.compare(f"{what}, texts", wanted, texts[checkin.person.mobile])
        report.off += [str(each) for each in self._balance() if each.off_by]

    def _texts(self):
        """What the provider has, by number: a text is an invitation when it holds a link."""
        texts = defaultdict(list)
        for each in self.fake.outbox.all():
            texts[each.recipient].append("invitation" if "/c/" in each.body else "outcome")
        return texts

    def _balance(self):
        return balance({name: len(steps) for name, steps in PATHWAY.items()})


def _iso(at):
    return at.isoformat()
