"""How fast an import is matched: an extract of everybody against records of everybody.

    python3 run.py bench matching [--people 100000]

Made-up people from a seed, with ids that hold a letter, are written as the lake; the extract brings
them again, with moves, new people, other birth dates, two rows of one person, and people known
under another number. Measured is all that stands between what was read and the next lake, sealed.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter
from datetime import date
from pathlib import Path

import django
import duckdb

from openprotect.records import lake
from openprotect.records.readers import incoming
from openprotect.records.readers.incoming import Extract

TODAY = date(2026, 11, 20)
# In a thousand of the extract: changed practice, another birth date, a second row, another number.
MOVED, BORN_OTHERWISE, TWICE, NEW, OTHER_NUMBER = 10, 2, 1, 5, 1
# h(salt) is a number drawn from the person's number and nothing else, so that runs are alike.
PEOPLE = """
SELECT 'A' || lpad(n::VARCHAR, 9, '0') AS nhs_number,
  'Given' || (hash(n, 'g') % 4000) AS given, 'Family' || (hash(n, 'f') % 30000) AS family,
  DATE '1925-01-01' + (hash(n, 'b') % 36500)::INTEGER AS birth_date, 'day' AS birth_precision,
  CASE hash(n, 's') % 2 WHEN 0 THEN 'female' ELSE 'male' END AS sex,
  '+447700' || lpad((hash(n, 'm') % 1000000)::VARCHAR, 6, '0') AS mobile, '' AS phone,
  false AS phone_shared, '' AS email, (hash(n, 'n') % 200) || ' Canary Row' AS address,
  'NR' || (hash(n, 'o') % 35) || ' ' || (hash(n, 'i') % 9) || 'A'
    || chr(65 + (hash(n, 'c') % 26)::INTEGER) AS postcode,
  'D82' || lpad((hash(n, 'p') % 120)::VARCHAR, 3, '0') AS practice_code,
  DATE '2010-01-01' AS registered_on, NULL::DATE AS left_on, hash(n, 'd') % 300 = 0 AS deceased,
  NULL::DATE AS deceased_on, false AS restricted, hash(n, 'x') % 40 = 0 AS opted_out,
  false AS care_home, '' AS lsoa, '' AS updated_at, 'bench' AS source, '' AS subject
FROM range({people}) t(n) ORDER BY 1
"""
AGAIN = """
SELECT p.* REPLACE (
  CASE WHEN draw < {moved} THEN 'D82999' ELSE practice_code END AS practice_code,
  CASE WHEN draw BETWEEN 100 AND 99 + {born} THEN birth_date + 1 ELSE birth_date END AS birth_date,
  CASE WHEN draw BETWEEN 200 AND 199 + {new} THEN replace(nhs_number, 'A', 'B')
       WHEN draw BETWEEN 300 AND 299 + {other} THEN replace(nhs_number, 'A', 'C')
       ELSE nhs_number END AS nhs_number,
  CASE WHEN draw BETWEEN 200 AND 199 + {new} THEN family || '-New' ELSE family END AS family
) FROM (SELECT *, hash(nhs_number, 'draw') % 1000 AS draw FROM p) p
"""
ROWS = """
SELECT r.nhs_number AS who, 'people.csv' AS file, row_number() OVER () + 1 AS row, '' AS outcome,
       '' AS reason, []::VARCHAR[] AS notes, '' AS asked, false AS partial, r.* EXCLUDE (draw)
FROM (FROM again UNION ALL FROM again WHERE draw BETWEEN 400 AND 399 + {twice}) r
"""


def main():
    parser = argparse.ArgumentParser(prog="bench matching", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openprotect.config.settings")
    django.setup()
    folder = Path(tempfile.mkdtemp(prefix="bench-matching-"))
    try:
        present, extract = made(folder, people)
        steps, counts, cpu = matched(folder, present, extract)
    finally:
        shutil.rmtree(folder)
    took, rows = sum(steps.values()), sum(counts.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    parts = " + ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
    lines = [f"{rows:,} rows against {people:,} people = {parts}"]
    lines += [f"{seconds:8.1f} s  {step}" for step, seconds in steps.items()]
    lines += [f"{took:8.1f} s  in all; {cpu:.1f} s of CPU; {peak:,} MB at most, making included"]
    lines += [f"rows a second: {rows / took:,.0f}"]
    sys.stdout.write("\n".join(lines) + "\n")


def matched(folder, present, extract):
    """Seconds of each step, what became of the rows, and the CPU seconds in all."""
    from openprotect.records.actions.staging import Stage

    name = uuid.uuid4()
    into = lake.folder_of(folder, name)
    into.mkdir()
    spent, steps = time.process_time(), {}
    stage = Stage(into, present, extract, on=TODAY)
    acts = {
        "every row decided about": stage.decide,
        "rows not taken, and examples": lambda: _written_beside(stage),
        "the next lake written": stage.write,
        "sealed": lambda: lake.seal_onto(into, name, present, source="bench"),
    }
    ends = {}
    for step, act in acts.items():
        began = time.monotonic()
        ends[step] = act()
        steps[step] = time.monotonic() - began
    stage.close()
    counts = ends["every row decided about"].counts["people"]
    return steps, counts, time.process_time() - spent


def _written_beside(stage):
    stage.problems(10_000)
    stage.write_held()
    stage.write_samples()


def made(folder, people):
    """The records, and the extract as a reader would have left it."""
    name = uuid.uuid4()
    place, read_into = lake.folder_of(folder, name), folder / "read"
    place.mkdir()
    read_into.mkdir()
    chances = {
        "moved": MOVED, "born": BORN_OTHERWISE, "new": NEW, "other": OTHER_NUMBER, "twice": TWICE,
    }  # fmt: skip
    with duckdb.connect() as sql:
        sql.execute(f"CREATE TABLE p AS {PEOPLE.format(people=people)}")
        sql.execute(f"COPY p TO '{place / lake.PEOPLE}' (FORMAT parquet, COMPRESSION zstd)")
        sql.execute(f"CREATE TABLE again AS {AGAIN.format(**chances)}")
        target = read_into / incoming.PEOPLE_FILE
        sql.execute(f"COPY ({ROWS.format(**chances)}) TO '{target}' (FORMAT parquet)")
        sql.register("none", incoming.EVENTS_SCHEMA.empty_table())
        target = read_into / incoming.EVENTS_FILE
        sql.execute(f"COPY (FROM none) TO '{target}' (FORMAT parquet)")
    lake.seal(place, name)
    extract = Extract("bench", rows_by_file=Counter({"people.csv": people}), folder=read_into)
    return lake.open_generation(folder, name), extract


if __name__ == "__main__":
    main()
