"""What a locality is asked when it changes a setting."""

from typing import Any

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
