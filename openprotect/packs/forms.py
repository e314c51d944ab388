"""A FHIR R4 Questionnaire read into pages, with every fault named at its item."""

import re
from collections.abc import Mapping
from typing import Final

from openprotect.packs.branching import impossible, read_branch
from openprotect.packs.entry import Entry
from openprotect.packs.facts import KNOWN_OF_THE_PERSON
from openprotect.packs.fhir import (
    CALLER_WORDING,
    EMERGENCY,
    HELP,
    HIDDEN,
    MAX_VALUE,
    MIN_VALUE,
    OPTION_PREFIX,
    ORDINAL,
    UNIT,
    at_link,
    extension,
    extension_text,
    lines_of_links,
    only_known_extensions,
    read_json,
)
from openprotect.packs.form_parts import read_bound, read_options, read_red_flags
from openprotect.packs.items import FREE_TEXT, KINDS, EmergencyText, Item, Kind
from openprotect.packs.problems import Reading, not_one_of
from openprotect.packs.questionnaire import Questionnaire

MOST_ITEMS: Final = 300
DEEPEST_GROUP: Final = 5
LONGEST_TEXT: Final = 500
LONGEST_HELP: Final = 1000
LONGEST_ANSWER: Final = 10_000
LINK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
TABLE_COLUMNS: Final = (
    *("rule", "kind", "urgency", "reason", "source", "note", "card", "because", "expect"),
    *(known.link_id for known in KNOWN_OF_THE_PERSON),
)
FORM_KEYS: Final = (
    "resourceType id meta url version name title status date publisher description language "
    "subjectType purpose copyright effectivePeriod approvalDate lastReviewDate contact "
    "experimental identifier code item extension modifierExtension"
)
ITEM_KEYS: Final = (
    "id linkId definition code prefix text type required maxLength answerOption enableWhen "
    "enableBehavior item extension modifierExtension"
)
ITEM_EXTENSIONS: Final = frozenset(
    (HELP, CALLER_WORDING, EMERGENCY, HIDDEN, MIN_VALUE, MAX_VALUE, UNIT, ORDINAL, OPTION_PREFIX)
)
NEVER_ASKED: Final = re.compile(
    r"\b(password|passcode|pin number|bank|sort code|card number)\b", re.I
)


def read_questionnaire(reading: Reading, file: str, text: str) -> Questionnaire | None:
    root = read_json(reading, file, text)
    if root is None:
        return None
    if root.values.get("resourceType") != "Questionnaire":
        root.refuse("resourceType", "must be Questionnaire (FHIR R4).")
        return None
    root.only(FORM_KEYS.split())
    only_known_extensions(root, frozenset((EMERGENCY,)))
    root.one_of("status", ("draft", "active", "retired", "unknown"))
    form = _Form(reading, lines_of_links(text))
    form.read_items(root, ())
    if not any(item.is_question for item in form.items):
        root.refuse("item", "asks nothing: at least one question must be shown.")
    return Questionnaire(
        url=root.text("url"),
        title=root.text("title"),
        emergency_text=_emergency_text(root),
        items=tuple(form.items),
    )


