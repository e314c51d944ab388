"""Imports made as the command line makes them, by the role of imports, and then looked at."""

from django.conf import settings
from django.db import connection

from openprotect.accounts.actions import sign_in_with_key
from openprotect.base.isolation import APP, IMPORT
from openprotect.base.nhs_number import synthetic_number
from openprotect.records import actions
from openprotect.records.actions import Options
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.limits import Limits
from tests.database import WORKER_KEY, SuiteDatabase
from tests.given import NOON, numbers

HEADER = "nhs_number,given_name,family_name,birth_date,sex,practice_code,postcode,mobile"
ADA, BEA, CAL = sorted(synthetic_number(f"stewarded {at}") for at in range(3))
RECORDS = "/records/"


def row(number, given="Ada", **changed):
    said = {
        "family": "Ames", "born": "1950-04-03", "sex": "female", "practice": "PRA",
        "postcode": "NR27 0AA", "mobile": "07700900001",
    } | changed  # fmt: skip
    return ",".join([number, given, *said.values()])


def as_imports(act):
    """Do this as the role of imports, and be the application's worker again."""
    SuiteDatabase.current.log_in_as(IMPORT)
    try:
        return act()
    finally:
        SuiteDatabase.current.log_in_as(APP)
        token = sign_in_with_key("worker", WORKER_KEY)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('openprotect.session', %s, false)", [token])


def take_in(*rows, extract_on="", header=HEADER, by="ann", whole=False, **options):
    """An import of these people, by somebody called Ann unless told otherwise."""
    path = settings.OPENPROTECT.home / f"people-{next(numbers)}.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    asked = Options(
        source="GP records",
        synthetic=True,
        declared=Declared(extract_on=extract_on, whole=whole),
        limits=Limits(niceness=0),
        **options,
    )
    lake = settings.OPENPROTECT.lake
    taken = as_imports(
        lambda: actions.take_in([path], asked, folder=lake, today=NOON.date(), by=by, at=NOON)
    )
    return taken.changeset


def stopped():
    """An import that waits for a second person: older than the last one of its source."""
    take_in(row(ADA), extract_on=f"{NOON:%Y-%m-%d}")
    return take_in(
        row(ADA, postcode="NR1 1AA"), row(BEA, "Bea", family="Bell"), extract_on="2020-11-01"
    )


def propose():
    """Look for people who are in the records twice."""
    lake = settings.OPENPROTECT.lake
    return as_imports(lambda: actions.propose(folder=lake, key=b"k" * 32, at=NOON))


def tend():
    return as_imports(lambda: actions.tend(folder=settings.OPENPROTECT.lake, at=NOON))


def seen(response):
    assert response.status_code == 200, response.status_code
    return " ".join(response.text.split())
