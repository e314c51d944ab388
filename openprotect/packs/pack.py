"""A pack: everything that fills the loop for one programme, as values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass

from openprotect.cohorts.rules import CohortRules
from openprotect.packs.languages import ENGLISH, nearest
from openprotect.packs.manifest import Heading, Manifest
from openprotect.packs.messages import Message, NoSuchMessage
from openprotect.packs.problems import Problem
from openprotect.packs.prose import Prose
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.routing import Routing
from openprotect.packs.triage import TriageTable


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
        for message in self.messages:
            if (message.name, message.language, message.channel) == (name, spoken, channel):
                return message
        raise NoSuchMessage(f"{self.title} has no {name} message by {channel} in {spoken!r}.")

    def call_script_in(self, language: str) -> Prose:
        """What a call handler who speaks a language reads; the English one where there is none."""
        return self.call_scripts.get(nearest(language, self.call_scripts), self.call_script)


@dataclass(frozen=True)
class Register(Heading):
    """One version of a pack that only says whom it is about: nobody is asked anything."""

    cohort: CohortRules
    files: Mapping[str, bytes]
    content_hash: str
    warnings: tuple[Problem, ...]
