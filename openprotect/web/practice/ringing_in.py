"""A patient is ringing about this: the card for reception, on paper too, and what to press."""

from html import escape
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.enrolments import actions
from openprotect.enrolments.queries import visible_to
from openprotect.gateways.paper import NoPaper, pdf_of
from openprotect.governance.actions import record_access
from openprotect.packs.prose import Prose
from openprotect.people.actions import choosing
from openprotect.people.rules import ALL
from openprotect.programmes.queries import pack_of
from openprotect.reports.queries import patients
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.practice.forms import RangForm
from openprotect.web.practice.showing import programme_of, show

WHY = "a patient rang the practice"
DONE = {
    "ring": "A call handler rings them.",
    "stop": "All texts and calls to them have stopped. Open help goes on.",
    "died": "All contact has stopped. Nobody writes to them or rings them.",
    "moved": "Their part here has ended, and nobody asks them any more.",
}
STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.35 sans-serif }
h1 { font-size: 17pt; margin: 0 0 6pt } h2 { font-size: 12pt; margin: 9pt 0 2pt }
p, ul { margin: 0 0 4pt } li { margin: 0 }
"""


@require_safe
@for_roles(Role.PRACTICE)
def card(request: StaffRequest) -> HttpResponse:
    programme = programme_of(request.viewer)
    return show(request, "card", "card", programme=programme, card=pack_of(programme).practice_card)


@require_safe
@for_roles(Role.PRACTICE)
def card_on_paper(request: StaffRequest) -> HttpResponse:
    """One tagged page to pin up at reception; it names no patient."""
    programme = programme_of(request.viewer)
    foot = f"{programme.title}, version {programme.pack.version}"
    try:
        pdf = pdf_of(card_html(pack_of(programme).practice_card, foot))
    except NoPaper as why:
        messages.warning(request, f"{why}. Print this page instead.")
        return redirect("practice:card")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="reception-card.pdf"'
    return answer


def card_html(words: Prose, foot: str) -> str:
    """The card as it is printed: the same words as on the page."""
    parts = []
    for place, section in enumerate(words.sections):
        level = "h2" if place else "h1"
        parts.append(f"<{level}>{escape(section.title)}</{level}>")
        points = [each.text for each in section.passages if each.kind == "point"]
        parts += [f"<p>{escape(e.text)}</p>" for e in section.passages if e.kind != "point"]
        if points:
            parts.append(f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in points)}</ul>")
    title = escape(words.sections[0].title)
    return (
        f'<html lang="en-GB"><head><title>{title}</title><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}<p>{escape(foot)}</p></body></html>"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.PRACTICE)
def rang(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    """What a patient who rang wants: one choice, done at once."""
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    name = patients.name_of(enrolment.person)
    form = RangForm(request.POST or None)
    record_access([enrolment.person_id], what="practice.rang", why=WHY)
    if form.is_valid():
        what = form.cleaned_data["what"]
        try:
            _do(request, enrolment_id, what, form.cleaned_data["words"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{name}: {DONE[what]}")
            return redirect("practice:home")
    return show(request, "rang", form=form, name=name, enrolment=enrolment)


def _do(request: StaffRequest, enrolment_id: UUID, what: str, words: str) -> None:
    viewer = request.viewer
    enrolment = get_object_or_404(visible_to(viewer), pk=enrolment_id)
    if what == "ring":
        choosing.ask(
            enrolment.person_id,
            choosing.TO_BE_RUNG,
            programme_id=enrolment.programme_id,
            words=words,
            at=viewer.at,
        )
        return
    if what in ("stop", "died"):
        choosing.choose(
            enrolment.person_id,
            choosing.REFUSED,
            way=ALL,
            via=choosing.BY_PRACTICE,
            at=viewer.at,
        )
    if what in ("died", "moved"):
        note = f"Told by phone: {words}" if words else ""
        for each in visible_to(viewer).filter(person_id=enrolment.person_id):
            end = actions.veto if each.status == "PREVIEW" else actions.take_out
            if each.status in ("PREVIEW", "ACTIVE"):
                end(each, "moved-or-died", note=note, viewer=viewer, at=viewer.at)
