"""Bringing a rota as a table: every row is accounted for; the same table again changes nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.models import Shift
from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import call_handlers
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.base.tables import Brought, row_by_row, rows_of
from openprotect.events.actions import record
from openprotect.floor.rules.rota import NEEDED, BadRow, Planned, clash, planned

BECAME = ("new", "changed", "unchanged")


@transaction.atomic
def bring_rota(content: bytes, *, viewer: Viewer, at: datetime) -> Brought:
    """Take in the shifts of a table, each row by itself; shifts that it does not name stay."""
    if viewer.role not in (Role.SUPERVISOR, Role.LEAD):
        raise Refused("A supervisor plans the shifts of the floor.")
    rows = rows_of(content, needed=NEEDED)
    plan = _Plan(viewer, at)
    brought = row_by_row(rows, lambda row: plan.take(planned(row)), ways=BECAME)
    new, changed = brought.became.get("new", 0), brought.became.get("changed", 0)
    if new or changed:
        record(
            "shifts.brought",
            viewer.organisation_id,
            at=at,
            by=viewer.user_id,
            new=new,
            changed=changed,
            refused=len(brought.refused),
        )
    return brought


class _Plan:
    """The shifts of this floor as they stand, with what the table has said so far."""

    def __init__(self, viewer: Viewer, at: datetime) -> None:
        self.viewer, self.at = viewer, at
        self.users = {each.user.login: each.user_id for each in call_handlers(viewer)}
        self.said: dict[tuple[str, datetime], Planned] = {}
        logins = {user_id: login for login, user_id in self.users.items()}
        planned_now = (
            Shift.objects.select_for_update(of=("self",))
            .filter(purpose=viewer.purpose, withdrawn_at=None, user_id__in=logins)
            .order_by("id")
        )
        self.known: dict[tuple[str, datetime], Shift] = {
            (logins[each.user_id], each.starts_at): each for each in planned_now
        }

    def take(self, shift: Planned) -> str:
        """What became of one shift; raises BadRow."""
        key = shift.login, shift.starts_at
        if shift.login not in self.users:
            raise BadRow(f"Nobody with the login “{shift.login}” rings for this programme.")
        if self.said.get(key, shift) != shift:
            raise BadRow("The table says something else of the same shift further up.")
        self.said[key] = shift
        known = self.known.get(key)
        if known and (known.ends_at, known.calls_an_hour) == (shift.ends_at, shift.calls_an_hour):
            return "unchanged"
        if shift.ends_at <= self.at:
            raise BadRow("The shift is over.")
        if said := clash(shift, self._others()):
            raise BadRow(said)
        return self._change(known, shift) if known else self._add(shift, self.users[shift.login])

    def _others(self) -> list[Planned]:
        return [
            Planned(login, starts_at, each.ends_at, each.calls_an_hour)
            for (login, starts_at), each in self.known.items()
        ]

    def _add(self, shift: Planned, user_id: UUID) -> str:
        self.known[shift.login, shift.starts_at] = Shift.objects.create(
            user_id=user_id,
            purpose=self.viewer.purpose,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            calls_an_hour=shift.calls_an_hour,
            told_at=self.at,
            told_by_id=self.viewer.user_id,
        )
        return "new"

    def _change(self, known: Shift, shift: Planned) -> str:
        known.ends_at, known.calls_an_hour = shift.ends_at, shift.calls_an_hour
        known.told_at, known.told_by_id = self.at, self.viewer.user_id
        known.save(update_fields=["ends_at", "calls_an_hour", "told_at", "told_by"])
        return "changed"
