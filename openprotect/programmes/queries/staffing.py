"""Whether somebody works for a team: in the role, and for the purpose, that its work needs."""

from datetime import datetime
from typing import Final

from django.db import connection

from openprotect.accounts.rules import Role
from openprotect.places.models import Team

Function = Team.Function

# In which role somebody works the alerts of a team.
WORKED_BY: Final = {
    Function.PRACTICE: Role.PRACTICE,
    Function.LOCALITY: Role.LOCALITY,
    Function.SURVEILLANCE: Role.SURVEILLANCE,
    Function.COUNCIL: Role.PARTNER,
    Function.CHARITY: Role.PARTNER,
    Function.PHARMACY: Role.PARTNER,
    Function.CALLING: Role.CALLER,
}


def is_staffed(team: Team, purpose: str, *, at: datetime) -> bool:
    """Whether somebody who is still with us may open this team's alerts for this purpose.

    Asked of the database, which says yes or no: who works where is not everybody's to read.
    """
    role = WORKED_BY[Function(team.function)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT team_is_staffed(%s, %s, %s, %s)",
            [team.organisation_id, str(role), purpose, at],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
