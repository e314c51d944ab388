"""Try it: answer as a made-up patient, and see what would happen. Nothing is kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from openprotect.forms.items import Item
from openprotect.forms.typed_in import NotAnAnswer, read
from openprotect.packs.differences.judging import in_words
from openprotect.packs.known import Known
from openprotect.packs.pack import Decision, Pack
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.fields import Choice, Number, Option, PageForm, Words
from openprotect.web.studio.showing import READERS, held_or_404, show

AGE = "age"
SILENT = "days-silent"
GROUP = "group-"
NOT_SAID = Option("", "not said")


class PatientForm(PageForm):
    """Every question of a pack on one page; what is left out is not answered."""

    def __init__(self, pack: Pack, given: Mapping[str, Any] | None) -> None:
        super().__init__(given)
        self.fields[AGE] = Number(label="Age", required=False, low=0, high=130)
        self.fields[SILENT] = Number(
            label="Days since the last answers", required=False, low=0, high=400
        )
        for flag in pack.triage.sight.flags:
            title = pack.triage.sight.titles.get(flag, flag)
            self.fields[f"{GROUP}{flag}"] = Choice(
                [NOT_SAID, Option("yes", "Yes"), Option("no", "No")],
                label=f"In the group {title}?",
                drop_down=True,
                required=False,
            )
        for item in pack.questionnaire.questions:
            self.fields[item.link_id] = _field(item)

    def known(self, pack: Pack) -> Known:
        """What the rules may see of the made-up patient beside the answers."""
        age, silent = (self.cleaned_data[each] for each in (AGE, SILENT))
        told = {each: self.cleaned_data[f"{GROUP}{each}"] for each in pack.triage.sight.flags}
        return Known(
            age=int(age) if age is not None else None,
            days_silent=int(silent) if silent is not None else None,
            answered_by="self",
            groups=frozenset(name for name, is_in in told.items() if is_in == "yes")
            if any(told.values())
            else None,
        )

    def answers(self, pack: Pack) -> dict[str, object]:
        """As they would be kept; what the form would not ask is left out."""
        kept: dict[str, object] = {}
        for item in pack.questionnaire.questions:
            typed = str(self.cleaned_data.get(item.link_id) or "")
            if not typed:
                continue
            try:
                value = read(item, typed)
            except NotAnAnswer as why:
                self.add_error(item.link_id, str(why))
            else:
                if value is not None:
                    kept[item.link_id] = item.kept(value)
        return dict(pack.questionnaire.prune(kept))


def _field(item: Item) -> forms.Field:
    help_text = item.unit if item.unit else ""
    if item.options:
        options = [Option(each.code, each.display) for each in item.options]
        return Choice(
            [Option("", "not answered"), *options], label=item.text, drop_down=True, required=False
        )
    if item.kind == "boolean":
        options = [Option("", "not answered"), Option("yes", "Yes"), Option("no", "No")]
        return Choice(options, label=item.text, drop_down=True, required=False)
    return Words(label=item.text, help_text=help_text, required=False, width=20)


@require_safe
@for_roles(*READERS)
def try_it(request: StaffRequest, pack_key: str) -> HttpResponse:
    held = held_or_404(pack_key)
    pack = held.pack()
    form = PatientForm(pack, request.GET if "sent" in request.GET else None)
    tried: dict[str, object] = {}
    if form.is_bound and form.is_valid():
        answers = form.answers(pack)
        decided = pack.decide(answers, form.known(pack))
        tried = {
            "decided": [(each, *_times(each)) for each in decided],
            "urgent": _emergencies(pack, answers),
        }
    return show(request, "try", held=held, form=form, tried=tried if form.is_valid() else {})


def _times(decision: Decision) -> tuple[str, str]:
    route = decision.route
    return in_words(route.accept_within), in_words(route.resolve_within)


def _emergencies(pack: Pack, answers: Mapping[str, object]) -> list[str]:
    asked = pack.questionnaire
    found = (asked.emergency(asked.item(name), value) for name, value in answers.items())
    return [each.text for each in found if each]
