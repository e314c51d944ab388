"""What a questionnaire must keep to before it may be published: bad inputs N01 to N14."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from openprotect.forms.form import Form
from openprotect.forms.items import CHOICES, FREE_TEXT, Condition, Item, Option
from openprotect.forms.values import Coding, as_code
from openprotect.packs.entry import UNPRINTABLE
from openprotect.packs.facts import KNOWN_OF_THE_PERSON

MOST_ITEMS: Final = 300
DEEPEST_GROUP: Final = 5
LONGEST_TEXT: Final = 500
LONGEST_HELP: Final = 1000
LONGEST_OPTION: Final = 150
LONGEST_ANSWER: Final = 10_000
LINK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
TABLE_COLUMNS: Final = (
    *("rule", "kind", "urgency", "reason", "source", "note", "card", "because", "expect"),
    *(known.link_id for known in KNOWN_OF_THE_PERSON),
)
NEVER_ASKED: Final = re.compile(
    r"\b(password|passcode|pin number|bank|sort code|card number)\b", re.I
)


@dataclass(frozen=True)
class Fault:
    """Why a questionnaire may not be published as it is; a warning leaves it to a second person."""

    item: str
    words: str
    is_warning: bool = False


def faults_of(form: Form) -> Iterator[Fault]:
    if not form.questions:
        yield Fault("", "asks nothing: at least one question must be shown.")
    if len(form.everything) > MOST_ITEMS:
        yield Fault("", f"has more than {MOST_ITEMS} items.")
    earlier: dict[str, Item] = {}
    for item in form.everything[:MOST_ITEMS]:
        for words in (
            *_of_name(item),
            *_of_words(item),
            *_of_place(item),
            *_of_options(item),
            *_of_pages(item),
        ):
            yield Fault(item.link_id, words)
        for condition in _conditions(item):
            for words in _of_condition(condition, item, form, earlier):
                yield Fault(item.link_id, words)
        for words in _doubts(item):
            yield Fault(item.link_id, words, is_warning=True)
        earlier[item.link_id] = item


def _conditions(item: Item) -> Iterator[Condition]:
    return (each for branch in item.enable_when for each in branch.conditions)


def _of_name(item: Item) -> Iterator[str]:
    if not LINK_ID.fullmatch(item.fhir_id):
        yield "its linkId may hold letters, figures, dots, dashes and slashes only."
    if item.link_id in TABLE_COLUMNS:
        yield f"its linkId {item.link_id!r} is the name of a column in the triage table."


def _of_words(item: Item) -> Iterator[str]:
    """N09: nobody reads more on a telephone; N10: markup is shown as text, never run."""
    if not item.text:
        yield "has no text."
    for name, text, longest in (
        ("text", item.text, LONGEST_TEXT),
        ("help", item.help, LONGEST_HELP),
        ("caller wording", item.caller_wording, LONGEST_HELP),
    ):
        if len(text) > longest:
            yield f"its {name} has {len(text)} characters; at most {longest} are allowed."
        if UNPRINTABLE.search(text.replace("\n", " ")):
            yield f"its {name} holds invisible control characters; remove them."


def _of_place(item: Item) -> Iterator[str]:
    if item.kind == "group" and not item.items:
        yield "is a group, which holds at least one question."
    if len(item.groups) > DEEPEST_GROUP:
        yield f"items may be nested {DEEPEST_GROUP} deep at most."
    if item.required and item.kind == "display":
        yield "only a question that is shown can be required."
    if item.required and item.holds_answers and (item.is_hidden or item.is_read_only):
        yield "must be answered, and nobody can: it is hidden or read-only."
    if item.max_length and item.kind not in (*FREE_TEXT, "url", "open-choice"):
        yield "only words have a length; use minValue and maxValue for numbers."
    if item.max_length and item.max_length > LONGEST_ANSWER:
        yield f"maxLength may be {LONGEST_ANSWER} at most."


def _of_options(item: Item) -> Iterator[str]:
    if item.options and item.kind not in CHOICES:
        yield f"an item of type {item.kind} has no options; use type choice."
    if item.kind not in CHOICES or item.formulas.options:
        return
    if item.lacks_options:
        yield "the list of its answers is not in the pack."
    elif len(item.options) < 2:
        yield "a choice needs at least two answers."
    words = [option.display for option in item.options]
    if twice := {each for each in words if words.count(each) > 1}:
        yield f"has the display {min(twice)!r} twice."
    for option in item.options:
        yield from _of_code(option.code, option.display, has_code=_is_coded(option))


def _is_coded(option: Option) -> bool:
    return isinstance(option.value, Coding) and bool(option.value.code)


def _of_code(code: str, display: str, *, has_code: bool) -> Iterator[str]:
    if not has_code:
        yield f"the answer {display[:40]!r}: an option needs a code and a display."
    if "," in code or code in ("any", "missing"):
        yield f"the code {code!r} would be misread in the triage table."
    if len(code) > 64 or len(display) > LONGEST_OPTION:
        yield f"the answer {display[:40]!r} is too long: 64 characters of code, 150 of words."


def _of_condition(
    condition: Condition, item: Item, form: Form, earlier: Mapping[str, Item]
) -> Iterator[str]:
    """N04: what is shown depends on what was answered before, never on what is still to come."""
    question = form.item(condition.question)
    if question is None or condition.question == item.link_id:
        return  # said when it was read
    if condition.question not in earlier:
        yield f"looks forward to {condition.question!r}; a branch may only look back."
    elif question.is_hidden and not question.formulas.calculated:
        yield f"{condition.question!r} is not a question that anybody answers."


def _of_pages(item: Item) -> Iterator[str]:
    """What no page of a check-in does."""
    if item.kind == "attachment" and item.required:
        yield "asks for a file, which no page takes: it cannot be required."


def _doubts(item: Item) -> Iterator[str]:
    if NEVER_ASKED.search(item.text):
        yield "asks for what nobody should be asked by message; a second person must agree."
    if item.kind == "group" and item.is_repeated:
        yield "repeats as a group: on the phone it is asked once."
    if reason := _impossible(item):
        yield f"its conditions can never be true, so nobody is asked: {reason}."


def _impossible(item: Item) -> str:
    """N05: why it can never be shown, as far as that is plain to see; empty when it can be."""
    wanted: dict[str, str] = {}
    for branch in item.enable_when:
        for each in branch.conditions if not branch.any else ():
            code = as_code(each.value)
            if each.operator == "=" and wanted.setdefault(each.question, code) != code:
                return f"{each.question} cannot be both {wanted[each.question]} and {code}"
    return ""
