"""What the rules may know of a person beside today's answers: age, groups, the answers before."""

from datetime import datetime

from openprotect.checkins.models import Channel, Checkin, Response
from openprotect.checkins.rules import LOCAL
from openprotect.enrolments.models import Reason
from openprotect.packs.known import Known, age_on
from openprotect.people.models import Person

ANSWERED_BY = {Channel.WEB: "self", Channel.PHONE: "caller"}


def known_beside(checkin: Checkin, *, channel: str = "", at: datetime) -> Known:
    """The facts of one moment; what nobody knows is missing, which every rule says something of."""
    today = at.astimezone(LOCAL).date()
    # Once the legal basis has ended nobody sees the person; what they said is judged all the same.
    person = Person.objects.filter(pk=checkin.person_id)
    born = person.values_list("birth_date", flat=True).first()
    earlier = Response.objects.filter(checkin__enrolment_id=checkin.enrolment_id, at__lte=at)
    last = earlier.exclude(checkin_id=checkin.pk).order_by("-at", "-id").first()
    groups = Reason.objects.filter(enrolment_id=checkin.enrolment_id)
    return Known(
        age=age_on(born, today) if born else None,
        days_silent=(today - last.at.astimezone(LOCAL).date()).days if last else None,
        answered_by=ANSWERED_BY.get(Channel(channel)) if channel in Channel.values else None,
        groups=frozenset(groups.values_list("group", flat=True)),
        before=last.answers if last else None,
        at=at,
    )
