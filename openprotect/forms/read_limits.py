"""What an answer must keep to: bounds, lengths, numbers of answers, units, patterns."""

from openprotect.forms.addresses import (
    MAX_OCCURS,
    MAX_PLACES,
    MAX_QUANTITY,
    MAX_SIZE,
    MAX_VALUE,
    MEDIA,
    MIN_LENGTH,
    MIN_OCCURS,
    MIN_QUANTITY,
    MIN_VALUE,
    REGEX,
    TARGETS,
    UNIT,
    UNIT_LIST,
    UNIT_OPTION,
)
from openprotect.forms.element import Element
from openprotect.forms.fhir_values import value_of
from openprotect.forms.items import Limits
from openprotect.forms.patterns import problem
from openprotect.forms.value_sets import Library, NotHere, answers_of
from openprotect.forms.values import Coding, NotUnderstood, Quantity, Value

BOUNDED = ("integer", "decimal", "date", "dateTime", "time", "quantity")


def read_limits(element: Element) -> Limits:
    return Limits(
        least_length=_whole(element, MIN_LENGTH) or 0,
        places=_whole(element, MAX_PLACES),
        least_answers=_whole(element, MIN_OCCURS) or 0,
        most_answers=_most(element),
        pattern=_pattern(element),
        largest=_whole(element, MAX_SIZE),
        media=_codes(element, MEDIA),
        targets=_codes(element, *TARGETS),
    )


def read_bound(element: Element, kind: str, *, is_least: bool) -> Value | None:
    """The least or greatest value, as far as it is written and not computed."""
    urls = (MIN_VALUE, MIN_QUANTITY) if is_least else (MAX_VALUE, MAX_QUANTITY)
    found = element.extension(*urls)
    key = found.value_key() if found else ""
    if not found or not key or key == "valueExpression":
        return None
    words = "least" if is_least else "greatest"
    if kind not in BOUNDED:
        found.broken(f"an item of type {kind} has no {words} value; it is left out")
        return None
    try:
        value = value_of(key, found.values[key])
    except NotUnderstood:
        found.broken(f"its {words} value cannot be read, and is left out")
        return None
    return _of_kind(found, value, kind, words)


def _of_kind(found: Element, value: Value, kind: str, words: str) -> Value | None:
    is_number = not isinstance(value, str | bool) and kind in ("integer", "decimal")
    if is_number and isinstance(value, Quantity):
        found.broken(f"its {words} value is a quantity; the number is taken")
        return value.value
    if isinstance(value, str | bool | Coding):
        found.broken(f"its {words} value is not a {kind}, and is left out")
        return None
    return value


def read_units(element: Element, library: Library) -> tuple[Coding, ...]:
    """The units that an answer may have; the first is the one of questionnaire-unit, if any."""
    found: list[Coding] = []
    for each in (*element.extensions(UNIT), *element.extensions(UNIT_OPTION)):
        try:
            unit = value_of(each.value_key(), each.values.get(each.value_key()))
        except NotUnderstood:
            each.broken("a unit cannot be read, and is left out")
            continue
        if isinstance(unit, Coding):
            found.append(unit)
        elif isinstance(unit, str):
            each.broken("its unit is words, not a code; taken as they are")
            found.append(Coding(display=unit))
    return tuple(dict.fromkeys([*found, *_listed_units(element, library)]))


def _listed_units(element: Element, library: Library) -> list[Coding]:
    found = element.extension(UNIT_LIST)
    if found is None:
        return []
    address = found.text(found.value_key() or "valueCanonical")
    try:
        answers = answers_of(address, library, language=element.language)
    except NotHere as why:
        found.unsupported(f"its list of units {address[:150]} {why}; any unit is taken")
        return []
    return [Coding(each.code, each.display, each.system) for each in answers]


def _whole(element: Element, url: str) -> int | None:
    found = element.extension(url)
    number = found.whole(found.value_key()) if found and found.value_key() else None
    if found and number is not None and number < 0:
        found.broken("a limit is below nought, and is left out")
        return None
    return number


def _most(element: Element) -> int | None:
    most = _whole(element, MAX_OCCURS)
    return most or None


def _pattern(element: Element) -> str:
    found = element.extension(REGEX)
    text = found.text("valueString") if found else ""
    if found and text and (why := problem(text)):
        found.unsupported(f"its pattern cannot be run in safe time, and is not checked: {why}")
        return ""
    return text


def _codes(element: Element, *urls: str) -> tuple[str, ...]:
    found = (each.text(each.value_key()) for each in element.extensions(*urls) if each.value_key())
    return tuple(each for each in found if each)
