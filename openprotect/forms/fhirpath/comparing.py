"""Equal, equivalent, and what comes first: FHIRPath's three answers, of which none is one."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, localcontext

from openprotect.forms.fhirpath import model, units
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.items import JSON, Element, Item, kind_of, plain
from openprotect.forms.fhirpath.values import Date, DateTime, Moment, Quantity, System, Time

Answer = bool | None


def equal(left: Sequence[Item], right: Sequence[Item]) -> Answer:
    """Whether two collections are the same, item by item in order; none when it cannot be known."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    answers = [equal_items(one, other) for one, other in zip(left, right, strict=True)]
    if False in answers:
        return False
    return None if None in answers else True


def equal_items(one: Item, other: Item) -> Answer:
    """Whether two items are the same."""
    left, right = plain(one), plain(other)
    if isinstance(left, Element) or isinstance(right, Element):
        return _same_element(left, right)
    if left is None or right is None:
        return _same_element(one, other)
    left, right = _alike(left, right)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _equal_quantities(left, right)
    if isinstance(left, Moment) and isinstance(right, Moment):
        return False if type(left) is not type(right) else _equal_moments(left, right)
    return bool(left == right) if _same_kind(left, right) else False


def _same_element(one: Item | None, other: Item | None) -> bool:
    if not isinstance(one, Element) or not isinstance(other, Element):
        return False
    return bool(one.value == other.value) and one.beside == other.beside


def _same_kind(left: System, right: System) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return isinstance(left, bool) and isinstance(right, bool)
    numbers = (int, Decimal)
    return type(left) is type(right) or (isinstance(left, numbers) and isinstance(right, numbers))


def _alike(left: System, right: System) -> tuple[System, System]:
    """A number beside a quantity is one without unit; a date beside a dateTime is a short one."""
    if isinstance(left, Quantity) != isinstance(right, Quantity):
        return _as_quantity(left), _as_quantity(right)
    if isinstance(left, Date) and isinstance(right, DateTime):
        return DateTime(left.parts), right
    if isinstance(left, DateTime) and isinstance(right, Date):
        return left, DateTime(right.parts)
    return left, right


def _as_quantity(value: System) -> System:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return Quantity(Decimal(value)) if is_number and not isinstance(value, Quantity) else value  # type: ignore[arg-type]


def _equal_quantities(left: Quantity, right: Quantity) -> Answer:
    numbers = units.magnitudes(left, right)
    return None if numbers is None else numbers[0] == numbers[1]


def _equal_moments(left: Moment, right: Moment) -> Answer:
    order = _order_moments(left, right)
    return None if order is None else order == 0


def _order_moments(left: Moment, right: Moment) -> int | None:
    """-1, 0 or 1; none when one is not exact enough, or only one says its zone."""
    if isinstance(left, DateTime) and isinstance(right, DateTime):
        timed = len(left.parts) > 3 and len(right.parts) > 3
        if timed and (left.zone is None) != (right.zone is None):
            return None
        left, right = left.in_utc(), right.in_utc()
    for one, other in zip(left.parts, right.parts, strict=False):
        if one != other:
            return -1 if one < other else 1
    return 0 if len(left.parts) == len(right.parts) else None


# --- order -----------------------------------------------------------------------------------


def order(left: Item, right: Item) -> int | None:
    """-1, 0 or 1; none when it cannot be known. Things that have no order are refused."""
    one, other = plain(left), plain(right)
    if one is None or other is None:
        return None
    if not isinstance(one, Element) and not isinstance(other, Element):
        one, other = _alike(one, other)
        if isinstance(one, Quantity) and isinstance(other, Quantity):
            return _ordered(*(units.magnitudes(one, other) or (None, None)))
        if isinstance(one, Moment) and type(one) is type(other):
            return _order_moments(one, other)
        if _same_kind(one, other) and not isinstance(one, bool):
            return _ordered(one, other)
    raise CannotEvaluate(f"{kind_of(left)} and {kind_of(right)} have no order")


