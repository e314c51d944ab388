"""A questionnaire as pages: what is shown now, what comes next, what is still missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from openprotect.packs import responses
from openprotect.packs.items import EmergencyText, Item, as_code
from openprotect.packs.stored import Answer, NotUnderstood, Value, kept
from openprotect.packs.typed_in import read

Stored = Mapping[str, object]


@dataclass(frozen=True)
class Questionnaire:
    """What is asked, in order. It knows nothing of the person who answers."""

    url: str
    title: str
    emergency_text: EmergencyText
    items: tuple[Item, ...]

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_question)

    @cached_property
    def _by_link_id(self) -> Mapping[str, Item]:
        return {item.link_id: item for item in self.items}

    def item(self, link_id: str) -> Item | None:
        return self._by_link_id.get(link_id)

    def visible(self, answers: Stored) -> tuple[Item, ...]:
        """The pages shown for these answers, in order: questions and texts, not headings."""
        return tuple(item for item, _ in self._shown(answers) if item.is_page)

    def first(self, answers: Stored) -> Item | None:
        return next(iter(self.visible(answers)), None)

    def next_after(self, link_id: str, answers: Stored) -> Item | None:
        here = self._places.get(link_id, -1)
        later = (e for e in self.visible(answers) if self._places[e.link_id] > here)
        return next(later, None)

    def previous(self, link_id: str, answers: Stored) -> Item | None:
        here = self._places.get(link_id, -1)
        earlier = [e for e in self.visible(answers) if self._places[e.link_id] < here]
        return earlier[-1] if earlier else None

    def missing(self, answers: Stored) -> tuple[Item, ...]:
        """Questions that are shown, must be answered, and have no answer that can be read."""
        return tuple(
            item
            for item, value in self._shown(answers)
            if item.is_question and item.required and value is None
        )

    def prune(self, answers: Stored) -> dict[str, object]:
        """Only the answers to questions still shown. A hidden answer cannot keep another alive."""
        shown = {item.link_id for item, _ in self._shown(answers) if item.is_question}
        return {
            item.link_id: answers[item.link_id]
            for item in self.questions
            if item.link_id in shown and answers.get(item.link_id) is not None
        }

    def read(self, item: Item, raw: Mapping[str, str] | str) -> Answer | None:
        """What was typed or chosen, ready to be kept; None when left empty and that is allowed."""
        value = read(item, raw)
        return None if value is None else kept(value)

    def emergency(self, item: Item | None, value: object) -> EmergencyText | None:
        """The text to show at once for this answer; 999 before 111."""
        answer = _understood_or_none(item, value) if item else None
        if item is None or answer is None:
            return None
        raised = [flag.emergency for flag in item.red_flags if flag.raised_by(answer)]
        return max(raised, key=lambda emergency: emergency.call, default=None)

    def in_words(self, answers: Stored) -> tuple[tuple[str, str], ...]:
        """Each question shown and answered, with its answer as a person would say it."""
        return tuple(
            (item.text, _answer_in_words(item, answers[item.link_id], value))
            for item, value in self._shown(answers)
            if item.is_question and answers.get(item.link_id) is not None
        )

    def to_fhir(
        self, answers: Stored, *, authored_at: datetime, response_id: str, version: str
    ) -> dict[str, object]:
        """A FHIR R4 QuestionnaireResponse of the answers to the questions shown."""
        shown = [(item, value) for item, value in self._shown(answers) if not item.is_hidden]
        return {
            "resourceType": "QuestionnaireResponse",
            "id": response_id,
            "questionnaire": f"{self.url}|{version}",
            "status": "in-progress" if self.missing(answers) else "completed",
            "authored": authored_at.isoformat(),
            "item": responses.nested(shown),
        }

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {item.link_id: place for place, item in enumerate(self.items)}

    def _shown(self, answers: Stored) -> Iterator[tuple[Item, Value | None]]:
        """Conditions look only backwards, so one pass settles what is shown."""
        live: dict[str, Value] = {}
        for item in self.items:
            if item.shown(live):
                value = _understood_or_none(item, answers.get(item.link_id))
                if value is not None and item.is_question:
                    live[item.link_id] = value
                yield item, value


def _understood_or_none(item: Item, stored: object) -> Value | None:
    try:
        return item.understood(stored) if item.is_question else None
    except NotUnderstood:
        return None


def _answer_in_words(item: Item, stored: object, value: Value | None) -> str:
    if value is None:
        return "(an answer that cannot be read)" if str(stored).strip() else "(nothing written)"
    if option := item.option(as_code(value)):
        return option.display
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if item.kind == "date" and not isinstance(value, str):
        return f"{value:%-d %B %Y}"
    return f"{kept(value)} {item.unit}".strip()
