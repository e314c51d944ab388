"""Whom a local choice would concern, before it is made: the locality's own people, in numbers."""

from dataclasses import dataclass

from openprotect.accounts.queries import Viewer
from openprotect.enrolments.queries import visible_to
from openprotect.people.queries import practices_in_reach
from openprotect.programmes.models import Programme
from openprotect.reports.queries.grip import misses_in_a_row


@dataclass(frozen=True)
class Effect:
    """A locality's people in a programme, and how many have missed how many check-ins in a row."""

    practices: int
    people: int
    misses: tuple[tuple[int, int], ...]

    def rung_at(self, misses: int) -> int:
        """How many would be due a call if this many misses led to one."""
        return sum(people for missed, people in self.misses if missed >= misses)


def effect_here(viewer: Viewer, programme: Programme) -> Effect:
    """Whom a setting of the viewer's locality concerns: nobody outside it."""
    reach = set(practices_in_reach(viewer))
    people = visible_to(viewer).filter(programme=programme, status="ACTIVE").count()
    misses: dict[int, int] = {}
    for practice_id, missed, count in misses_in_a_row(programme, at=viewer.at):
        if practice_id in reach:
            misses[missed] = misses.get(missed, 0) + count
    return Effect(len(reach), people, tuple(sorted(misses.items())))
