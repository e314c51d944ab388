"""One item of a QuestionnaireResponse, held against the item of the form that it answers."""

from collections.abc import Iterator, Mapping
from typing import Final

from openprotect.forms.answers_in import Entry, children
from openprotect.forms.fhir_values import TYPES, as_fhir, value_of
from openprotect.forms.form import Form
from openprotect.forms.items import CHOICES, Item
from openprotect.forms.keeping_to import (
    faults_of_one,
    faults_together,
    kind_of,
    too_few,
    too_many_places,
)
from openprotect.forms.resource_types import RESOURCE_TYPES
from openprotect.forms.state import State
from openprotect.forms.values import Coding, NotUnderstood, Reference, Value
from openprotect.forms.verdicts import Fault, error, warning

_KEYS: Final = "id linkId definition text subject answer item extension modifierExtension"
KEYS: Final = frozenset(_KEYS.split())


def faults_of_entry(entry: Entry, form: Form, state: State) -> Iterator[Fault]:
    """Everything wrong with one item of a response, but for what it lacks beneath it."""
    yield from _of_shape(entry)
    if entry.item is None:
        if not _is_wording(entry, form):
            yield _stranger(entry, form)
    elif entry.item.kind in ("group", "display"):
        yield from _of_heading(entry, entry.item, state)
    else:
        yield from _of_question(entry, entry.item, state)


def _of_shape(entry: Entry) -> Iterator[Fault]:
    if not isinstance(entry.node.get("linkId"), str) or not entry.link_id:
        yield error("", entry.where, "has no linkId")
    for key in entry.node:
        if key not in KEYS and not key.startswith("_"):
            yield error(entry.link_id, entry.where, f"{key[:60]!r} is not an element of an item")
    for key in ("item", "answer"):
        listed = entry.node.get(key)
        if key in entry.node and (not isinstance(listed, list) or not listed):
            yield error(entry.link_id, entry.where, f"{key} must be a list with something in it")


def _is_wording(entry: Entry, form: Form) -> bool:
    """A text that is drawn with its question, and is no item of its own here."""
    written = form.written.get(entry.link_id, {})
    return written.get("type") == "display" and not entry.node.keys() & {"answer", "item"}


def _stranger(entry: Entry, form: Form) -> Fault:
    known = any(each.fhir_id == entry.link_id for each in form.everything)
    words = "does not belong there in the form" if known else "there is no such item in the form"
    return error(entry.link_id, entry.where, words)


def _of_heading(entry: Entry, item: Item, state: State) -> Iterator[Fault]:
    if "answer" in entry.node:
        yield error(entry.link_id, entry.where, f"is a {item.kind}, which has no answer")
    if item.kind == "display":
        if "item" in entry.node:
            yield error(entry.link_id, entry.where, "is a display, which has nothing beneath it")
        return
    if item.is_repeated:
        most, turn = item.limits.most_answers, entry.place.turns[-1]
        if most and turn > most:
            words = f"may be given {most} times at most"
            yield error(entry.link_id, entry.where, words, is_softer=True)
    if item.required and not children(entry.node) and "answer" not in entry.node:
        yield error(entry.link_id, entry.where, "has nothing in it", is_softer=True)
    if children(entry.node) and state.at(str(entry.place)) is None:
        yield _not_asked(entry)


def _of_question(entry: Entry, item: Item, state: State) -> Iterator[Fault]:
    if "item" in entry.node:
        words = "what is beneath a question stands within its answer (answer.item)"
        yield error(entry.link_id, entry.where, words)
    answers = children(entry.node, "answer")
    if answers and state.at(str(entry.place)) is None:
        yield _not_asked(entry)
    values: list[Value] = []
    for number, answer in answers:
        where = f"{entry.where}.answer[{number}]"
        value, found = _of_answer(entry.link_id, where, answer, item)
        yield from found
        values += [value] if value is not None else []
    if item.required and not answers:
        yield error(entry.link_id, entry.where, "must be answered", is_softer=True)
    for words in (*faults_together(item, values), too_few(item, values)):
        if words:
            yield error(entry.link_id, entry.where, words, is_softer=True)
    if not values and item.limits.least_answers:
        words = f"must have at least {item.limits.least_answers} answers"
        yield error(entry.link_id, entry.where, words, is_softer=True)


def _not_asked(entry: Entry) -> Fault:
    return error(entry.link_id, entry.where, "nobody with the other answers is asked this")


def _of_answer(
    link_id: str, where: str, answer: Mapping[str, object], item: Item
) -> tuple[Value | None, list[Fault]]:
    keys = [key for key in answer if key.startswith("value")]
    if len(keys) > 1:
        return None, [error(link_id, where, f"has {len(keys)} values; one is allowed")]
    if not keys:
        has_more = "item" in answer or "extension" in answer or "_valueString" in answer
        return None, [] if has_more else [error(link_id, where, "has no value")]
    allowed = types_of(item)
    name = keys[0].removeprefix("value")
    if name not in allowed:
        wanted = " or ".join(allowed)
        return None, [error(link_id, where, f"must be of the type {wanted}, not {name}")]
    try:
        value = value_of(keys[0], answer[keys[0]])
    except NotUnderstood:
        return None, [error(link_id, where, f"is not a {name} that can be read")]
    return value, list(_of_value(link_id, where, value, item))


def types_of(item: Item) -> tuple[str, ...]:
    """The types that answers to an item may have: those of its options, where it offers any."""
    offered = dict.fromkeys(as_fhir(each.value, item.kind)[0] for each in item.options)
    if not offered:
        return TYPES.get(item.kind, ())
    own = ("String",) if item.kind == "open-choice" else ()
    return tuple(dict.fromkeys((*offered, *own)))


def _of_value(link_id: str, where: str, value: Value, item: Item) -> Iterator[Fault]:
    for words in faults_of_one(item, value):
        yield error(link_id, where, words)
    if words := too_many_places(item, value):
        yield warning(link_id, where, words)
    if item.kind == "string" and isinstance(value, str) and ("\n" in value or "\r" in value):
        yield error(link_id, where, "is of the type string, which is one line; text has several")
    if item.kind in CHOICES:
        yield from _of_choice(link_id, where, value, item)
    if isinstance(value, Reference):
        kind = kind_of(value.reference)
        if kind and kind not in RESOURCE_TYPES:
            yield error(link_id, where, f"refers to a {kind[:60]}, which FHIR does not know")


def _of_choice(link_id: str, where: str, value: Value, item: Item) -> Iterator[Fault]:
    if item.lacks_options:
        yield warning(link_id, where, "is not checked: the list of its answers is not here")
    displays = {each.display.casefold(): each for each in item.options}
    if isinstance(value, str) and value.casefold() in displays:
        yield warning(link_id, where, "is written in words, and is one of the answers to choose")
    option = item.option_of(value)
    if not isinstance(value, Coding) or option is None or not value.display:
        return
    if value.display.casefold() != option.display.casefold():
        other = displays.get(value.display.casefold())
        words = f"{value.code} is {option.display!r}, not {value.display[:80]!r}"
        yield error(link_id, where, words) if other else warning(link_id, where, words)
