"""Functions on dates and times, and the clock that was given."""

from collections.abc import Callable
from datetime import datetime

from openprotect.forms.fhirpath import boundaries, units
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.evaluation import Calling, Items, single_value
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Element, Item, kind_of
from openprotect.forms.fhirpath.values import (
    Date,
    DateTime,
    Moment,
    Quantity,
    System,
    Time,
    day_of,
    instant_of,
)


def _clock(call: Calling) -> datetime:
    if call.scope.world.at is None:
        raise CannotEvaluate(f"{call.name}() needs a clock, and none was given")
    return call.scope.world.at


def _time_of_day(call: Calling) -> Items:
    return [Time(instant_of(_clock(call)).parts[3:])]


def _value(call: Calling) -> System | None:
    value = call.value()
    if isinstance(value, Element):
        raise CannotEvaluate(f"{call.name}() is not for {kind_of(value)}")
    return value


def _boundary(high: bool) -> Callable[[Calling], Items]:
    def function(call: Calling) -> Items:
        value, digits = _value(call), call.whole(0)
        if value is None or (call.arguments and digits is None):
            return []
        found = boundaries.boundary(value, high=high, digits=digits)
        return [] if found is None else [found]

    return function


def _precision(call: Calling) -> Items:
    value = _value(call)
    return [] if value is None else [boundaries.precision(value)]


def _comparable(call: Calling) -> Items:
    one = call.value()
    other = single_value(call.argument(0), "the argument of comparable()")
    if one is None or other is None:
        return []
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return [units.comparable(one, other)]
    raise CannotEvaluate("comparable() is for quantities")


def _part(place: int, kinds: tuple[type[Moment], ...]) -> Known:
    """A part of a date or time, where it was written."""

    def function(call: Calling) -> Items:
        value: Item | None = call.value()
        if value is None:
            return []
        if not isinstance(value, kinds):
            raise CannotEvaluate(f"{call.name}() is not for {kind_of(value)}")
        at = place - 3 if isinstance(value, Time) else place
        return [int(value.parts[at])] if at < len(value.parts) else []

    return Known(function)


def _day(call: Calling) -> Items:
    value = call.value()
    return [Date(value.parts[:3])] if isinstance(value, Date | DateTime) else []


def _time(call: Calling) -> Items:
    value = call.value()
    return [Time(value.parts[3:])] if isinstance(value, DateTime) and value.parts[3:] else []


FUNCTIONS = {
    "now": Known(lambda call: [instant_of(_clock(call))]),
    "today": Known(lambda call: [day_of(_clock(call))]),
    "timeOfDay": Known(_time_of_day),
    "lowBoundary": Known(_boundary(high=False), 0, 1),
    "highBoundary": Known(_boundary(high=True), 0, 1),
    "precision": Known(_precision),
    "comparable": Known(_comparable, 1, 1),
    "yearOf": _part(0, (Date, DateTime)),
    "monthOf": _part(1, (Date, DateTime)),
    "dayOf": _part(2, (Date, DateTime)),
    "hourOf": _part(3, (DateTime, Time)),
    "minuteOf": _part(4, (DateTime, Time)),
    "secondOf": _part(5, (DateTime, Time)),
    "dateOf": Known(_day),
    "timeOf": Known(_time),
}
