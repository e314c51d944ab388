"""What somebody who works an alert types and chooses."""

from collections.abc import Iterable

from openprotect.alerts.rules import LONGEST_NOTE, LONGEST_REASON
from openprotect.web.design.fields import Choice, Option, PageForm, Words


class CloseForm(PageForm):
    """How an alert ended."""

    def __init__(self, *args: object, outcomes: Iterable[tuple[str, str]], **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["outcome"] = Choice(
            [Option(code, text) for code, text in outcomes],
            label="What came of it?",
            error_messages={"required": "Choose what came of it"},
        )
        self.fields["note"] = Words(
            label="Note",
            help_text="What was done, for the practice and whoever looks next.",
            rows=4,
            max_length=LONGEST_NOTE,
            required=False,
        )


class HandoverForm(PageForm):
    """To which team, and why."""

    def __init__(
        self, *args: object, teams: Iterable[tuple[str, str, str]], **rest: object
    ) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["team"] = Choice(
            [Option(key, name, hint) for key, name, hint in teams],
            label="To which team?",
            error_messages={"required": "Choose a team"},
        )
        self.fields["because"] = Words(
            label="Why?",
            help_text="In words for the team that gets it. Only what it needs.",
            rows=3,
            max_length=LONGEST_REASON,
            error_messages={"required": "Write why, so that the next team need not ask you"},
        )


class WhyForm(PageForm):
    """A reason, for whoever gets it next."""

    def __init__(self, *args: object, label: str, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["because"] = Words(
            label=label,
            help_text="In words for the team that gets it. Only what it needs.",
            rows=3,
            max_length=LONGEST_REASON,
            error_messages={"required": "Write why, so that the next team need not ask you"},
        )


class ProcedureForm(PageForm):
    """How one's own area works a kind of alert."""

    words = Words(
        label="How we work this",
        help_text="Steps in order, in plain words: whom to ring, what to ask, when to pass it on.",
        rows=12,
        max_length=6000,
        error_messages={"required": "Write how you work this"},
    )
    because = Words(
        label="What changed, and why?",
        max_length=300,
        error_messages={"required": "Write what changed and why"},
    )


class MedicinesForm(PageForm):
    """Who brings somebody's medicines."""

    pharmacy = Words(label="Which pharmacy?", max_length=200, required=False)
    may_collect = Words(
        label="Who may collect for them?",
        help_text="Name and how they are known: daughter, neighbour, volunteer of …",
        max_length=300,
        required=False,
    )
    controlled = Choice(
        [
            Option("yes", "Yes", "Only whoever the local way of working allows may collect"),
            Option("no", "No"),
            Option("unknown", "Not known"),
        ],
        label="Are there controlled drugs among them?",
        inline=False,
    )
