"""A pack: everything that fills the loop for one programme, as values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass

from openprotect.cohorts.rules import CohortRules
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
    files: Mapping[str, bytes]
    content_hash: str
    warnings: tuple[Problem, ...]

    def message(self, name: str, *, language: str = "en", channel: str = "text") -> Message:
        for message in self.messages:
            if (message.name, message.language, message.channel) == (name, language, channel):
                return message
        raise NoSuchMessage(f"{self.title} has no {name} message by {channel} in {language!r}.")


@dataclass(frozen=True)
class Register(Heading):
    """One version of a pack that only says whom it is about: nobody is asked anything."""

    cohort: CohortRules
    files: Mapping[str, bytes]
    content_hash: str
    warnings: tuple[Problem, ...]
