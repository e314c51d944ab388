"""One item of a questionnaire, and the items beneath it."""

import difflib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal

from openprotect.forms.addresses import CALLER_WORDING, CONTROL, FORMAT, HELP, HIDDEN, OPEN_LABEL
from openprotect.forms.comparing import is_above
from openprotect.forms.element import Element
from openprotect.forms.fhir_values import value_of
from openprotect.forms.items import CHOICES, KINDS, Item, Kind, Option
from openprotect.forms.read_branches import read_branch
from openprotect.forms.read_effects import say_what_has_no_effect
from openprotect.forms.read_emergencies import read_red_flags
from openprotect.forms.read_formulas import Scope, read_formulas
from openprotect.forms.read_limits import read_bound, read_limits, read_units
from openprotect.forms.read_options import read_options
from openprotect.forms.value_sets import Library
from openprotect.forms.values import Coding, NotUnderstood, Value

MOST_ITEMS: Final = 2000
DEEPEST: Final = 25
LONGEST_LINK_ID: Final = 300
# Codes of itemControl that make an item part of another's wording instead of an item to show.
HELPS: Final = frozenset(("help", "flyover", "footer", "legal", "prompt"))
BESIDE: Final = frozenset(("unit", "lower", "upper"))


@dataclass
class ItemReader:
    """Reads items in order; `elements` keeps where each of them stands.

    `empty`: variables that are defined and cannot be computed here.
    """

    library: Library
    elements: dict[str, Element] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    empty: frozenset[str] = frozenset()

    def read(self, parent: Element, scope: Scope, above: tuple[Item, ...] = ()) -> tuple[Item, ...]:
        found = []
        for each in parent.listed("item"):
            if len(self.elements) >= MOST_ITEMS:
                parent.refuse(f"has more than {MOST_ITEMS} items")
                break
            found.append(self._item(each, scope, above))
        return tuple(found)

    def _item(self, element: Element, outer: Scope, above: tuple[Item, ...]) -> Item:
        written = self._written_id(element)
        link_id = self._own(element.about(written), written)
        element = element.about(link_id)
        self.elements[link_id] = element
        scope = outer.beneath(element)
        self.empty |= scope.empty
        item = self._alone(element, scope, link_id, above)
        if written != link_id:
            item = replace(item, written_id=written)
        say_what_has_no_effect(element, item)
        if item.low is not None and item.high is not None and is_above(item.low, item.high):
            element.broken("its least value is above its greatest; no answer can keep to both")
        return self._with_children(element, item, scope, above)

    def _alone(self, element: Element, scope: Scope, link_id: str, above: tuple[Item, ...]) -> Item:
        """The item without what is beneath it."""
        kind = _kind(element)
        formulas = read_formulas(element, scope)
        options, lacks = read_options(
            element, kind, self.library, is_computed=formulas.options is not None
        )
        units = read_units(element, self.library)
        repeats = element.flag("repeats") and kind != "display"
        return Item(
            link_id=link_id,
            text=element.words("text"),
            kind=kind,
            help=_help(element),
            caller_wording=_extension_words(element, CALLER_WORDING),
            required=element.flag("required"),
            is_hidden=_hidden(element) or any(each.is_hidden for each in above),
            options=options,
            enable_when=read_branch(element),
            max_length=_max_length(element, kind),
            low=read_bound(element, kind, is_least=True),
            high=read_bound(element, kind, is_least=False),
            unit=units[0].display or units[0].code if units else "",
            group=above[-1].text if above else "",
            groups=tuple(each.link_id for each in above),
            red_flags=read_red_flags(element, kind, options),
            prefix=element.words("prefix"),
            is_repeated=repeats,
            is_plural=repeats or any(each.is_repeated for each in above),
            is_read_only=element.flag("readOnly"),
            lacks_options=lacks,
            control=_control(element),
            format=_extension_words(element, FORMAT),
            open_label=_extension_words(element, OPEN_LABEL),
            units=units,
            initial=_initial(element, kind, options),
            limits=read_limits(element),
            formulas=formulas,
        )

    def _with_children(
        self, element: Element, item: Item, scope: Scope, above: tuple[Item, ...]
    ) -> Item:
        if len(above) >= DEEPEST:
            element.refuse(f"items are nested more than {DEEPEST} deep")
            return item
        children = self.read(element, scope, (*above, item))
        wording = [each for each in children if _is_wording(each, item)]
        for each in wording:
            self.elements.pop(each.link_id, None)
        helps = [item.help, *(each.text for each in wording if each.control in HELPS)]
        units = [item.unit, *(each.text for each in wording if each.control == "unit")]
        item = replace(
            item,
            items=tuple(each for each in children if not _is_wording(each, item)),
            help="\n".join(filter(None, helps)),
            unit=next(filter(None, units), ""),
        )
        if item.kind == "display" and item.items:
            element.broken("is a display with items beneath it; taken as a group")
            item = replace(item, kind="group")
        if item.kind == "group" and not item.items:
            element.broken("is a group with nothing in it")
        return item

    def _written_id(self, element: Element) -> str:
        written = element.text("linkId")
        if not written:
            invented = element.where.replace("item[", "item-").replace("].", ".").rstrip("]")
            element.broken(f"has no linkId; it is called {invented} here")
            return invented
        if len(written) > LONGEST_LINK_ID:
            element.refuse(f"its linkId has more than {LONGEST_LINK_ID} characters")
        return written[:LONGEST_LINK_ID]

    def _own(self, element: Element, written: str) -> str:
        """The linkId, or one made from it where another item has it already."""
        link_id, number = written, 2
        while link_id in self.written:
            link_id, number = f"{written}~{number}", number + 1
        if link_id != written:
            element.broken(f"has the linkId of an item before it; it is called {link_id} here")
        self.written.add(link_id)
        return link_id


