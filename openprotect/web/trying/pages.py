"""Choose a form, try it as the people who are asked see it, or have it on paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.programmes.queries import pack_of, visible_to
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import PageForm, Words
from openprotect.web.design.held import LONGEST, Held
from openprotect.web.design.paper import paper as on_paper
from openprotect.web.design.tried import try_form
from openprotect.web.frame import frame

QUESTIONNAIRE = "questionnaire.json"
WRITERS = (Role.LEAD, Role.CLINICAL)


class FormText(PageForm):
    """A form of somebody else, pasted."""

    text = Words(
        label="A FHIR questionnaire, as JSON or XML",
        help_text="Nothing of it is kept. Do not paste anything about a real person.",
        rows=10,
    )


@require_safe
@for_roles(*WRITERS)
def choose(request: StaffRequest) -> HttpResponse:
    return _choose(request, FormText())


def _choose(request: StaffRequest, form: FormText) -> HttpResponse:
    programme = visible_to(request.viewer).first()
    pack = pack_of(programme) if programme else None
    ours = pack.questionnaire.title if pack else ""
    said = {**frame(request, "forms"), "form": form, "ours": ours, "most": LONGEST}
    return render(request, "trying/choose.jinja", said)


@require_POST
@for_roles(*WRITERS)
def ask(request: StaffRequest) -> HttpResponse:
    """The next page of the form that is tried."""
    try:
        held = _held(request)
        around = {**frame(request, "forms"), "ask_url": reverse("trying:ask")}
        return try_form(request, held, at=request.viewer.at, around=around)
    except Refused as why:
        form = FormText({"text": request.POST.get("text", "")})
        form.errors.clear()
        form.add_error("text", str(why))
        return _choose(request, form)


def _held(request: StaffRequest) -> Held:
    if token := request.POST.get("held", ""):
        return Held.given_back(token)
    if "ours" in request.POST:
        return Held(_own_form(request))
    form = FormText(request.POST)
    if not form.is_valid():
        raise Refused("Paste a form first.")
    return Held(form.cleaned_data["text"])


def _own_form(request: StaffRequest) -> str:
    programme = visible_to(request.viewer).first()
    if programme is None:
        raise Refused("No programme of yours has a form.")
    return pack_of(programme).files[QUESTIONNAIRE].decode()


@require_safe
@for_roles(*WRITERS)
def paper(request: StaffRequest) -> HttpResponse:
    """The form of our programme on paper, in usual or large print."""
    programme = visible_to(request.viewer).first()
    if programme is None:
        raise Http404("no programme serves this purpose")
    pack = pack_of(programme)
    language = request.GET.get("language", "")
    reading = Held(_own_form(request), language).reading()
    made = on_paper(
        reading.form,
        language=language,
        large=request.GET.get("print") == "large",
        phone=pack.phone,
        sponsor=pack.sponsor,
    )
    named = {"Content-Disposition": 'inline; filename="questions.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=named)