class _Form:
    """Reads items in order, so that each may look back at those before it."""

    def __init__(self, reading: Reading, lines: Mapping[str, int]) -> None:
        self.reading = reading
        self.lines = lines
        self.items: list[Item] = []
        self.by_link_id: dict[str, Item] = {}

    def read_items(self, parent: Entry, above: tuple[Item, ...]) -> None:
        for each in parent.listed("item"):
            if len(self.items) >= MOST_ITEMS:
                parent.refuse("item", f"has more than {MOST_ITEMS} items.")
                return
            self._read_item(at_link(each, self.lines), above)

    def _read_item(self, entry: Entry, above: tuple[Item, ...]) -> None:
        entry.only(ITEM_KEYS.split())
        only_known_extensions(entry, ITEM_EXTENSIONS)
        item = self._item(entry, above)
        self.items.append(item)
        self.by_link_id.setdefault(item.link_id, item)
        _check_place(entry, item, above)
        if item.kind == "group":
            self.read_items(entry, (*above, item))

    def _item(self, entry: Entry, above: tuple[Item, ...]) -> Item:
        kind = _kind(entry)
        branch = read_branch(entry, self.by_link_id, self.lines)
        inherited = above[-1].enable_when if above else ()
        flag = extension(entry, HIDDEN)
        options = read_options(entry) if kind == "choice" else ()
        item = Item(
            link_id=self._link_id(entry),
            text=entry.text("text", longest=LONGEST_TEXT),
            kind=kind,
            help=extension_text(entry, HELP, longest=LONGEST_HELP),
            caller_wording=extension_text(entry, CALLER_WORDING, longest=LONGEST_HELP),
            required=entry.flag("required"),
            is_hidden=bool(flag and flag.flag("valueBoolean")) or any(g.is_hidden for g in above),
            options=options,
            enable_when=(*inherited, branch) if branch else inherited,
            max_length=entry.whole("maxLength", 1, LONGEST_ANSWER)
            if entry.has("maxLength")
            else None,
            low=read_bound(entry, MIN_VALUE, kind),
            high=read_bound(entry, MAX_VALUE, kind),
            unit=_unit(entry),
            group=above[-1].text if above else "",
            groups=tuple(group.link_id for group in above),
            red_flags=read_red_flags(entry, kind, options),
        )
        if reason := impossible(item, self.by_link_id):
            entry.warn("enableWhen", f"can never be true, so nobody is asked: {reason}.")
        return item

    def _link_id(self, entry: Entry) -> str:
        link_id = entry.text("linkId", longest=64)
        if link_id and not LINK_ID.fullmatch(link_id):
            entry.refuse("linkId", "may hold letters, figures, dots, dashes and slashes only.")
        elif link_id in TABLE_COLUMNS:
            entry.refuse("linkId", f"{link_id!r} is the name of a column in the triage table.")
        elif link_id in self.by_link_id:
            entry.refuse("linkId", f"{link_id!r} is used twice.")
        return link_id


def _kind(entry: Entry) -> Kind:
    found = entry.text("type")
    for kind in KINDS:
        if kind == found:
            return kind
    if found:
        entry.refuse("type", not_one_of(found, KINDS))
    return "display"


def _unit(entry: Entry) -> str:
    found = extension(entry, UNIT)
    if found is None:
        return ""
    coding = found.entry("valueCoding")
    return coding.text("display" if coding.has("display") else "code", longest=20)


def _check_place(entry: Entry, item: Item, above: tuple[Item, ...]) -> None:
    if item.kind == "group" and not entry.values.get("item"):
        entry.refuse("item", "is missing: a group holds at least one question.")
    if item.kind != "group" and entry.has("item"):
        entry.refuse(
            "item", "only a group may hold others; put the follow-up after it, with enableWhen."
        )
    if len(above) >= DEEPEST_GROUP:
        entry.refuse("item", f"groups may be nested {DEEPEST_GROUP} deep at most.")
    if item.required and not item.is_question:
        entry.refuse("required", "only a question that is shown can be required.")
    if item.kind != "choice" and entry.has("answerOption"):
        entry.refuse(
            "answerOption", f"an item of type {item.kind} has no options; use type choice."
        )
    if item.max_length and item.kind not in FREE_TEXT:
        entry.refuse(
            "maxLength", "only words have a length; use minValue and maxValue for numbers."
        )
    if NEVER_ASKED.search(item.text):
        entry.warn(
            "text", "asks for what nobody should be asked by message; a second person must agree."
        )


def _emergency_text(root: Entry) -> EmergencyText:
    """The text shown before the first question: hazard H19, a form used instead of 999."""
    found = extension(root, EMERGENCY)
    if found is None:
        root.refuse("extension", f"no emergency text: add {EMERGENCY} with words that name 999.")
        return EmergencyText("999", "")
    parts = {str(each.values.get("url")): each for each in found.listed("extension")}
    text = parts["text"].text("valueString", longest=LONGEST_HELP) if "text" in parts else ""
    if "999" not in text:
        found.refuse("text", "the emergency text must tell people when to ring 999.")
    return EmergencyText("999", text)
