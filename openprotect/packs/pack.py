"""A pack: everything that fills the loop for one programme, as values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openprotect.cohorts.rules import CohortRules
from openprotect.packs.known import NOTHING_KNOWN, Known
from openprotect.packs.languages import ENGLISH, nearest
from openprotect.packs.manifest import Heading, Manifest
from openprotect.packs.messages import Message, NoSuchMessage
from openprotect.packs.problems import Problem
from openprotect.packs.prose import Prose
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.routing import Route, Routing
from openprotect.packs.sight import CHANGES, MOST_URGENT_OWNER, Change
from openprotect.packs.triage import Finding, Outcome, TriageTable


@dataclass(frozen=True)
class Decision:
    """One concern, who owns it and by when, and the answers behind it.

    `change` is the gravest change since last time among the answers that the rule looks at.
    """

    outcome: Outcome
    route: Route
    looks_at: tuple[str, ...]
    change: Change


@dataclass(frozen=True)
class Pack(Manifest):
    """One version of a programme's content. `content_hash` names it beyond doubt."""

    cohort: CohortRules
    questionnaire: Questionnaire
    triage: TriageTable
    routing: Routing
    messages: tuple[Message, ...]
    call_script: Prose
    practice_card: Prose
    call_scripts: Mapping[str, Prose]
    files: Mapping[str, bytes]
    content_hash: str
    warnings: tuple[Problem, ...]

    def message(self, name: str, *, language: str = ENGLISH, channel: str = "text") -> Message:
        """The message in somebody's language, or in English when the pack is not written in it."""
        spoken = nearest(language, self.languages)
        # A text is there in every language; an e-mail or a letter may be in English alone.
        for each in (spoken,) if channel == "text" else (spoken, ENGLISH):
            for message in self.messages:
                if (message.name, message.language, message.channel) == (name, each, channel):
                    return message
        raise NoSuchMessage(f"{self.title} has no {name} message by {channel} in {spoken!r}.")

    def questionnaire_in(self, language: str) -> Questionnaire:
        """The questions in somebody's language; the codes that are kept are the same in each."""
        return self.questionnaire.in_language(nearest(language, self.languages))

    def call_script_in(self, language: str) -> Prose:
        """What a call handler who speaks a language reads; the English one where there is none."""
        return self.call_scripts.get(nearest(language, self.call_scripts), self.call_script)

    def decide(
        self, answers: Mapping[str, object], known: Known = NOTHING_KNOWN
    ) -> tuple[Decision, ...]:
        """All concerns that these answers raise, most urgent first, each with its owner."""
        outcomes = self.triage.judge(answers, known)
        return tuple(
            Decision(each, route, *self._behind(each, answers, known))
            for each, route in zip(outcomes, self._routes(outcomes), strict=True)
        )

    def _routes(self, outcomes: tuple[Outcome, ...]) -> list[Route]:
        """Each to its own owner, or where the pack says so to the owner of the most urgent one.

        A rule that could not be worked out always keeps the owner that looks at such things.
        """
        routes = [self.routing.route(each.kind, each.urgency) for each in outcomes]
        found = [isinstance(each, Finding) for each in outcomes]
        if self.triage.sight.hit != MOST_URGENT_OWNER or not any(found):
            return routes
        first = routes[found.index(True)]
        return [
            replace(route, function=first.function, fallback=first.fallback) if is_found else route
            for route, is_found in zip(routes, found, strict=True)
        ]

    def _behind(
        self, outcome: Outcome, answers: Mapping[str, object], known: Known
    ) -> tuple[tuple[str, ...], Change]:
        table = self.triage
        looks_at = table.looks_at(outcome.rule)
        changes = {table.sight.change(table.asked[name], answers, known) for name in looks_at}
        return looks_at, next((each for each in CHANGES if each in changes), "new")


@dataclass(frozen=True)
class Register(Heading):
    """One version of a pack that only says whom it is about: nobody is asked anything."""

    cohort: CohortRules
    files: Mapping[str, bytes]
    content_hash: str
    warnings: tuple[Problem, ...]
