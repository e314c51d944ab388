"""What is filled in about reaching somebody: what was found, what to mind, what they need, when."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from openprotect.contacts.rules.reaching import PRECAUTIONS, WHY_UNREACHED
from openprotect.people.actions import choosing
from openprotect.web.design.fields import Choice, Day, Number, Option, PageForm, Words

MOBILE = re.compile(r"(?:\+44|0044|0)7[0-9]{9}")
MINDED = {
    "DISCREET": "They may not be able to speak freely",
    "SHARED": "Others use their phone",
    "ADDRESS": "Their address must not be used",
    "CARER": "They speak through a carer",
    "LANGUAGE": "They need an interpreter",
    "HEARING": "They are deaf or hard of hearing",
}
FOUND = (
    Option("DETAILS", "Another number or address", "Somebody rings them with it"),
    Option("REACHED", "I have spoken with them"),
    Option("SEEN", "Somebody has seen them, and they are safe"),
    Option("NOTHING", "Nothing: take the next step", "The next team sees what you tried"),
    Option("DIED", "They are said to have died", "All contact stops now; the practice confirms it"),
    Option("MOVED", "They are said to live elsewhere", "The practice corrects the record"),
)


class FoundForm(PageForm):
    """What came of a step."""

    found = Choice(
        FOUND, label="What did you find?", error_messages={"required": "Choose what you found"}
    )
    note = Words(
        label="What you did, and who told you",
        help_text="The next one who looks for them reads this.",
        rows=3,
        max_length=500,
        required=False,
    )
    mobile = Words(
        label="New mobile number", help_text="If you found one.", max_length=20, width=20,
        required=False,
    )  # fmt: skip

    def clean_mobile(self) -> str:
        typed = re.sub(r"[\s()-]", "", self.cleaned_data["mobile"])
        if typed and not MOBILE.fullmatch(typed):
            raise ValidationError("Enter a UK mobile number, like 07700 900123")
        return f"+44{typed[-10:]}" if typed else ""


class MindForm(PageForm):
    """What to mind before contact."""

    kind = Choice(
        [Option(code, words, PRECAUTIONS[code]) for code, words in MINDED.items()],
        label="What is to be minded?",
        error_messages={"required": "Choose what is to be minded"},
    )
    words = Words(
        label="In a few words, if it helps",
        help_text="Such as “Polish”, or “ring her daughter first”. Never why they may not speak.",
        max_length=120,
        required=False,
    )


class NeedForm(PageForm):
    """What a person or their carer needs to understand us."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["kind"] = Choice(
            [Option(code, words) for code, words in choosing.NEEDS],
            label="What do they need?",
            error_messages={"required": "Choose what they need"},
        )
        self.fields["language"] = Choice(
            [Option(*each) for each in choosing.LANGUAGES],
            label="Which language?",
            help_text="Only for another language or an interpreter.",
            required=False,
            drop_down=True,
        )
        self.fields["whose"] = Choice(
            [Option("PERSON", "The person"), Option("CARER", "Their carer")],
            label="Who needs it?",
            initial="PERSON",
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") in choosing.NEEDS_A_LANGUAGE and not said.get("language"):
            self.add_error("language", "Choose the language")
        return said


class AwayForm(PageForm):
    """Days on which somebody is not asked."""

    def __init__(self, given: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(given)
        self.fields["why"] = Choice(
            [
                Option("HOSPITAL", "In hospital"),
                Option("AWAY", "Away"),
                Option("OTHER", "They asked not to be asked then"),
            ],
            label="Why?",
            error_messages={"required": "Choose why"},
        )
        last = today + timedelta(days=365)
        self.fields["from_on"] = Day(
            label="From which day?", help_text="Leave it empty for today.", subject="The first day",
            earliest=today - timedelta(days=60), latest=last, required=False,
        )  # fmt: skip
        self.fields["to_on"] = Day(
            label="Up to and with which day?", help_text="Leave it empty if nobody knows yet.",
            subject="The last day", earliest=today - timedelta(days=60), latest=last,
            required=False,
        )  # fmt: skip


class RhythmForm(PageForm):
    """How often one person is asked, and why otherwise than the others."""

    every_days = Number(
        label="Every how many days?", low=1, high=365, suffix="days",
        error_messages={"required": "Enter a number of days"},
    )  # fmt: skip
    because = Words(
        label="Why?", rows=2, max_length=300,
        error_messages={"required": "Write why this person is asked at other times"},
    )  # fmt: skip


class NotReachedForm(PageForm):
    """Why somebody cannot be reached."""

    is_one_question = True
    why = Choice(
        [Option(code, words[:1].upper() + words[1:]) for code, words in WHY_UNREACHED.items()],
        label="Why can they not be reached?",
        error_messages={"required": "Choose why"},
    )


class AliveForm(PageForm):
    """How somebody knows that a person is alive who is taken for dead."""

    is_one_question = True
    because = Words(
        label="How do you know that they are alive?",
        help_text="Who has seen or spoken to them, and when.",
        rows=3,
        max_length=300,
        error_messages={"required": "Write how you know"},
    )
