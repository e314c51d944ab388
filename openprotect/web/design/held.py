"""A form that somebody tries, and the made-up answers so far: carried by the page itself.

Nothing of it is stored. The page holds it signed, so that what comes back is what was given out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

from django.core import signing

from openprotect.base.refusals import Refused
from openprotect.forms.answering import Answers
from openprotect.forms.documents import read_document
from openprotect.forms.reading import Reading, read_form

SALT = "openprotect.trying"
LONGEST = 600_000  # letters of a form that is pasted; what is sent back must fit in one request


class NotHeld(Refused):
    """What the page carried cannot be used."""


@dataclass(frozen=True)
class Held:
    """The form's text, its language, and the answers so far."""

    text: str
    language: str = ""
    answers: Answers = field(default_factory=dict)
    large: bool = False

    @classmethod
    def given_back(cls, token: str) -> Held:
        """What a page carried."""
        try:
            return cls(**signing.loads(token, salt=SALT))
        except (signing.BadSignature, TypeError):
            raise NotHeld("That page is too old. Start again with the form.") from None

    @property
    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    def reading(self) -> Reading:
        """The form in its language; refused with every reason when it cannot be used."""
        if len(self.text) > LONGEST:
            raise NotHeld(f"The form is too long: {LONGEST:,} letters is the most.")
        return read_form(read_document(self.text.encode()), language=self.language)

    def keeping(self, answers: Answers) -> Held:
        return replace(self, answers=json.loads(json.dumps(answers, default=str)))
