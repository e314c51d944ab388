"""What of an item has no effect here, each thing said once and with its item."""

from typing import Final

from openprotect.forms.addresses import (
    ABOUT_THE_FORM,
    DRAWN_PLAINLY,
    NOT_DONE,
    READ_OF_FORMS,
    READ_OF_ITEMS,
)
from openprotect.forms.element import Element
from openprotect.forms.items import TABLES, Item
from openprotect.forms.notes import Grade

_OF_FORMS: Final = (
    "resourceType id meta implicitRules language text contained extension modifierExtension url "
    "identifier version name title derivedFrom status experimental subjectType date publisher "
    "contact description useContext jurisdiction purpose copyright approvalDate lastReviewDate "
    "effectivePeriod code item"
)
_OF_ITEMS: Final = (
    "id extension modifierExtension linkId definition code prefix text type enableWhen "
    "enableBehavior required repeats readOnly maxLength answerValueSet answerOption initial item "
    "option options answerConstraint disabledDisplay"
)
FORM_KEYS: Final = frozenset(_OF_FORMS.split())
ITEM_KEYS: Final = frozenset(_OF_ITEMS.split())
CONTROLS: Final = frozenset(
    (
        *("radio-button", "check-box", "drop-down", "text-box", "text-area", "list", "page"),
        *("group", "help", "flyover", "footer", "legal", "prompt", "inline", "unit", "lower"),
        *("upper", "content", "spinner", *TABLES),
    )
)
PLAINER: Final = {
    "slider": "a number is typed, not slid to",
    "autocomplete": "answers are chosen from the whole list",
    "lookup": "answers are chosen from the whole list",
    "tab": "its parts follow each other instead of standing on tabs",
    "tab-container": "its parts follow each other instead of standing on tabs",
    "header": "stands where it is in the form, not at the head of each page",
}


def say_what_has_no_effect(element: Element, item: Item) -> None:
    _say_extensions(element, READ_OF_ITEMS)
    for name in (each for each in element.values if each.startswith("_")):
        _say_extensions(element.sibling(name[1:]), READ_OF_ITEMS)
    for option in element.listed("answerOption"):
        for name in (each for each in option.values if each.startswith("_")):
            _say_extensions(option.sibling(name[1:]), READ_OF_ITEMS)
    _say_strange_keys(element, ITEM_KEYS)
    if element.has("modifierExtension"):
        element.refuse("has a modifierExtension, which may change its meaning")
    if item.control and item.control not in CONTROLS:
        words = PLAINER.get(item.control, f"itemControl {item.control[:40]} is not drawn")
        element.say(Grade.SHOWN_OTHERWISE, words)
    _say_what_cannot_be_answered(element, item)


def _say_what_cannot_be_answered(element: Element, item: Item) -> None:
    if item.control == "page" or not item.holds_answers:
        return
    is_filled = bool(item.initial or item.formulas.initial or item.formulas.calculated)
    if item.required and not is_filled and (item.is_hidden or item.is_read_only):
        element.unsupported("must be answered, but nobody can: it is hidden or read-only")
    if item.limits.least_answers > 1 and not item.is_repeated:
        element.broken("asks for several answers (minOccurs) but does not repeat; one is enough")
    if item.limits.most_answers and item.limits.most_answers > 1 and not item.is_repeated:
        element.broken("allows several answers (maxOccurs) but does not repeat; one is taken")


def say_what_has_no_effect_on_the_form(root: Element) -> None:
    _say_extensions(root, READ_OF_FORMS)
    _say_strange_keys(root, FORM_KEYS)


def _say_strange_keys(element: Element, known: frozenset[str]) -> None:
    for key in element.values:
        if not (key in known or key.startswith(("_", "initial"))):
            element.broken(f"{key[:60]!r} is not an element that FHIR R4 knows; it has no effect")


def _say_extensions(element: Element, read: frozenset[str]) -> None:
    for each in element.listed("extension"):
        url = str(each.values.get("url", ""))
        if url not in read and url != "http://hl7.org/fhir/StructureDefinition/translation":
            _say_extension(element, url)


def _say_extension(element: Element, url: str) -> None:
    name = url.rsplit("/", 1)[-1]
    if url in DRAWN_PLAINLY:
        element.say(Grade.SHOWN_OTHERWISE, DRAWN_PLAINLY[url])
        return
    for part, words in NOT_DONE.items():
        if part in name:
            element.unsupported(words)
            return
    if any(part in name for part in ABOUT_THE_FORM):
        element.say(Grade.REMARK, f"{name} says something about the form, not to who answers it")
    elif not url:
        element.broken("an extension has no address, and has no effect")
    else:
        element.unsupported(f"the extension {url[:120]} is not understood here and has no effect")
