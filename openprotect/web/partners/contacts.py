"""May we contact these people? One person or a list is asked of the ledger; slots are held here.

No page of these shows whom an ask was about: the ledger does not say it.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.contacts import actions, queries
from openprotect.contacts.actions.exchanging import OUTCOMES, Exchanged, result_file
from openprotect.contacts.actions.handed_in import LARGEST, exchange_handed_in, pasted
from openprotect.contacts.rules import MADE
from openprotect.web.access import StaffRequest, for_roles, takes_a_file
from openprotect.web.design.words import LONDON
from openprotect.web.frame import frame
from openprotect.web.partners.contact_forms import ListForm, OutcomeForm, PersonForm
from openprotect.web.partners.desk import tried
from openprotect.web.uploads import content_of

SHOWN, A_PAGE = 200, 50
MAY_BE_TOLD = frozenset({"HELD", "LAPSED", "RECALLED"})


@for_roles(Role.PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest) -> HttpResponse:
    """May we contact this person, when, about what? The answer has a page of its own."""
    viewer = request.viewer
    form = PersonForm(request.POST or None, today=viewer.at.astimezone(LONDON).date())
    if form.is_valid():
        answered: list[UUID | None] = []
        if tried(form, lambda: answered.append(_asked(request, form))) and answered[0]:
            return redirect("partners:slot", answered[0])
    return _page(
        request, "one", "contacts.jinja", form=form, limits=queries.limits_in_force(viewer.at)
    )


def _asked(request: StaffRequest, form: PersonForm) -> UUID | None:
    viewer, said = request.viewer, form.cleaned_data
    actions.refuse_without_basis(viewer)
    wanted = said["wanted_on"]
    return actions.ask(
        said["nhs_number"],
        channel=said["channel"],
        topic=said["topic"],
        wanted_at=datetime.combine(wanted, time(8), LONDON) if wanted else None,
        hold_for=timedelta(days=int(said["hold_days"])),
        at=viewer.at,
    ).claim_id


@takes_a_file
@for_roles(Role.PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: StaffRequest) -> HttpResponse:
    """A list: every row is told one thing, the rows add up, and the result is taken away."""
    form = ListForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"form": form, "words": OUTCOMES}
    if form.is_valid():
        content, said = _content(request, form), form.cleaned_data
        try:
            done = exchange_handed_in(
                content, channel=said["channel"], topic=said["topic"], viewer=request.viewer
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal} Nobody was asked about.")
        else:
            if "result" in request.POST:
                return _as_file(done)
            page |= {
                "done": done,
                "told": list(zip(done.listed.rows, done.results, strict=True))[:SHOWN],
                "kept": b64encode(content).decode(),
                "said": said,
                "form": ListForm(),
            }
    return _page(request, "many", "contact_list.jinja", **page)


def _content(request: StaffRequest, form: ListForm) -> bytes:
    """The bytes of the list: sent again for its result, in a file, or pasted."""
    try:
        if kept := request.POST.get("kept", ""):
            return b64decode(kept, validate=True)
    except (NotBase64, ValueError):
        return b""
    file = content_of(form.cleaned_data["file"], most=LARGEST)
    return file or pasted(form.cleaned_data["pasted"])


def _as_file(done: Exchanged) -> HttpResponse:
    response = HttpResponse("\ufeff" + result_file(done), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contacts.result.csv"'
    return response


@for_roles(Role.PARTNER)
@require_safe
def slots(request: StaffRequest) -> HttpResponse:
    """Our turns: what we hold and have not told the end of, the soonest over first."""
    which = request.GET.get("show", "")
    found = queries.asks_of(request.viewer, which)
    number = _page_number(request)
    rows = list(found[(number - 1) * A_PAGE : number * A_PAGE + 1])
    here = f"?show={which}&page=" if which else "?page="
    return _page(
        request,
        "slots",
        "slots.jinja",
        which=which,
        rows=[{"claim": each, "is_pressing": False} for each in rows[:A_PAGE]],
        counts=queries.counted_asks(request.viewer),
        previous_url=f"{here}{number - 1}" if number > 1 else "",
        next_url=f"{here}{number + 1}" if len(rows) > A_PAGE else "",
    )


def _page_number(request: StaffRequest) -> int:
    written = request.GET.get("page", "1")
    return (
        max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 5 else 1
    )


@for_roles(Role.PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def slot(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """One ask: its answer, and what came of it; or the turn is given back."""
    claim = get_object_or_404(queries.visible_to(request.viewer), pk=claim_id)
    gives_back = "back" in request.POST
    form = OutcomeForm(request.POST if request.method == "POST" and not gives_back else None)
    if request.method == "POST" and (gives_back or form.is_valid()):
        outcome = "" if gives_back else form.cleaned_data["outcome"]
        if actions.settle_claim(claim.pk, outcome, at=request.viewer.at):
            said = (
                f"Noted: {MADE[outcome]}." if outcome else "Given back. Others may ask for it now."
            )
            messages.success(request, said)
            return redirect("partners:slot", claim.pk)
        form.add_error(None, "This was settled meanwhile, and stays as it is.")
    return _page(
        request, "slots", "slot.jinja", claim=claim, form=form, open=claim.status in MAY_BE_TOLD
    )


def _page(request: StaffRequest, where: str, template: str, **more: object) -> HttpResponse:
    around = frame(request, current="contacts")
    return render(request, f"partners/{template}", {**around, "where": where, **more})
