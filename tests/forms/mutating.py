"""Forms spoilt on purpose, as files go wrong in the world: bytes, parts and shape."""

import json
import random
from copy import deepcopy
from decimal import Decimal

from openprotect.forms.checking import found_in, verdict_on
from openprotect.forms.reading import read_form
from openprotect.forms.responses import to_fhir
from openprotect.forms.validating import verdict_of
from openprotect.forms.value_sets import Library
from openprotect.forms.walker import NOON, walk_through

KINDS = ("supported fully", "supported but", "refused")
ODD = [
    None, True, 0, -1, 10**18, 1.5, "", " ", "x", "a" * 5000, [], {}, [None], [[]], {"a": 1},
    ["x"], [{}], "2020-02-30", "24:00:00", "%x", "#", "1e5", {"url": "x"}, "\u202e", "http://[",
    "%resource.item.where(", "iif(", "9" * 400, -0.0, [None, {"item": None}],
]  # fmt: skip
TYPES = [
    "choice", "open-choice", "coding", "question", "group", "display", "boolean", "decimal",
    "integer", "date", "dateTime", "time", "string", "text", "url", "reference", "quantity",
    "attachment", "instant", "Group", "", "banana", 7,
]  # fmt: skip
FORMULAS = [
    "%resource.descendants().where(linkId='x').answer.value", "1/0", "today() + 1 'year'",
    "iif(true, %a, %a)", "(" * 60 + "1" + ")" * 60, "item.answer.value.sum() * 'x'", "%x.%y",
    "%resource.repeat(item).count()", "'a'.matches('(a+)+$')", "",
]  # fmt: skip
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def places(value, here=()):
    yield here
    children = value.items() if isinstance(value, dict) else ()
    for key, child in enumerate(value) if isinstance(value, list) else children:
        yield from places(child, (*here, key))


def items_of(form):
    waiting, found = [form], []
    while waiting:
        at = waiting.pop()
        listed = at.get("item") if isinstance(at, dict) else None
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                found.append(each)
                waiting.append(each)
    return found


def replaced(form, dice):
    """Any part taken away, or put in place of by something odd."""
    everywhere = [each for each in places(form) if each]
    place = dice.choice(everywhere)
    around = form
    for key in place[:-1]:
        around = around[key]
    if dice.random() < 0.5:
        del around[place[-1]]
    else:
        around[place[-1]] = deepcopy(dice.choice(ODD))


def of_items(change):
    def spoil(form, dice):
        items = items_of(form)
        if items:
            change(items, dice)

    spoil.__name__ = change.__name__
    return spoil


@of_items
def without_id(items, dice):
    dice.choice(items).pop("linkId", None)


@of_items
def same_ids(items, dice):
    one = dice.choice(items).get("linkId")
    for each in items[: dice.randint(1, 5)]:
        each["linkId"] = one


@of_items
def other_type(items, dice):
    for each in items[: dice.randint(1, 4)]:
        each["type"] = dice.choice(TYPES)


@of_items
def in_circles(items, dice):
    for each in items[: dice.randint(1, 6)]:
        other = dice.choice(items).get("linkId", "x")
        each["enableWhen"] = [
            {"question": other, "operator": dice.choice(["=", "exists", "!=", ">", "in", None]),
             "answerBoolean": True}
        ]  # fmt: skip


@of_items
def with_formulas(items, dice):
    for each in items[: dice.randint(1, 4)]:
        name = dice.choice(["calculatedExpression", "enableWhenExpression", "initialExpression",
                            "answerExpression", "maxValue"])  # fmt: skip
        formula = {"language": "text/fhirpath", "expression": dice.choice(FORMULAS)}
        each.setdefault("extension", [])
        if isinstance(each["extension"], list):
            each["extension"].append({"url": SDC + name, "valueExpression": formula})


@of_items
def as_in_stu3(items, dice):
    for each in items:
        if "answerOption" in each:
            each["option"] = each.pop("answerOption")
        if each.get("enableWhen"):
            each["enableWhen"] = [{"question": "x", "hasAnswer": True, "operator": "exists"}]


@of_items
def as_in_r5(items, dice):
    for each in items:
        if each.get("type") == "choice":
            each["type"] = "coding"
            each["answerConstraint"] = dice.choice(["optionsOnly", "optionsOrString", 3])
        each["disabledDisplay"] = "hidden"


@of_items
def nested_deep(items, dice):
    inner = {"linkId": "deepest", "type": "string", "text": "?"}
    for number in range(dice.choice([6, 30, 119, 200])):
        inner = {"linkId": f"n{number}", "type": "group", "repeats": True, "item": [inner]}
    dice.choice(items)["item"] = [inner]


