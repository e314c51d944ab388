"""What leads write to teams, and what anybody says of the service."""

from collections.abc import Iterable

from openprotect.voices.rules import LONGEST_FEEDBACK, LONGEST_WORDS
from openprotect.web.design.fields import Choice, Option, PageForm, Words

NO_PATIENT = "Nothing about a patient, please: no name, no number, nothing of their health."


class ThanksForm(PageForm):
    """A lead's thanks to a team."""

    def __init__(
        self, *given: object, teams: Iterable[tuple[str, str, str]], **rest: object
    ) -> None:
        super().__init__(*given, **rest)  # type: ignore[arg-type]
        self.fields["team"] = Choice(
            [Option(*each) for each in teams],
            label="Whom do you want to thank?",
            drop_down=True,
            error_messages={"required": "Choose a team"},
        )
        self.fields["person"] = Words(
            label="Is it for one of them? Their sign-in name",
            help_text="Leave it empty if it is for the whole team.",
            required=False,
            max_length=120,
            width=20,
        )
        self.fields["words"] = Words(
            label="What for?",
            help_text=f"Say what they did: that is what people keep. {NO_PATIENT}",
            rows=4,
            max_length=LONGEST_WORDS,
            error_messages={"required": "Write what for"},
        )


class FeedbackForm(PageForm):
    """What somebody has to say."""

    is_one_question = True
    words = Words(
        label="What could be better here, or is good as it is?",
        help_text=NO_PATIENT,
        rows=5,
        max_length=LONGEST_FEEDBACK,
        error_messages={"required": "Write what you think"},
    )


class AnswerForm(PageForm):
    """What we did about it."""

    state = Choice(
        [
            Option("DONE", "We did it"),
            Option("PLANNED", "We will do it"),
            Option("NOT_DONE", "We will not, and say why"),
        ],
        label="What became of it?",
        error_messages={"required": "Choose what became of it"},
    )
    words = Words(
        label="Your answer",
        help_text="Everybody in the programme can read it.",
        rows=4,
        max_length=LONGEST_FEEDBACK,
        error_messages={"required": "Write what you did, or why you will not"},
    )


class WordingForm(PageForm):
    """How a reminder is put."""

    is_one_question = True
    words = Words(
        label="The words of this note",
        help_text="{waiting} becomes “4 reviews are”, {since} “Tuesday”, {peers} “8 of 10”,"
        " {team} the team's name.",
        rows=5,
        max_length=LONGEST_WORDS,
        error_messages={"required": "Write the words"},
    )
