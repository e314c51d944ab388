"""What stands around every staff page: who I am, where I may go, whether the house works."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from openprotect.accounts.queries import Viewer as SignedIn
from openprotect.accounts.queries import own_memberships
from openprotect.accounts.rules import Role
from openprotect.governance.queries import basis_ends_at
from openprotect.pathway.rounds import ALARM_AFTER, quiet_for
from openprotect.programmes.queries import title_of_purpose
from openprotect.web.access import StaffRequest
from openprotect.web.design.viewer import Place, Viewer
from openprotect.web.design.words import ago

# The menu of each role: the name a page calls itself by, the words, the address. The first is home.
ALERTS = ("alerts", "Alerts", "triage:worklist")
REFERRALS = ("referrals", "Referrals", "partners:ours")
CONTACTS = ("contacts", "May we contact them?", "partners:contacts")
UNREACHED = ("unreached", "Not reached", "reaching:worklist")
EQUITY = ("equity", "Who is not reached?", "reaching:equity")
REPLIES = ("replies", "Texts to us", "inbound:replies")
PROGRAMME = ("programme", "Programme and settings", "leading:ours")
RUNS = ("runs", "Whom the rules find", "leading:runs")
TRY = ("try", "Try a rule", "leading:try")
STUDIO = ("studio", "Studio", "studio:home")
FORMS = ("forms", "Try a form", "trying:choose")
GRIP = ("grip", "Who falls through?", "leading:grip")
CLIMBED = ("climbed", "What has climbed", "leading:climbed")
TEAMS = ("teams", "Is somebody there?", "leading:teams")
NOTES = ("notes", "Notes and thanks", "notes:home")
MENUS: Mapping[Role, tuple[tuple[str, str, str], ...]] = {
    Role.CALLER: (
        ("calls", "Calls", "calling:home"),
        ("mine", "My day", "supervising:mine"),
        ("sheets", "On paper", "supervising:sheets"),
    ),
    Role.SUPERVISOR: (
        ("floor", "Call floor", "supervising:board"),
        ("ahead", "The week ahead", "supervising:forecast"),
        ("rota", "Shifts", "supervising:rota"),
        ("loans", "Lend and borrow", "supervising:loans"),
        ("quality", "Looking at calls", "supervising:quality"),
        ("sheets", "On paper", "supervising:sheets"),
    ),
    Role.PRACTICE: (
        ("practice", "Our patients", "practice:home"),
        ("review", "To review", "practice:review"),
        ("absent", "No longer found", "practice:absent"),
        ("why", "Why found?", "practice:why"),
        ALERTS,
        UNREACHED,
        REFERRALS,
        ("card", "Reception card", "practice:card"),
        ("taking-part", "How we take part", "practice:taking-part"),
        TEAMS,
        ("looked", "Who looked", "practice:access"),
    ),
    Role.LOCALITY: (ALERTS, UNREACHED, REFERRALS, GRIP, CLIMBED, TEAMS, PROGRAMME),
    Role.SURVEILLANCE: (ALERTS, UNREACHED, EQUITY, REFERRALS, REPLIES, GRIP, TEAMS),
    Role.PARTNER: (REFERRALS, ALERTS, CONTACTS),
    Role.LEAD: (
        GRIP,
        EQUITY,
        CLIMBED,
        TEAMS,
        ("loans", "Lend and borrow", "supervising:loans"),
        RUNS,
        TRY,
        FORMS,
        PROGRAMME,
        STUDIO,
    ),
    Role.CLINICAL: (CLIMBED, RUNS, TRY, FORMS, PROGRAMME, STUDIO),
    Role.GOVERNANCE: (
        ("governance", "Legal bases", "governing:home"),
        ("looked", "Who looked", "governing:access"),
        STUDIO,
    ),
    Role.STEWARD: (
        ("imports", "Imports", "stewarding:home"),
        ("rows", "Rows held back", "stewarding:rows"),
        ("pairs", "One person or two?", "stewarding:pairs"),
    ),
}


# Whose pages are empty without a legal basis; the others say more about it themselves.
EMPTIED = frozenset({Role.CALLER, Role.SUPERVISOR, Role.LOCALITY, Role.SURVEILLANCE, Role.PARTNER})


class Frame(TypedDict):
    """What every staff layout is given."""

    viewer: Viewer
    nav: list[Place]
    home_url: str
    alarm: str
    now: datetime
    demo_clock: datetime | None


def frame(request: StaffRequest, current: str = "") -> Frame:
    """The surroundings of a page; `current` names its entry in the menu. Four queries at most."""
    who = request.viewer
    return Frame(
        viewer=_top_line(who),
        nav=_menu(who.role, current),
        home_url=home_of(who.role),
        alarm=" ".join(each for each in (_stopped_work(who.at), _no_basis(who)) if each),
        now=who.at,
        demo_clock=who.at if settings.OPENPROTECT.demo else None,
    )


def home_of(role: Role) -> str:
    """Where someone in this role starts."""
    return next((address(url_name) for _, _, url_name in MENUS.get(role, ())), "") or "/"


def _top_line(who: SignedIn) -> Viewer:
    several = len(own_memberships(who)) > 1
    return Viewer(
        name=who.name,
        organisation=who.organisation,
        role=who.role_title,
        purpose=title_of_purpose(who.purpose) or who.purpose,
        change_url=address("role") if several else "",
        sign_out_url=address("sign-out"),
    )


def _menu(role: Role, current: str) -> list[Place]:
    menu = (*MENUS.get(role, ()), NOTES)
    entries = [(key, text, address(name)) for key, text, name in menu]
    return [Place(text, url, current=key == current) for key, text, url in entries if url]


def address(url_name: str, *args: object) -> str:
    """Empty where this installation has no such page, so that no page fails for its menu."""
    try:
        return reverse(url_name, args=args or None)
    except NoReverseMatch:
        return ""


def _stopped_work(at: datetime) -> str:
    """What staff must know when background work has stopped: nothing leaves, nothing is noticed."""
    quiet = quiet_for()
    if quiet is not None and quiet <= ALARM_AFTER:
        return ""
    since = "has not run yet" if quiet is None else f"stopped {ago(at - quiet, at)}"
    return (
        f"Background work {since}. Messages wait and new answers are not looked at."
        " What you do here is kept. Tell whoever runs this service."
    )


def _no_basis(who: SignedIn) -> str:
    """Why the page is empty, for those who see nobody once the legal basis has ended."""
    if who.role not in EMPTIED or basis_ends_at(who.purpose, at=who.at):
        return ""
    return (
        "There is no legal basis for this work now: nobody's record is shown and nothing is sent."
        " Open alerts are with the registered practices. Ask the information governance lead."
    )
