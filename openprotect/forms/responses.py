"""Answers as a FHIR R4 QuestionnaireResponse, nested as the Questionnaire nests its items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from openprotect.forms.addresses import SCORES
from openprotect.forms.fhir_values import as_fhir
from openprotect.forms.form import Form, repeats_around
from openprotect.forms.places import Place
from openprotect.forms.state import Shown, State
from openprotect.forms.values import Value

Json = dict[str, object]


def to_fhir(
    form: Form,
    state: State,
    *,
    authored_at: datetime,
    response_id: str = "",
    is_whole: bool,
    version: str = "",
) -> Json:
    """The response to be exported: answered questions, and the groups around them."""
    version = version or form.version
    named = f"{form.url}|{version}" if version else form.url
    return {
        "resourceType": "QuestionnaireResponse",
        **({"id": response_id} if response_id else {}),
        **({"questionnaire": named} if form.url else {}),
        "status": "completed" if is_whole else "in-progress",
        "authored": authored_at.isoformat(),
        **_listed(_Writer().items(state.tree)),
    }


@dataclass
class Draft:
    """A response in the making, for formulas to look at: every item shown, answered or not.

    `nodes` finds the item of a place; the weight of a chosen answer stands with it.
    """

    resource: Json
    nodes: Mapping[Place, Json]


def draft(form: Form, state: State) -> Draft:
    writer = _Writer(keeps_empty=True)
    resource: Json = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": form.url,
        "status": "in-progress",
        "item": writer.items(state.tree),
    }
    return Draft(resource, writer.nodes)


@dataclass
class _Writer:
    """Writes items; with `keeps_empty`, those without an answer too, and scores beside codes."""

    keeps_empty: bool = False
    nodes: dict[Place, Json] = field(default_factory=dict)

    def items(self, shown: Iterable[Shown]) -> list[Json]:
        found = (self._item(each) for each in shown if each.item.kind != "display")
        return [each for each in found if each is not None]

    def _item(self, shown: Shown) -> Json | None:
        text = {"text": shown.text} if shown.text else {}
        node: Json = {"linkId": shown.item.fhir_id, **text}
        self.nodes[shown.place] = node
        if shown.item.kind == "group":
            node |= _listed(self.items(shown.beneath))
        elif shown.values:
            node["answer"] = [
                self._answer(shown, number, value)
                for number, value in enumerate(shown.values, start=1)
            ]
        has_content = "answer" in node or "item" in node
        return node if has_content or self.keeps_empty else None

    def _answer(self, shown: Shown, number: int, value: Value) -> Json:
        beneath = shown.beneath
        if repeats_around(shown.item):
            turns = (*shown.place.turns, number)
            beneath = tuple(each for each in beneath if each.place.turns[: len(turns)] == turns)
        name, written = as_fhir(value, shown.item.kind)
        if self.keeps_empty and isinstance(written, dict):
            written = {**written, **_score(shown, value)}
        return {f"value{name}": written, **_listed(self.items(beneath))}


def _score(shown: Shown, value: Value) -> Json:
    option = shown.item.option_of(value)
    if option is None or option.score is None:
        return {}
    return {"extension": [{"url": url, "valueDecimal": float(option.score)} for url in SCORES[:2]]}


def _listed(items: list[Json]) -> Json:
    return {"item": items} if items else {}
