"""What a call handler types and chooses: the note, how it ended, and what that outcome asks for."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from openprotect.calls.rules import LONGEST_NOTE
from openprotect.web.design.fields import Choice, Choices, Option, PageForm, Words, rows

FOLLOWS = {
    "ANSWERED": "The answers are sent in.",
    "ON_BEHALF": "We ask who it was, and if the person is happy with it.",
    "PARTLY": "What they told you still counts.",
    "REFUSED": "What they told you still counts.",
    "RESCHEDULED": "We ask when.",
    "LANGUAGE": "We ask which one. A call handler who speaks it rings.",
    "OPTED_OUT": "No texts and no calls from now on. What they need is still dealt with.",
    "NO_ANSWER": "We ring again later.",
    "VOICEMAIL": "We ring again later. Leave no message about health, the list or the practice.",
    "WRONG_NUMBER": "A team looks for another way to reach them.",
    "LINE_DEAD": "A team looks for another way to reach them.",
    "HOSPITAL": "We ask nothing of them until they are home.",
    "MOVED": "Write who told you. A team looks for where they are.",
    "DIED": "Write who told you. All contact stops at once.",
    "HANDED_OVER": "We ask who has them now.",
    "SAFEGUARDING": "Write what you heard or saw. A team is told at once.",
}
# As a call goes: what they said first, then when nobody was there, then what must not wait.
GROUPS = (
    ("They answered", ("ANSWERED", "ON_BEHALF", "PARTLY")),
    ("Not now, or not like this", ("REFUSED", "RESCHEDULED", "LANGUAGE", "OPTED_OUT")),
    ("Nobody was reached", ("NO_ANSWER", "VOICEMAIL", "WRONG_NUMBER", "LINE_DEAD")),
    ("You were told something", ("HOSPITAL", "MOVED", "DIED")),
    ("Somebody is in danger", ("HANDED_OVER", "SAFEGUARDING")),
)

# When somebody likes to be rung, in words that are said on the phone.
PARTS_OF_THE_DAY: Mapping[str, tuple[str, time, time]] = {
    "morning": ("mornings, before 12", time(8), time(12)),
    "afternoon": ("afternoons, 12 to 5", time(12), time(17)),
    "evening": ("evenings, after 5", time(17), time(20)),
}
ANY_TIME = "any"


class NoteForm(PageForm):
    """The note of a call, beside whatever else is on the page."""

    note = Words(
        label="Your note",
        help_text="Their own words, and what the next person must know.",
        rows=3,
        max_length=LONGEST_NOTE,
        required=False,
    )


class Outcomes(Choice):
    """How a call can end, in groups with a heading each."""

    def __init__(self, outcomes: Mapping[str, str], **rest: Any) -> None:
        super().__init__(
            [
                Option(code, outcomes[code], FOLLOWS.get(code, ""))
                for _, codes in GROUPS
                for code in codes
            ],
            **rest,
        )
        drawn = rows(self.options)
        self.rows = []
        for heading, codes in GROUPS:
            self.rows.append({"divider": heading})
            self.rows += [each for each in drawn if each.get("value") in codes]


class OutcomeForm(NoteForm):
    """How the call ended."""

    field_order = ("outcome", "note", "likes", "grief")

    def __init__(
        self, *args: object, outcomes: Iterable[tuple[str, str]], likes: str = "", **rest: object
    ) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["outcome"] = Outcomes(
            dict(outcomes),
            label="How did it end?",
            error_messages={"required": "Choose how the call ended"},
        )
        parts = [Option(key, words) for key, (words, _, _) in PARTS_OF_THE_DAY.items()]
        self.fields["likes"] = Choice(
            [*parts, Option(ANY_TIME, "any time of the day")],
            label="When do they like to be rung?",
            help_text=f"They said before: {likes}." if likes else "Only if they told you.",
            drop_down=True,
            required=False,
        )
        self.fields["grief"] = Choices(
            [
                Option(
                    "yes", "Somebody close to them has died", "A trained call handler rings next."
                )
            ],
            label="Grief",
            required=False,
        )
        self.order_fields(self.field_order)
