"""FHIRPath, as far as forms need it: is an expression sound, and what is its value."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import fhirpathpy
from fhirpathpy.models import models


class NotComputed(Exception):
    """The expression has no answer for what was given."""


@lru_cache(maxsize=2000)
def problems(text: str) -> tuple[str, ...]:
    try:
        fhirpathpy.compile(text, models["r4"])
    except Exception as why:
        return (str(why),)
    return ()


def value(
    text: str, resource: Mapping[str, object], variables: Mapping[str, object]
) -> Sequence[Any]:
    try:
        found = _compiled(text)(resource, variables)
    except Exception as why:
        raise NotComputed(str(why)) from why
    return list(found)


@lru_cache(maxsize=2000)
def _compiled(text: str) -> Any:
    return fhirpathpy.compile(text, models["r4"])
