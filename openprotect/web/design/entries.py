"""Fields that forms need besides those of `fields.py`. They draw; the form alone judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from openprotect.web.design.fields import Choice, Choices, Option, rows

OWN = "+own"  # the choice of an answer that is on no list; no code can be so called
Part = Mapping[str, str]


class Boxes(forms.MultiWidget):
    """Several boxes named `<field>_<part>`, and for the part `answer` the field alone."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = tuple(parts)
        named: dict[str, forms.Widget | type[forms.Widget]] = {
            "" if each == "answer" else each: forms.TextInput() for each in parts
        }
        super().__init__(named)

    def decompress(self, value: Any) -> list[str]:
        held: Part = value if isinstance(value, Mapping) else {}
        return [str(held.get(each, "")) for each in self.parts]


class InParts(forms.Field):
    """A question whose answer is typed into several boxes."""

    def __init__(self, parts: Sequence[str], template: str, **rest: Any) -> None:
        self.parts = tuple(parts)
        self.first_box = "" if self.parts[0] == "answer" else self.parts[0]
        super().__init__(widget=Boxes(parts), template_name=template, **rest)

    def typed(self, bound: forms.BoundField) -> Part:
        """What stands in each box."""
        value = bound.value()
        texts = value if isinstance(value, list) else self.widget.decompress(value)
        return dict(zip(self.parts, (each or "" for each in texts), strict=True))

    def clean(self, value: Any) -> Any:
        return value


class Clock(InParts):
    """A time of day."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(("hour", "minute"), "design/clock.jinja", **rest)


class Moment(InParts):
    """A day and a time of it."""

    def __init__(self, **rest: Any) -> None:
        parts = ("day", "month", "year", "hour", "minute")
        super().__init__(parts, "design/clock.jinja", **rest)


class Measure(InParts):
    """A number with its unit: fixed when there is one, to be chosen when there are more."""

    def __init__(self, units: Sequence[Option], **rest: Any) -> None:
        self.units = tuple(units)
        self.suffix = self.units[0].text if len(self.units) == 1 else ""
        super().__init__(("answer", "unit"), "design/measure.jinja", **rest)


class OneOrOwn(Choice):
    """One of several answers, or words of one's own."""

    def __init__(self, options: Iterable[Option], *, own: str, own_words: str, **rest: Any) -> None:
        self.own, self.own_words = own, own_words
        super().__init__([*options, Option(OWN, own)], template_name="design/own.jinja", **rest)
        self.rows = rows(self.options[:-1])


class SomeOrOwn(Choices):
    """Any number of several answers, and words of one's own."""

    def __init__(self, options: Iterable[Option], *, own: str, own_words: str, **rest: Any) -> None:
        self.own, self.own_words = own, own_words
        super().__init__([*options, Option(OWN, own)], template_name="design/own.jinja", **rest)
        self.rows = rows(self.options[:-1])


class NoFile(forms.Field):
    """A question that asks for a file, which no page here takes: it says whom to ring instead."""

    def __init__(self, **rest: Any) -> None:
        rest["required"] = False
        super().__init__(template_name="design/no_file.jinja", **rest)
