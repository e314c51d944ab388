"""What a person said, in their own words and in the words they were asked in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from openprotect.alerts.models import Alert
from openprotect.checkins.models import Answer, Checkin, Conflict, Response
from openprotect.checkins.queries import answers_so_far
from openprotect.packs.pack import Pack
from openprotect.packs.triage import Rule
from openprotect.programmes.queries import pack_of

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Said:
    """The answers of one sitting: those behind the alert, what they wrote, and all of them."""

    at: datetime | None
    how: str
    because: Words
    own_words: Words
    everything: Words


def said(alert: Alert) -> tuple[Said, ...]:
    """What was said that led to an alert; nothing when nobody was reached.

    Usually one response. Answers not sent in yet when they are urgent; both sittings when
    different answers came in a second time.
    """
    if alert.response:
        return (_of_response(alert, alert.response),)
    conflict = Conflict.objects.filter(pk=alert.source_id).select_related("response").first()
    if conflict:
        second = _sitting(
            alert,
            conflict.answers,
            at=conflict.at,
            how=f"{conflict.get_channel_display()}, and not stored as the answer",
        )
        return (_of_response(alert, conflict.response), second)
    checkin = Checkin.objects.filter(pk=alert.source_id).first()
    return (_unfinished(alert, checkin),) if checkin else ()


def _of_response(alert: Alert, response: Response) -> Said:
    how = response.get_channel_display()
    return _sitting(alert, response.answers, at=response.at, how=how)


def _unfinished(alert: Alert, checkin: Checkin) -> Said:
    latest = Answer.objects.filter(checkin=checkin).order_by("-id").first()
    how = f"{latest.get_channel_display()}, not sent in yet" if latest else "not sent in yet"
    at = latest.at if latest else None
    return _sitting(alert, answers_so_far(checkin), at=at, how=how)


def _sitting(alert: Alert, answers: Mapping[str, object], *, at: datetime | None, how: str) -> Said:
    pack, rule = pack_of(alert), rule_of(alert)
    in_words = pack.questionnaire.in_words(answers)
    behind = _questions(pack, set(pack.triage.looks_at(rule.name)) if rule else set())
    words = (e for e in pack.questionnaire.items if e.is_free_text or e.takes_own_words)
    written = _questions(pack, {each.link_id for each in words})
    return Said(
        at=at,
        how=how,
        because=tuple(each for each in in_words if each[0] in behind - written),
        own_words=tuple(each for each in in_words if each[0] in written),
        everything=in_words,
    )


def rule_of(alert: Alert) -> Rule | None:
    """The rule of the pack version that raised an alert; None when the service raised it itself."""
    return next((each for each in pack_of(alert).triage.rules if each.name == alert.rule), None)


def _questions(pack: Pack, link_ids: set[str]) -> set[str]:
    return {each.text for each in pack.questionnaire.items if each.link_id in link_ids}
