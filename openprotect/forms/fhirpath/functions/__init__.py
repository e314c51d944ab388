"""Every function that an expression may call, with how many arguments it takes."""

from openprotect.forms.fhirpath.functions import (
    collections,
    conversion,
    fhir,
    filtering,
    maths,
    moments,
    scoring,
    strings,
    types,
)
from openprotect.forms.fhirpath.functions.registry import Known

FUNCTIONS: dict[str, Known] = {
    **collections.FUNCTIONS,
    **conversion.FUNCTIONS,
    **fhir.FUNCTIONS,
    **filtering.FUNCTIONS,
    **maths.FUNCTIONS,
    **moments.FUNCTIONS,
    **scoring.FUNCTIONS,
    **strings.FUNCTIONS,
    **types.FUNCTIONS,
}
# Functions of the standards that need a terminology server, a profile or the web.
NOT_HERE = {
    "memberOf": "it needs a terminology server",
    "subsumes": "it needs a terminology server",
    "subsumedBy": "it needs a terminology server",
    "elementDefinition": "it needs profiles",
    "slice": "it needs profiles",
    "checkModifiers": "it needs profiles",
    "htmlChecks": "forms show no markup",
}
