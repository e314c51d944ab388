"""What leads are asked: a setting of a locality, and a rule to try."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from openprotect.cohorts.engine.settings import Setting as OfRule
from openprotect.packs.settings import Setting
from openprotect.web.design.fields import Choice, Day, Number, Option, PageForm, Words

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
