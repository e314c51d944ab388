"""What is asked before the questions: the birth date, in any form that has one meaning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from openprotect.checkins.actions.standing_in import CONSENTS, WHO
from openprotect.checkins.rules import typed_code
from openprotect.web.design.fields import Choice, Choices, Day, Option, PageForm, Words

OLDEST = 125


class BornForm(PageForm):
    """The day of birth. It keeps others from answering by mistake; it opens nothing to read."""

    def __init__(self, given: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(given)
        self.fields["born"] = Day(
            label="What is your date of birth?",
            subject="Date of birth",
            help_text="For example, 27 3 1946. If you answer for someone else, give theirs.",
            earliest=date(today.year - OLDEST, 1, 1),
            latest=today,
            is_birthday=True,
            error_messages={"required": "Enter the date of birth: day, month and year"},
        )
        self.fields["for_someone"] = for_someone()

    def _said(self, bound: forms.BoundField) -> str:
        return str(bound.errors[0])


def for_someone() -> Choices:
    """Somebody who answers for the person says so before the first question."""
    return Choices(
        [Option("yes", "I am answering for someone else")],
        label="Are you answering for someone else?",
        required=False,
    )


class CodeForm(BornForm):
    """A code from a letter, and the birth date as for a link."""

    field_order = ("code", "born", "for_someone")

    def __init__(self, given: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(given, today=today)
        self.fields["code"] = Words(
            label="Code from our letter",
            help_text="For example, K4TW 7PX 9CM",
            max_length=30,
            width=20,
            error_messages={"required": "Type the code"},
        )
        self.order_fields(self.field_order)

    def clean_code(self) -> str:
        """A slip is put right here; whether a code is one of ours is not said."""
        typed = str(self.cleaned_data["code"])
        if not typed_code(typed):
            raise ValidationError("A code has 10 letters and figures. Check it against the letter")
        return typed


class StandInForm(PageForm):
    """Who answers for the person, and that it is agreed."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given)
        self.fields["who"] = Choice(
            [Option(code, words) for code, words in WHO],
            label="Who are you to them?",
            error_messages={"required": "Choose who you are to them"},
        )
        self.fields["consent"] = Choice(
            [Option(code, words) for code, words in CONSENTS],
            label="Are they happy that you answer?",
            help_text="If they are not, please do not answer. Ring us instead.",
            error_messages={"required": "Choose one of the answers"},
        )
