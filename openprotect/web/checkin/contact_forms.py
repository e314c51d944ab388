"""What is asked about how somebody is reached: one thing a page."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from openprotect.people.actions import choosing
from openprotect.web.design.fields import Choice, Choices, Day, Option, PageForm, Words

MOBILE = re.compile(r"(?:\+44|0044|0)7[0-9]{9}")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class StopForm(PageForm):
    """Which messages or calls are not wanted any more."""

    is_one_question = True

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["scope"] = Choice(
            [
                Option("texts", "Stop text messages"),
                Option("emails", "Stop e-mails"),
                Option("letters", "Stop letters"),
                Option("calls", "Stop phone calls"),
                Option("programme", "Stop asking me how I am", "Other programmes may go on"),
                Option("everything", "Stop everything", "No messages, no letters and no calls"),
            ],
            label="What should we stop?",
            help_text="If we are already helping you with something, we carry on with that.",
            error_messages={"required": "Choose what we should stop"},
        )


class RingForm(PageForm):
    """When it is good to ring."""

    is_one_question = True

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["when"] = Words(
            label="When is a good time to ring you?",
            help_text="For example, after 2pm. You can leave this empty.",
            required=False,
            max_length=100,
        )


class DetailsForm(PageForm):
    """A new mobile number, a new e-mail address, or both."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["mobile"] = Words(
            label="New mobile number",
            help_text="For example, 07700 900123. Leave it empty if it has not changed.",
            required=False,
            max_length=20,
            width=20,
        )
        self.fields["email"] = Words(
            label="New e-mail address",
            help_text="Leave it empty if it has not changed.",
            required=False,
            max_length=100,
        )

    def clean_mobile(self) -> str:
        typed = re.sub(r"[\s()-]", "", self.cleaned_data["mobile"])
        if typed and not MOBILE.fullmatch(typed):
            raise ValidationError("Enter a UK mobile number, like 07700 900123")
        return f"+44{typed[-10:]}" if typed else ""

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).strip()
        if typed and not EMAIL.fullmatch(typed):
            raise ValidationError("Enter an e-mail address, like name@example.com")
        return typed

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not (said.get("mobile") or said.get("email")):
            raise ValidationError("Enter a mobile number or an e-mail address")
        return said


class NeedsForm(PageForm):
    """What somebody needs so that they can read, hear or understand us."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["needs"] = Choices(
            [Option(code, words) for code, words in choosing.NEEDS],
            label="What would help?",
            error_messages={"required": "Choose what would help"},
        )
        self.fields["language"] = Choice(
            [Option("", "Choose a language"), *(Option(*each) for each in choosing.LANGUAGES)],
            label="Which language?",
            help_text="Only if you chose another language or an interpreter.",
            required=False,
            drop_down=True,
        )
        self.fields["whose"] = Choice(
            [
                Option("PERSON", "The person we ask about"),
                Option("CARER", "Somebody who cares for them"),
            ],
            label="Who needs it?",
            inline=False,
            initial="PERSON",
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wanted = choosing.NEEDS_A_LANGUAGE & set(said.get("needs", ()))
        if wanted and not said.get("language"):
            self.add_error("language", "Choose the language")
        return said


class AwayForm(PageForm):
    """Why somebody is not to be asked for a while, and from when until when."""

    def __init__(self, given: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(given)
        last = today + timedelta(days=365)
        self.fields["why"] = Choice(
            [Option("HOSPITAL", "In hospital"), Option("AWAY", "Away from home")],
            label="Where will you be?",
            error_messages={"required": "Choose where you will be"},
        )
        self.fields["from_on"] = Day(
            label="From which day?",
            help_text="Leave it empty if it is from today.",
            subject="The first day",
            earliest=today,
            latest=last,
            required=False,
        )
        self.fields["to_on"] = Day(
            label="Until which day?",
            help_text="Leave it empty if you do not know yet. Then ring us when you are back.",
            subject="The last day",
            earliest=today,
            latest=last,
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("from_on"), said.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "The last day cannot be before the first")
        return said


class WayForm(PageForm):
    """The way that somebody likes best."""

    is_one_question = True

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["way"] = Choice(
            [
                Option("TEXT", "Text message"),
                Option("EMAIL", "E-mail"),
                Option("LETTER", "Letter"),
                Option("CALL", "Phone call"),
            ],
            label="How do you like us to reach you?",
            help_text="We will try this first. If it does not work, we try another way.",
            error_messages={"required": "Choose one way"},
        )
