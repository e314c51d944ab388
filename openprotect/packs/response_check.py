"""Is this FHIR R4 QuestionnaireResponse an answer to exactly this questionnaire version?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from openprotect.packs.items import Item
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.responses import ANSWER_KEYS
from openprotect.packs.stored import NotUnderstood

STATUSES: Final = ("in-progress", "completed", "amended", "stopped")


def faults(response: Mapping[str, object], form: Questionnaire, version: str) -> tuple[str, ...]:
    """Why it is not; nothing when it is. An answer to a question not shown is a fault (F24)."""
    found = list(_faults_of_whole(response, form, version))
    answers: dict[str, object] = {}
    for where, entry in _items(response, "item"):
        found += _faults_of_item(form, where, entry, answers)
    found += [
        f"{link_id}: nobody with the other answers is asked this."
        for link_id in answers.keys() - form.prune(answers).keys()
    ]
    if response.get("status") == "completed":
        found += [f"{item.link_id}: must be answered." for item in form.missing(answers)]
    return tuple(found)


def _faults_of_whole(
    response: Mapping[str, object], form: Questionnaire, version: str
) -> Iterator[str]:
    if response.get("resourceType") != "QuestionnaireResponse":
        yield "resourceType: must be QuestionnaireResponse."
    if response.get("questionnaire") != f"{form.url}|{version}":
        yield f"questionnaire: must be {form.url}|{version}."
    if response.get("status") not in STATUSES:
        yield f"status: must be one of {', '.join(STATUSES)}."
    try:
        authored = datetime.fromisoformat(str(response.get("authored")))
    except ValueError:
        authored = None
    if authored is None or authored.tzinfo is None:
        yield "authored: must be an instant with its time zone."


def _items(entry: Mapping[str, object], path: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    children = entry.get("item", [])
    for place, child in enumerate(children if isinstance(children, list) else [], start=1):
        if isinstance(child, dict):
            yield f"{path}[{place}]", child
            yield from _items(child, f"{path}[{place}].item")


def _faults_of_item(
    form: Questionnaire, where: str, entry: Mapping[str, object], answers: dict[str, object]
) -> Iterator[str]:
    item = form.item(str(entry.get("linkId")))
    if item is None:
        yield f"{where}: there is no such question."
    elif "answer" not in entry:
        return
    elif item.link_id in answers:
        yield f"{item.link_id}: is answered twice."
    else:
        try:
            answers[item.link_id] = _stored(item, entry["answer"])
        except NotUnderstood:
            yield f"{item.link_id}: this is not one {item.kind} answer."


def _stored(item: Item, answer: object) -> object:
    """The one value of an answer, as it would be kept."""
    one = answer[0] if isinstance(answer, list) and len(answer) == 1 else None
    key = "valueCoding" if item.kind == "choice" else ANSWER_KEYS.get(item.kind)
    if not isinstance(one, dict) or key not in one:
        raise NotUnderstood
    value = one[key]
    if item.kind == "choice":
        value = value.get("code") if isinstance(value, dict) else None
    if item.understood(value) is None:
        raise NotUnderstood
    return value
