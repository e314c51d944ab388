"""The answers that a question offers: written in the item, or on a list it refers to."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from openprotect.forms.addresses import EXCLUSIVE, OPTION_PREFIX, SCORES
from openprotect.forms.element import Element
from openprotect.forms.fhir_values import value_of
from openprotect.forms.items import CHOICES, Option
from openprotect.forms.value_sets import Library, NotHere, answers_of
from openprotect.forms.values import Coding, NotUnderstood, Reference, Value, kept

OFFERS: Final = (
    *CHOICES,
    "string",
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "quantity",
    "url",
)


def read_options(
    element: Element, kind: str, library: Library, *, is_computed: bool
) -> tuple[tuple[Option, ...], bool]:
    """The options, and whether the question has some that are not here."""
    written = [*element.listed("answerOption"), *_of_stu3(element)]
    address = _address(element)
    if (written or address) and kind not in OFFERS:
        element.broken(
            f"an item of type {kind} offers no answers to choose from; they are left out"
        )
        return (), False
    options = _distinct(element, [each for part in written if (each := _option(part))])
    if options:
        if address:
            element.broken("has both answerOption and answerValueSet; answerOption is taken")
        return options, False
    if address:
        return _listed(element, address, kind, library)
    if kind == "choice" and not is_computed:
        element.broken("offers no answers; the answer is asked for in words")
        return (), True
    return (), is_computed and kind in CHOICES


def _of_stu3(element: Element) -> Iterator[Element]:
    if element.has("option"):
        element.broken("option is of FHIR STU3; taken as answerOption")
        yield from element.listed("option")


def _address(element: Element) -> str:
    if element.has("options"):
        element.broken("options is of FHIR STU3; taken as answerValueSet")
        return element.child("options").text("reference")
    return element.text("answerValueSet")


def _listed(
    element: Element, address: str, kind: str, library: Library
) -> tuple[tuple[Option, ...], bool]:
    try:
        found = answers_of(address, library, language=element.language)
    except NotHere as why:
        element.unsupported(
            f"its list of answers {address[:150]} {why}; the answer is asked for in words"
        )
        return (), kind in CHOICES
    if kind not in CHOICES:
        found = tuple(replace(each, other=each.code) for each in found)
    return _distinct(element, list(found)), False


def _option(element: Element) -> Option | None:
    key = element.value_key()
    try:
        value = value_of(key, element.values.get(key))
    except NotUnderstood:
        element.broken("an answer to choose has no value that can be read, and is left out")
        return None
    words = _words(element, key, value)
    score = _score(element, key)
    common = Option(
        code=_name(value),
        display=words,
        prefix=_prefix(element),
        score=score,
        is_exclusive=_flag(element, EXCLUSIVE),
        is_initial=element.flag("initialSelected"),
    )
    if isinstance(value, Coding) and value.code:
        return replace(common, system=value.system)
    return replace(common, other=value)


def _words(element: Element, key: str, value: Value) -> str:
    """What is read out: of a coding its display, else its code; of a plain value itself."""
    if isinstance(value, Coding):
        return element.child(key).words("display") or value.code
    if isinstance(value, Reference):
        return value.display or value.reference
    return element.words(key) if isinstance(value, str) else str(kept(value))


def _name(value: Value) -> str:
    if isinstance(value, Coding):
        return value.code or value.display
    if isinstance(value, Reference):
        return value.reference or value.display
    return str(kept(value))


def _score(element: Element, key: str) -> Decimal | None:
    inner = element.child(key) if isinstance(element.values.get(key), dict) else element
    for each in (element, inner, element.sibling(key)):
        if found := each.extension(*SCORES):
            return found.number(found.value_key())
    return None


def _prefix(element: Element) -> str:
    found = element.extension(OPTION_PREFIX)
    return found.text("valueString") if found else ""


def _flag(element: Element, url: str) -> bool:
    found = element.extension(url)
    return found is not None and found.flag("valueBoolean")


def _distinct(element: Element, options: list[Option]) -> tuple[Option, ...]:
    """Each option under a name of its own; one that is there twice is offered once."""
    found: dict[str, Option] = {}
    for each in options:
        twin = found.get(each.code)
        if twin and (twin.system, twin.display) == (each.system, each.display):
            element.broken(f"offers {each.display[:60]!r} twice; it is shown once")
            continue
        if twin:
            element.broken(f"two of its answers have the code {each.code[:60]!r}")
            value = each.value
            each = replace(each, code=f"{each.system}|{each.code}~{len(found)}", other=value)
        found[each.code] = each
    return tuple(found.values())
