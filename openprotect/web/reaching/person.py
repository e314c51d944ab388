"""How do we reach this person safely? What to mind, what they need, and when not to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.checkins import queries as checkins
from openprotect.checkins.actions import excusing
from openprotect.contacts import queries as contacts
from openprotect.contacts.actions import reaching
from openprotect.enrolments.actions.returning import say_alive
from openprotect.enrolments.queries import has_moved_away, visible_to
from openprotect.governance.actions import record_access
from openprotect.people.actions import choosing
from openprotect.people.queries import choices_of, need_of, needs_of
from openprotect.reports.queries.patients import name_of, obstacle
from openprotect.web.access import MovedAway, StaffRequest, for_roles
from openprotect.web.design.fields import PageForm
from openprotect.web.design.words import LONDON
from openprotect.web.frame import frame
from openprotect.web.reaching import forms
from openprotect.web.reaching.worklist import AT_WORK

if TYPE_CHECKING:
    from openprotect.enrolments.models import Enrolment

Save = Callable[[StaffRequest, "Enrolment", PageForm], object]


@for_roles(*AT_WORK)
@require_safe
def person(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    viewer = request.viewer
    enrolment = of(request, enrolment_id)
    who = enrolment.person
    today = viewer.at.astimezone(LONDON).date()
    page = {
        "enrolment": enrolment,
        "person": who,
        "name": name_of(who),
        "before": contacts.before_dialling(who.pk),
        "minded": contacts.minded(who.pk),
        "way": contacts.way_to(who),
        "needs": needs_of(who.pk),
        "choices": choices_of(who.pk),
        "excuses": checkins.excuses_of(who.pk, on=today),
        "rhythm": checkins.rhythm_of(enrolment.pk),
        "ladder": contacts.open_ladder_of(enrolment.pk),
        "to_type_in": checkins.to_type_in(enrolment.pk),
        "obstacle": obstacle(who) if not who.may_be_contacted else "",
        "today": today,
        "is_practice": viewer.role == Role.PRACTICE,
        **frame(request, current="unreached"),
    }
    return render(request, "reaching/person.jinja", page)


def of(request: StaffRequest, enrolment_id: UUID) -> Enrolment:
    """Somebody in reach, and the note that their page was opened; anybody else is not there."""
    enrolment = visible_to(request.viewer).filter(pk=enrolment_id).first()
    if enrolment is None:
        raise MovedAway if has_moved_away(enrolment_id) else Http404
    record_access([enrolment.person_id], what="reaching.person", why="a way to reach them safely")
    return enrolment


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def mind(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    form = forms.MindForm(_sent(request))
    return _one_form(request, enrolment_id, form, "What is to be minded?", _mind)


def _mind(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    said, viewer = form.cleaned_data, request.viewer
    reaching.set_precaution(
        enrolment.person, said["kind"], words=said["words"], viewer=viewer, at=viewer.at
    )


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def need(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    form = forms.NeedForm(_sent(request))
    return _one_form(request, enrolment_id, form, "What do they need to understand us?", _need)


def _need(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    said, viewer = form.cleaned_data, request.viewer
    choosing.record_need(
        enrolment.person_id,
        choosing.need(said["kind"]),
        whose=choosing.whose(said["whose"]),
        language=said["language"] if said["kind"] in choosing.NEEDS_A_LANGUAGE else "",
        via=choosing.BY_PRACTICE if viewer.role == Role.PRACTICE else choosing.BY_PHONE,
        by=viewer.user_id,
        at=viewer.at,
    )


@for_roles(Role.PRACTICE)
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    today = request.viewer.at.astimezone(LONDON).date()
    form = forms.AwayForm(_sent(request), today=today)
    return _one_form(request, enrolment_id, form, "When shall we not ask them?", _away)


def _away(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    said, viewer = form.cleaned_data, request.viewer
    excusing.excuse(
        enrolment.person_id,
        excusing.why(said["why"]),
        from_on=said["from_on"] or viewer.at.astimezone(LONDON).date(),
        to_on=said["to_on"],
        by=viewer.user_id,
        at=viewer.at,
    )


@for_roles(Role.PRACTICE)
@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    form = forms.RhythmForm(_sent(request))
    return _one_form(request, enrolment_id, form, "How often shall we ask them?", _rhythm)


def _rhythm(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    said, viewer = form.cleaned_data, request.viewer
    excusing.choose_rhythm(
        enrolment,
        every_days=said["every_days"],
        starts_on=viewer.at.astimezone(LONDON).date(),
        because=said["because"],
        by=viewer.user_id,
        at=viewer.at,
    )


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def not_reached(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    form = forms.NotReachedForm(_sent(request))
    return _one_form(request, enrolment_id, form, "They cannot be reached", _not_reached)


def _not_reached(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    viewer = request.viewer
    reaching.report_unreached(enrolment, form.cleaned_data["why"], viewer=viewer, at=viewer.at)


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def alive(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    form = forms.AliveForm(_sent(request))
    return _one_form(request, enrolment_id, form, "They are alive", _alive)


def _alive(request: StaffRequest, enrolment: Enrolment, form: PageForm) -> None:
    viewer = request.viewer
    say_alive(enrolment, because=form.cleaned_data["because"], viewer=viewer, at=viewer.at)


def _sent(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _one_form(
    request: StaffRequest, enrolment_id: UUID, form: PageForm, title: str, save: Save
) -> HttpResponse:
    """One thing about somebody: kept, or refused with what was typed still there."""
    enrolment = of(request, enrolment_id)
    if form.is_valid():
        try:
            save(request, enrolment, form)
        except Refused as refusal:
            form.add_error(None, f"{refusal} What you wrote is still here.")
        else:
            messages.success(request, "Noted. Whoever contacts them sees it from now on.")
            return redirect("reaching:person", enrolment.pk)
    page = {
        "form": form,
        "question_title": title,
        "name": name_of(enrolment.person),
        "back_url": reverse("reaching:person", args=[enrolment.pk]),
        **frame(request, current="unreached"),
    }
    return render(request, "reaching/form.jinja", page)


@for_roles(*AT_WORK)
@require_POST
def change(request: StaffRequest, enrolment_id: UUID) -> HttpResponse:
    """One press on the page: something need not be minded any more, or is still right."""
    enrolment, viewer = of(request, enrolment_id), request.viewer
    what, which = request.POST.get("what", ""), request.POST.get("which", "")
    acts: dict[str, Callable[[], object]] = {
        "unmind": lambda: reaching.end_precaution(
            enrolment.person, which, viewer=viewer, at=viewer.at
        ),
        "still": lambda: reaching.still_minded(
            enrolment.person, which, viewer=viewer, at=viewer.at
        ),
        "unneed": lambda: _with_need(request, enrolment, which, is_over=True),
        "needed": lambda: _with_need(request, enrolment, which, is_over=False),
        "back": lambda: _is_back(request, enrolment, which),
        "usual": lambda: excusing.end_rhythm(enrolment, at=viewer.at),
    }
    if what in acts and (what not in ("back", "usual") or viewer.role == Role.PRACTICE):
        acts[what]()
        messages.success(request, "Noted.")
    return redirect("reaching:person", enrolment.pk)


def _with_need(request: StaffRequest, enrolment: Enrolment, which: str, *, is_over: bool) -> None:
    viewer, need_id = request.viewer, _id(which)
    found = need_of(enrolment.person_id, need_id) if need_id else None
    if found and is_over:
        choosing.end_need(found, at=viewer.at)
    elif found:
        choosing.still_right(found, by=viewer.user_id, at=viewer.at)


def _is_back(request: StaffRequest, enrolment: Enrolment, which: str) -> None:
    """They can be asked again from today on."""
    today, excuse_id = request.viewer.at.astimezone(LONDON).date(), _id(which)
    for each in checkins.excuses_of(enrolment.person_id, on=today):
        if each.pk != excuse_id:
            continue
        excusing.back_again(each, on=today, by=request.viewer.user_id, at=request.viewer.at)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
