"""What a partner fills in to ask the contact ledger, and to tell what came of a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from openprotect.base.nhs_number import NotAnNhsNumber, parse
from openprotect.contacts.rules import CHANNELS, FURTHEST_AHEAD, MADE, OURS, TOPICS
from openprotect.web.design.fields import Choice, Day, Option, PageForm, Words

ABOUT = tuple(Option(code, words) for code, words in TOPICS.items() if code not in OURS)
HOW = tuple(Option(code, words) for code, words in CHANNELS.items())
HELD = (("1", "1 day"), ("3", "3 days"), ("7", "a week"), ("14", "2 weeks"))


def about() -> Choice:
    return Choice(
        ABOUT,
        label="What about?",
        drop_down=True,
        initial="welfare",
        error_messages={"required": "Choose what it is about"},
    )


def how() -> Choice:
    return Choice(
        HOW,
        label="How?",
        drop_down=True,
        initial="CALL",
        error_messages={"required": "Choose how you will contact them"},
    )


class PersonForm(PageForm):
    """May we contact this one person: who, about what, how, when, and for how long it is held."""

    def __init__(self, given: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(given)
        self.fields["nhs_number"] = Words(
            label="NHS number",
            help_text="Ten figures. No name, no birth date.",
            width=20,
            max_length=20,
            error_messages={"required": "Enter the NHS number"},
        )
        self.fields["topic"], self.fields["channel"] = about(), how()
        self.fields["wanted_on"] = Day(
            label="On which day?",
            help_text="Leave it empty for today.",
            subject="The day",
            earliest=today,
            latest=today + FURTHEST_AHEAD - timedelta(days=1),
            required=False,
        )
        self.fields["hold_days"] = Choice(
            [Option(code, words) for code, words in HELD],
            label="How long shall we hold it for you?",
            drop_down=True,
            initial="3",
        )

    def clean_nhs_number(self) -> str:
        try:
            return parse(self.cleaned_data["nhs_number"], synthetic=settings.OPENPROTECT.synthetic)
        except NotAnNhsNumber as why:
            raise ValidationError(f"Enter the ten figures of an NHS number: {why.reason}") from None


class ListForm(PageForm):
    """A list: a file or pasted, and what holds where a row says nothing."""

    def __init__(
        self,
        given: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(given, files)
        self.fields["file"] = forms.FileField(required=False, allow_empty_file=True)
        self.fields["pasted"] = Words(label="Or paste it here", rows=6, required=False)
        self.fields["topic"], self.fields["channel"] = about(), how()
        self.fields["topic"].label = "What about, where a row does not say?"
        self.fields["channel"].label = "How, where a row does not say?"


class OutcomeForm(PageForm):
    """What came of a contact."""

    outcome = Choice(
        [Option(code, words[:1].upper() + words[1:]) for code, words in MADE.items()],
        label="What came of it?",
        error_messages={"required": "Choose what came of it"},
    )
