"""What a form computes of its own answers: values, texts, and which items are shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from openprotect.forms import expressions
from openprotect.forms.expressions import NotComputed
from openprotect.forms.fhir_values import TYPES, value_of
from openprotect.forms.form import Form
from openprotect.forms.items import CHOICES, Formula, Item, Option
from openprotect.forms.places import Place
from openprotect.forms.read_formulas import names_in
from openprotect.forms.responses import Draft, draft
from openprotect.forms.state import Computed, Settling, State, Stored
from openprotect.forms.values import Coding, NotUnderstood, Quantity, Value, as_code, kept

ROUNDS: Final = 8


@dataclass(frozen=True)
class Known:
    """What whoever starts a form knows: variables such as `patient`, as FHIR, and the moment."""

    given: Mapping[str, object] = field(default_factory=dict)
    at: datetime | None = None


NOTHING_KNOWN: Final = Known()


def settled(form: Form, answers: Stored, known: Known = NOTHING_KNOWN) -> State:
    """The form as it stands with these answers."""
    settling = Settling(form, answers)
    if not form.looks_back_only:
        settling.suppose_all_given()
    state = settling.settle()
    if form.looks_back_only and not form.computes:
        return state
    for _ in range(ROUNDS):
        if form.computes:
            settling.computed = _computed(form, state, settling, known)
        following = settling.settle()
        if following.is_as(state):
            break
        state = following
    return state


def _computed(form: Form, state: State, settling: Settling, known: Known) -> Computed:
    reckoning = Reckoning(form, draft(form, state), known)
    found = Computed()
    for item, place in settling.considered:
        formulas = item.formulas
        if formulas.enable:
            found.enabled[place] = reckoning.is_true(formulas.enable, item, place)
        if formulas.calculated:
            found.values[place] = reckoning.values(formulas.calculated, item, place)
        elif formulas.initial and (item.is_hidden or item.is_read_only):
            found.values[place] = reckoning.values(formulas.initial, item, place)
        if formulas.text:
            found.texts[place] = reckoning.words(formulas.text, item, place)
    return found


def proposed(form: Form, state: State, key: str, known: Known = NOTHING_KNOWN) -> tuple[Value, ...]:
    """What a question's page holds before anybody answered: its initial value."""
    shown = state.at(key)
    if shown is None or shown.values:
        return shown.values if shown else ()
    item = shown.item
    found: tuple[Value, ...] = item.initial
    if item.formulas.initial:
        reckoning = Reckoning(form, draft(form, state), known)
        found = reckoning.values(item.formulas.initial, item, shown.place) or found
    return found if item.is_repeated else found[:1]


def as_asked(form: Form, state: State, key: str, known: Known = NOTHING_KNOWN) -> Item | None:
    """The item of a place as it is asked there: its text, answers and bounds as computed."""
    shown = state.at(key)
    if shown is None:
        return None
    item, formulas = shown.item, shown.item.formulas
    computed = (formulas.options, formulas.low, formulas.high)
    if not any(computed):
        return replace(item, text=shown.text) if shown.computed_text else item
    reckoning = Reckoning(form, draft(form, state), known)
    found = [reckoning.values(each, item, shown.place) if each else () for each in computed]
    return replace(
        item,
        text=shown.text,
        options=tuple(option_for(value) for value in found[0]) or item.options,
        lacks_options=item.lacks_options and not found[0],
        low=next(iter(found[1]), item.low),
        high=next(iter(found[2]), item.high),
    )


def option_for(value: Value) -> Option:
    """A value that a formula gave, as an answer to choose."""
    if isinstance(value, Coding) and value.code:
        return Option(value.code, value.display or value.code, system=value.system)
    words = str(as_code(value)) if not isinstance(value, Quantity) else str(kept(value))
    return Option(words, words, other=value)


