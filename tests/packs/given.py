"""Packs and questionnaires to test with: the shipped one changed, or small ones made here."""

import json
from functools import cache
from pathlib import Path

from openprotect.forms.addresses import EMERGENCY
from openprotect.packs import PackRefused, from_files, load
from openprotect.packs.files import CODELISTS
from openprotect.packs.forms import read_questionnaire
from openprotect.packs.problems import Reading
from openprotect.packs.triage_reading import read_triage

SHIPPED = Path(__file__).parents[2] / "packs" / "covid-protect"
FILE = "questionnaire.json"
CODELIST = b"code,term\n73211009,Diabetes\n"
COHORT = b"""
title = "Small"
[codelists]
diabetes = { file = "codelists/diabetes.csv", system = "snomed" }
[[group]]
name = "diabetes"
title = "Diabetes"
source = "Made up"
[[group.any]]
codes = ["diabetes"]
"""
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


@cache
def shipped():
    return load(SHIPPED)


def pack_files():
    """The shipped pack with a cohort of one list, so that a hundred faulty ones load quickly."""
    kept = {
        name: content
        for name, content in shipped().files.items()
        if not name.startswith(CODELISTS) and name != "examples/who.csv"
    }
    return kept | {
        "cohort.toml": COHORT,
        "codelists/diabetes.csv": b"code,term\n73211009,Diabetes\n",
    }


def in_english_only(files):
    """The same pack without its other languages, for tests that add questions of their own."""
    other = ("languages =", "awaiting_translation =", "pl =", "pt =", "lt =")
    lines = files["pack.toml"].decode().splitlines()
    kept = ['languages = ["en"]', *(line for line in lines if not line.startswith(other))]
    form = json.loads(files[FILE], object_hook=_untranslated)
    return files | {"pack.toml": "\n".join(kept).encode(), FILE: json.dumps(form).encode()}


def _untranslated(values):
    return {key: each for key, each in values.items() if not key.startswith("_")}


def changed(name, old, new):
    """The shipped pack with one passage of one file replaced."""
    files = pack_files()
    text = files[name].decode()
    assert old in text
    return files | {name: text.replace(old, new, 1).encode()}


def problems_of(files):
    try:
        return list(from_files(files).warnings)
    except PackRefused as refusal:
        return list(refusal.problems)


def said(files):
    return [str(problem) for problem in problems_of(files)]


def emergency(text="Ring 999 in an emergency."):
    return {"url": EMERGENCY, "extension": [{"url": "text", "valueString": text}]}


def red_flag(*parts, call="999", text="Ring 999 now."):
    both = [{"url": "call", "valueCode": call}, {"url": "text", "valueString": text}]
    return {"url": EMERGENCY, "extension": [*parts, *both]}


def answer(code):
    return {"url": "answer", "valueCode": code}


def choice(link_id, *codes, **more):
    options = [{"valueCoding": {"code": code, "display": code.title()}} for code in codes]
    return {"linkId": link_id, "text": f"{link_id}?", "type": "choice"} | (
        {"answerOption": options} | more
    )


def question(link_id, kind, **more):
    return {"linkId": link_id, "text": f"{link_id}?", "type": kind} | more


def when(link_id, operator, **value):
    return {"question": link_id, "operator": operator, **value}


def coding(code):
    return {"answerCoding": {"code": code}}


def form_text(*items, **more):
    form = {
        "resourceType": "Questionnaire",
        "url": "https://openprotect.example/fhir/Questionnaire/small",
        "title": "Small",
        "status": "active",
        "extension": [emergency()],
        "item": list(items),
    }
    return json.dumps(form | more, indent=1)


def form(*items):
    reading = Reading()
    read = read_questionnaire(reading, FILE, form_text(*items))
    assert not reading.is_refused, [str(each) for each in reading.problems]
    return read


def faults_of(text):
    reading = Reading()
    read_questionnaire(reading, FILE, text)
    return [str(problem) for problem in reading.problems]


def table_of(rows, *items):
    """A triage table written as CSV lines under its header, with what was wrong with it."""
    reading = Reading()
    read = read_triage(reading, "triage.csv", rows, form(*items))
    return read, [str(problem) for problem in reading.problems]


def table(rows, *items):
    read, problems = table_of(rows, *items)
    assert not problems, problems
    return read


def shipped_with(options="", row="", column="", scores=None):
    """The shipped pack whose rules see more: `[triage]` options, and a rule on a column of theirs.

    `row` is the rule: its name, the cell of the new column, then kind, urgency, reason, source.
    """
    files = changed("pack.toml", "[cadence]", f"{options}\n[cadence]")
    if column:
        lines = files["triage.csv"].decode().strip().splitlines()
        name, cell, *rest = row.split(",")
        width = lines[0].split(",").index("kind") - 1
        lines = [_with_column(line, column if at == 0 else "") for at, line in enumerate(lines)]
        lines.append(",".join([name, cell, *[""] * width, *rest]))
        files["triage.csv"] = "\n".join(lines).encode()
    return from_files(files | {FILE: _scored(files[FILE], scores or {})})


def _with_column(line, cell):
    name, rest = line.split(",", 1)
    return f"{name},{cell},{rest}"


def _scored(content, scores):
    whole = json.loads(content)
    for item in (item for group in whole["item"] for item in group.get("item", [group])):
        for option, score in zip(
            item.get("answerOption", []), scores.get(item["linkId"], []), strict=False
        ):
            option["extension"] = [{"url": ORDINAL, "valueDecimal": score}]
    return json.dumps(whole).encode()
