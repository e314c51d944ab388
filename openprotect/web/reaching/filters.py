"""The list of people who are looked for, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.urls import reverse

from openprotect.accounts.queries import Viewer
from openprotect.contacts.rules.reaching import RUNGS, WHY_UNREACHED

if TYPE_CHECKING:
    from openprotect.contacts.models import Unreached

OURS, ALL = "", "all"
LAST_PAGE = 2000


@dataclass(frozen=True)
class Wanted:
    """Which of them: whose, for which reason, on which rung, only overdue; and which page."""

    whose: str = OURS
    why: str = ""
    rung: str = ""
    overdue: str = ""
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        return bool(self.why or self.rung or self.overdue)

    def address(self, **other: str | int) -> str:
        """The address of this list, or of one that differs; what is as usual is left out."""
        asked = replace(self, **({"page": 1} | other))  # type: ignore[arg-type]
        said = {key: value for key, value in vars(asked).items() if value and value != 1}
        return reverse("reaching:worklist") + (f"?{urlencode(said)}" if said else "")

    def narrow(self, found: QuerySet[Unreached], viewer: Viewer) -> QuerySet[Unreached]:
        if self.whose == OURS:
            found = found.filter(team__organisation_id=viewer.organisation_id)
        if self.why:
            found = found.filter(why=self.why)
        if self.rung:
            found = found.filter(rung=self.rung)
        return found.filter(due_at__lte=viewer.at) if self.overdue else found


KNOWN: Mapping[str, frozenset[str]] = {
    "whose": frozenset({OURS, ALL}),
    "why": frozenset({"", *WHY_UNREACHED}),
    "rung": frozenset({"", *RUNGS}),
    "overdue": frozenset({"", "yes"}),
}


def read(query: Mapping[str, str]) -> Wanted:
    """The list asked for. What no list can be is a bad request, never quietly something else."""
    asked = {key: query.get(key, "") for key in KNOWN}
    page = query.get("page", "1")
    fits = all(asked[key] in known for key, known in KNOWN.items())
    is_number = page.isascii() and page.isdigit() and 1 <= int(page[:5]) <= LAST_PAGE
    if not (fits and is_number and set(query) <= {*KNOWN, "page"}):
        raise BadRequest("There is no such list.")
    return Wanted(**asked, page=int(page))
