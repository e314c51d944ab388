"""The least that stands for an area: a system, a locality, a practice, and their teams."""

from datetime import date, time

from openprotect.places.models import EVERY_DAY, Organisation, Relationship, Team

LONG_AGO = date(2020, 4, 1)


def place(code, kind, within=(), **given):
    """An organisation, lying in others: `within=[(parent, "LIES_IN")]`."""
    made = Organisation.objects.create(
        **{"code": code, "name": code.title(), "kind": kind, "opened_on": LONG_AGO} | given
    )
    for parent, how in within:
        Relationship.objects.create(child=made, parent=parent, kind=how, from_on=LONG_AGO)
    return made


def team(function, covers, **given):
    return Team.objects.create(
        **{
            "function": function,
            "covers": covers,
            "organisation": covers,
            "name": f"{covers.name} {function}",
            "opened_on": LONG_AGO,
            # Always at work, so that no test hangs on the day it is run.
            "weekdays": list(EVERY_DAY),
            "opens": time(0),
            "closes": time(23, 59, 59),
        }
        | given
    )


class Area:
    """A system with surveillance, a locality and a council with teams, and one practice."""

    def __init__(self):
        self.system = place("SYS", "SYSTEM")
        self.locality = place("LOC", "LOCALITY", [(self.system, "LIES_IN")])
        self.council = place("COU", "COUNCIL")
        self.network = place("NET", "PCN", [(self.locality, "LIES_IN")])
        self.practice = place(
            "PRA",
            "PRACTICE",
            [
                (self.network, "MEMBER_OF"),
                (self.locality, "LIES_IN"),
                (self.council, "SERVED_BY"),
            ],
        )
        self.surveillance = team("surveillance", self.system)
