"""What supervisors and call handlers are asked on the pages of the floor."""

from collections.abc import Iterable, Mapping
from typing import Any

from openprotect.accounts.rules import SKILLS
from openprotect.floor.rules.sampling import ASKED, SAYS
from openprotect.web.design.fields import (
    YES_OR_NO,
    Choice,
    Choices,
    Day,
    Number,
    Option,
    PageForm,
    Words,
)

LENGTHS = (
    Option("15", "15 minutes"),
    Option("30", "30 minutes"),
    Option("60", "An hour"),
    Option("120", "2 hours"),
    Option("480", "The rest of the day"),
    Option("10080", "A week"),
)
HOLDS = (Option("8", "8 hours"), Option("24", "A day"), Option("48", "Two days"))


class PauseForm(PageForm):
    """For how long no call is given, and why."""

    minutes = Choice(LENGTHS, label="For how long?")
    because = Words(
        label="Why?",
        help_text="A word is enough: lunch, training, after a hard call.",
        max_length=200,
        error_messages={"required": "Say why in a word"},
    )


class AbleForm(PageForm):
    """What a call handler can do."""

    def __init__(self, *given: Any, languages: Iterable[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*given, **rest)
        skills = [Option(code, words[:1].upper() + words[1:]) for code, words in SKILLS.items()]
        spoken = [Option(f"LANGUAGE:{code}", f"Speaks {name}") for code, name in languages]
        self.fields["can"] = Choices(
            [*skills, *spoken],
            label="What can they do?",
            help_text="Calls that need it come to them. Leave all empty for English only.",
            required=False,
        )


class LoanForm(PageForm):
    """Whom to lend, to whom, for what, and until when."""

    def __init__(
        self, *given: Any, choices: Mapping[str, Iterable[tuple[str, str]]], **rest: Any
    ) -> None:
        super().__init__(*given, **rest)
        for label, name in (
            ("Whom do you lend?", "who"),
            ("To which organisation?", "to"),
            ("For which programme?", "purpose"),
        ):
            options = [Option("", "Choose"), *(Option(*each) for each in choices[name])]
            self.fields[name] = Choice(options, label=label, drop_down=True)
        self.fields["last_day"] = Day(
            label="Until which day?",
            subject="The last day",
            help_text="This day is included. Their rights there end with it, by themselves.",
        )
        self.fields["words"] = Words(
            label="Anything they should know?", required=False, max_length=300, rows=2
        )


class CoachForm(PageForm):
    """A note after listening in."""

    agreed = Choice(
        YES_OR_NO, label="Was the person asked, and did they agree that you listen?", inline=True
    )
    went_well = Words(
        label="What went well?",
        rows=3,
        max_length=500,
        help_text="Write to your colleague, not about the person they rang. No names.",
        error_messages={"required": "Begin with what went well"},
    )
    try_next = Words(label="What could they try next time?", rows=3, max_length=500, required=False)


class ReviewForm(PageForm):
    """The sheet for a call of the sample."""

    def __init__(self, *given: Any, **rest: Any) -> None:
        super().__init__(*given, **rest)
        for name, words in ASKED:
            self.fields[name] = Choice([Option(*each) for each in SAYS], label=words, inline=True)
        self.fields["words"] = Words(
            label="A word to them",
            help_text="What you liked comes first. Only they and supervisors read it.",
            rows=3,
            max_length=500,
            error_messages={"required": "Write a word to them"},
        )

    @property
    def marks(self) -> Mapping[str, str]:
        return {name: str(self.cleaned_data[name]) for name, _ in ASKED}


class SheetForm(PageForm):
    """How many calls to print, for how long the sheet holds them, and who rings."""

    many = Number(label="How many calls?", low=1, high=25, width=2)
    hours = Choice(
        HOLDS,
        label="For how long does the sheet hold them?",
        help_text="What is not entered by then goes back to the queue by itself.",
        inline=True,
    )
    rung_by = Words(
        label="Who will ring?",
        required=False,
        max_length=120,
        help_text="Leave empty if it is you.",
    )


class LineForm(PageForm):
    """What was written on one line of a sheet."""

    def __init__(self, *given: Any, outcomes: Mapping[str, str], **rest: Any) -> None:
        super().__init__(*given, **rest)
        options = [Option("", "Choose"), *(Option(code, said) for code, said in outcomes.items())]
        self.fields["outcome"] = Choice(options, label="How did it end?", drop_down=True)
        for name, label, hint in LINES:
            self.fields[name] = Words(label=label, help_text=hint, required=name == "rung_at")
        self.fields["note"] = Words(label="Note", rows=3, max_length=2000, required=False)

    @property
    def row(self) -> Mapping[str, str]:
        """As a row of a table has it, so that both are read by one reader."""
        return {key.replace("_", " "): str(value) for key, value in self.cleaned_data.items()}


LINES = (
    ("rung_at", "When did they ring?", "For example, 2026-11-30 14:05."),
    ("ring_again", "Ring again when?", "If a time was agreed. For example, 2026-12-01 10:00."),
    ("language", "Which language?", "If they need one: its code, such as pl."),
    ("home_on", "Home on which day?", "If they are in hospital. For example, 2026-12-04."),
    ("handed_to", "Handed over to whom?", "If it was an emergency."),
    ("spoke_to_them", "Could you speak to them?", "yes or no, if it was handed over."),
    ("why_not", "If not, why not?", ""),
)
