"""Did what was done help? The one question, as the person and as a call handler are given it."""

from collections.abc import Iterable, Mapping
from typing import Any

from openprotect.web.design.fields import Choice, Option, PageForm


class HelpedForm(PageForm):
    """Whether what was done about one thing helped."""

    is_one_question = True

    def __init__(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        about: str,
        answers: Iterable[tuple[str, str]],
        wording: str = "Did it help?",
    ) -> None:
        super().__init__(given)
        self.fields["helped"] = Choice(
            [Option(code, words) for code, words in answers],
            label=wording,
            help_text=f"Some days ago you told us about {about}, and somebody dealt with it.",
            error_messages={"required": "Choose one answer. “I am not sure” is an answer too"},
        )
