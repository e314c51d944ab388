"""Coming back into a programme: a death that was a mistake is undone, and all is as before."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.people.models import Person

DIED = "has died"


@transaction.atomic
def say_alive(enrolment: Enrolment, *, because: str, viewer: Viewer, at: datetime) -> None:
    """Somebody on the staff knows that a person is alive whom we take for dead."""
    if not because.strip():
        raise Refused("Write how you know: who has seen or spoken to them, and when.")
    record_access(
        [enrolment.person_id], what="enrolments.say_alive", why="taken for dead by mistake"
    )
    record(
        "person.said_alive",
        enrolment.person_id,
        at=at,
        by=viewer.user_id,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        because=because.strip()[:300],
    )


@transaction.atomic
def come_back(person: Person, *, at: datetime) -> int:
    """Into every programme that they left because they were said to have died, as they were."""
    left = Enrolment.objects.select_for_update(of=("self",)).filter(
        person=person, status=Enrolment.Status.LEFT, left_because=DIED
    )
    back = list(left.order_by("id"))
    for each in back:
        each.move_to(Enrolment.Status.PREVIEW)
        each.left_at, each.left_because = None, ""
        if each.active_from:
            each.move_to(Enrolment.Status.ACTIVE)
        each.save(update_fields=["status", "left_at", "left_because"])
        record(
            "enrolment.came_back",
            each.pk,
            at=at,
            person_id=each.person_id,
            programme_id=each.programme_id,
        )
    return len(back)
