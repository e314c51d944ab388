"""How fast answers are judged, and a changed pack is put to a quarter of a million stored ones.

    python3 run.py bench triage [--responses 250000]

Beside it, in the same run, the bare CEL engine: every rule's expression asked once for each set of
answers, from facts that were typed beforehand. The product also reads the stored answers, names
what cannot be read, works out what changed since last time, and finds owner and due times.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import timedelta

os.environ["OPENPROTECT_HOME"] = tempfile.mkdtemp(prefix="openprotect-bench-")
os.environ["OPENPROTECT_MODE"] = "demo"
os.environ["DJANGO_SETTINGS_MODULE"] = "openprotect.config.settings"

DAYS = 28
SETS = 2000
ROUNDS = 5
SEED = 20200326
COPIED = "INSERT INTO {table} SELECT (jsonb_populate_record(made, {fields})).* FROM {table} made"


def main():
    parser = argparse.ArgumentParser(prog="bench triage", description=__doc__.splitlines()[0])
    parser.add_argument("--responses", type=int, default=250_000)
    responses = parser.parse_args().responses
    from openprotect.config import databases

    with databases.running() as server:
        import django

        django.setup()
        from openprotect.cli.ready import make_ready
        from tests import given

        make_ready()
        pack = given.covid_protect()
        sets = answers(pack)
        product, bare = judged(pack, sets), asked(pack, sets)
        stored = arrange(server, sets, responses)
        took, replayed = replay(pack)
    server.local.destroy()
    print(f"{len(pack.triage.rules)} rules, {SETS:,} different sets of answers, one process")
    print(f"product {product:,.0f} decisions/s; bare engine {bare:,.0f} (medians of {ROUNDS})")
    print(
        f"replay of {replayed.found.answers:,} of {stored:,} stored sets of answers: {took:.1f} s;"
        f" {len(replayed.found.changed):,} would come out otherwise"
    )
    if replayed.found.answers != stored:
        sys.exit("not every stored set of answers was replayed")
    print(f"ratio to the bare engine: {product / bare:.2f}")


def answers(pack):
    """Walks through the form, mostly by people who are well."""
    chance = random.Random(SEED)  # noqa: S311 - the same draw each time is what is wanted
    return [walk(pack.questionnaire, chance) for _ in range(SETS)]


def walk(form, chance):
    given = {}
    item = form.first({})
    while item:
        if item.options:
            is_well = chance.random() < 0.8
            codes = [option.code for option in item.options]
            given[item.link_id] = codes[0] if is_well else chance.choice(codes)
        elif item.kind in ("integer", "decimal"):
            low, high = int(item.low or 0), int(item.high or 40)
            given[item.link_id] = chance.randint(max(low, 30), high) if low < 30 < high else low
        elif chance.random() < 0.1:
            given[item.link_id] = "Thank you for asking"
        item = form.next_after(item.link_id, given)
    return form.prune(given)


def judged(pack, sets):
    """Sets of answers a second through the whole decision, as the service asks for it."""
    from openprotect.packs.known import Known

    known = Known(79, 1, "self", frozenset({"chronic-respiratory"}), sets[0])
    return median_rate(lambda each: pack.decide(each, known), sets)


def asked(pack, sets):
    """The engine alone: an activation for each set, and each rule's program once."""
    from openprotect.packs.cel import ready
    from openprotect.packs.facts import lay_out

    table = pack.triage
    shelves = [lay_out(table.asked, table.beside, each, {}).shelves for each in sets]
    programs = [rule.test.program for rule in table.rules]

    def ask(facts):
        activation = ready(facts)
        return [program.eval(activation=activation).value() for program in programs]

    return median_rate(ask, shelves)


def median_rate(work, sets):
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for each in sets:
            work(each)
        rates.append(len(sets) / (time.process_time() - began))
    return sorted(rates)[ROUNDS // 2]


def arrange(server, sets, responses):
    """One person and one set of answers made by the service, then copied as often as asked."""
    import psycopg

    from openprotect.pathway.work import as_worker
    from tests import given

    with as_worker():
        given.response(of=given.checkin(status="ANSWERED"), answers=sets[0])
    people = -(-responses // DAYS)
    admin = {**server.admin, "dbname": server.name}
    with psycopg.connect(**admin) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE said (n int PRIMARY KEY, answers jsonb)")
        with cursor.copy("COPY said FROM STDIN") as copy:
            for place, each in enumerate(sets):
                copy.write_row((place, json.dumps(each)))
        for statement in statements(people, responses):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM checkins_response")
        return cursor.fetchone()[0]


def statements(people, responses):
    """Copies, row by row of the first ones; a person's ids are drawn from a number."""

    def drawn(what, number):
        return f"md5('{what}' || {number})::uuid"

    person, enrolment = drawn("p", "n"), drawn("e", "n")
    yield (
        copied(
            "people_person", f"'id', {person}, 'nhs_number', lpad((4000000000 + n)::text, 10, '0')"
        )
        + f" CROSS JOIN generate_series(1, {people}) n"
    )
    yield (
        copied("enrolments_enrolment", f"'id', {enrolment}, 'person_id', {person}")
        + f" CROSS JOIN generate_series(1, {people}) n"
    )
    # The first set of answers is there already.
    numbered = f" CROSS JOIN generate_series(0, {responses - 2}) t"
    n, day = f"(t / {DAYS} + 1)", f"(t % {DAYS})"
    ago, checkin = f"{day} * interval '1 day'", drawn("c", "t")
    yield (
        copied(
            "checkins_checkin",
            f"'id', {checkin}, 'person_id', {drawn('p', n)}, 'enrolment_id', {drawn('e', n)},"
            f" 'due_on', made.due_on - {day}, 'answered_at', made.answered_at - {ago}",
        )
        + numbered
    )
    yield (
        copied(
            "checkins_response",
            f"'id', {drawn('r', 't')}, 'submission_id', {drawn('s', 't')}, 'checkin_id', {checkin},"
            f" 'person_id', {drawn('p', n)}, 'at', made.at - {ago},"
            " 'answers', said.answers",
        )
        + numbered
        + f" JOIN said ON said.n = (t * 7919) % {SETS}"
    )


def copied(table, fields):
    return COPIED.format(table=table, fields=f"jsonb_build_object({fields})")


def replay(pack):
    """The pack with a bound moved and a rule left out, on all that is stored."""
    from openprotect.packs import from_files
    from openprotect.pathway.work import as_worker
    from openprotect.reports.queries.replaying import replay_pack
    from tests.given import NOON

    table = pack.files["triage.csv"].decode()
    kept = [line for line in table.splitlines() if not line.startswith("worse,")]
    changed = "\n".join(kept).replace(">= 38,,", ">= 38.5,,")
    assert changed != table
    new = from_files({**pack.files, "triage.csv": changed.encode()})
    with as_worker():
        began = time.monotonic()
        replayed = replay_pack(new, days=DAYS + 1, at=NOON + timedelta(days=1))
        return time.monotonic() - began, replayed


if __name__ == "__main__":
    main()
