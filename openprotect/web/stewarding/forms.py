"""What a steward is asked when an import is refused or undone."""

from openprotect.web.design.fields import Choice, Option, PageForm, Words


class ReasonForm(PageForm):
    """Why an import is not taken, or taken back."""

    because = Words(
        label="Why?",
        help_text="In a few words, without anybody's details. It stays with the import for good.",
        rows=3,
        max_length=300,
        error_messages={"required": "Say why"},
    )


class UndoForm(ReasonForm):
    """Why an import is undone, and whether those after it go with it."""

    later = Choice(
        [
            Option("alone", "Only this import", "It is refused when others were taken after it."),
            Option("with", "This one, and every import taken after it, the newest first"),
        ],
        label="What is undone?",
    )
