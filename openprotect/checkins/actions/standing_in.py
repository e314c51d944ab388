"""Answering for somebody: who does it, and that the person is happy with it."""

from datetime import datetime

from django.db import transaction

from openprotect.checkins.models import Channel, Checkin, StandIn
from openprotect.checkins.queries import stand_in_of

# As the page offers them: short words for whoever answers.
WHO = (
    ("FAMILY", "Family or friend"),
    ("CARER", "Paid carer"),
    ("CARE_HOME", "Staff of their care home"),
    ("ATTORNEY", "I have power of attorney for their health"),
    ("OTHER", "Somebody else"),
)
CONSENTS = (
    ("GIVEN", "Yes, they are happy with it"),
    ("CANNOT_SAY", "They cannot say, and it is best for them"),
)
who, consent = StandIn.Who, StandIn.Consent


@transaction.atomic
def answer_for(
    checkin: Checkin, by: StandIn.Who, agreed: StandIn.Consent, *, at: datetime
) -> StandIn:
    """Somebody says that they answer this check-in for the person; what they said last counts."""
    known = StandIn.objects.filter(checkin=checkin).first()
    if known and (known.who, known.consent) == (by, agreed):
        return known
    if known:
        known.who, known.consent, known.at = by, agreed, at
        known.save(update_fields=["who", "consent", "at"])
        return known
    return StandIn.objects.create(
        checkin=checkin, person_id=checkin.person_id, who=by, consent=agreed, at=at
    )


def by_whom(checkin: Checkin, channel: Channel) -> tuple[Channel, str]:
    """How an answer by link really reached us: from the person, or from somebody for them."""
    found = stand_in_of(checkin) if channel == Channel.WEB else None
    return (Channel.CARER, str(found.get_who_display())) if found else (channel, "")
