"""A FHIR Questionnaire read into plain values, with everything that there is to say about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from openprotect.forms.addresses import HELP
from openprotect.forms.circles import circles
from openprotect.forms.documents import Resource
from openprotect.forms.element import Element
from openprotect.forms.fhir_values import value_of
from openprotect.forms.form import Form
from openprotect.forms.notes import FormRefused, Grade, Note, Notes
from openprotect.forms.read_branches import check_branch
from openprotect.forms.read_effects import say_what_has_no_effect_on_the_form
from openprotect.forms.read_formulas import Scope, read_constraints
from openprotect.forms.read_items import ItemReader
from openprotect.forms.value_sets import Library
from openprotect.forms.values import NotUnderstood, Value

STATUSES: Final = ("draft", "active", "retired", "unknown")
EMPTY: Final = Library()


@dataclass(frozen=True)
class Reading:
    """A form as far as it could be read, and what was found to say about it."""

    form: Form
    notes: tuple[Note, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.of(Grade.REFUSED))

    def of(self, *grades: Grade) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.grade in grades)


def read_form(resource: Resource, library: Library = EMPTY, *, language: str = "") -> Reading:
    """The form; FormRefused, with every reason, when it cannot be used as it is.

    With a `language`, its words are in that language wherever the form has translated them.
    """
    reading = examine_form(resource, library, language=language)
    if reading.is_refused:
        raise FormRefused(reading.notes)
    return reading


def examine_form(resource: Resource, library: Library = EMPTY, *, language: str = "") -> Reading:
    """The same for whoever mends a form: everything that is wrong, even where it is refused."""
    notes = Notes()
    root = Element(resource, notes, language=language)
    if resource.get("resourceType") != "Questionnaire":
        named = str(resource.get("resourceType") or "")[:60]
        root.refuse(f"is a {named}, not a Questionnaire" if named else "is not a FHIR resource")
        raise FormRefused(notes)
    form, elements = _form(root, library.with_contained(resource))
    _check_whole(form, elements, root)
    return Reading(form, tuple(notes))


def _form(root: Element, library: Library) -> tuple[Form, dict[str, Element]]:
    outside = frozenset(_given_from_outside(root))
    scope = replace(Scope(), outside=outside).beneath(root)
    reader = ItemReader(library)
    items = reader.read(root, scope)
    if root.has("modifierExtension"):
        root.refuse("has a modifierExtension, which may change the meaning of all of it")
    period = root.child("effectivePeriod")
    form = Form(
        url=root.text("url"),
        title=root.words("title") or root.text("name"),
        items=items,
        version=root.text("version"),
        status=_status(root),
        language=root.text("language"),
        languages=tuple(sorted(_languages(root))),
        subjects=root.texts("subjectType"),
        starts_on=_moment(period, "start"),
        ends_on=_moment(period, "end"),
        variables=scope.formulas,
        constraints=read_constraints(root, scope),
        outside=outside | reader.empty | scope.empty,
        resource=root.values,
    )
    return form, reader.elements


def _given_from_outside(root: Element) -> Iterator[str]:
    """Names that whoever starts the form gives a value: the patient, the user, a looked-up set."""
    yield from ("patient", "user", "encounter", "today", "now")
    for each in _deep_extensions(root):
        url = str(each.values.get("url", ""))
        if url.endswith("launchContext"):
            parts = {part.text("url"): part for part in each.listed("extension")}
            if "name" in parts:
                key = parts["name"].value_key()
                coding = parts["name"].child(key) if key == "valueCoding" else None
                yield coding.text("code") if coding else parts["name"].text(key or "valueId")
        elif url.endswith(("itemPopulationContext", "itemExtractionContext")):
            yield each.child("valueExpression").text("name")
        elif url.endswith("sourceQueries"):
            yield each.child("valueReference").text("reference").removeprefix("#")


def _deep_extensions(element: Element) -> Iterator[Element]:
    quiet = replace(element, notes=Notes())
    yield from quiet.listed("extension")
    for each in quiet.listed("item"):
        yield from _deep_extensions(each)


def _status(root: Element) -> str:
    status = root.text("status")
    if not status:
        root.broken("has no status; taken as a draft")
    elif status not in STATUSES:
        root.broken(f"has the status {status[:20]!r}, which FHIR does not know")
    return status or "draft"


def _moment(period: Element, key: str) -> Value | None:
    if not period.has(key):
        return None
    try:
        return value_of("valueDateTime", period.values[key])
    except NotUnderstood:
        period.broken(f"{key} is not a date, and is left out")
        return None


def _languages(root: Element) -> set[str]:
    """The languages into which any words of an item are translated."""
    quiet = replace(root, notes=Notes())
    found = set(quiet.translations("text"))
    for each in (*quiet.listed("item"), *quiet.listed("answerOption")):
        found |= _languages(each)
    return found | set(quiet.child("valueCoding").translations("display"))


def _check_whole(form: Form, elements: dict[str, Element], root: Element) -> None:
    """What can only be seen when every item is known."""
    items = {item.link_id: item for item in form.everything}
    for item in form.everything:
        if item.enable_when:
            check_branch(elements[item.link_id], item, items)
    for circle in circles(form.everything):
        path = " → ".join((*circle, circle[0]))
        elements[circle[0]].broken(f"its conditions go round in a circle: {path}")
    if not form.items:
        root.refuse("asks nothing: it has no items")
    elif not any(item.holds_answers for item in form.everything):
        root.say(Grade.REMARK, "asks nothing: it has texts to read, and no question")
    say_what_has_no_effect_on_the_form(root)
    _check_translations(form, elements)


def _check_translations(form: Form, elements: dict[str, Element]) -> None:
    """A form that is translated should be so in all that is read: questions, help, answers."""
    for language in form.languages:
        for item in form.everything:
            element = elements[item.link_id]
            lacking = [words for words, found in _read_out(element) if language not in found]
            for words in lacking:
                named = f"{words[:60]!r} is not translated into {language}"
                element.say(Grade.UNTRANSLATED, named)


def _read_out(element: Element) -> Iterator[tuple[str, dict[str, str]]]:
    """All words of an item that people read, each with its translations."""
    quiet = replace(element, notes=Notes())
    for each, key in ((quiet, "text"), *((e, "valueString") for e in quiet.extensions(HELP))):
        if each.text(key):
            yield each.text(key), each.translations(key)
    for option in quiet.listed("answerOption"):
        if isinstance(option.values.get("valueCoding"), dict):
            coding = option.child("valueCoding")
            yield coding.text("display"), coding.translations("display")
