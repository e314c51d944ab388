"""Changing a draft: a rule by its cells, or a file of it, with what is wrong said at its place."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openprotect.base.refusals import Refused
from openprotect.packs.loading import TRIAGE
from openprotect.packs.problems import PackRefused, Problem
from openprotect.programmes.actions import drafting
from openprotect.programmes.queries.drafts import Held
from openprotect.programmes.queries.unpacking import faults
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import PageForm, Words
from openprotect.web.studio.showing import WRITERS, held_or_404, show

EDITABLE = (".toml", ".txt", ".md", ".csv", ".json")
KEPT_FROM = ("shared/", "supplied/", "codelists/")


@require_POST
@for_roles(*WRITERS)
def begin(request: StaffRequest, pack_key: str) -> HttpResponse:
    try:
        drafting.begin(pack_key, viewer=request.viewer, at=request.viewer.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("studio:pack", pack_key)


class RuleForm(PageForm):
    """One row of the table, a field for each column."""

    def __init__(
        self, cells: Mapping[str, str], given: Mapping[str, Any] | None, facts: Mapping[str, str]
    ) -> None:
        super().__init__(given, initial={f"cell-{name}": cell for name, cell in cells.items()})
        for name in cells:
            words = facts.get(name, "")
            label = f"{words} ({name})" if words else name.capitalize()
            self.fields[f"cell-{name}"] = Words(label=label, required=False)

    def blame(self, problems: Sequence[Problem], row: int) -> None:
        """Each fault at its cell; one that is elsewhere above all of them."""
        for each in problems:
            cell = f"cell-{each.column}"
            if each.file == TRIAGE and each.row == row and cell in self.fields:
                self.add_error(cell, each.message)
            else:
                self.add_error(None, str(each))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*WRITERS)
def rule(request: StaffRequest, pack_key: str, rule: str) -> HttpResponse:
    held = _draft_or_404(pack_key)
    number, cells = _row(held.files[TRIAGE], rule)
    form = RuleForm(cells, request.POST or None, _columns(held))
    if form.is_valid():
        typed = [form.cleaned_data[f"cell-{name}"] for name in cells]
        text = _with_row(held.files[TRIAGE], number, typed)
        form.blame(faults({**held.files, TRIAGE: text}), number)
        if not form.errors and _saved(request, held, TRIAGE, text, form):
            return redirect("studio:pack", pack_key)
    return show(request, "rule", held=held, form=form, rule=cells.get("reason") or rule)


def _columns(held: Held) -> dict[str, str]:
    """What each column asks about, in words, as far as the draft can be read."""
    try:
        return {name: each.text for name, each in held.pack().triage.facts.items()}
    except PackRefused:
        return {}


def _row(text: str, rule: str) -> tuple[int, dict[str, str]]:
    """The row of a rule and its cells. Only rows on one line are edited here."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader)
    for cells in reader:
        if cells and cells[header.index("rule")] == rule:
            return reader.line_num, dict(zip(header, cells, strict=False))
    raise Http404("no such rule")


def _with_row(text: str, number: int, cells: Sequence[str]) -> str:
    """The same file with one line changed, and every other as it was."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    lines = text.split("\n")
    lines[number - 1] = written.getvalue()
    return "\n".join(lines)


class FileForm(PageForm):
    """One file of a draft, as text."""

    def __init__(self, text: str, given: Mapping[str, Any] | None) -> None:
        super().__init__(given, initial={"text": text})
        self.fields["text"] = Words(label="The whole text", rows=24, strip=False, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*WRITERS)
def file(request: StaffRequest, pack_key: str) -> HttpResponse:
    held = _draft_or_404(pack_key)
    name = request.GET.get("name", "")
    if name not in held.files or not name.endswith(EDITABLE) or name.startswith(KEPT_FROM):
        names = [each for each in sorted(held.files) if not each.startswith(KEPT_FROM)]
        return show(request, "files", held=held, names=names)
    form = FileForm(held.files[name], request.POST or None)
    if form.is_valid():
        text = form.cleaned_data["text"]
        for each in faults({**held.files, name: text}):
            form.add_error(None, str(each))
        if not form.errors and _saved(request, held, name, text, form):
            return redirect("studio:pack", pack_key)
    return show(request, "file", held=held, form=form, name=name)


def _draft_or_404(pack_key: str) -> Held:
    held = held_or_404(pack_key)
    if held.draft is None:
        raise Http404("what is published is not edited: begin a draft")
    return held


def _saved(request: StaffRequest, held: Held, name: str, text: str, form: PageForm) -> bool:
    viewer = request.viewer
    if held.draft is None:
        return False
    try:
        drafting.edit(held.draft, name, text, seen=held.content_hash, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"Saved: {name}. Signatures must be given anew.")
    return True