@of_items
def huge(items, dice):
    at = dice.choice(items)
    at["answerOption"] = [
        {"valueCoding": {"code": f"c{n}", "display": "w" * 50}} for n in range(3000)
    ]
    at["type"] = "choice"


@of_items
def odd_limits(items, dice):
    for each in items[: dice.randint(1, 5)]:
        each["maxLength"] = dice.choice([-1, 0, "x", 10**20, 1.5])
        each["initial"] = [{"valueInteger": "x"}, {"valueCoding": []}, {}]
        each["required"] = dice.choice(["yes", 1, None])
        each["repeats"] = True


SPOILS = [
    replaced, replaced, replaced, without_id, same_ids, other_type, in_circles, with_formulas,
    as_in_stu3, as_in_r5, nested_deep, huge, odd_limits,
]  # fmt: skip


def spoilt_bytes(content, dice):
    """The same file as some editor, or some network, leaves it."""
    text = content.decode("utf-8", "replace")
    cut = dice.randrange(max(1, len(content)))
    return dice.choice(
        [
            b"\xef\xbb\xbf" + content,
            text.encode("utf-16"),
            text.encode("utf-16-le"),
            text.encode("utf-32"),
            text.encode("latin-1", "replace"),
            content[:cut],
            content[:cut] + b"\x00\xff" + content[cut:],
            content.replace(b"true", b"NaN", 1).replace(b'"text"', b'"text": Infinity, "x"', 1),
            content + content,
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b"<Questionnaire xmlns='http://hl7.org/fhir'>" + b"<item>" * 500,
            b"<!DOCTYPE q [<!ENTITY a 'aaaa'>]><Questionnaire>&a;</Questionnaire>",
            b"<?xml version='1.0' encoding='UTF-16'?><Questionnaire xmlns='http://hl7.org/fhir'/>",
            b"",
            b"\n \t",
            b"null",
            b'"Questionnaire"',
            b"PK\x03\x04" + content[:200],
        ]
    )


def spoilt_text(text, dice):
    """XML with some of its lines left out, said twice, or with something odd in them."""
    lines = text.split("\n")
    for _ in range(dice.randint(1, 5)):
        at, way = dice.randrange(len(lines)), dice.random()
        if way < 0.4 and len(lines) > 1:
            del lines[at]
        elif way < 0.7:
            lines.insert(at, dice.choice(lines))
        else:
            odd = dice.choice(
                ['value=""', "<item>", "</item>", "&x;", "<!--", "]]>", "<a xmlns='b'/>"]
            )
            lines[at] = lines[at][: len(lines[at]) // 2] + odd + lines[at][len(lines[at]) // 2 :]
    return "\n".join(lines)


def mutated(content, dice):
    """One spoilt variant of a file: what was done to it, and its bytes."""
    if dice.random() < 0.2:
        return "bytes", spoilt_bytes(content, dice)
    try:
        form = json.loads(content)
    except ValueError:
        return "text", spoilt_text(content.decode("utf-8", "replace"), dice).encode()
    done = []
    for _ in range(dice.randint(1, 4)):
        spoil = dice.choice(SPOILS)
        try:
            spoil(form, dice)
        except (TypeError, KeyError, IndexError, AttributeError):
            continue  # an earlier spoil has left nothing there to spoil
        done.append(spoil.__name__)
    return "+".join(done), json.dumps(form, default=_plain).encode()


def _plain(value):
    return float(value) if isinstance(value, Decimal) else str(value)


def said_of(path):
    """A verdict for each form in a file, as `form check` gives it."""
    for found in found_in(path, name=path.name):
        if found.resource is None:
            yield found.trouble
        else:
            yield from judged(found.name, found.resource)


def judged(name, resource):
    verdict = verdict_on(name, resource, Library())
    assert verdict.kind in KINDS
    assert "\n" not in str(verdict)
    yield str(verdict)
    if verdict.is_walked:
        form = read_form(resource, Library()).form
        state = walk_through(form).state
        whole = to_fhir(form, state, authored_at=NOON, is_whole=True)
        yield from _spoilt_responses(whole, form)


def _spoilt_responses(whole, form):
    """Answers that were right, spoilt: judged, with words for each item."""
    dice = random.Random(form.url)  # noqa: S311 - drawn again alike
    for _ in range(3):
        response = json.loads(json.dumps(whole, default=_plain))
        for _ in range(dice.randint(1, 3)):
            replaced(response, dice)
        verdict = verdict_of(response, form)
        assert verdict.is_valid is (verdict.errors == ())
        yield from (str(each) for each in (*verdict.errors, *verdict.doubts))