@dataclass
class Reckoning:
    """Works out formulas over one draft. A variable is worked out once for each place."""

    form: Form
    draft: Draft
    known: Known
    held: dict[tuple[str, Place | None], object] = field(default_factory=dict)

    def is_true(self, formula: Formula, item: Item, place: Place) -> bool:
        """One whose condition cannot be computed is shown: no question is lost by a fault."""
        try:
            found = self._value(formula.text, item, place)
        except NotComputed:
            return True
        return len(found) == 1 and found[0] is True

    def holds(self, formula: Formula, item: Item | None, place: Place | None) -> bool | None:
        """Whether a constraint is kept; None when it cannot be told."""
        try:
            found = self._value(formula.text, item, place)
        except NotComputed:
            return None
        return bool(found[0]) if len(found) == 1 and isinstance(found[0], bool) else None

    def words(self, formula: Formula, item: Item, place: Place) -> str:
        try:
            found = self._value(formula.text, item, place)
        except NotComputed:
            return ""
        return str(found[0]) if len(found) == 1 else ""

    def values(self, formula: Formula, item: Item, place: Place) -> tuple[Value, ...]:
        try:
            found = self._value(formula.text, item, place)
        except NotComputed:
            return ()
        return tuple(value for each in found if (value := as_answer(each, item)) is not None)

    def _value(self, text: str, item: Item | None, place: Place | None) -> Sequence[object]:
        return expressions.value(text, *self._around(text, item, place))

    def _around(
        self, text: str, item: Item | None, place: Place | None, *, within: str = ""
    ) -> tuple[Mapping[str, object], Mapping[str, object], dict[str, object], datetime | None]:
        """The resource, the part that an expression stands on, its variables, the moment.

        `within`: the variable whose formula it is; in it, the name is that of one further out.
        """
        node = self._node(item, place)
        variables: dict[str, object] = {"questionnaire": self.form.resource, "context": node}
        if item:
            variables["qitem"] = self.form.written.get(item.fhir_id, {})
        for name in names_in(text):
            if name not in variables and name not in ("resource", "rootResource"):
                inner = item if name != within or item is None else self._outer(item)
                if name != within or item is not None:
                    variables |= self._variable(name, inner, place)
        return self.draft.resource, node, variables, self.known.at

    def _node(self, item: Item | None, place: Place | None) -> Mapping[str, object]:
        if item is None or place is None:
            return self.draft.resource
        return self.draft.nodes.get(place) or {"linkId": item.fhir_id}

    def _variable(self, name: str, item: Item | None, place: Place | None) -> dict[str, object]:
        """A variable of the item, or of the nearest thing around it that defines one so called."""
        owner, formula = self._definition(name, item)
        if formula is None:
            outside = name in self.form.outside or name in self.known.given
            return {name: self.known.given.get(name, [])} if outside else {}
        where = Place(owner.link_id, self._turns(owner, place)) if owner and place else None
        held = (name, where)
        if held not in self.held:
            self.held[held] = []  # one that leads back to itself is empty
            around = self._around(formula.text, owner, where, within=name)
            self.held[held] = expressions.items(formula.text, *around)
        return {name: self.held[held]}

    def _outer(self, item: Item) -> Item | None:
        return self.form.parents.get(item.link_id)

    def _turns(self, owner: Item, place: Place) -> tuple[int, ...]:
        depth = self.form.depth(owner.link_id)
        if owner.kind == "group" and owner.is_repeated:
            depth += 1
        return place.turns[:depth]

    def _definition(self, name: str, item: Item | None) -> tuple[Item | None, Formula | None]:
        owner = item
        while owner:
            if found := _called(name, owner.formulas.variables):
                return owner, found
            owner = self.form.parents.get(owner.link_id)
        return None, _called(name, self.form.variables)


def _called(name: str, formulas: tuple[Formula, ...]) -> Formula | None:
    return next((each for each in reversed(formulas) if each.name == name), None)


def as_answer(found: object, item: Item) -> Value | None:
    """What a formula gave, as an answer to the item; None when it is none."""
    try:
        return _answer(found, item)
    except NotUnderstood:
        return None


def _answer(found: object, item: Item) -> Value | None:
    if isinstance(found, dict):
        return _from_parts(found, item)
    if isinstance(found, bool):
        return found if item.kind == "boolean" else None
    if isinstance(found, int | float | Decimal):
        return _from_number(Decimal(str(found)), item)
    if isinstance(found, date | datetime | time):
        found = found.isoformat()
    return _from_words(str(found), item)


def _from_number(number: Decimal, item: Item) -> Value | None:
    if not number.is_finite():
        return None
    if item.kind == "quantity":
        unit = item.units[0] if item.units else Coding()
        return Quantity(number, unit.display or unit.code, unit.code, unit.system)
    if item.kind == "integer":
        return number if number == number.to_integral_value() else None
    if item.kind == "decimal":
        return number
    return f"{number.normalize():f}" if item.is_free_text else None


def _from_parts(found: Mapping[str, object], item: Item) -> Value | None:
    wanted = TYPES.get(item.kind, ("String",))[0]
    if item.kind in CHOICES or wanted == "String":
        wanted = "CodeableConcept" if "coding" in found else "Coding"
    value = value_of(f"value{wanted}", found)
    if item.is_free_text and isinstance(value, Coding):
        return value.display or value.code
    option = item.option_of(value) if item.options else None
    return option.value if option else value


def _from_words(text: str, item: Item) -> Value | None:
    text = re.sub(r"^@T?", "", text)
    if item.kind in CHOICES:
        option = next((each for each in item.options if text in (each.code, each.display)), None)
        own = text if item.kind == "open-choice" else Coding(display=text)
        return option.value if option else (own if item.takes_own_words else None)
    if item.kind in ("integer", "decimal", "quantity", "boolean"):
        return None
    return value_of(f"value{TYPES[item.kind][0]}", text) if item.kind in TYPES else None
