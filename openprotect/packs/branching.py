"""When a question is shown: FHIR enableWhen, looking only at earlier questions."""

from collections.abc import Mapping
from typing import Final

from openprotect.packs.entry import Entry
from openprotect.packs.form_parts import as_day, as_number
from openprotect.packs.items import Branch, Condition, Item, Operator, as_code
from openprotect.packs.problems import not_one_of
from openprotect.packs.stored import Value

OPERATORS: Final[tuple[Operator, ...]] = ("exists", "=", "!=", ">", "<", ">=", "<=")
ANSWER_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "choice": ("answerCoding", "answerString"),
    "boolean": ("answerBoolean",),
    "integer": ("answerInteger",),
    "decimal": ("answerDecimal", "answerInteger"),
    "date": ("answerDate",),
    "string": ("answerString",),
    "text": ("answerString",),
}
ORDERED: Final = ("integer", "decimal", "date")


def read_branch(
    entry: Entry, earlier: Mapping[str, Item], lines: Mapping[str, int]
) -> Branch | None:
    conditions = [
        condition
        for each in entry.listed("enableWhen")
        if (condition := _condition(each, entry, earlier, lines)) is not None
    ]
    behaviour = entry.one_of("enableBehavior", ("all", "any"), default="")
    if len(conditions) > 1 and not behaviour:
        entry.refuse("enableBehavior", "is missing: with several conditions say all or any.")
    return Branch(tuple(conditions), any=behaviour == "any") if conditions else None


def _condition(
    entry: Entry, item: Entry, earlier: Mapping[str, Item], lines: Mapping[str, int]
) -> Condition | None:
    question = earlier.get(entry.text("question"))
    if question is None or not question.is_question:
        _say_why_not_earlier(entry, item, earlier, lines)
        return None
    operator = _operator(entry, question)
    if operator is None:
        return None
    if operator == "exists":
        value: Value | None = entry.flag("answerBoolean", default=True)
    else:
        value = _value(entry, question)
    return None if value is None else Condition(question.link_id, operator, value)


def _say_why_not_earlier(
    entry: Entry, item: Entry, earlier: Mapping[str, Item], lines: Mapping[str, int]
) -> None:
    name = str(entry.values.get("question", ""))
    own = item.values.get("linkId")
    if name == own:
        entry.refuse("question", f"makes a circle: {own} depends on itself.")
    elif name in lines and name not in earlier:
        entry.refuse("question", f"looks forward to {name!r}; a branch may only look back.")
    elif name in earlier:
        entry.refuse("question", f"{name!r} is not a question that anybody answers.")
    elif name:
        entry.refuse("question", not_one_of(name, earlier))


def _operator(entry: Entry, question: Item) -> Operator | None:
    found = entry.one_of("operator", OPERATORS)
    if found not in ("exists", "=", "!=") and found in OPERATORS and question.kind not in ORDERED:
        entry.refuse("operator", f"{found!r} compares numbers and days, not a {question.kind}.")
        return None
    return next((each for each in OPERATORS if each == found), None)


def _value(entry: Entry, question: Item) -> Value | None:
    allowed = ANSWER_KEYS[question.kind]
    given = [key for key in entry.values if key.startswith("answer")]
    if len(given) != 1 or given[0] not in allowed:
        entry.refuse(
            "answer", f"{question.link_id!r} is a {question.kind}: use {' or '.join(allowed)}."
        )
        return None
    key = given[0]
    if key == "answerBoolean":
        return entry.flag(key)
    if key in ("answerInteger", "answerDecimal"):
        return as_number(entry, key)
    if key == "answerDate":
        return as_day(entry, key)
    return _code(entry, key, question)


def _code(entry: Entry, key: str, question: Item) -> str | None:
    code = entry.entry(key).text("code") if key == "answerCoding" else entry.text(key)
    if question.kind == "choice" and code and question.option(code) is None:
        entry.refuse(key, not_one_of(code, [option.code for option in question.options]))
        return None
    return code or None


def impossible(item: Item, earlier: Mapping[str, Item]) -> str:
    """Why this item can never be shown, as far as that is plain to see; empty when it can be."""
    for branch in item.enable_when:
        wanted: dict[str, str] = {}
        for each in branch.conditions if not branch.any else ():
            if each.operator != "=":
                continue
            code = as_code(each.value)
            if wanted.setdefault(each.question, code) != code:
                return f"{each.question} cannot be both {wanted[each.question]} and {code}"
    return ""
