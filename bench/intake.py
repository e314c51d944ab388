"""How fast finished check-ins are taken in, beside the bare database doing the same writes.

    python3 run.py bench intake [--seconds 8] [--clients 8] [--without-worker]
    python3 run.py bench intake --trace         # one answer through the whole of it: statements, ms

A real server, as `serve` runs it, is sent the page's own form over real HTTP by clients that wait
for each answer: row security, access log and the worker that puts each response to the rules are
on. In the same run pgbench does the same writes in one prepared statement, on tables with the same
columns and indexes and nothing else: no policy, no trigger, no key to another table. Every answer
that was acknowledged is then looked for: stored, recorded, in the access log, evaluated. The last
line is the ratio.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.web_parts import clients, home

TARGET, STRETCH, P99 = 0.24, 0.35, 10.0
CSRF = "a" * 32
ANSWERS = {
    "feeling": "same", "breath": "normal", "chest-pain": "no", "hot": "no", "cough": "no",
    "medicines": "enough", "food": "week", "care": "no-need", "mood": "no",
}  # fmt: skip
SERVED = ("--workers", "2", "--threads", "4")

# People, each with an open check-in, every question answered, and a session of their own.
ARRANGE = """
CREATE TEMPORARY TABLE made AS
SELECT n, gen_random_uuid() AS person, gen_random_uuid() AS enrolment, gen_random_uuid() AS checkin
  FROM generate_series(1, {people}) n;
INSERT INTO people_person (id, nhs_number, came_as, given_name, family_name, birth_date, sex,
    mobile, landline, address, postcode, language, practice_id, is_restricted,
    has_stopped_contact, known_at)
SELECT person, '999' || lpad(n::text, 7, '0'), '', 'Made', 'Up', '1940-01-01', '', '', '', '', '',
    'en', '{practice}', false, false, openprotect_now() FROM made;
INSERT INTO enrolments_enrolment (id, person_id, programme_id, practice_id, status, found_at,
    preview_ends_at, active_from, left_because)
SELECT enrolment, person, '{programme}', '{practice}', 'ACTIVE', openprotect_now(),
    openprotect_now(), openprotect_now(), '' FROM made;
INSERT INTO checkins_checkin (id, enrolment_id, person_id, programme_id, pack_id, due_on, opens_at,
    closes_at, status, ended_because)
SELECT checkin, enrolment, person, '{programme}', '{pack}', openprotect_now()::date,
    openprotect_now(), openprotect_now() + interval '1 day', 'OPEN', '' FROM made;
INSERT INTO checkins_answer (checkin_id, person_id, link_id, value, channel, at)
SELECT checkin, person, key, value, 'WEB', openprotect_now()
  FROM made, jsonb_each('{answers}'::jsonb);
INSERT INTO accounts_session (id, token_digest, person_id, checkin_id, opened_at, expires_at)
SELECT gen_random_uuid(), sha256(convert_to('bench-session-of-person-' || n, 'UTF8')), person,
    checkin, openprotect_now(), openprotect_now() + interval '4 hours' FROM made;
