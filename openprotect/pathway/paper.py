"""What follows from paper: words that met a call which had gone on elsewhere reach somebody."""

from datetime import datetime

from openprotect.alerts import actions as alerts
from openprotect.alerts.actions import Concern
from openprotect.alerts.rules import SAFEGUARDING, WELFARE
from openprotect.calls.models import Call
from openprotect.events.models import Event
from openprotect.floor.models import Line
from openprotect.floor.queries.sheets import OUTCOMES

KINDS = {"SAFEGUARDING": (SAFEGUARDING, "now"), "HANDED_OVER": (WELFARE, "now")}


def look_at_what_paper_said(event: Event, at: datetime) -> None:
    """A call handler rang from paper after the call had ended elsewhere: a team looks at both."""
    line = Line.objects.select_related("sheet__holder").get(pk=event.subject_id)
    call = Call.objects.select_related("enrolment", "checkin").get(pk=line.call_id)
    kind, urgency = KINDS.get(line.outcome, (WELFARE, "today"))
    words = (
        f"Rung from a printed sheet as well, with the outcome “{OUTCOMES.get(line.outcome, '')}”."
        f" Ask {line.sheet.holder.name} what was said"
    )
    alerts.raise_alert(
        call.enrolment,
        Concern("paper-conflict", kind, urgency, words[:300]),
        source_id=line.pk,
        pack_id=call.checkin.pack_id,
        at=at,
    )
