"""What leads are asked: a setting of a locality, and a rule to try."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from openprotect.cohorts.engine.settings import Setting as OfRule
from openprotect.packs.settings import Setting
from openprotect.voices.rules import LONGEST_WORDS
from openprotect.web.design.fields import (
    Choice,
    Choices,
    Day,
    Number,
    Option,
    PageForm,
    Words,
)

# What the options of a setting mean to somebody who chooses one.
OPTIONS = {
    "ask": "Ask: everyone whom the practice has not kept out is invited",
    "hold": "Hold: nobody is contacted until the practice has looked",
}


class AdaptForm(PageForm):
    """Another value of one setting, why, and from when until when. The pack checks the bounds."""

    reason = Words(
        label="Why does your locality need this?",
        help_text="Other localities and the programme lead read it.",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why"},
    )
    first_day = Day(
        label="From which day?",
        subject="The first day",
        help_text="Leave empty to begin now.",
        required=False,
    )
    last_day = Day(
        label="Until which day?",
        subject="The last day",
        help_text="This day is included. Leave empty if it holds until you undo it.",
        required=False,
    )

    def __init__(self, setting: Setting, *given: Any, **rest: Any) -> None:
        super().__init__(*given, **rest)
        if setting.kind == "integer":
            self.fields["value"] = Number(label=setting.title, help_text=_bounds(setting), width=3)
        elif setting.kind == "choice":
            self.fields["value"] = Choice(
                [Option(each, OPTIONS.get(each, each)) for each in setting.options],
                label=setting.title,
                help_text=f"The programme says: {OPTIONS.get(str(setting.default))}.",
            )
        else:
            self.fields["value"] = Words(
                label=setting.title, help_text="A time of day, such as 09:00.", width=5
            )
        self.order_fields(["value", "reason", "first_day", "last_day"])


def _bounds(setting: Setting) -> str:
    bounds = f"From {setting.low} to {setting.high}. " if setting.low is not None else ""
    return f"{bounds}The programme says {setting.default}."


class GroupForm(PageForm):
    """Which group of the rules is to be tried."""

    def __init__(self, titles: Mapping[str, str], chosen: str) -> None:
        super().__init__(initial={"group": chosen})
        options = [Option(name, title) for name, title in titles.items()]
        self.fields["group"] = Choice(options, label="Which rule?", drop_down=True)


class TryForm(PageForm):
    """The values of one group's rules, as they are or as they are to be tried."""

    def __init__(
        self, settings: Sequence[OfRule], asked: Mapping[str, str], *, faults: Mapping[str, str]
    ) -> None:
        super().__init__({each.path: asked.get(each.path, each.value) for each in settings})
        for each in settings:
            self.fields[each.path] = Words(
                label=each.asks,
                help_text=f"As the rule is: {each.value}." if each.path in asked else "",
                required=False,
                width=20 if len(each.value) < 20 else 0,
            )
        for path, words in faults.items():
            self.add_error(path, words)

    def _said(self, bound: forms.BoundField) -> str:
        """A refusal of the rules says whole sentences, with the value that was written."""
        return f"{bound.label}: {bound.errors[0]}"


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ClockTime(Words):
    """A time of day, such as 09:00."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return time.fromisoformat(typed if ":" in typed else f"{int(typed):02d}:00")
        except ValueError:
            raise ValidationError("Enter a time such as 08:30") from None


class HoursForm(PageForm):
    """On which days a team works, from when until when."""

    weekdays = Choices(
        [Option(str(number), name) for number, name in enumerate(WEEKDAYS, 1)],
        label="On which days is somebody there?",
        error_messages={"required": "Choose the days"},
    )
    opens = ClockTime(label="From", help_text="For example, 08:00", width=5)
    closes = ClockTime(label="Until", help_text="For example, 18:30", width=5)
    from_on = Day(
        label="From which day?",
        subject="The first day",
        help_text="Leave empty to begin today.",
        required=False,
    )
    because = Words(
        label="Why do the hours change?",
        max_length=300,
        error_messages={"required": "Say why"},
    )


class DayForm(PageForm):
    """One day that is not as the others."""

    on = Day(label="Which day?", subject="The day", error_messages={"required": "Enter the day"})
    there = Choice(
        [
            Option("no", "Nobody is there", "Work of that day goes to the next team in line"),
            Option("yes", "Somebody is there", "For a bank holiday on which you work"),
        ],
        label="What is different?",
        error_messages={"required": "Choose what is different"},
    )
    because = Words(label="Why?", max_length=300, error_messages={"required": "Say why"})


class CallOnForm(PageForm):
    """A lead's word to a team whose alerts have climbed."""

    is_one_question = True
    words = Words(
        label="Your words to them",
        help_text="They read it before their work. Nothing about a patient, please.",
        rows=3,
        max_length=LONGEST_WORDS,
        error_messages={"required": "Write what you ask of them"},
    )
