"""What the open organisation files state about an area, judged without a database."""

from openprotect.places.rules.plan import Plan, plan
from openprotect.places.rules.stated import (
    WORKED_OUT,
    Rejected,
    StatedOrganisation,
    StatedRelationship,
    StatedTeam,
    Tally,
)
from openprotect.places.rules.tables import FILES, UnreadableFile

__all__ = [
    "FILES",
    "WORKED_OUT",
    "Plan",
    "Rejected",
    "StatedOrganisation",
    "StatedRelationship",
    "StatedTeam",
    "Tally",
    "UnreadableFile",
    "plan",
]
