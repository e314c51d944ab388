"""Whether answers keep to what their question allows, in words that ask again."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from openprotect.forms.comparing import equal, is_above, is_below, order, same_unit
from openprotect.forms.in_words import measured
from openprotect.forms.items import CHOICES, Item
from openprotect.forms.patterns import matches
from openprotect.forms.values import (
    Attachment,
    Coding,
    PartDay,
    Quantity,
    Reference,
    Value,
    kept_number,
)


def faults(item: Item, values: Sequence[Value]) -> Iterator[str]:
    """What is wrong with each of the answers, and with all of them together."""
    for value in values:
        yield from faults_of_one(item, value)
    yield from faults_together(item, values)


def faults_together(item: Item, values: Sequence[Value]) -> Iterator[str]:
    most = (item.limits.most_answers if item.is_repeated else 1) or len(values)
    if len(values) > most:
        yield f"Give at most {most} answer{'s' if most > 1 else ''}, not {len(values)}."
    alone = [each for each in values if (o := item.option_of(each)) and o.is_exclusive]
    if alone and len(values) > 1:
        option = item.option_of(alone[0])
        yield f"{option.display if option else 'One answer'!r} cannot be chosen with others."


def least(item: Item) -> int:
    """How many answers a question needs; one that does not repeat can be given one alone."""
    wanted = max(item.limits.least_answers, 1 if item.required else 0)
    return wanted if item.is_repeated else min(wanted, 1)


def too_few(item: Item, values: Sequence[Value]) -> str:
    """Why there must be more answers; '' when there need not be."""
    least = item.limits.least_answers
    if values and len(values) < least:
        return f"Give at least {least} answers, not {len(values)}."
    return ""


def faults_of_one(item: Item, value: Value) -> Iterator[str]:
    if item.options:
        yield from _of_offered(item, value)
    elif item.kind in CHOICES and not item.takes_own_words:
        yield "Choose one of the answers."
    yield from _bounds(item, value)
    if isinstance(value, str):
        yield from _words(item, value)
    elif isinstance(value, Quantity):
        yield from _unit(item, value)
    elif isinstance(value, Reference):
        yield from _target(item, value)
    elif isinstance(value, Attachment):
        yield from _file(item, value)


def too_many_places(item: Item, value: Value) -> str:
    """Figures after the point, beyond what is asked for."""
    number = value.value if isinstance(value, Quantity) else value
    most = item.limits.places
    if most is None or not isinstance(number, Decimal):
        return ""
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > most:
        return f"Give at most {most} figure{'s' if most != 1 else ''} after the point."
    return ""


def _of_offered(item: Item, value: Value) -> Iterator[str]:
    own = item.kind == "open-choice" and isinstance(value, str | Coding)
    is_offered = any(_is_option(each.value, value) for each in item.options)
    if not is_offered and not own:
        yield "Choose one of the answers."


def _is_option(offered: Value, value: Value) -> bool:
    if isinstance(offered, Coding) is not isinstance(value, Coding):
        return False
    return equal(offered, value)


def _bounds(item: Item, value: Value) -> Iterator[str]:
    """A value outside what is possible is asked again, never mended (380 is not 38.0)."""
    for bound in (item.low, item.high):
        if isinstance(value, Quantity) and isinstance(bound, Quantity):
            if order(value, bound) is None:
                yield f"Give the answer in {bound.unit or bound.code}."
                return
        elif isinstance(value, Quantity) and isinstance(bound, Decimal):
            value = value.value
    too_low = item.low is not None and is_below(value, item.low)
    too_high = item.high is not None and is_above(value, item.high)
    if not too_low and not too_high:
        return
    low, high = as_bound(item.low), as_bound(item.high)
    if low and high:
        yield f"Check your answer: it should be between {low} and {high}."
    else:
        yield f"Check your answer: it should be {'at least' if low else 'at most'} {low or high}."


def as_bound(bound: Value | None) -> str:
    """A bound in words."""
    if isinstance(bound, Decimal):
        return str(kept_number(bound))
    if isinstance(bound, PartDay):
        return bound.text
    return measured(bound) if bound is not None else ""


def _words(item: Item, text: str) -> Iterator[str]:
    if item.max_length and len(text) > item.max_length:
        yield too_long(text, item.max_length)
    if len(text) < item.limits.least_length:
        yield f"Write at least {item.limits.least_length} letters."
    if item.limits.pattern and not matches(item.limits.pattern, text):
        yield f"Write it like this: {item.format}." if item.format else "Check how it is written."


def too_long(text: str, most: int) -> str:
    over = len(text) - most
    return f"There is room for {most} letters. Yours is {over} too long: please shorten."


def _unit(item: Item, value: Quantity) -> Iterator[str]:
    allowed = [Quantity(value.value, each.display, each.code, each.system) for each in item.units]
    if allowed and not any(same_unit(value, each) for each in allowed):
        names = ", ".join(each.unit or each.code for each in allowed[:8])
        yield f"Give the answer in one of these units: {names}."


def _target(item: Item, value: Reference) -> Iterator[str]:
    kind = kind_of(value.reference)
    if item.limits.targets and kind and kind not in item.limits.targets:
        yield f"Name a {' or '.join(item.limits.targets)}, not a {kind}."


def kind_of(reference: str) -> str:
    """The kind of resource in an address such as https://example.org/fhir/Patient/1."""
    parts = reference.split("/_history")[0].split("/")
    return parts[-2] if len(parts) > 1 and not reference.startswith(("urn:", "#")) else ""


def _file(item: Item, value: Attachment) -> Iterator[str]:
    size = value.size if value.size is not None else len(value.content) * 3 // 4
    if item.limits.largest is not None and size > item.limits.largest:
        yield f"The file has {size} bytes; at most {item.limits.largest} are allowed."
    media = item.limits.media
    if media and value.content_type and not any(_is_media(value.content_type, m) for m in media):
        yield f"The file must be of the kind {' or '.join(media[:8])}."


def _is_media(kind: str, allowed: str) -> bool:
    kind = kind.split(";")[0].strip().casefold()
    return kind == allowed.casefold() or (
        allowed.endswith("/*") and kind.startswith(allowed[:-1].casefold())
    )
