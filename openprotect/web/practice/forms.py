"""What a practice is asked when it decides about a patient."""

from openprotect.enrolments.rules import GROUNDS, LONGEST_NOTE
from openprotect.web.design.fields import Choice, Option, PageForm, Words


class GroundForm(PageForm):
    """Why a patient is not contacted."""

    ground = Choice(
        [Option(code, title, apart=code == "other") for code, title in GROUNDS.items()],
        label="Why?",
    )
    note = Words(
        label="What should a colleague know?",
        help_text="Needed with “Another reason”. Anyone in your practice can read it later.",
        rows=3,
        max_length=LONGEST_NOTE,
        required=False,
    )


class AddForm(PageForm):
    """A patient whom the rules missed."""

    nhs_number = Words(
        label="NHS number",
        help_text="10 figures, for example 999 123 4567. Spaces do not matter.",
        width=20,
        error_messages={"required": "Enter the NHS number"},
    )
    reason = Words(
        label="Why should they be asked?",
        help_text="In a few words: it is shown beside their name as the reason.",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why"},
    )


class StayForm(PageForm):
    """Why a patient stays in a programme whose rules no longer find them."""

    reason = Words(
        label="Why should they stay?",
        help_text="In a few words. Anyone in your practice can read it later.",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why"},
    )


class WhyForm(PageForm):
    """Which patient a practice asks the rules about."""

    nhs_number = Words(
        label="NHS number",
        help_text="10 figures, for example 999 123 4567. Spaces do not matter.",
        width=20,
        error_messages={"required": "Enter the NHS number"},
    )
