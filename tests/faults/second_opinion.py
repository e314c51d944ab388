"""Which alerts must there be? Worked out once more, slowly, from the stored answers and the table.

Shares no code with the rules: it reads the pack's triage table as published, cell by cell.
"""

import csv
import operator
import re

OURS = ("rule", "kind", "urgency", "reason", "source")
COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
NUMBERS = {"temperature", "medicines-days"}
WORDS = {"other"}


class CannotSay(Exception):
    """The answer is there but cannot be read."""


def rules_that_alert(files, answers):
    """The names of all rules that must raise an alert, computed or not."""
    rows = csv.DictReader(files["triage.csv"].splitlines())
    return sorted(row["rule"] for row in rows if _alerts(row, answers))


def _alerts(row, answers):
    verdicts = []
    for question, cell in row.items():
        if question in OURS or not cell.strip():
            continue
        try:
            verdicts.append(_holds(question, cell.strip(), answers.get(question)))
        except CannotSay:
            verdicts.append(None)
    return False not in verdicts


def _holds(question, cell, answer):
    if answer in (None, ""):
        return "missing" in [part.strip() for part in cell.split(",")]
    if cell == "any":
        return True
    if question in WORDS:
        return any(_words(part) in _words(answer) for part in cell[9:].split(","))
    return any(_is(part.strip(), question, answer) for part in cell.split(","))


def _words(text):
    """Whole words, however written: can't is cant, and a stroke is not in breaststroke."""
    plain = re.sub(r"[^a-z0-9]+", " ", str(text).lower().replace("'", "").replace("\u2019", ""))
    return f" {plain.strip()} "


def _is(part, question, answer):
    if question not in NUMBERS:
        return part == answer
    if part == "missing":
        return False
    number = _number(answer)
    if ".." in part:
        low, high = part.split("..")
        return float(low) <= number <= float(high)
    sign, bound = re.fullmatch(r"([<>]=?)\s*(\S+)", part).groups()
    return COMPARE[sign](number, float(bound))


def _number(answer):
    try:
        return float(answer)
    except (TypeError, ValueError):
        raise CannotSay from None
