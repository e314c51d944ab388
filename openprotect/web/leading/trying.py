"""Try a rule: change a value of it and see who would join and leave. Nothing is saved.

The address names the change, so that it can be sent to a colleague.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.cohorts.engine.settings import PEOPLE, Setting
from openprotect.cohorts.rules import CohortRules
from openprotect.programmes.queries import pack_of
from openprotect.reports.queries import trying
from openprotect.reports.queries.trying import Tried
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.forms import GroupForm, TryForm
from openprotect.web.leading.showing import own_programme, show

SENT = "sent"


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def try_a_rule(request: StaffRequest) -> HttpResponse:
    programme = own_programme(request.viewer)
    by_group = trying.settings_of(programme)
    rules = pack_of(programme).cohort
    group = request.GET.get("group", "")
    settings = by_group.get(group, [])
    asked = _asked(request, settings)
    form = TryForm(settings, asked, faults=trying.faults(programme, asked))
    sets = [f"{path}={value}" for path, value in asked.items()]
    if SENT in request.GET and form.is_valid():
        return redirect(address_of(group, sets))
    tried, problem = _attempt(request, sets) if sets and form.is_valid() else (None, "")
    return show(
        request,
        "try",
        programme,
        "try",
        groups=GroupForm({name: _title(rules, name) for name in by_group}, group),
        group=group if settings else "",
        title=_title(rules, group),
        form=form,
        lists=sorted(rules.codelists),
        conditions=_conditions(settings),
        changes=[
            (each.title, each.value, asked[each.path]) for each in settings if each.path in asked
        ],
        tried=tried,
        problem=problem,
        may_see=request.viewer.role in trying.MAY_SEE_EXAMPLES,
    )


def _title(rules: CohortRules, group: str) -> str:
    return "Who is asked about at all" if group == PEOPLE else rules.title_of(group)


def _conditions(settings: Iterable[Setting]) -> list[tuple[str, list[str]]]:
    """The names of the fields, condition by condition, each with what it looks for."""
    parts: dict[str, tuple[str, list[str]]] = {}
    for each in settings:
        where = each.path.partition(".")[0]
        parts.setdefault(where, (each.about, []))[1].append(each.path)
    return list(parts.values())


def address_of(group: str, sets: Iterable[str]) -> str:
    """The address that names a change, and nothing that has not been changed."""
    named = [("group", group), *(("set", each) for each in sets)]
    return f"{reverse('leading:try')}?{urlencode(named)}"


def _asked(request: StaffRequest, settings: Iterable[Setting]) -> dict[str, str]:
    """The values that differ from the rules as they are: typed in, or named by the address."""
    if SENT in request.GET:
        given: Mapping[str, str] = {each.path: request.GET.get(each.path, "") for each in settings}
    else:
        pairs = (each.partition("=") for each in request.GET.getlist("set"))
        given = {path: value for path, _, value in pairs}
    known = {each.path: each.value for each in settings}
    return {
        path: value.strip()
        for path, value in given.items()
        if path in known and value.strip() != known[path]
    }


def _attempt(request: StaffRequest, sets: list[str]) -> tuple[Tried | None, str]:
    try:
        return trying.attempt(request.viewer, own_programme(request.viewer), sets), ""
    except Refused as refusal:
        return None, str(refusal)
