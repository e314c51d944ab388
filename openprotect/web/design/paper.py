"""A form on paper: the same questions in the same order, as a tagged PDF that can be read aloud."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from openprotect.base.refusals import Refused
from openprotect.forms.form import Form
from openprotect.forms.items import Branch, Condition, Item
from openprotect.forms.values import Value
from openprotect.web.design.answered import in_words
from openprotect.web.design.drawn import is_list_of_lines
from openprotect.web.design.phrases import Phrases, direction, phrases

TURNS = 3  # how often a repeating group is printed
LINES = {"text": 4, "string": 1}
INSTALL = (
    "A PDF needs the system's Pango, which is not here. On Debian and Ubuntu:"
    " apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@dataclass(frozen=True)
class Printed:
    """One question, text or heading on paper.

    `kind` says how it is answered: options, boxes, lines, a heading or a text. `level` is that of
    a heading; `number` counts the questions, and is empty for what is no question.
    """

    kind: str
    text: str
    help: str = ""
    number: str = ""
    condition: str = ""
    options: tuple[str, ...] = ()
    own: str = ""
    several: bool = False
    boxes: tuple[tuple[str, int], ...] = ()
    lines: int = 0
    unit: str = ""
    level: int = 2


def paper(
    form: Form, *, language: str = "", large: bool = False, phone: str = "", sponsor: str = ""
) -> bytes:
    """The PDF. `phone` and `sponsor` say whom to ask, and who asks."""
    speaks = language or form.language or "en"
    said = {
        "form": form,
        "language": speaks,
        "direction": direction(speaks),
        "words": phrases(speaks),
        "large": large,
        "phone": phone,
        "sponsor": sponsor,
        "printed": printed(form, phrases(speaks)),
    }
    return as_pdf(render_to_string("asking/paper.jinja", said))


def as_pdf(page: str) -> bytes:
    """A page as a tagged PDF; whatever it names elsewhere is not fetched."""
    document = _weasyprint().HTML(string=page, url_fetcher=_nothing)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as why:
        raise Refused(INSTALL) from why
    logging.getLogger("weasyprint.progress").disabled = True
    return weasyprint


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError("a form on paper fetches nothing")


def printed(form: Form, words: Phrases) -> tuple[Printed, ...]:
    """Everything that may be asked, in order, with the condition on which it is."""
    return tuple(_Printer(form, words).items(form.items, 2))


class _Printer:
    def __init__(self, form: Form, words: Phrases) -> None:
        self.form, self.words = form, words
        asked = [item for item in form.everything if _is_asked(item)]
        self.numbers = {item.link_id: str(n) for n, item in enumerate(asked, start=1)}

    def items(self, items: tuple[Item, ...], level: int) -> Iterator[Printed]:
        for item in items:
            if item.is_hidden:
                continue
            if item.kind == "group":
                yield from self._group(item, level)
            elif item.kind == "display":
                yield Printed("text", item.text, item.help, condition=self._condition(item))
            elif _is_asked(item):
                yield self._question(item)
                yield from self.items(item.items, level)

    def _group(self, item: Item, level: int) -> Iterator[Printed]:
        condition = self._condition(item)
        times = range(1, TURNS + 1) if item.is_repeated else (0,)
        for turn in times:
            if item.text:
                text = f"{item.text} {turn}" if turn else item.text
                yield Printed("heading", text, item.help, condition=condition, level=min(level, 4))
            elif condition:
                yield Printed("text", "", condition=condition)
            yield from self.items(item.items, level + 1)

    def _question(self, item: Item) -> Printed:
        kind, boxes, lines = self._answered_by(item)
        return Printed(
            kind,
            f"{item.prefix} {item.text}".strip(),
            item.help,
            number=self.numbers[item.link_id],
            condition=self._condition(item),
            options=self._options(item),
            own=(item.open_label or self.words.other) if item.takes_own_words else "",
            several=item.is_repeated,
            boxes=boxes,
            lines=lines,
            unit=item.unit or " / ".join(each.display or each.code for each in item.units),
        )

    def _options(self, item: Item) -> tuple[str, ...]:
        if item.kind == "boolean" and not item.options:
            return (self.words.yes, self.words.no)
        return tuple(each.display for each in item.options)

    def _answered_by(self, item: Item) -> tuple[str, tuple[tuple[str, int], ...], int]:
        if item.options or item.kind == "boolean":
            return "options", (), 0
        if item.kind in ("date", "dateTime", "time"):
            return "boxes", tuple(self._boxes(item.kind)), 0
        if item.kind == "attachment":
            return "attachment", (), 0
        lines = LINES.get(item.kind, 1)
        return "lines", (), lines * (TURNS if is_list_of_lines(item) else 1)

    def _boxes(self, kind: str) -> Iterator[tuple[str, int]]:
        words = self.words
        if kind != "time":
            yield from ((words.day, 2), (words.month, 2), (words.year, 4))
        if kind != "date":
            yield from ((words.hour, 2), (words.minute, 2))

    def _condition(self, item: Item) -> str:
        if item.formulas.enable:
            return "Answer this if it applies to you."
        found = [said for branch in item.enable_when if (said := self._branch(branch))]
        return f"Answer this only if {', and '.join(found)}." if found else ""

    def _branch(self, branch: Branch) -> str:
        joined = " or " if branch.any else " and "
        return joined.join(said for each in branch.conditions if (said := self._said(each)))

    def _said(self, condition: Condition) -> str:
        number = self.numbers.get(condition.question)
        item = self.form.item(condition.question)
        if number is None or item is None:
            return ""
        if condition.operator == "exists":
            return f"you {'answered' if condition.value is True else 'left out'} question {number}"
        told = _OPERATORS[condition.operator]
        return f"your answer to question {number} is {told}“{self._value(item, condition.value)}”"

    def _value(self, item: Item, value: Value) -> str:
        return in_words(item, value, self.words)


_OPERATORS = {
    "=": "",
    "!=": "not ",
    ">": "more than ",
    "<": "less than ",
    ">=": "at least ",
    "<=": "at most ",
}


def _is_asked(item: Item) -> bool:
    """Whether a person is asked: not what the form fills in for itself."""
    return item.is_question and not item.is_read_only and not item.formulas.calculated
