"""The least that stands for an area: a system, a locality, a practice, and their teams."""

from datetime import date, time

from openprotect.places.models import EVERY_DAY, Organisation, Relationship, Team

LONG_AGO = date(2020, 4, 1)


def place(code, kind, within=(), **given):
    """An organisation, lying in others: `within=[(parent, "LIES_IN")]`."""
    made = unsaved_place(code, kind, **given)
    made.save(force_insert=True)
    for parent, how in within:
        Relationship.objects.create(child=made, parent=parent, kind=how, from_on=LONG_AGO)
    return made


def unsaved_place(code, kind, **given):
    return Organisation(
        **{"code": code, "name": code.title(), "kind": kind, "opened_on": LONG_AGO} | given
    )


def team(function, covers, **given):
    made = unsaved_team(function, covers, **given)
    made.save(force_insert=True)
    return made


def unsaved_team(function, covers, **given):
    return Team(
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


KINDS = {
    "system": "SYSTEM",
    "locality": "LOCALITY",
    "council": "COUNCIL",
    "network": "PCN",
    "practice": "PRACTICE",
}
CODES = {name: name[:3].upper() for name in KINDS}
LYING = (
    ("locality", "LIES_IN", "system"),
    ("network", "LIES_IN", "locality"),
    ("practice", "MEMBER_OF", "network"),
    ("practice", "LIES_IN", "locality"),
    ("practice", "SERVED_BY", "council"),
)


class Area:
    """A system with surveillance, a locality and a council with teams, and one practice.

    A great many tests begin with one: it is written in as few statements as there are tables.
    """

    def __init__(self):
        vars(self).update({name: unsaved_place(CODES[name], kind) for name, kind in KINDS.items()})
        Organisation.objects.bulk_create(vars(self).values())
        Relationship.objects.bulk_create(
            Relationship(
                child=getattr(self, child), parent=getattr(self, parent), kind=how, from_on=LONG_AGO
            )
            for child, how, parent in LYING
        )
        self.surveillance = team("surveillance", self.system)

    @classmethod
    def known(cls):
        """The one that is there, if one is."""
        by_code = {each.code: each for each in Organisation.objects.filter(code__in=CODES.values())}
        if CODES["system"] not in by_code:
            return None
        made = cls.__new__(cls)
        vars(made).update({name: by_code[code] for name, code in CODES.items()})
        return made
