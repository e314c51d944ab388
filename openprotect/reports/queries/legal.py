"""May we, and until when: each purpose with its legal bases, and what rests on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openprotect.governance.queries import Basis, bases
from openprotect.governance.rules import days_left, warning
from openprotect.programmes.models import Programme


@dataclass(frozen=True)
class Standing:
    """One legal basis as it stands now; `renewed_until` when another takes over at its end."""

    basis: Basis
    days_left: int
    state: str
    warning: str
    renewed_until: datetime | None


@dataclass(frozen=True)
class Purpose:
    """A purpose: the programmes that serve it, and the bases that make it lawful."""

    key: str
    programmes: tuple[str, ...]
    standings: tuple[Standing, ...]
    ends_at: datetime | None

    @property
    def is_lawful_now(self) -> bool:
        return any(each.state == "in force" for each in self.standings)

    @property
    def warning(self) -> str:
        """The most pressing warning about a basis in force that nothing follows."""
        return next((each.warning for each in self.standings if each.warning), "")


def purposes(*, at: datetime) -> tuple[Purpose, ...]:
    """Every purpose that a programme or a basis names, the first to end at the top."""
    known = bases(at=at)
    serving: dict[str, list[str]] = {each.purpose: [] for each in known}
    for purpose, title in Programme.objects.order_by("title").values_list("purpose", "title"):
        serving.setdefault(purpose, []).append(title)
    found = [_purpose(key, titles, known, at) for key, titles in serving.items()]
    return tuple(sorted(found, key=lambda each: (each.ends_at is not None, each.ends_at, each.key)))


def purpose(key: str, *, at: datetime) -> Purpose:
    """One purpose, as someone who acts for it must know it."""
    return next((each for each in purposes(at=at) if each.key == key), Purpose(key, (), (), None))


def _purpose(key: str, titles: list[str], known: list[Basis], at: datetime) -> Purpose:
    mine = [each for each in known if each.purpose == key]
    standings = tuple(_standing(each, mine, at) for each in mine)
    live = [
        each.renewed_until or each.basis.ends_at for each in standings if each.state == "in force"
    ]
    return Purpose(key, tuple(titles), standings, max(live, default=None))


def _standing(basis: Basis, others: Sequence[Basis], at: datetime) -> Standing:
    state = "in force" if basis.is_in_force else "ended" if basis.ends_at <= at else "to come"
    renewed = _renewed_until(basis, others)
    is_last = state == "in force" and renewed is None
    return Standing(
        basis,
        days_left(basis.ends_at, at),
        state,
        warning(basis.ends_at, at) if is_last else "",
        renewed,
    )


def _renewed_until(basis: Basis, others: Sequence[Basis]) -> datetime | None:
    """How far other bases of the same purpose carry on from this one's end without a gap."""
    until = basis.ends_at
    for each in sorted(others, key=lambda one: one.starts_at):
        if each.starts_at <= until < each.ends_at:
            until = each.ends_at
    return until if until > basis.ends_at else None
