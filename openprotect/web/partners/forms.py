"""What is typed to ask another organisation, and to answer."""

from collections.abc import Iterable
from datetime import date

from openprotect.referrals.rules import LONGEST_NOTE, LONGEST_WHAT
from openprotect.web.design.fields import Choice, Day, Option, PageForm, Words


class AskForm(PageForm):
    """Whom to ask, what, and how they are told."""

    def __init__(
        self,
        *args: object,
        teams: Iterable[tuple[str, str, str]],
        ways: Iterable[tuple[str, str]],
        **rest: object,
    ) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["team"] = Choice(
            [Option(key, name, hint) for key, name, hint in teams],
            label="Whom do you ask?",
            error_messages={"required": "Choose whom to ask"},
        )
        self.fields["what"] = Words(
            label="What do you ask them to do?",
            help_text="In plain words. No diagnosis, unless they cannot help without it.",
            rows=4,
            max_length=LONGEST_WHAT,
            error_messages={"required": "Write what you ask them to do"},
        )
        self.fields["how"] = Choice(
            [Option(code, text) for code, text in ways],
            label="How are they told?",
            error_messages={"required": "Choose how they are told"},
        )


class DoneForm(PageForm):
    """What came of a task."""

    def __init__(self, *args: object, outcomes: Iterable[tuple[str, str]], **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["outcome"] = Choice(
            [Option(code, text) for code, text in outcomes],
            label="What came of it?",
            error_messages={"required": "Choose what came of it"},
        )
        self.fields["note"] = Words(
            label="Note", rows=3, max_length=LONGEST_NOTE, required=False,
            help_text="For the team that asked you, and the person's practice.",
        )  # fmt: skip


class DeclineForm(PageForm):
    """Why a task cannot be done."""

    def __init__(self, *args: object, reasons: Iterable[tuple[str, str]], **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["because"] = Choice(
            [Option(code, text) for code, text in reasons],
            label="Why can you not do it?",
            error_messages={"required": "Choose why"},
        )
        self.fields["note"] = Words(
            label="Note", rows=3, max_length=LONGEST_NOTE, required=False,
            help_text="Anything that helps the team that asked you to find somebody else.",
        )  # fmt: skip


class HoldForm(PageForm):
    """Until when a task has to wait, and why."""

    def __init__(self, *args: object, earliest: date, latest: date, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["until"] = Day(
            label="Until which day?", subject="The day", earliest=earliest, latest=latest
        )
        self.fields["because"] = Words(
            label="Why does it have to wait?",
            rows=2,
            max_length=300,
            error_messages={"required": "Write why it has to wait"},
        )


class WithdrawForm(PageForm):
    """Why what was asked is taken back."""

    because = Words(
        label="Why do you take it back?",
        rows=2,
        max_length=500,
        error_messages={"required": "Write why, so that they know that nothing was wrong"},
    )


class CodeForm(PageForm):
    """The code that came to the team's mailbox or phone."""

    code = Words(
        label="The code we sent you",
        help_text="Six figures. It holds for 15 minutes.",
        width=5,
        max_length=12,
        autocomplete="one-time-code",
        error_messages={"required": "Enter the code we sent you"},
    )


class MailboxForm(PageForm):
    """Where a team is reached with links and codes."""

    def __init__(self, *args: object, teams: Iterable[tuple[str, str]], **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["team"] = Choice(
            [Option(key, name) for key, name in teams],
            drop_down=True,
            label="Which team?",
            error_messages={"required": "Choose a team"},
        )
        self.fields["phone"] = Words(
            label="Its mobile phone",
            help_text="The team's own, which you know to be theirs. Ring it before you keep it.",
            width=20,
            max_length=30,
            error_messages={"required": "Enter the team's mobile phone"},
        )
