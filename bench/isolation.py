"""What row security costs: one practice's people, read with and without it, in one run.

`python3 run.py bench isolation [PEOPLE]`. The same query, over the same rows, on the same server:
as the application under a practice's session, and as the server's administrator, whom policies do
not bind and who asks for that practice by hand. Both must give the same people.
"""

import os
import statistics
import sys
import tempfile
import time
from itertools import islice

from nhs_number import calculate_checksum

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ROUNDS = 15
os.environ["OPENPROTECT_HOME"] = tempfile.mkdtemp(prefix="openprotect-bench-")
os.environ["OPENPROTECT_MODE"] = "demo"
os.environ["DJANGO_SETTINGS_MODULE"] = "openprotect.config.settings"

QUERY = "SELECT id FROM people_person WHERE practice_id = %s ORDER BY id"


def main():
    from openprotect.config import databases

    with databases.running() as server:
        import django

        django.setup()
        from openprotect.cli.ready import make_ready

        make_ready()
        practice, reader = arrange()
        bound, seen = measure_bound(reader, practice)
        free, there = measure_free(server, practice)
    server.local.destroy()
    if seen != there:
        sys.exit(f"unequal: {len(seen)} seen, {len(there)} there")
    print(f"people of the practice: {len(there)} of {PEOPLE}")
    print(
        f"with row security {bound * 1000:.2f} ms, without {free * 1000:.2f} ms"
        f" (medians of {ROUNDS})"
    )
    print(f"ratio to no row security: {bound / free:.2f}")


def arrange():
    """Two practices, half the people each, all in a live programme."""
    from openprotect.pathway.work import as_worker
    from tests import given

    with as_worker():
        places = given.area()
        other = given.practice("OTHER")
        for turn, nhs_number in enumerate(islice(numbers(), PEOPLE)):
            home = places.practice if turn % 2 else other
            given.enrolment(of=given.person(at=home, nhs_number=nhs_number))
        return places.practice, given.user("PRACTICE", places.practice)


def numbers():
    """Different numbers of the range that is issued to nobody."""
    for nine in range(999_000_000, 999_999_999):
        check = calculate_checksum(str(nine))
        if check not in (None, 10):
            yield f"{nine}{check}"


def measure_bound(reader, practice):
    from django.db import connection, transaction

    from tests import given

    with transaction.atomic(), given.acting(reader), connection.cursor() as cursor:
        return timed(cursor, practice)


def measure_free(server, practice):
    import psycopg

    with psycopg.connect(**{**server.admin, "dbname": server.name}) as connection:
        return timed(connection.cursor(), practice)


def timed(cursor, practice):
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        cursor.execute(QUERY, [practice.pk])
        rows = cursor.fetchall()
        times.append(time.perf_counter() - began)
    return statistics.median(times), rows


if __name__ == "__main__":
    main()
