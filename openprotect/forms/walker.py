"""Answers any form from its first page to its last, as a person could: to prove that one can."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from openprotect.forms.answering import Answers, kept_of, put, with_turns
from openprotect.forms.comparing import span
from openprotect.forms.computing import Known, as_asked, settled
from openprotect.forms.form import Form
from openprotect.forms.items import CHOICES, Item
from openprotect.forms.keeping_to import least
from openprotect.forms.patterns import matches
from openprotect.forms.state import State
from openprotect.forms.typed_in import NotAnAnswer, accepted
from openprotect.forms.values import (
    Attachment,
    Coding,
    Quantity,
    Reference,
    Value,
)
from openprotect.forms.walk import Page, missing, pages

MOST_PAGES: Final = 4000
SOME_DAY: Final = date(2026, 3, 27)
NOON: Final = datetime.combine(SOME_DAY, time(12), UTC)
AT_NOON: Final = Known(at=NOON)
SAMPLES: Final = (
    "A few words",
    "1",
    "12345",
    "ab",
    "A1",
    "name@example.org",
    "01632960123",
    "07700900123",
    "+447700900123",
    "2026-03-27",
    "27/03/2026",
    "12:30",
    "999 000 0018",
    "NR1 1AA",
    "ABC",
    "https://example.org/",
    "A",
    "a",
    "0",
    "100.00",
    "1.5",
    "yes",
    "123-45-6789",
    "AB123456C",
)


class Stuck(Exception):
    """The walk cannot go on; the words say at which page and why."""


@dataclass(frozen=True)
class Walked:
    """How a walk ended: the answers, and the pages that were met on the way."""

    answers: Answers
    state: State
    pages: int


def walk_through(form: Form, *, last: bool = False, known: Known = AT_NOON) -> Walked:
    """From the first page to the last, answering every question.

    Chooses the first of the answers offered, or with `last` the last of them, so that two walks
    take both ways of most branches. Raises Stuck where no answer can be found.
    """
    answers: Answers = {}
    state = settled(form, answers, known)
    seen: set[str] = set()
    waiting = iter(pages(state))
    while page := next((each for each in waiting if each.key not in seen), None):
        if len(seen) >= MOST_PAGES:
            raise Stuck(f"more than {MOST_PAGES} pages")
        seen.add(page.key)
        answers = _answered(form, state, page, answers, last=last, known=known)
        if any(_leads_on(form, each.item) for each in page.shown):
            state = settled(form, answers, known)
            answers = kept_of(state, answers)
            waiting = iter(pages(state))
    state = settled(form, answers, known)
    if left := missing(state):
        raise Stuck(f"{left[0].item.fhir_id} must be answered, and was on no page")
    return Walked(answers, state, len(seen))


def _leads_on(form: Form, item: Item) -> bool:
    """Whether an answer may change what is shown, so that the way must be looked at anew."""
    return form.computes or bool(item.items) or item.link_id in form.asked_about


def _answered(
    form: Form, state: State, page: Page, answers: Answers, *, last: bool, known: Known
) -> Answers:
    if page.group is not None:
        wanted = page.turn + (1 if last and page.turn == 1 else 0)
        return with_turns(
            form, answers, page.group, max(wanted, page.shown[0].item.limits.least_answers)
        )
    for shown in page.questions:
        item = as_asked(form, state, shown.key, known) or shown.item
        answers = put(form, answers, shown.place, _values(item, last=last))
    return answers


def _values(item: Item, *, last: bool) -> tuple[Value, ...]:
    candidates = list(_candidates(item))
    if last:
        candidates.reverse()
    found: list[Value] = []
    for value in candidates:
        try:
            accepted(item, (*found, value), is_all=False)
        except NotAnAnswer:
            continue
        found.append(value)
        if len(found) >= max(1, least(item)):
            return tuple(found)
    if not least(item):
        return ()
    raise Stuck(f"no answer to {item.fhir_id}, a {item.kind}, can be found")


def _candidates(item: Item) -> tuple[Value, ...]:
    if item.options:
        return tuple(each.value for each in item.options)
    if item.kind in CHOICES:
        words = "An answer in words"
        return (words if item.kind == "open-choice" else Coding(display=words),)
    return tuple(_SOME[item.kind](item))


def _booleans(item: Item) -> tuple[Value, ...]:
    return True, False


def _numbers(item: Item) -> tuple[Value, ...]:
    bounds = [each for each in (item.low, item.high) if isinstance(each, Decimal)]
    middle = [sum(bounds, Decimal(0)) / len(bounds)] if bounds else []
    near = [bound + step for bound in bounds for step in (0, 1, -1)]
    found = [
        *middle,
        *near,
        Decimal(3),
        Decimal(1),
        Decimal(0),
        Decimal(37),
        Decimal(2),
        Decimal(100),
    ]
    if item.kind == "integer":
        found = [each.to_integral_value() for each in found]
    return tuple(dict.fromkeys(found))


def _quantities(item: Item) -> tuple[Value, ...]:
    bounds = [each for each in (item.low, item.high) if isinstance(each, Quantity)]
    units = [
        *(Coding(each.code, each.unit, each.system) for each in bounds),
        *item.units,
        *([] if bounds or item.units else [Coding("1", "1", "http://unitsofmeasure.org")]),
    ]
    numbers = [*(each.value for each in bounds), Decimal(3), Decimal(1), Decimal(50)]
    return tuple(
        Quantity(number, unit.display or unit.code, unit.code, unit.system)
        for unit in units
        for number in numbers
    )


def _days(item: Item) -> tuple[Value, ...]:
    near = [bound.date() for each in (item.low, item.high) for bound in _ends(each)]
    return tuple(dict.fromkeys([SOME_DAY, *near, *(each + timedelta(1) for each in near)]))


def _ends(bound: Value | None) -> tuple[datetime, ...]:
    found = span(bound) if bound is not None else None
    return found or ()


def _moments(item: Item) -> tuple[Value, ...]:
    return (NOON, *(each for bound in (item.low, item.high) for each in _ends(bound)))


def _times(item: Item) -> tuple[Value, ...]:
    return (time(12, 30), *(each for each in (item.low, item.high) if isinstance(each, time)))


def _words(item: Item) -> tuple[Value, ...]:
    shortest = item.limits.least_length
    fitted = tuple(sample.ljust(shortest, "a")[: item.longest or None] for sample in SAMPLES)
    pattern = item.limits.pattern
    return tuple(each for each in fitted if not pattern or matches(pattern, each))


def _addresses(_: Item) -> tuple[Value, ...]:
    return ("https://example.org/",)


def _references(item: Item) -> tuple[Value, ...]:
    kinds = item.limits.targets or ("Patient",)
    return tuple(Reference(f"{kind}/example", "An example") for kind in kinds)


def _attachments(item: Item) -> tuple[Value, ...]:
    kinds = item.limits.media or ("text/plain",)
    named = [each.replace("/*", "/plain") for each in kinds]
    return tuple(Attachment(kind, "note", "b2s=", size=2) for kind in named)


_SOME: Final = {
    "boolean": _booleans,
    "integer": _numbers,
    "decimal": _numbers,
    "quantity": _quantities,
    "date": _days,
    "dateTime": _moments,
    "time": _times,
    "string": _words,
    "text": _words,
    "url": _addresses,
    "reference": _references,
    "attachment": _attachments,
}
