"""The expressions of a form: found, checked, and said where they have no effect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from openprotect.forms.addresses import (
    ANSWERS,
    CALCULATED,
    CONSTRAINT,
    CQF,
    ENABLE,
    INITIAL,
    MAX_VALUE,
    MIN_VALUE,
    VARIABLE,
)
from openprotect.forms.element import Element
from openprotect.forms.expressions import problem
from openprotect.forms.items import Constraint, Formula, Formulas

FHIRPATH: Final = "text/fhirpath"
QUERY: Final = "application/x-fhir-query"
LITERAL: Final = re.compile(r"'(?:\\.|[^'\\])*'")
VARIABLE_NAME: Final = re.compile(r"%(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]+)`|\"([^\"]+)\")")
GIVEN: Final = frozenset(
    ("resource", "rootResource", "context", "qitem", "questionnaire", "ucum", "sct", "loinc")
)
# How much an expression must hold: what decides on questions may not fail in silence.
REFUSED_IF_BROKEN: Final = 1
REFUSED_IF_UNDEFINED: Final = 2


@dataclass
class Scope:
    """The names that an expression may use: of the form, of the items around it, of its own."""

    known: frozenset[str] = GIVEN
    empty: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    formulas: tuple[Formula, ...] = field(default=())

    def beneath(self, element: Element) -> "Scope":
        """This scope with the variables that the element defines."""
        below = Scope(self.known, self.empty, self.outside)
        found: dict[str, Formula] = {}
        for each in element.extensions(*VARIABLE):
            expression = each.child("valueExpression")
            name = expression.text("name")
            if not name:
                each.broken("a variable has no name, and is left out")
                continue
            if name in found:
                each.broken(f"the variable {name} is defined twice; the last one counts")
            formula = _formula(expression, f"the variable {name}", below, REFUSED_IF_BROKEN)
            below = _with(below, name, formula)
            if formula:
                found[name] = Formula(formula.text, name)
        below.formulas = tuple(found.values())
        return below


def _with(scope: Scope, name: str, formula: Formula | None) -> Scope:
    empty = scope.empty - {name} if formula else scope.empty | {name}
    return Scope(scope.known | {name}, empty, scope.outside - {name})


def names_in(text: str) -> Iterator[str]:
    """The variables that an expression uses, words in quotes left aside."""
    for found in VARIABLE_NAME.finditer(LITERAL.sub("''", text)):
        yield next(name for name in found.groups() if name)


def read_formulas(element: Element, scope: Scope) -> Formulas:
    """What of an item is computed; `scope` is the item's own."""
    return Formulas(
        enable=_of(element, ENABLE, "when it is shown", scope, REFUSED_IF_UNDEFINED),
        calculated=_of(element, CALCULATED, "its calculated value", scope, REFUSED_IF_BROKEN),
        initial=_of(element, INITIAL, "its initial value", scope),
        options=_of(element, ANSWERS, "its answers to choose from", scope, REFUSED_IF_BROKEN),
        text=_of(element.sibling("text"), CQF, "its text", scope),
        low=_of_bound(element, MIN_VALUE, "its least value", scope),
        high=_of_bound(element, MAX_VALUE, "its greatest value", scope),
        variables=scope.formulas,
        constraints=read_constraints(element, scope),
    )


def read_constraints(element: Element, scope: Scope) -> tuple[Constraint, ...]:
    found = []
    for each in element.extensions(*CONSTRAINT):
        parts = {part.text("url"): part for part in each.listed("extension")}
        if "expression" not in parts:
            each.broken("a constraint has no expression, and is not checked")
            continue
        severity = parts["severity"].text("valueCode") if "severity" in parts else "error"
        human = _any_text(parts.get("human"))
        key = _any_text(parts.get("key"))
        formula = _formula(parts["expression"], f"the constraint {key}".strip(), scope)
        if formula and not scope.empty.intersection(names_in(formula.text)):
            found.append(Constraint(key, formula, human or key, severity != "warning"))
    return tuple(found)


def _any_text(part: Element | None) -> str:
    return part.text(part.value_key()) if part and part.value_key() else ""


def _of(
    element: Element, urls: tuple[str, ...], what: str, scope: Scope, strictness: int = 0
) -> Formula | None:
    found = list(element.extensions(*urls))
    if not found:
        return None
    if len(found) > 1:
        element.broken(f"has {len(found)} expressions for {what}; the first is taken")
    return _formula(found[0], what, scope, strictness)


def _of_bound(element: Element, url: str, what: str, scope: Scope) -> Formula | None:
    bound = element.extension(url)
    if bound is None:
        return None
    key = bound.value_key()
    beside = bound.sibling(key) if key else bound
    inside = [bound.sibling(name[1:]) for name in bound.values if name.startswith("_value")]
    for each in (bound, beside, *inside):
        if each.extension(*CQF):
            return _of(each, CQF, what, scope)
    return _formula(bound, what, scope) if key == "valueExpression" else None


def _formula(element: Element, what: str, scope: Scope, strictness: int = 0) -> Formula | None:
    """The expression, if it can be computed here; where it cannot, the item says so."""
    text, language = _text_and_language(element)
    if language == QUERY:
        element.unsupported(f"{what} asks a server (x-fhir-query), which is not done")
        return None
    if language != FHIRPATH:
        element.unsupported(f"{what} is written in {language or 'no named language'}, not FHIRPath")
        return None
    if not text:
        element.broken(f"{what} has an empty expression")
        return None
    if wrong := problem(text):
        words = f"{what} is a broken expression, {wrong}"
        _say(element, words, is_refused=strictness >= REFUSED_IF_BROKEN)
        return None
    return Formula(text) if _is_defined(element, text, what, scope, strictness) else None


def _is_defined(element: Element, text: str, what: str, scope: Scope, strictness: int) -> bool:
    used = dict.fromkeys(names_in(text))
    if unknown := [name for name in used if not _is_known(name, scope)]:
        words = f"{what} uses %{unknown[0]}, which is not defined anywhere"
        _say(element, words, is_refused=strictness >= REFUSED_IF_UNDEFINED)
        return False
    if outside := [name for name in used if name in scope.outside]:
        element.unsupported(f"{what} uses %{outside[0]}, which whoever starts the form must give")
    if empty := [name for name in used if name in scope.empty]:
        element.unsupported(f"{what} uses %{empty[0]}, which cannot be computed here")
    return True


def _say(element: Element, words: str, *, is_refused: bool) -> None:
    if is_refused:
        element.refuse(words)
    else:
        element.broken(f"{words}; it has no effect")


def _is_known(name: str, scope: Scope) -> bool:
    return name in scope.known or name in scope.outside or name.startswith(("vs-", "ext-"))


def _text_and_language(element: Element) -> tuple[str, str]:
    """An expression stands in valueExpression; of a constraint, it may be plain words."""
    expression = element
    if element.has("valueExpression"):
        expression = element.child("valueExpression")
    elif element.has("valueString"):
        return element.text("valueString"), FHIRPATH
    return expression.text("expression"), expression.text("language")
