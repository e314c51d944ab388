"""The short way, when nothing has changed: what answers of last time come to today."""

from dataclasses import dataclass

from openprotect.forms.answering import Answers, kept_of
from openprotect.forms.computing import NOTHING_KNOWN, Known, settled
from openprotect.forms.form import Form
from openprotect.forms.items import EmergencyText
from openprotect.forms.state import State, Stored
from openprotect.forms.typed_in import NotAnAnswer, accepted
from openprotect.forms.walk import is_asked, missing


@dataclass(frozen=True)
class Again:
    """Answers of last time that still stand, to be looked over and sent with one word.

    `open`: the places that must still be answered. `urgent`: what the answers would tell the person
    at once; where there is any, the short way is not offered.
    """

    answers: Answers
    open: tuple[str, ...]
    urgent: tuple[EmergencyText, ...]

    @property
    def may_be_offered(self) -> bool:
        return bool(self.answers) and not self.open and not self.urgent


def as_last_time(form: Form, before: Stored, known: Known = NOTHING_KNOWN) -> Again:
    """What of earlier answers, perhaps to another version, today's form would take as they are."""
    state = settled(form, before, known)
    fresh = {key: value for key, value in kept_of(state, before).items() if _stands(state, key)}
    state = settled(form, fresh, known)
    answers = kept_of(state, fresh)
    return Again(
        answers,
        tuple(each.key for each in missing(state)),
        tuple(dict.fromkeys(_urgent(state))),
    )


def _stands(state: State, key: str) -> bool:
    """Whether an answer keeps to what its question allows today; a number of turns does."""
    shown = state.at(key)
    if shown is None:
        return True
    if not shown.values or not is_asked(shown):
        return False
    try:
        accepted(shown.item, shown.values)
    except NotAnAnswer:
        return False
    return True


def _urgent(state: State) -> list[EmergencyText]:
    return [
        flag.emergency
        for shown in state.everything()
        for flag in shown.item.red_flags
        if any(flag.raised_by(value) for value in shown.values)
    ]
