"""What was typed or chosen in a field, as a form reads it: one entry for each answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from openprotect.forms.typed_in import NotAnAnswer, Raw
from openprotect.web.design.days import BOXES
from openprotect.web.design.entries import OWN, InParts
from openprotect.web.design.fields import Choices, Day

BOTH = "Choose one of the answers, or write your own. Not both."


def gathered(field: forms.Field, given: Mapping[str, Any], name: str) -> list[Raw]:
    """The answers as they came; what cannot be told apart is asked again."""
    own = str(given.get(f"{name}_other", "")).strip()
    if isinstance(field, Choices):
        chosen = _all(given, name)
        return [*(each for each in chosen if each != OWN), *_own(own, OWN in chosen)]
    if isinstance(field, Day):
        return [{box: str(given.get(f"{name}_{box}", "")) for box in BOXES}]
    if isinstance(field, InParts):
        named = {each: f"{name}_{each}" for each in field.parts if each != "answer"}
        typed = {each: str(given.get(full, "")) for each, full in named.items()}
        return [{"answer": str(given.get(name, "")), **typed}]
    chosen_one = str(given.get(name, ""))
    if own and chosen_one not in ("", OWN):
        raise NotAnAnswer(BOTH)
    return _own(own, chosen_one == OWN) or [chosen_one]


def _all(given: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(given, "getlist"):
        return [str(each) for each in given.getlist(name)]
    found = given.get(name, [])
    return [str(each) for each in found] if isinstance(found, list) else [str(found)]


def _own(words: str, is_chosen: bool) -> list[Raw]:
    if is_chosen and not words:
        raise NotAnAnswer("Write your answer in the box.")
    return [{"answer": "", "other": words}] if words else []
