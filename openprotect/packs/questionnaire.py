"""A pack's questionnaire: a form with its emergency text, and the way through it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from openprotect.forms import walk
from openprotect.forms.answering import kept_of
from openprotect.forms.computing import NOTHING_KNOWN, Known, settled
from openprotect.forms.form import Form
from openprotect.forms.in_words import in_words
from openprotect.forms.items import EmergencyText, Item
from openprotect.forms.responses import to_fhir
from openprotect.forms.state import State
from openprotect.forms.typed_in import read
from openprotect.forms.values import Kept, NotUnderstood
from openprotect.forms.walk import Page
from openprotect.packs.works_out import is_worked_out

Stored = Mapping[str, object]


@dataclass(frozen=True)
class Questionnaire:
    """What is asked, in order. It knows nothing of the person who answers.

    `spoken`: the same in other languages, by their tags; answers to one are answers to all.
    """

    form: Form
    emergency_text: EmergencyText
    spoken: Mapping[str, "Questionnaire"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.form.url

    @property
    def title(self) -> str:
        return self.form.title

    @property
    def items(self) -> tuple[Item, ...]:
        return self.form.everything

    @property
    def questions(self) -> tuple[Item, ...]:
        return self.form.questions

    @property
    def answered(self) -> tuple[Item, ...]:
        """The questions that people answer; what the form works out is not among them."""
        return tuple(each for each in self.form.questions if not is_worked_out(each))

    def in_language(self, tag: str) -> "Questionnaire":
        """The same in a language, or in that without its region; as it is where there is none."""
        return self.spoken.get(tag) or self.spoken.get(tag.partition("-")[0]) or self

    def item(self, key: str) -> Item | None:
        """The item of a linkId, or of a place such as medicine@2."""
        return self.form.item(key) or self.form.item(key.rpartition("@")[0])

    def state(self, answers: Stored, known: Known = NOTHING_KNOWN) -> State:
        """The form as it stands with these answers."""
        return settled(self.form, answers, known)

    def pages(self, answers: Stored) -> tuple[Page, ...]:
        return walk.pages(self.state(answers))

    def visible(self, answers: Stored) -> tuple[Item, ...]:
        """What is shown for these answers, in order: questions and texts, not headings."""
        shown = (page.shown for page in self.pages(answers) if page.kind != "another")
        return tuple({each.item.link_id: each.item for page in shown for each in page}.values())

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
        missing = walk.missing(self.state(answers))
        return tuple({each.item.link_id: each.item for each in missing}.values())

    def prune(self, answers: Stored) -> dict[str, object]:
        """Only the answers to questions still shown. A hidden answer cannot keep another alive."""
        return kept_of(self.state(answers), answers)

    def read(self, item: Item, raw: Mapping[str, str] | str) -> Kept | None:
        """What was typed or chosen, ready to be kept; None when left empty and that is allowed."""
        value = read(item, raw)
        return None if value is None else item.kept(value)

    def emergency(self, item: Item | None, stored: object) -> EmergencyText | None:
        """The text to show at once for this answer; 999 before 111."""
        try:
            values = item.all_understood(stored) if item and item.is_question else ()
        except NotUnderstood:
            return None
        flags = item.red_flags if item else ()
        raised = [flag.emergency for flag in flags for each in values if flag.raised_by(each)]
        return max(raised, key=lambda emergency: emergency.call, default=None)

    def in_words(self, answers: Stored) -> tuple[tuple[str, str], ...]:
        """Each question shown and answered, with its answer as a person would say it."""
        return tuple(in_words(self.state(answers), answers))

    def to_fhir(
        self, answers: Stored, *, authored_at: datetime, response_id: str, version: str
    ) -> dict[str, object]:
        """A FHIR R4 QuestionnaireResponse of the answers to the questions shown."""
        state = self.state(answers)
        return to_fhir(
            self.form,
            state,
            authored_at=authored_at,
            response_id=response_id,
            is_whole=not walk.missing(state),
            version=version,
        )

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {item.link_id: place for place, item in enumerate(self.items)}
