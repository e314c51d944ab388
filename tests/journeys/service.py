"""The whole service around a journey: real records, a clock to move, a worker's rounds, texts."""

import argparse
import re
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, time, timedelta
from io import StringIO

from openprotect.base import clock
from openprotect.base.isolation import APP, IMPORT
from openprotect.base.nhs_number import synthetic_number
from openprotect.checkins.rules import LOCAL
from openprotect.cli import cohort, importing, places
from openprotect.cli.demonstration import seeding
from openprotect.gateways.notify import open_postbox
from openprotect.governance.actions import move_demo_clock
from openprotect.pathway.rounds import go_round
from openprotect.pathway.table import PATHWAY
from openprotect.reports.queries.reconcile import balance
from tests import given

PRACTICE = "D82001"
LUNGS = "13645005"  # chronic obstructive lung disease
PEOPLE = {
    "Ada": ("Kept-Out", "1941-03-04", "07700900101"),
    "Bert": ("Answers", "1938-11-30", "07700900102"),
    "Cyril": ("Silent", "1945-07-09", "07700900103"),
}
LINK = re.compile(r"https?://\S+/c/[\w-]+")
MORNING = time(10)


class Service:
    """One installation, as a demonstration, at ten in the morning of a Sunday.

    So the call of a journey is on its Friday, when the teams of the localities are at work.
    """

    def __init__(self, url, database, administrator, installation):
        self.url, self.installation = url, installation
        self._database = database
        today = datetime.now(LOCAL).date()
        sunday = today + timedelta(days=13 - today.weekday())
        start = datetime.combine(sunday, MORNING, LOCAL).astimezone(UTC)
        administrator.execute(
            "UPDATE governance_installation SET is_demonstration = true,"
            " clock_ahead_by = %s - statement_timestamp()",
            [start],
        )

    def find(self):
        """Places, records, programme, cohort, staff: each as an administrator does it."""
        with self._importing():
            self._command(places, "import")
            files = _extract(self.installation.home)
            self._command(importing, *files, "--source", "GP records")
        at = clock.now()
        with given.as_worker():
            programme = seeding.start_programme(at=at)
        with self._importing():
            self._command(cohort, "run", seeding.PACK)
        with given.as_worker():
            seeding.add_cast(programme, at=at)

    def go_round(self):
        with given.as_worker(), open_postbox(self.installation) as postbox:
            return go_round(at=clock.now(), postbox=postbox)

    def let_pass(self, **length):
        """Move the clock, then let the worker do what became due."""
        move_demo_clock(by=timedelta(**length))
        self.go_round()

    def equations_off(self):
        with given.as_worker():
            equations = balance({name: len(steps) for name, steps in PATHWAY.items()})
        assert len(equations) >= 8
        return [str(each) for each in equations if each.off_by]

    @contextmanager
    def _importing(self):
        """Under the role that imports and cohort runs have, which is not the pages'."""
        self._database.log_in_as(IMPORT)
        try:
            yield
        finally:
            self._database.log_in_as(APP)

    @staticmethod
    def _command(module, *words):
        parser = argparse.ArgumentParser()
        module.arguments(parser)
        with redirect_stdout(StringIO()) as said:
            done = module.run(parser.parse_args([str(word) for word in words]))
        assert done == 0, said.getvalue()


def _extract(folder):
    """A CSV pair: three people of one practice, each with a disease of the lungs."""
    about = "given_name,family_name,birth_date,sex,practice_code,mobile,address,postcode"
    people = [f"nhs_number,{about}"]
    events = ["nhs_number,code,system,date,term"]
    for given_name, (family, born, mobile) in PEOPLE.items():
        number = synthetic_number(given_name)
        rest = f"female,{PRACTICE},{mobile},1 Quay Road Holt,NR25 6QA"
        people.append(f"{number},{given_name},{family},{born},{rest}")
        events.append(f"{number},{LUNGS},snomed,2015-05-01,Chronic obstructive lung disease")
    paths = folder / "people.csv", folder / "events.csv"
    for path, lines in zip(paths, (people, events), strict=True):
        path.write_text("\n".join(lines) + "\n")
    return paths
