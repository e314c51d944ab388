"""Functions that FHIR adds: extensions, values of primitives, references within a document."""

from openprotect.forms.fhirpath import model
from openprotect.forms.fhirpath.errors import CannotEvaluate
from openprotect.forms.fhirpath.evaluation import Calling, Items
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import Element, Item, element, member, plain

PROFILES = "http://hl7.org/fhir/StructureDefinition/"


def _extension(call: Calling) -> Items:
    url = call.text(0)
    found: Items = []
    for item in call.input:
        for each in member(item, "extension"):
            if isinstance(each.value, dict) and url is not None and each.value.get("url") == url:
                found.append(each)
    return found


def _value(item: Item) -> Item | None:
    value = plain(item)
    return None if isinstance(value, Element) else value


def _has_value(call: Calling) -> Items:
    return [len(call.input) == 1 and _value(call.input[0]) is not None]


def _get_value(call: Calling) -> Items:
    value = _value(call.input[0]) if len(call.input) == 1 else None
    return [] if value is None else [value]


def _conforms_to(call: Calling) -> Items:
    url, item = call.text(0), call.value()
    if url is None or item is None:
        return []
    kind = url.removeprefix(PROFILES)
    if not url.startswith(PROFILES) or not model.is_type(kind):
        raise CannotEvaluate(f"no profile {url} is known here")
    return [isinstance(item, Element) and kind in model.lineage(item.kind)]


def _resolve(call: Calling) -> Items:
    """What references name, where it stands in the same document."""
    roots = call.scope.world.variables.get("rootResource", ())
    found: Items = []
    for item in call.input:
        wanted = _reference(item)
        for root in roots:
            found.extend(_within(root, wanted))
    return found


def _reference(item: Item) -> str:
    value = item.value.get("reference") if isinstance(item, Element) and item.is_complex else item
    value = plain(value) if isinstance(value, Element) else value
    return value if isinstance(value, str) else ""


def _within(root: Item, wanted: str) -> Items:
    if wanted.startswith("#"):
        candidates = [*member(root, "contained")]
        return [each for each in candidates if each.value.get("id") == wanted[1:]]
    found: Items = []
    for entry in member(root, "entry"):
        resource = entry.value.get("resource") or {}
        names = {entry.value.get("fullUrl"), f"{resource.get('resourceType')}/{resource.get('id')}"}
        if wanted in names:
            found.append(element(resource))
    return found


FUNCTIONS = {
    "extension": Known(_extension, 1, 1),
    "hasValue": Known(_has_value),
    "getValue": Known(_get_value),
    "conformsTo": Known(_conforms_to, 1, 1),
    "resolve": Known(_resolve),
}
