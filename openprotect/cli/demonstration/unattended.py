"""The whole loop over real HTTP, with nobody at the keyboard: one line a step, with its counts."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from openprotect.checkins.actions import link_is_usable
from openprotect.checkins.queries import demonstration_birth_date
from openprotect.cli.demonstration.answering import Story, answer_by_link, answer_by_phone
from openprotect.cli.demonstration.browser import Browser, Page, WalkFailed
from openprotect.cli.demonstration.together import ask_a_council, did_it_help, thank_and_say
from openprotect.cli.demonstration.waiting import count, until_quiet
from openprotect.gateways.fake_notify import Outbox
from openprotect.simulation.behaviour import CALM

LINK = re.compile(r"/c/[\w-]+")
CASE = re.compile(r"/alerts/[0-9a-f-]{36}/$")
MOST_ALERTS = 100
TEAMS = ("practice", "council", "locality", "surveillance")
# What six people answer: two are well, four need something that another team must see to.
STORIES: Sequence[Story] = (
    CALM | {"mood": "mostly", "other": "I have not spoken to anyone for a week."},
    CALM | {"breath": "rest"},
    CALM | {"food": "none", "fetch": "no"},
    CALM | {"medicines": "low", "medicines-days": "2", "medicines-collect": "no"},
    CALM,
    CALM,
)


@dataclass(frozen=True)
class Walk:
    """A walk under way: where the service is, and where texts go."""

    base: str
    outbox: Outbox

    def sign_in(self, login: str) -> Browser:
        browser = Browser(self.base)
        page = browser.get("/demo/")
        form = page.form(action=f"/demo/be/{login}")
        if form is None or browser.submit(page, form).status != 200:
            raise WalkFailed(f"could not be {login}")
        return browser

    def let_pass(self, *, days: int) -> None:
        """Move the clock a day at a time, and wait each time until all that follows is done."""
        for _ in range(days):
            self._move_clock("one-day")

    def until_calls_are_made(self) -> None:
        """A programme rings at its hours only: whoever starts a demonstration at night waits."""
        for _ in range(8):
            if self.sign_in("caller").get("/calls/").form(action="/calls/next/"):
                return
            self._move_clock("three-hours")

    def _move_clock(self, step: str) -> None:
        browser = Browser(self.base)
        page = browser.get("/demo/")
        form = page.form(action="/demo/clock")
        if form is None:
            raise WalkFailed("the start page has no clock")
        browser.submit(page, form, by=step)
        until_quiet()

    def links(self) -> list[str]:
        """The personal links in the texts that went out, newest first."""
        found = [LINK.search(each.body) for each in self.outbox.all()]
        return [match.group() for match in found if match]


def walk(base: str, outbox: Outbox) -> None:
    """Review, invitation, answers, silence, calls, alerts, outcomes; raises WalkFailed."""
    on = Walk(base, outbox)
    for name, step in STEPS:
        say(name, step(on))


def say(name: str, happened: str) -> None:
    print(f"{name}: {happened}")
    sys.stdout.flush()


def review(on: Walk) -> str:
    """A practice keeps out one of its people and keeps another; the others go on by themselves."""
    browser = on.sign_in("practice")
    page = browser.get("/practice/review/")
    _keep_one_out(browser, page)
    page = browser.get("/practice/review/")
    keep = page.form(action="/keep/")
    if keep is not None:
        browser.submit(page, keep)
    until_quiet()
    vetoed = count("SELECT count(*) FROM enrolments_enrolment WHERE status = 'VETOED'")
    kept = count("SELECT count(*) FROM enrolments_enrolment WHERE status = 'ACTIVE'")
    waiting = count("SELECT count(*) FROM enrolments_enrolment WHERE status = 'PREVIEW'")
    return f"{vetoed} vetoed, {kept} kept, {waiting} wait for their practice's deadline"


def _keep_one_out(browser: Browser, page: Page) -> None:
    veto = next((link for link in page.links if link.endswith("/veto/")), None)
    if veto is None:
        raise WalkFailed("the practice has nobody to review")
    page = browser.get(veto)
    form = page.form("ground")
    if form is None:
        raise WalkFailed("a veto asks for no reason")
    ground = form.choices["ground"][0]
    browser.submit(page, form, ground=ground, note="Known to be well looked after.")


def invite(on: Walk) -> str:
    """Three days on, nobody has objected: check-ins open and texts go out."""
    on.let_pass(days=4)
    people = count("SELECT count(*) FROM enrolments_enrolment WHERE status = 'ACTIVE'")
    texts = count("SELECT count(*) FROM messages_message WHERE status IN ('SENT', 'DELIVERED')")
    unreached = count("SELECT count(*) FROM messages_message WHERE ended_because LIKE 'no mobile%'")
    return f"{people} people in the programme, {texts} texts sent, {unreached} have no mobile"


def answer(on: Walk) -> str:
    """Six people open their link and answer."""
    before = count("SELECT count(*) FROM checkins_response")
    for link, story in zip(_fresh_links(on), STORIES, strict=False):
        born = demonstration_birth_date(_token(link))
        if born is None:
            raise WalkFailed("a text holds a link that nobody knows")
        answer_by_link(Browser(on.base), link, born, story)
    until_quiet()
    answered = count("SELECT count(*) FROM checkins_response") - before
    alerts = count("SELECT count(*) FROM alerts_alert")
    return f"{answered} people answered by link, {alerts} alerts raised, each with an owner"


OF_OUR_PRACTICE = """
SELECT count(*) FROM checkins_link l JOIN people_person p ON p.id = l.person_id
  JOIN accounts_membership m ON m.organisation_id = p.practice_id
  JOIN accounts_user u ON u.id = m.user_id
 WHERE u.login = 'practice' AND l.token_digest = sha256(convert_to(%s, 'UTF8'))
