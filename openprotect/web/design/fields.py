"""Form fields that draw themselves by the NHS macros, and the form that sums up what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from openprotect.web.design.days import BOXES, NotADay, read_day
from openprotect.web.design.words import day, number, plural

WHOLE = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


@dataclass(frozen=True)
class Option:
    """One possible answer; `apart` sets it below the others, after the word 'or'."""

    value: str
    text: str
    hint: str = ""
    apart: bool = False


def rows(options: Iterable[Option]) -> list[dict[str, object]]:
    """Options as the NHS macros take them."""
    drawn: list[dict[str, object]] = []
    for each in options:
        if each.apart:
            drawn.append({"divider": "or"})
        row: dict[str, object] = {"value": each.value, "text": each.text, "hint": each.hint}
        drawn.append({**row, "behaviour": "exclusive"} if each.apart else row)
    return drawn


YES_OR_NO = (Option("yes", "Yes"), Option("no", "No"))


@dataclass(frozen=True)
class Wrong:
    """One line of the error summary, and the input it leads to."""

    text: str
    href: str


class PageForm(forms.Form):
    """A form of one page: each field draws itself, and nothing is checked by the browser alone."""

    default_renderer = TemplatesSetting
    use_required_attribute = False
    # True makes the label of the one field the heading of the page.
    is_one_question = False

    @property
    def wrongs(self) -> tuple[Wrong, ...]:
        """Everything to put right, in the order of the page; what has no field comes first."""
        general = [Wrong(str(text), "") for text in self.non_field_errors()]
        fields = [Wrong(self._said(each), _target(each)) for each in self if each.errors]
        return (*general, *fields)

    def _said(self, bound: forms.BoundField) -> str:
        """With several questions on a page, 'Choose one of the answers' must say of which."""
        words = str(bound.errors[0])
        if self.is_one_question:
            return words
        return f"{str(bound.label).rstrip('?')}: {words[:1].lower()}{words[1:]}"


def _target(bound: forms.BoundField) -> str:
    if isinstance(bound.field, Day):
        return f"#{bound.auto_id}_{bound.field.wrong_boxes(bound)[0]}"
    if first := getattr(bound.field, "first_box", ""):
        return f"#{bound.auto_id}_{first}"
    return f"#{bound.auto_id}"


class Choice(forms.ChoiceField):
    """One answer of several: radios, or a drop-down for long lists that the reader knows."""

    def __init__(
        self,
        options: Iterable[Option],
        *,
        inline: bool = False,
        drop_down: bool = False,
        **rest: Any,
    ) -> None:
        self.options = tuple(options)
        self.rows = rows(self.options)
        self.inline = inline
        rest.setdefault("template_name", f"design/{'select' if drop_down else 'radios'}.jinja")
        rest.setdefault("error_messages", {"required": "Choose one of the answers"})
        super().__init__(choices=[(each.value, each.text) for each in self.options], **rest)
        self.error_messages["invalid_choice"] = "Choose one of the answers shown"


class Choices(forms.MultipleChoiceField):
    """Any number of answers: checkboxes. An option `apart` excludes the others, as 'none' does."""

    def __init__(self, options: Iterable[Option], **rest: Any) -> None:
        self.options = tuple(options)
        self.rows = rows(self.options)
        rest.setdefault("template_name", "design/checkboxes.jinja")
        rest.setdefault("error_messages", {"required": "Choose at least one of the answers"})
        super().__init__(choices=[(each.value, each.text) for each in self.options], **rest)
        self.error_messages["invalid_choice"] = "Choose from the answers shown"

    def validate(self, value: Any) -> None:
        super().validate(value)
        alone = {each.value for each in self.options if each.apart}
        if len(value) > 1 and alone & set(value):
            names = " or ".join(f"'{each.text}'" for each in self.options if each.apart)
            raise ValidationError(f"Choose {names} alone, or the others", code="not_alone")


class Words(forms.CharField):
    """A line or, with `rows`, several lines. Over its length it is refused, never cut off."""

    def __init__(
        self, *, rows: int = 0, autocomplete: str = "off", width: int = 0, **rest: Any
    ) -> None:
        self.rows, self.autocomplete, self.width = rows, autocomplete, width
        self.kind = "text"
        self.input_mode, self.suffix = "", ""
        rest.setdefault("template_name", f"design/{'textarea' if rows else 'input'}.jinja")
        rest.setdefault("error_messages", {"required": "Write an answer"})
        super().__init__(**rest)
        self.validators = [each for each in self.validators if not hasattr(each, "limit_value")]

    def to_python(self, value: Any) -> str:
        """Browsers send two characters for a line break and count one: count as the reader does."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length and len(value) > self.max_length:
            over = len(value) - self.max_length
            raise ValidationError(
                f"Shorten this by {plural(over, 'character', 'characters')}:"
                f" it can have up to {number(self.max_length)}",
                code="too_long",
            )


