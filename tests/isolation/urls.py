"""Every address of the service, and what its parameters may stand for."""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver
from django.urls.converters import get_converters

from openprotect.web.access import BY_LINK, OPEN, ROLES

# Parameters that name somebody, by the table they are found in.
ABOUT = {
    "call_id": "calls_call",
    "alert_id": "alerts_alert",
    "enrolment_id": "enrolments_enrolment",
    "document_id": "referrals_document",
    "referral_id": "referrals_referral",
    "row_id": "records_changesetproblem",
    "pair_id": "records_proposal",
    "claim_id": "contacts_claim",
    "sheet_id": "floor_sheet",
    "unreached_id": "contacts_unreached",
}
# Parameters that name nobody, with something they may be.
OTHERS = {
    "programme_id": lambda world: world.programmes["covid-protect"].pk,
    "run_id": lambda world: world.runs["covid-protect"].pk,
    "note_id": lambda world: "00000000-0000-4000-8000-000000000002",
    "feedback_id": lambda world: "00000000-0000-4000-8000-000000000003",
    "team_id": lambda world: "00000000-0000-4000-8000-000000000004",
    "about": lambda world: "alerts",
    "figure": lambda world: "overdue",
    "step": lambda world: "reminder",
    "waiting_id": lambda world: next(f.id for f in world.facts if f.table == "calls_call"),
    "colleague_id": lambda world: world.staff["caller one"].user_id,
    "loan_id": lambda world: next(f.id for f in world.facts if f.table == "accounts_loan"),
    "place_id": lambda world: world.places["LOC"].pk,
    "import_id": lambda world: world.changeset.pk,
    "kind": lambda world: "clinical",
    "key": lambda world: "misses_before_call",
    "pack_key": lambda world: "covid-protect",
    "rule": lambda world: "fever",
    "number": lambda world: 2,
    "reply_id": lambda world: "00000000-0000-4000-8000-000000000001",
    "what": lambda world: "ring",
    "link_id": lambda world: "feeling",
    "token": lambda world: "no-such-token",
    "login": lambda world: "practice",
    "status": lambda world: 404,
}


class UnknownParameter(Exception):
    """Somebody must say whether this parameter names a person."""


@dataclass(frozen=True)
class Address:
    """One pattern of addresses, with its page."""

    route: str
    parameters: tuple
    page: object

    def __str__(self):
        return f"/{self.route}"

    @property
    def about(self):
        """The parameter that names somebody; empty when none does."""
        unknown = set(self.parameters) - ABOUT.keys() - OTHERS.keys()
        if unknown:
            raise UnknownParameter(f"{self}: {', '.join(sorted(unknown))}")
        return next((each for each in self.parameters if each in ABOUT), "")

    @property
    def roles(self):
        return getattr(self.page, ROLES, frozenset())

    @property
    def is_open(self):
        return hasattr(self.page, OPEN)

    @property
    def is_by_link(self):
        return hasattr(self.page, BY_LINK)

    def filled(self, world, about=""):
        """The address of one thing."""
        path = self.route
        for name in self.parameters:
            value = about if name in ABOUT else OTHERS[name](world)
            kinds = [f"<{kind}:{name}>" for kind in get_converters()]
            for each in (*kinds, f"<{name}>"):
                path = path.replace(each, str(value))
        return f"/{path}"


def addresses(patterns=None, prefix=""):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            parameters = tuple(set(each.pattern.converters) - set(each.default_args))
            yield Address(route, parameters, each.callback)
        else:
            yield from addresses(each.url_patterns, route)
