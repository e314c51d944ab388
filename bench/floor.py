"""How long pages take while a floor of callers and teams works, over real HTTP.

    python3 run.py bench floor [--people 1000] [--days 3] [--callers 100] [--teams 40]

A season is lived until its last morning; then a real server, as `serve` runs it, answers so many
call handlers and teams at once, each in a browser of their own, with the worker beside it. They do
what they do all day: take the next call, ask the questions, record the outcome; open the list,
accept, close. They pause between pages as people do, a hundred times faster. Each page's median
and 95th of a hundred are printed beside those of a page that reads nothing, asked for all the while
in the same run; then the calls and alerts that came of it, and every equation of `reconcile`.
"""

import argparse
import random
import re
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.web_parts import home

SERVED = ("--workers", "2", "--threads", "8")
READS_NOTHING = "/sign-in"
SOME_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
A_NUMBER = re.compile(r"/\d+/")
PAUSE = (0.2, 1.8)  # seconds between two pages: a person takes a hundred times as long
DONE = """
SELECT (SELECT count(*) FROM calls_attempt), (SELECT count(*) FROM events_event
         WHERE name = 'alert.accepted'), (SELECT count(*) FROM alerts_alert WHERE status = 'CLOSED')
"""


def main():
    parser = argparse.ArgumentParser(prog="bench floor", description=__doc__.splitlines()[0])
    for name, default in (
        ("people", 1000), ("days", 3), ("callers", 100), ("teams", 40), ("seconds", 60),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with home.fresh() as server:
        import psycopg

        floor = prepared(options)
        with (
            psycopg.connect(**{**server.admin, "dbname": server.name}, autocommit=True) as admin,
            home.served(*SERVED) as port,
            home.process("work"),
        ):
            before = admin.execute(DONE).fetchone()
            met = work(port, floor, seconds=options.seconds)
            after = admin.execute(DONE).fetchone()
        off = balanced()
    tell(met, [b - a for a, b in zip(before, after, strict=True)])
    sys.exit(1 if off or met.failures else 0)


def prepared(options):
    """The season until its last morning; gives the sessions of callers and of teams."""
    from django.conf import settings

    from openprotect.cli.demo import run_command
    from openprotect.packs import load
    from openprotect.pathway.work import as_worker
    from openprotect.simulation import season

    plan = season.Plan(options.people, options.days, 1)
    with as_worker():
        season.begin_clock(season.start_of(plan))
    run_command("places", "places", "import")
    pack = load(settings.OPENPROTECT.packs / "covid-protect", settings.OPENPROTECT.codelists)
    with as_worker():
        lived = season.begin(plan, pack, say=lambda words: None, callers=options.callers)
        season.live(lived, say=lambda words: None, staffed_days=plan.days - 1)
        at = season.morning_after(plan)
        teams = [each for members in lived.stage.teams.values() for each in members]
        return (
            [each.sign_in(at) for each in lived.stage.callers[: options.callers]],
            [each.sign_in(at) for each in busiest(teams)[: options.teams]],
        )


def busiest(teams):
    """Those that have the most open alerts first."""
    from django.db import connection

    from openprotect.simulation.floor import OPEN_BY_TEAM

    with connection.cursor() as cursor:
        cursor.execute(OPEN_BY_TEAM)
        waiting = dict(cursor.fetchall())
    return sorted(teams, key=lambda each: -waiting.get(each.organisation_id, 0))


class Met:
    """How long each page took, by its address without ids, and what did not go as it should."""

    def __init__(self):
        self.times, self.failures, self.lock = defaultdict(list), [], threading.Lock()

    def note(self, verb, path, seconds, status):
        page = A_NUMBER.sub("/…/", SOME_ID.sub("…", path))
        with self.lock:
            self.times[f"{verb} {page}"].append(seconds)
            if status >= 500:
                self.failures.append(f"{verb} {page}: {status}")


def work(port, floor, *, seconds):
    """Everybody works until time is over; gives what they met."""
    callers, teams = floor
    met, until = Met(), time.monotonic() + seconds
    jobs = [(take_calls, token) for token in callers] + [(work_list, token) for token in teams]
    jobs += [(look_at_nothing, ""), (look_at_nothing, "")]
    threads = [
        threading.Thread(target=keep_on, args=(job, visitor(port, token, met, n), met, until))
        for n, (job, token) in enumerate(jobs)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return met


def keep_on(job, browser, met, until):
    """One person's day. What is told politely, such as a call gone meanwhile, is no failure."""
    from openprotect.cli.demonstration.browser import WalkFailed

    time.sleep(browser.chance.uniform(0, 2))
    while time.monotonic() < until:
        try:
            job(browser)
        except WalkFailed:
            browser.pause()
        except OSError as fault:
            with met.lock:
                met.failures.append(type(fault).__name__)


def take_calls(browser):
    """The next call, answered or not, to its outcome."""
    from openprotect.cli.demonstration.answering import CALM, answer_by_phone

    story = CALM if browser.chance.random() < 0.6 else None
    answer_by_phone(browser, story)


def work_list(browser):
    """The list; its first alert accepted, or closed if it has been."""
    from openprotect.cli.demonstration.unattended import CASE, _close

    page = browser.get("/alerts/")
    accept = page.form(action="/acceptance/")
    if accept is not None:
        browser.submit(page, accept)
        return
    case = next((link for link in page.links if CASE.match(link)), None)
    if case:
        _close(browser, browser.get(case))


def look_at_nothing(browser):
    browser.get(READS_NOTHING)


def visitor(port, token, met, number):
    """A browser that is signed in, notes how long each page takes, and pauses after it."""
    from openprotect.cli.demonstration.browser import Browser

    class Visitor(Browser):
        chance = random.Random(number)  # noqa: S311 - when to pause

        def _open(self, request):
            began = time.perf_counter()
            page = super()._open(request)
            took = time.perf_counter() - began
            met.note(request.get_method(), request.selector, took, page.status)
            self.pause()
            return page

        def pause(self):
            time.sleep(self.chance.uniform(*PAUSE))

    made = Visitor(f"http://127.0.0.1:{port}")
    if token:
        made.keep_cookie("openprotect_staff", token)
    return made


def balanced():
    """How many equations are off; each is printed."""
    from openprotect.cli import reconcile

    return reconcile.run(argparse.Namespace(quiet=False))


def tell(met, did):
    calls, accepted, closed = did
    nothing = percentiles(met.times[f"GET {READS_NOTHING}"])
    print(f"{'page':48} {'times':>6} {'p50 ms':>8} {'p95 ms':>8}  x nothing")
    for page, times in sorted(met.times.items()):
        if len(times) > 4:
            middle, late = percentiles(times)
            ratio = f"{middle / nothing[0]:6.1f}"
            print(f"{page:48} {len(times):6,} {middle:8.1f} {late:8.1f} {ratio}")
    everything = [each for times in met.times.values() for each in times]
    middle, late = percentiles(everything)
    print(f"{len(everything):,} pages; {calls:,} calls tried, {accepted:,} alerts accepted,"
          f" {closed:,} closed")  # fmt: skip
    print(f"failures: {len(met.failures)} {sorted(set(met.failures))[:5] or ''}")
    print(f"all pages: p50 {middle:.1f} ms, p95 {late:.1f} ms")
    print(f"ratio of the median page to one that reads nothing: {middle / nothing[0]:.1f}")


def percentiles(times):
    cut = quantiles(times, n=100, method="inclusive")
    return cut[49] * 1000, cut[94] * 1000


if __name__ == "__main__":
    main()
