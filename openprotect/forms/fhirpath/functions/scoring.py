"""weight() and ordinal(): the score of an answer, as Structured Data Capture defines them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from openprotect.forms.fhirpath.evaluation import Calling, Items
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import JSON, Element, Item, member

WEIGHTS = (
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/codesystem-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/valueset-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
)


def _weight(call: Calling) -> Items:
    found: Items = []
    for item in call.input:
        call.pay(20)
        weight = _of(item, call)
        if weight is not None:
            found.append(weight)
    return found


def _of(item: Item, call: Calling) -> Decimal | None:
    if not isinstance(item, Element):
        return None
    coding = item
    if item.is_complex and "code" not in item.value:  # an answer, or an option of a question
        coding = next((each for each in member(item, "value")), item)
    for holder in (coding, item):
        if (weight := weight_of(_json(holder))) is not None:
            return weight
    return _from_form(coding, call)


def _json(item: Element) -> JSON:
    return item.value if item.is_complex else item.beside


def weight_of(part: JSON) -> Decimal | None:
    """The score that an option, a coding or a concept carries itself."""
    if not isinstance(part, Mapping):
        return None
    for extension in _objects(part.get("extension")):
        if extension.get("url") in WEIGHTS:
            return _number(extension.get("valueDecimal", extension.get("valueInteger")))
    return None


def _number(found: JSON) -> Decimal | None:
    is_number = isinstance(found, int | float | Decimal) and not isinstance(found, bool)
    return Decimal(str(found)) if is_number else None


def _objects(listed: JSON) -> Iterator[Mapping[str, JSON]]:
    """The objects of a list; a form from elsewhere may have anything in their place."""
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, Mapping))


def _from_form(coding: Element, call: Calling) -> Decimal | None:
    """The score that the questionnaire gives to this answer of this question."""
    link_id = _link_id(coding)
    for form in call.scope.world.variables.get("questionnaire", ()):
        if isinstance(form, Element) and form.is_complex:
            for question in _questions(form.value):
                call.pay(1)
                if question.get("linkId") == link_id:
                    return _of_option(form.value, question, coding.value)
    return None


def _link_id(item: Element | None) -> str:
    while item is not None:
        if item.is_complex and "linkId" in item.value:
            return str(item.value["linkId"])
        item = item.parent
    return ""


def _questions(part: JSON) -> Iterator[Mapping[str, JSON]]:
    for question in _objects(part.get("item")):
        yield question
        yield from _questions(question)


def _of_option(form: JSON, question: Mapping[str, JSON], answer: JSON) -> Decimal | None:
    for option in _objects(question.get("answerOption")):
        value = next((option[name] for name in option if name.startswith("value")), None)
        if _same(value, answer):
            own = weight_of(option)
            return own if own is not None else weight_of(value)
    wanted = str(question.get("answerValueSet") or "").lstrip("#")
    for contained in _objects(form.get("contained")):
        if wanted and contained.get("id") == wanted:
            return _of_value_set(contained, answer)
    return None


def _same(option: JSON, answer: JSON) -> bool:
    if isinstance(option, Mapping) and isinstance(answer, Mapping):
        systems = {option.get("system"), answer.get("system")} - {None}
        return option.get("code") == answer.get("code") and len(systems) < 2
    return bool(option == answer)


def _of_value_set(value_set: Mapping[str, JSON], answer: JSON) -> Decimal | None:
    concepts = [
        {"system": include.get("system"), **concept}
        for compose in _objects([value_set.get("compose")])
        for include in _objects(compose.get("include"))
        for concept in _objects(include.get("concept"))
    ]
    expansions = _objects([value_set.get("expansion")])
    expanded = (each for found in expansions for each in _objects(found.get("contains")))
    for concept in [*concepts, *expanded]:
        if _same(concept, answer):
            return weight_of(concept)
    return None


FUNCTIONS = {"weight": Known(_weight), "ordinal": Known(_weight)}
