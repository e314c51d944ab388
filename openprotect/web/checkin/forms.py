"""What is asked before the questions: the birth date, in any form that has one meaning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from openprotect.web.design.fields import Day, PageForm

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

    def _said(self, bound: forms.BoundField) -> str:
        return str(bound.errors[0])