"""


def _fresh_links(on: Walk) -> list[str]:
    """Links whose check-in is open now, people of the practice in our cast first."""
    links = [link for link in on.links() if link_is_usable(_token(link))]
    return sorted(links, key=lambda link: -count(OF_OUR_PRACTICE, _token(link)))


def _token(link: str) -> str:
    return link.rsplit("/", 1)[-1]


def fall_silent(on: Walk) -> str:
    """Two days on: whoever missed two check-ins in a row is due a call."""
    on.let_pass(days=2)
    on.until_calls_are_made()
    missed = count("SELECT count(*) FROM checkins_checkin WHERE status = 'MISSED'")
    calls = count("SELECT count(*) FROM calls_call WHERE status = 'WAITING'")
    return f"{missed} check-ins missed, {calls} calls waiting"


def ring(on: Walk) -> str:
    """Call handlers take the next call: two are answered, one is not."""
    for login, story in (
        ("caller", CALM | {"breath": "moving"}),
        ("caller", CALM),
        ("caller", None),
    ):
        answer_by_phone(on.sign_in(login), story)
    until_quiet()
    done = count("SELECT count(*) FROM calls_call WHERE status = 'DONE'")
    tried = count("SELECT count(*) FROM calls_attempt WHERE outcome = 'NO_ANSWER'")
    return f"{done} spoken to and their answers taken, {tried} not answered, to be rung again"


def work_alerts(on: Walk) -> str:
    """Every team works through its list: accepts, and closes with an outcome."""
    closed = {login: _empty_worklist(on.sign_in(login)) for login in TEAMS}
    until_quiet()
    told = ", ".join(f"{number} by {login}" for login, number in closed.items() if number)
    still = count("SELECT count(*) FROM alerts_alert WHERE status <> 'CLOSED'")
    return f"{sum(closed.values())} closed ({told or 'none'}), {still} open with other teams"


def _empty_worklist(browser: Browser) -> int:
    """Accept and close every alert of a team, the most urgent first."""
    for closed in range(MOST_ALERTS):
        page = browser.get("/alerts/")
        accept = page.form(action="/acceptance/")
        case = next((link for link in page.links if CASE.match(link)), None)
        if case is None:
            return closed
        if accept is not None:
            case = accept.action.removesuffix("acceptance/")
            browser.submit(page, accept)
        _close(browser, browser.get(case))
    raise WalkFailed("a team's list did not get shorter")


def _close(browser: Browser, page: Page) -> None:
    """End an alert with an outcome and a note; what is urgent is asked about once more."""
    form = page.form("outcome", action="/closure/")
    if form is None:
        raise WalkFailed(f"an alert cannot be closed, status {page.status}")
    page = browser.submit(page, form, outcome="ADVICE", note="Rang them; help is arranged.")
    again = page.form("outcome", action="/closure/")
    if again is not None:
        browser.submit(page, again, confirmed="yes")


def tell_back(on: Walk) -> str:
    """The outcome went to the person as a text, and stands on the practice's page."""
    told = count("SELECT count(*) FROM messages_message WHERE kind = 'CLOSED'")
    page = on.sign_in("practice").get("/practice/")
    if page.status != 200:
        raise WalkFailed("the practice's page did not open")
    return f"{told} people told that something was done"


def did_it_help_next_day(on: Walk) -> str:
    """A day on, some of those who were helped answer again."""
    on.let_pass(days=1)
    return did_it_help(on, _fresh_links(on), CALM)


def watch(on: Walk) -> str:
    """The programme lead's page opens, with its counts by locality and practice."""
    page = on.sign_in("lead").get("/programme/")
    if page.status != 200:
        raise WalkFailed("the grip page did not open")
    overdue = count(
        "SELECT count(*) FROM alerts_alert WHERE status <> 'CLOSED' AND due_at < openprotect_now()"
    )
    return f"grip page shown, {overdue} alerts overdue"


STEPS = (
    ("review", review),
    ("invite", invite),
    ("answer", answer),
    ("asked others", ask_a_council),
    ("alerts", work_alerts),
    ("silence", fall_silent),
    ("calls", ring),
    ("alerts again", work_alerts),
    ("told back", tell_back),
    ("did it help", did_it_help_next_day),
    ("said and thanked", thank_and_say),
    ("grip", watch),
)
