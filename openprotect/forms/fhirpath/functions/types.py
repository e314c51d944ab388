"""Functions about types: is, as, ofType, type."""

from openprotect.forms.fhirpath import model
from openprotect.forms.fhirpath.evaluation import Calling, Items, single
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Element, Item, kind_of
from openprotect.forms.fhirpath.tree import type_name


def _wanted(call: Calling) -> str:
    return type_name(call.arguments[0]) or ""


def _is(call: Calling) -> Items:
    item = single(call.input, "the input of is()")
    return [] if item is None else [model.matches(kind_of(item), _wanted(call))]


def _as(call: Calling) -> Items:
    item = single(call.input, "the input of as()")
    return [item] if item is not None and model.exactly(kind_of(item), _wanted(call)) else []


def _of_type(call: Calling) -> Items:
    return [item for item in call.input if model.exactly(kind_of(item), _wanted(call))]


def _type(item: Item) -> Element:
    space, _, name = kind_of(item).rpartition(".")
    return Element({"namespace": space, "name": name}, "System.TypeInfo", "")


FUNCTIONS = {
    "is": Known(_is, 1, 1),
    "as": Known(_as, 1, 1),
    "ofType": Known(_of_type, 1, 1),
    "type": Known(lambda call: [_type(item) for item in call.input]),
}