class Number(forms.Field):
    """A whole number, or with `places` a decimal one, inside its limits."""

    kind = "text"
    autocomplete = "off"

    def __init__(
        self,
        *,
        places: int = 0,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
        suffix: str = "",
        width: int = 5,
        **rest: Any,
    ) -> None:
        self.places, self.low, self.high = places, low, high
        self.suffix, self.width = suffix, width
        self.input_mode = "decimal" if places else "numeric"
        rest.setdefault("template_name", "design/input.jinja")
        rest.setdefault("error_messages", {"required": "Enter a number"})
        super().__init__(**rest)

    def to_python(self, value: Any) -> Decimal | int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        if not (DECIMAL if self.places else WHOLE).fullmatch(text):
            like = "a number, like 37.5" if self.places else "a whole number, like 12"
            raise ValidationError(f"Enter {like}", code="not_a_number")
        return Decimal(text) if self.places else int(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.low is not None and value < self.low:
            raise ValidationError(f"Enter {number(self.low)} or more", code="too_low")
        if self.high is not None and value > self.high:
            raise ValidationError(f"Enter {number(self.high)} or less", code="too_high")
        if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > self.places:
            figures = plural(self.places, "figure", "figures")
            raise ValidationError(f"Use up to {figures} after the point", code="too_fine")


class DayBoxes(forms.MultiWidget):
    """Three boxes named `<field>_day`, `<field>_month` and `<field>_year`."""

    def __init__(self) -> None:
        super().__init__({box: forms.TextInput() for box in BOXES})

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]


class Day(forms.Field):
    """A date in three boxes. `subject` names it in what is said when it is wrong."""

    widget = DayBoxes

    def __init__(
        self,
        *,
        subject: str = "The date",
        earliest: date | None = None,
        latest: date | None = None,
        is_birthday: bool = False,
        **rest: Any,
    ) -> None:
        self.subject, self.earliest, self.latest = subject, earliest, latest
        self.is_birthday = is_birthday
        rest.setdefault("template_name", "design/day.jinja")
        rest.setdefault("error_messages", {"required": "Enter the day, month and year"})
        super().__init__(**rest)

    def to_python(self, value: Any) -> date | None:
        typed = [str(each or "") for each in value or ("", "", "")]
        try:
            return read_day(typed, subject=self.subject, latest=self.latest)
        except NotADay as why:
            raise ValidationError(str(why), code="not_a_day", params={"boxes": why.boxes}) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.latest and value > self.latest:
            raise ValidationError(
                f"{self.subject} must be {day(self.latest)} or earlier", code="late"
            )
        if value and self.earliest and value < self.earliest:
            raise ValidationError(
                f"{self.subject} must be {day(self.earliest)} or later", code="early"
            )

    def typed(self, bound: forms.BoundField) -> Mapping[str, str]:
        """What stands in each box: as typed, or the day that was there before."""
        value = bound.value()
        texts = value if isinstance(value, list) else DayBoxes().decompress(value)
        return dict(zip(BOXES, (each or "" for each in texts), strict=True))

    def wrong_boxes(self, bound: forms.BoundField) -> Sequence[str]:
        found = bound.errors.as_data()
        params = found[0].params if found else None
        return tuple(params["boxes"]) if params else BOXES