def _ordered(one: object, other: object) -> int | None:
    if one is None or other is None:
        return None
    return int(one > other) - int(one < other)  # type: ignore[operator]


# --- equivalent ------------------------------------------------------------------------------


def equivalent(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether two collections mean the same, in any order."""
    if len(left) != len(right):
        return False
    waiting = list(right)
    for one in left:
        place = next((n for n, other in enumerate(waiting) if same(one, other)), None)
        if place is None:
            return False
        del waiting[place]
    return True


def same(one: Item, other: Item) -> bool:
    """Whether two items mean the same: letter case, white space and trailing noughts aside."""
    left, right = plain(one), plain(other)
    if isinstance(left, Element) and isinstance(right, Element):
        return _alike_elements(left, right)
    if isinstance(left, Element) or isinstance(right, Element):
        return False
    if left is None or right is None:
        return left is right
    left, right = _alike(left, right)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _same_quantities(left, right)
    if isinstance(left, Moment) and isinstance(right, Moment):
        return type(left) is type(right) and _order_moments(left, right) == 0
    if not _same_kind(left, right):
        return False
    return _same_words_or_numbers(left, right)


def _same_words_or_numbers(left: System, right: System) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return _plain_words(left) == _plain_words(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _same_numbers(Decimal(left), Decimal(right))  # type: ignore[arg-type]
    return bool(left == right)


def _plain_words(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold())


def _same_numbers(left: Decimal, right: Decimal) -> bool:
    places = min(_places(left), _places(right))
    step = Decimal(1).scaleb(-places)
    with localcontext(prec=60):
        return left.quantize(step) == right.quantize(step)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _same_quantities(left: Quantity, right: Quantity) -> bool:
    one = Quantity(left.value, _definite(left.unit))
    other = Quantity(right.value, _definite(right.unit))
    numbers = units.magnitudes(one, other)
    if numbers is None:
        return False
    if one.unit == other.unit:
        return _same_numbers(left.value, right.value)
    return _same_numbers(units.as_decimal(numbers[0]), units.as_decimal(numbers[1]))


def _definite(unit: str) -> str:
    return {"year": "a", "month": "mo"}.get(unit, unit)


def _alike_elements(one: Element, other: Element) -> bool:
    if "Coding" in model.lineage(one.kind) and "Coding" in model.lineage(other.kind):
        return all(one.value.get(part) == other.value.get(part) for part in ("system", "code"))
    return _alike_json(one.value, other.value)


def _alike_json(one: JSON, other: JSON) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = set(one) - {"id"}
        return names == set(other) - {"id"} and all(_alike_json(one[n], other[n]) for n in names)
    if isinstance(one, list) and isinstance(other, list):
        return _alike_lists(one, other, _alike_json)
    if isinstance(one, str) and isinstance(other, str):
        return _plain_words(one) == _plain_words(other)
    return bool(one == other)


def _alike_lists(one: list[JSON], other: list[JSON], alike: Callable[[JSON, JSON], bool]) -> bool:
    waiting = list(other)
    for each in one:
        place = next((n for n, rest in enumerate(waiting) if alike(each, rest)), None)
        if place is None:
            return False
        del waiting[place]
    return not waiting


def holds(items: Sequence[Item], wanted: Item) -> bool:
    """Whether an item is among others."""
    return any(equal_items(each, wanted) for each in items)


def distinct(items: Sequence[Item]) -> list[Item]:
    """Each item once, where it first stood."""
    kept: list[Item] = []
    seen: set[tuple[str, object]] = set()
    for item in items:
        value = plain(item)
        if isinstance(value, str | Time):  # most are words: quick
            key = (type(value).__name__, value)
            if key in seen:
                continue
            seen.add(key)
        elif holds(kept, item):
            continue
        kept.append(item)
    return kept
