"""The part of the walk in which people work with one another: asking, helping, thanking, saying."""

import re
from typing import TYPE_CHECKING

from openprotect.checkins.queries import demonstration_birth_date
from openprotect.cli.demonstration.answering import HELPED, Story, answer_by_link
from openprotect.cli.demonstration.browser import Browser, Form, Page, WalkFailed
from openprotect.cli.demonstration.waiting import count, until_quiet

if TYPE_CHECKING:
    from openprotect.cli.demonstration.unattended import Walk

CASE = re.compile(r"/alerts/[0-9a-f-]{36}/$")
TASK = re.compile(r"/referrals/[0-9a-f-]{36}/$")
OF_THE_COUNCIL = """
SELECT count(*) FROM places_team t
  JOIN accounts_membership m ON m.organisation_id = t.organisation_id
  JOIN accounts_user u ON u.id = m.user_id WHERE u.login = %s AND t.id = %s::uuid
"""
# Whether something was done for whoever a link belongs to, of which they have not said a word.
WAS_HELPED = """
SELECT count(*) FROM checkins_link l JOIN alerts_followup f ON f.person_id = l.person_id
 WHERE f.answered_at IS NULL AND l.token_digest = sha256(convert_to(%s, 'UTF8'))
"""


def ask_a_council(on: "Walk") -> str:
    """Whoever has an alert that the council can help with asks it; the council says what it did."""
    asked = next((each for each in ("surveillance", "locality", "practice") if _ask(on, each)), "")
    done = _help(on) if asked else False
    until_quiet()
    made = count("SELECT count(*) FROM referrals_referral")
    return f"{made} asked of the council{', done and told back' if done else ''}"


def _ask(on: "Walk", login: str) -> bool:
    browser = on.sign_in(login)
    page = browser.get("/alerts/")
    case = next((link for link in page.links if CASE.match(link)), None)
    if case is None:
        return False
    accept = page.form(action=f"{case}acceptance/")
    if accept:
        browser.submit(page, accept)
    page = browser.get(f"/referrals/for/{case.split('/')[2]}/")
    form = page.form("team", "what", "how")
    if form is None:
        return False
    teams = [e for e in form.choices["team"] if count(OF_THE_COUNCIL, "council", e)]
    if not teams:
        return False
    words = "Please bring some shopping, and see that she has what she needs for the week."
    page = browser.submit(page, form, team=teams[0], what=words, how="PAGE")
    again = page.form("team", "what", "how")
    if again is None:
        raise WalkFailed("what a council will see was not shown")
    browser.submit(page, again, confirmed="yes")
    return True


def _help(on: "Walk") -> bool:
    browser = on.sign_in("council")
    page = browser.get("/referrals/")
    task = next((link for link in page.links if TASK.match(link)), None)
    if task is None:
        raise WalkFailed("the council does not see what it was asked")
    page = browser.get(task)
    form = page.form("outcome")
    if form is None:
        raise WalkFailed("the council cannot say what came of it")
    browser.submit(page, form, outcome="GIVEN", note="Shopping brought; a volunteer comes weekly.")
    return True


def did_it_help(on: "Walk", links: list[str], story: Story) -> str:
    """The next check-ins ask whether it helped: where it did not, the need is open again."""
    helped = [each for each in links if count(WAS_HELPED, _token(each))]
    for place, link in enumerate(helped[:3]):
        born = demonstration_birth_date(_token(link))
        if born is None:
            raise WalkFailed("a text holds a link that nobody knows")
        said = {HELPED: "NO" if place == 0 else "YES"}
        answer_by_link(Browser(on.base), link, born, story | said)
    until_quiet()
    told = count("SELECT count(*) FROM alerts_followup WHERE answered_at IS NOT NULL")
    again = count("SELECT count(*) FROM alerts_alert WHERE rule = 'did-not-help'")
    return f"{told} said whether it helped, {again} open again"


def _token(link: str) -> str:
    return link.rsplit("/", 1)[-1]


def thank_and_say(on: "Walk") -> str:
    """A caller says what could be better, the lead answers; and thanks the practice."""
    caller, lead = on.sign_in("caller"), on.sign_in("lead")
    page = caller.get("/notes/said/new/")
    caller.submit(page, _form(page, "words", "page"), words="The script could be larger.")
    page = lead.get("/notes/said/")
    answer = next((link for link in page.links if link.endswith("/answer/")), None)
    if answer is None:
        raise WalkFailed("the lead does not see what was said")
    page = lead.get(answer)
    words = "Done: the script now grows with the letters of your browser."
    lead.submit(page, _form(page, "state", "words"), state="DONE", words=words)
    page = lead.get("/notes/thanks/")
    form = _form(page, "team", "words")
    team = next((e for e in form.choices["team"] if e and count(OF_THE_COUNCIL, "practice", e)), "")
    lead.submit(page, form, team=team, words="Thank you for looking through everybody so soon.")
    said = count("SELECT count(*) FROM voices_feedback WHERE state <> 'NEW'")
    notes = count("SELECT count(*) FROM voices_note")
    return f"{said} answered of what was said, {notes} notes to teams"


def _form(page: Page, *names: str) -> Form:
    form = page.form(*names)
    if form is None:
        raise WalkFailed(f"a page has no form to send, status {page.status}")
    return form
