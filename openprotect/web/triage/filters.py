"""The list as its address says it: whose alerts, which of them, which page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.urls import reverse

from openprotect.alerts.queries import Wanted, Whose
from openprotect.alerts.rules import URGENCIES

YES = {"": False, "yes": True}
KNOWN = frozenset({"whose", "urgency", "overdue", "accepted", "page"})
LAST_PAGE = 2000


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    wanted: Wanted
    page: int


def read(query: Mapping[str, str]) -> Asked:
    """The list asked for. What no list can be is a bad request, never quietly something else."""
    try:
        page = int(query.get("page", "1"))
        wanted = Wanted(
            whose=Whose(query.get("whose", Whose.TEAM)),
            urgency=query.get("urgency", ""),
            overdue=YES[query.get("overdue", "")],
            not_accepted={"": False, "no": True}[query.get("accepted", "")],
        )
    except (KeyError, ValueError):
        raise BadRequest("There is no such list.") from None
    known = not wanted.urgency or wanted.urgency in URGENCIES
    if not known or not 1 <= page <= LAST_PAGE or not KNOWN.issuperset(query):
        raise BadRequest("There is no such list.")
    return Asked(wanted, page)


def address(wanted: Wanted, page: int = 1) -> str:
    """The address of a list; what is as usual is left out of it."""
    said = {
        "whose": "" if wanted.whose == Whose.TEAM else wanted.whose,
        "urgency": wanted.urgency,
        "overdue": "yes" if wanted.overdue else "",
        "accepted": "no" if wanted.not_accepted else "",
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({key: text for key, text in said.items() if text})
    return reverse("triage:worklist") + (f"?{query}" if query else "")
