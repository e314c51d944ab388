"""What a practice is asked when it decides about a patient, or about its own part."""

from collections.abc import Iterable

from openprotect.enrolments.rules import GROUNDS, LONGEST_NOTE
from openprotect.web.design.fields import Choice, Day, Option, PageForm, Words


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


class PauseForm(PageForm):
    """Until when none of the practice's patients is asked, and why."""

    until = Day(
        label="Until which day should nobody be asked?",
        subject="The last day",
        help_text="This day is included. At most four weeks.",
        error_messages={"required": "Enter the last day"},
    )
    because = Words(
        label="Why do you pause?",
        help_text="The programme lead reads it.",
        max_length=300,
        error_messages={"required": "Say why"},
    )


class PartForm(PageForm):
    """Who takes each kind of need of the practice's patients."""

    def __init__(
        self, *given: object, kinds: Iterable[tuple[str, str, str, str]], **rest: object
    ) -> None:
        super().__init__(*given, **rest)  # type: ignore[arg-type]
        for kind, about, now, said in kinds:
            options = [Option("ours", "We take it ourselves"), Option("others", "Others take it")]
            if said == "as-is":
                options = [Option("as-is", "As the programme says", f"Now: {now}"), *options]
            self.fields[kind] = Choice(options, label=f"Alerts about {about}", initial=said)
        self.fields["because"] = Words(
            label="Why?",
            help_text="Needed when others take something that you took. The locality reads it.",
            max_length=300,
            required=False,
        )


class RangForm(PageForm):
    """What a patient who rings wants, or what somebody says of them."""

    what = Choice(
        [
            Option("ring", "They want to be rung", "A call handler rings them"),
            Option("stop", "They want no more contact", "All texts and calls stop at once"),
            Option("died", "They have died", "All contact stops at once; nobody writes to them"),
            Option("moved", "They are not our patient any more", "Their part here ends"),
        ],
        label="What did they say?",
        error_messages={"required": "Choose what they said"},
    )
    words = Words(
        label="When is a good time to ring, or who told you?",
        max_length=100,
        required=False,
    )
