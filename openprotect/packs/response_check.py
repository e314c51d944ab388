"""Is this FHIR R4 QuestionnaireResponse an answer to exactly this questionnaire version?"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from openprotect.forms.validating import verdict_of
from openprotect.packs.questionnaire import Questionnaire


def faults(response: Mapping[str, object], form: Questionnaire, version: str) -> tuple[str, ...]:
    """Why it is not; nothing when it is. Stricter than FHIR: version and instant must be there."""
    verdict = verdict_of(response, form.form)
    return tuple(dict.fromkeys((*_of_whole(response, form, version), *map(str, verdict.errors))))


def _of_whole(response: Mapping[str, object], form: Questionnaire, version: str) -> Iterator[str]:
    """F25: an answer to a version that is not named, or not this one, is taken from nobody."""
    if response.get("questionnaire") != f"{form.url}|{version}":
        yield f"questionnaire: must be {form.url}|{version}."
    try:
        authored = datetime.fromisoformat(str(response.get("authored")))
    except ValueError:
        authored = None
    if authored is None or authored.tzinfo is None:
        yield "authored: must be an instant with its time zone."
