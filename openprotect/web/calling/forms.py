"""What a call handler types and chooses."""

from collections.abc import Iterable

from openprotect.calls.rules import LONGEST_NOTE
from openprotect.web.design.fields import Choice, Option, PageForm, Words

FOLLOWS = {
    "ANSWERED": "The answers are sent in.",
    "NO_ANSWER": "We ring again later.",
    "VOICEMAIL": "We ring again later.",
    "CALL_BACK": "Write when suits them.",
    "HANDED_OVER": "Write who took over.",
    "REFUSED": "What they told you still counts.",
    "STOP": "No texts and no calls from now on. What they need is still dealt with.",
    "WRONG_NUMBER": "A team looks for another way to reach them.",
    "DIED": "Write who told you. All contact stops at once.",
}


class NoteForm(PageForm):
    """The note of a call, beside whatever else is on the page."""

    note = Words(
        label="Your note",
        help_text="Their own words, and what the next person must know.",
        rows=3,
        max_length=LONGEST_NOTE,
        required=False,
    )


class OutcomeForm(NoteForm):
    """How the call ended."""

    field_order = ("outcome", "note")

    def __init__(self, *args: object, outcomes: Iterable[tuple[str, str]], **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["outcome"] = Choice(
            [Option(code, text, FOLLOWS.get(code, "")) for code, text in outcomes],
            label="How did it end?",
            error_messages={"required": "Choose how the call ended"},
        )
        self.order_fields(self.field_order)
