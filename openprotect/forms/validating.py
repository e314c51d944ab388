"""Is a QuestionnaireResponse a valid answer to exactly this form? With a reason for each item."""

from collections.abc import Iterator, Mapping
from typing import Final

from openprotect.forms.answers_in import Answered, answers_in
from openprotect.forms.comparing import is_above, is_below
from openprotect.forms.computing import NOTHING_KNOWN, Known, Reckoning, settled
from openprotect.forms.fhir_values import value_of
from openprotect.forms.form import Form
from openprotect.forms.places import Place
from openprotect.forms.responses import draft
from openprotect.forms.state import Shown, State
from openprotect.forms.validating_items import faults_of_entry
from openprotect.forms.values import NotUnderstood
from openprotect.forms.verdicts import Fault, Verdict, error, softer, warning

STATUSES: Final = ("in-progress", "completed", "amended", "entered-in-error", "stopped")
# Statuses of a response that is not, or will never be, whole: what is lacking is only said.
UNFINISHED: Final = ("in-progress", "stopped", "entered-in-error")
_KEYS: Final = (
    "resourceType id meta implicitRules language text contained extension modifierExtension "
    "identifier basedOn partOf parent questionnaire status subject context encounter authored "
    "author source item"
)
KEYS: Final = frozenset(_KEYS.split())


def verdict_of(response: Mapping[str, object], form: Form, known: Known = NOTHING_KNOWN) -> Verdict:
    """Everything that is wrong, or doubtful, with a response to a form."""
    found = list(_of_whole(response, form))
    if response.get("resourceType") != "QuestionnaireResponse":
        return Verdict(tuple(found))
    answered = answers_in(form, response)
    state = settled(form, answered.answers, known)
    for entry in answered.entries:
        found += faults_of_entry(entry, form, state)
    found += _of_order(form, answered)
    found += _there_twice(answered)
    found += _lacking(form, answered, state)
    found += _of_constraints(form, answered, state, known)
    if response.get("status") in UNFINISHED:
        found = [softer(each) for each in found]
    return Verdict(tuple(dict.fromkeys(found)))


def verdict_on_shape(response: Mapping[str, object]) -> Verdict:
    """All that can be said of a response that names no form: whether it is one at all."""
    return Verdict(tuple(_of_whole(response, Form(url="", title="", items=()))))


def _of_whole(response: Mapping[str, object], form: Form) -> Iterator[Fault]:
    if response.get("resourceType") != "QuestionnaireResponse":
        yield error("", "resourceType", "must be QuestionnaireResponse")
    for key in response:
        if key not in KEYS and not key.startswith("_"):
            yield error("", key[:60], "is not an element of a QuestionnaireResponse")
    if response.get("modifierExtension"):
        yield error("", "modifierExtension", "may change the meaning of all of it")
    if response.get("status") not in STATUSES:
        yield error("", "status", f"must be one of {', '.join(STATUSES)}")
    if "item" in response and not isinstance(response["item"], list):
        yield error("", "item", "must be a list")
    yield from _of_name(response, form)
    yield from _of_dates(response, form)


def named_form(response: Mapping[str, object]) -> str:
    """Which form a response says it answers; STU3 says so by a reference."""
    named = response.get("questionnaire")
    if isinstance(named, dict):
        named = named.get("reference")
    return named if isinstance(named, str) else ""


def _of_name(response: Mapping[str, object], form: Form) -> Iterator[Fault]:
    named = named_form(response)
    url, _, version = named.partition("|")
    if not named:
        yield warning("", "questionnaire", "names no questionnaire")
    elif form.url and _is_canonical(url) and url != form.url:
        yield error("", "questionnaire", f"answers {url[:200]}, not {form.url[:200]}")
    elif version and form.version and version != form.version:
        yield error("", "questionnaire", f"answers version {version[:40]}, not {form.version[:40]}")
    elif form.version and not version:
        yield warning("", "questionnaire", "names no version of the questionnaire")


def _is_canonical(url: str) -> bool:
    """A relative reference or a contained form says nothing of the form's own address."""
    return "://" in url or url.startswith("urn:")


def _of_dates(response: Mapping[str, object], form: Form) -> Iterator[Fault]:
    if "authored" not in response:
        return
    try:
        authored = value_of("valueDateTime", response["authored"])
    except NotUnderstood:
        yield error("", "authored", "must be a date, or a date and a time with its zone")
        return
    too_early = form.starts_on is not None and is_below(authored, form.starts_on)
    too_late = form.ends_on is not None and is_above(authored, form.ends_on)
    if too_early or too_late:
        yield warning("", "authored", "is outside the time in which the form is in use")


def _of_order(form: Form, answered: Answered) -> Iterator[Fault]:
    """FHIR: the items of a response stand in the order of the form."""
    place = {item.link_id: number for number, item in enumerate(form.everything)}
    last: dict[str, int] = {}
    for entry in answered.entries:
        if entry.item is None:
            continue
        parent = entry.where.rpartition("[")[0]
        number = place[entry.item.link_id]
        if number < last.get(parent, -1):
            yield error(
                entry.link_id, entry.where, "stands after items that come later in the form"
            )
        last[parent] = max(number, last.get(parent, -1))


def _there_twice(answered: Answered) -> Iterator[Fault]:
    """All answers to one question stand in one item; only a group that repeats comes again."""
    seen: set[Place] = set()
    for entry in answered.entries:
        if entry.item is not None and entry.place in seen:
            yield error(entry.link_id, entry.where, "is there twice")
        seen.add(entry.place)


def _lacking(form: Form, answered: Answered, state: State) -> Iterator[Fault]:
    """What must be answered within what is there: a group left out whole asks for nothing."""
    present = {entry.place for entry in answered.entries if entry.item is not None}
    for shown in state.everything():
        item, place = shown.item, shown.place
        parent = form.parents.get(item.link_id)
        if _comes_too_seldom(shown, present):
            words = f"must be given {item.limits.least_answers} times at least"
            yield error(item.fhir_id, "", words, is_softer=True)
        if item.is_hidden or not item.required or place in present:
            continue
        if parent is None or _is_present(parent.link_id, place.turns, present):
            words = "has nothing in it" if item.kind == "group" else "must be answered"
            if any(each.item.holds_answers for each in shown.flat()):
                yield error(item.fhir_id, "", words, is_softer=True)


def _comes_too_seldom(shown: Shown, present: set[Place]) -> bool:
    """A group that is there, and not as often as it must be; said once, of its first turn."""
    item, turns = shown.item, shown.place.turns
    if item.kind != "group" or item.limits.least_answers < 2 or turns[-1:] not in ((1,), ()):
        return False
    around = turns[:-1] if item.is_repeated else turns
    there = sum(e.link_id == item.link_id and e.turns[: len(around)] == around for e in present)
    return 0 < there < item.limits.least_answers


def _is_present(link_id: str, turns: tuple[int, ...], present: set[Place]) -> bool:
    return any(
        each.link_id == link_id and each.turns == turns[: len(each.turns)] for each in present
    )


def _of_constraints(form: Form, answered: Answered, state: State, known: Known) -> Iterator[Fault]:
    reckoning = Reckoning(form, draft(form, state), known)
    for constraint in form.constraints:
        if reckoning.holds(constraint.formula, None, None) is False:
            make = error if constraint.is_error else warning
            yield make("", "", constraint.human)
    for entry in answered.entries:
        for constraint in entry.item.formulas.constraints if entry.item else ():
            if reckoning.holds(constraint.formula, entry.item, entry.place) is False:
                make = error if constraint.is_error else warning
                yield make(entry.link_id, entry.where, constraint.human)