def _kind(element: Element) -> Kind:
    found = element.text("type")
    for kind in KINDS:
        if kind == found:
            return kind
    if found == "coding":
        element.broken("the type coding is of FHIR R5; taken as choice")
        is_open = element.text("answerConstraint") in ("optionsOrString", "optionsOrType")
        return "open-choice" if is_open else "choice"
    if found == "question":
        element.broken("the type question is abstract and holds no answer; taken as a heading")
        return "group" if element.has("item") else "display"
    if found:
        close = difflib.get_close_matches(found, KINDS, n=1)
        meant = f". Did you mean {close[0]!r}?" if close else ""
        element.refuse(f"its type {found[:40]!r} is not one that FHIR R4 knows{meant}")
    else:
        element.refuse("has no type")
    return "display"


def _control(element: Element) -> str:
    """The first code of itemControl, whatever its system; its words where it has no code."""
    found = element.extension(CONTROL)
    if found is None:
        return ""
    concept = found.child("valueCodeableConcept")
    codes = [each.text("code") for each in concept.listed("coding")]
    if not codes and found.has("valueCoding"):
        codes = [found.child("valueCoding").text("code")]
    return next((code for code in codes if code), concept.text("text"))


def _is_wording(item: Item, parent: Item) -> bool:
    return item.kind == "display" and (
        item.control in HELPS or (item.control in BESIDE and parent.holds_answers)
    )


def _help(element: Element) -> str:
    return _extension_words(element, HELP)


def _extension_words(element: Element, url: str) -> str:
    found = element.extension(url)
    return found.words(found.value_key() or "valueString") if found else ""


def _hidden(element: Element) -> bool:
    found = element.extension(HIDDEN)
    return found is not None and found.flag("valueBoolean")


def _max_length(element: Element, kind: str) -> int | None:
    found = element.whole("maxLength")
    if found is None:
        return None
    if found < 1 or found > 1_000_000:
        element.broken(f"maxLength is {found}, and is left out")
        return None
    return found


def _initial(element: Element, kind: str, options: tuple[Option, ...]) -> tuple[Value, ...]:
    found = [each.value for each in options if each.is_initial]
    for each in element.listed("initial"):
        key = each.value_key()
        found += _one_initial(each, key, each.values.get(key))
    for key in [
        name for name in element.values if name.startswith("initial") and name != "initial"
    ]:
        if name_of_type := key.removeprefix("initial"):
            element.broken(f"{key} is of FHIR STU3; taken as initial")
            found += _one_initial(element, f"value{name_of_type}", element.values[key])
    return tuple(value for value in found if _suits(element, value, kind, options))


def _one_initial(element: Element, key: str, raw: object) -> list[Value]:
    try:
        return [value_of(key, raw)]
    except NotUnderstood:
        element.broken("an initial value cannot be read, and is left out")
        return []


FITTING: Final[dict[str, Literal["number", "words"]]] = {
    "integer": "number",
    "decimal": "number",
    "string": "words",
    "text": "words",
    "url": "words",
}


def _suits(element: Element, value: Value, kind: str, options: tuple[Option, ...]) -> bool:
    wanted = FITTING.get(kind)
    is_number = isinstance(value, Decimal)
    is_words = isinstance(value, str) and not isinstance(value, bool)
    suits = (
        (wanted != "number" or is_number)
        and (wanted != "words" or is_words)
        and (kind not in CHOICES or not options or isinstance(value, Coding) or not is_number)
        and (kind != "boolean" or isinstance(value, bool))
    )
    if not suits:
        element.broken(f"an initial value is not a {kind}, and is left out")
    return suits