CREATE TABLE bare_checkin (LIKE checkins_checkin INCLUDING DEFAULTS INCLUDING INDEXES);
INSERT INTO bare_checkin SELECT * FROM checkins_checkin;
CREATE TABLE bare_number AS SELECT n, checkin, person FROM made;
CREATE UNIQUE INDEX ON bare_number (n);
CREATE TABLE bare_response (LIKE checkins_response INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE bare_event (LIKE events_event INCLUDING DEFAULTS INCLUDING INDEXES
    INCLUDING IDENTITY);
CREATE TABLE bare_job (LIKE procrastinate_jobs INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE TABLE bare_access (LIKE governance_access INCLUDING DEFAULTS INCLUDING INDEXES
    INCLUDING IDENTITY);
CREATE TABLE bare_evaluation (LIKE alerts_evaluation INCLUDING DEFAULTS INCLUDING INDEXES);
ANALYZE;
"""
# The same writes in one statement, each time for another check-in.
BARE = """
\\set n random(1, {people})
WITH c AS (
    UPDATE bare_checkin SET status = 'ANSWERED', answered_at = now()
     WHERE id = (SELECT checkin FROM bare_number WHERE n = :n)
    RETURNING id, person_id, programme_id, pack_id),
r AS (
    INSERT INTO bare_response (id, submission_id, checkin_id, person_id, programme_id, pack_id,
        answers, content_hash, channel, on_behalf, at)
    SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), person_id, programme_id,
        pack_id, '{answers}', md5(id::text), 'WEB', '', now() FROM c
    RETURNING id, person_id, programme_id),
e AS (
    INSERT INTO bare_event (name, subject_id, person_id, programme_id, at, detail, attempts, try_at,
        problem)
    SELECT 'response.given', id, person_id, programme_id, now(), '{{"channel": "WEB"}}', 0, now(),
        '' FROM r RETURNING id),
j AS (
    INSERT INTO bare_job (queue_name, task_name, priority, lock, args, status, attempts)
    SELECT 'pathway', 'follow_up', 0, id, jsonb_build_object('event_id', id), 'todo', 0 FROM e),
a AS (
    INSERT INTO bare_access (at, role, purpose, person_id, what, why, leaf)
    SELECT now(), 'PERSON', 'bench', person_id, 'checkin.sent', 'answering their own check-in',
        '\\x00' FROM r)
INSERT INTO bare_evaluation (response_id, person_id, at, findings, failures)
SELECT id, person_id, now(), 0, 0 FROM r;
"""
KEPT = """
SELECT (SELECT count(*) FROM checkins_response),
       (SELECT count(*) FROM checkins_checkin WHERE status = 'ANSWERED'),
       (SELECT count(*) FROM events_event WHERE name = 'response.given'),
       (SELECT count(*) FROM governance_access WHERE what = 'checkin.sent'),
       (SELECT count(*) FROM alerts_evaluation)
"""


def main():
    parser = argparse.ArgumentParser(prog="bench intake", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--without-worker", action="store_true")
    parser.add_argument("--trace", action="store_true")
    options = parser.parse_args()
    with home.fresh() as server:
        import psycopg

        with psycopg.connect(**{**server.admin, "dbname": server.name}, autocommit=True) as admin:
            asked = arrange(admin, 100 if options.trace else options.people)
            if options.trace:
                trace(asked)
                return
            load, drained = measure(admin, asked, options)
            kept = check(admin, load)
            bare = pgbench(server, options)
    tell(load, kept, bare, drained, options)


def arrange(admin, people):
    """The people, and the request by which each of them sends in."""
    import json

    from openprotect.checkins.rules import content_hash
    from openprotect.pathway.work import as_worker
    from tests import given

    with as_worker():
        practice, programme = given.area().practice, given.programme()
    admin.execute(
        ARRANGE.format(
            people=people,
            practice=practice.pk,
            programme=programme.pk,
            pack=programme.pack_id,
            answers=json.dumps(ANSWERS),
        )
    )
    seen = content_hash(ANSWERS)
    rows = admin.execute("SELECT n, checkin FROM bare_number ORDER BY n").fetchall()
    return [
        clients.post(
            "/check-in/answers",
            f"csrfmiddlewaretoken={CSRF}&asking={checkin}&seen={seen}&submission={uuid4()}",
            f"csrftoken={CSRF}; openprotect_person=bench-session-of-person-{n}",
        )
        for n, checkin in rows
    ]


def trace(requests):
    """One submission in this process: what it asks of the database, and how long it takes."""
    from django.db import connection
    from django.test import Client

    took, statements = [], []

    def timed(execute, sql, *rest):
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            statements.append(((time.perf_counter() - began) * 1000, " ".join(sql.split())[:100]))

    with connection.execute_wrapper(timed):
        for request in requests[:60]:
            head, body = request.decode().split("\r\n\r\n")
            cookies = re.search(r"Cookie: (.*)", head).group(1).strip()
            statements.clear()
            began = time.perf_counter()
            kind = "application/x-www-form-urlencoded"
            answer = Client(SERVER_NAME="127.0.0.1", headers={"cookie": cookies}).post(
                "/check-in/answers", body, content_type=kind
            )
            took.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 302:
                sys.exit(f"an answer was not taken in: {answer.status_code}")
    for each in statements:
        print(f"{each[0]:7.2f} ms  {each[1]}")
    asked, middle = sum(ms for ms, _ in statements), sorted(took)[len(took) // 2]
    print(f"{len(statements)} statements, {asked:.1f} ms in them; {middle:.1f} ms in all")


def measure(admin, requests, options):
    """What the clients met, and how long after them the last response was evaluated."""
    words = [] if options.without_worker else ["work"]
    with home.served(*SERVED) as port, home.process(*words or ["--help"]):
        time.sleep(3)
        clients.press(port, requests[:400], clients=options.clients, seconds=30)
        before = admin.execute(KEPT).fetchone()
        load = clients.press(port, requests[400:], clients=options.clients, seconds=options.seconds)
        load.before = before[0]
        began = time.monotonic()
        while words and not _is_drained(admin) and time.monotonic() - began < 600:
            time.sleep(0.5)
        return load, time.monotonic() - began


def _is_drained(admin):
    responses, *_, evaluated = admin.execute(KEPT).fetchone()
    return responses == evaluated


def check(admin, load):
    """Whatever was acknowledged is there, and every row that belongs to it."""
    kept = admin.execute(KEPT).fetchone()
    if set(load.statuses) != {302}:
        sys.exit(f"not every answer was taken in: {load.statuses}")
    if len(set(kept[:4])) != 1 or kept[0] - load.before != len(load.times):
        sys.exit(f"acknowledged {len(load.times)}, kept {kept}, before {load.before}")
    return kept


def pgbench(server, options):
    """Transactions a second and milliseconds at the 99th of a hundred, of the bare writes."""
    import json
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="bench-intake-"))
    folder.chmod(0o777)
    script = folder / "bare.sql"
    script.write_text(BARE.format(people=options.people, answers=json.dumps(ANSWERS)))
    script.chmod(0o644)
    admin = server.admin
    done = subprocess.run(
        [
            str(server.local.tools.folder / "pgbench"), "-n", "-M", "prepared",
            "-c", str(options.clients), "-j", "2", "-T", str(int(options.seconds)),
            "-f", str(script), "-l", "--log-prefix", str(folder / "log"),
            "-h", admin["host"], "-U", admin["user"], server.name,
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    times = sorted(int(line.split()[2]) for log in folder.glob("log.*") for line in log.open())
    rate = float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))
    return rate, times[len(times) * 99 // 100] / 1000


def tell(load, kept, bare, drained, options):
    rate, p99 = bare
    print(f"answers kept {kept[0]:,}, each recorded and in the access log; {kept[4]:,} evaluated")
    if not options.without_worker:
        print(f"the last one was evaluated {drained:.1f} s after the load ended")
    print(f"bare database: {rate:,.0f} a second, p99 {p99:.1f} ms, {options.clients} clients")
    print(
        f"over HTTP: {load.rate:,.0f} a second, p50 {load.at(50):.1f} ms, p99 {load.at(99):.1f} ms"
    )
    print(f"p99: {load.at(99):.1f} ms (target {P99:.0f})")
    print(
        f"ratio to the bare database: {load.rate / rate:.3f} (target {TARGET}, stretch {STRETCH})"
    )


if __name__ == "__main__":
    main()
