"""What one row of each file states."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from openprotect.places.rules.names import readable
from openprotect.places.rules.stated import StatedOrganisation, StatedRelationship, StatedTeam
from openprotect.places.rules.tables import (
    AREAS,
    LOCALITIES,
    NETWORKS,
    PRACTICES,
    TEAMS,
    Row,
    Unusable,
    clock,
    day,
    day_if_any,
    filled,
)

ODS_DAY = "%Y%m%d"
EXTRACT_DAY = "%d%b%Y"
GP_PRACTICE = "4"  # ODS, "GP and GP practice related data": prescribing setting 4 is a GP practice
KINDS = frozenset({"SYSTEM", "LOCALITY", "COUNCIL", "CHARITY", "PHARMACY", "HOSPITAL"})
FUNCTIONS = frozenset({"surveillance", "calling", "council", "charity", "pharmacy", "locality"})


@dataclass(frozen=True)
class Area:
    """The system, a locality, a council or a charity, and whose part it is."""

    organisation: StatedOrganisation
    lies_in: str
    from_on: date | None
    served_by: str
    succeeded_by: str


@dataclass(frozen=True)
class Practice:
    """A GP practice and its days under the commissioner it is listed with."""

    organisation: StatedOrganisation
    commissioner: str
    joined_on: date
    left_on: date | None
    address: tuple[str, ...]

    @property
    def last_on(self) -> date | None:
        return min(filter(None, (self.left_on, self.organisation.closed_on)), default=None)

    def county(self, counties: Mapping[str, str]) -> str:
        """The council of the county that ends a line of the address, or nothing."""
        for line in reversed(self.address):
            for name, code in counties.items():
                if re.search(rf"\b{re.escape(name)}$", line, re.IGNORECASE):
                    return code
        return ""


@dataclass(frozen=True)
class Network:
    """A practice's membership of a network on the day of the map, with what the map calls it."""

    membership: StatedRelationship
    name: str
    practice_name: str
    practice_postcode: str


def area(row: Row, *, demo: bool) -> Area:
    _made_up_only_in_demo(row, demo=demo)
    if row["kind"] not in KINDS:
        raise Unusable(f"kind {row['kind']!r} is not one of {', '.join(sorted(KINDS))}")
    opened_on, closed_on = _open_and_close(row, "opened_on", "closed_on", "%Y-%m-%d")
    organisation = StatedOrganisation(
        AREAS, filled(row, "code"), filled(row, "name"), row["kind"], opened_on, closed_on
    )
    from_on = day(row, "from_on") if row["lies_in"] or row["served_by"] else None
    return Area(organisation, row["lies_in"], from_on, row["served_by"], row["succeeded_by"])


def practice(row: Row) -> Practice:
    if row["prescribing_setting"] != GP_PRACTICE:
        raise Unusable(f"not a GP practice (prescribing setting {row['prescribing_setting']})")
    opened_on, closed_on = _open_and_close(row, "open_date", "close_date", ODS_DAY)
    if row["status_code"] != "A" and not closed_on:
        raise Unusable(f"status {row['status_code']!r} but no closing date")
    organisation = StatedOrganisation(
        PRACTICES,
        filled(row, "organisation_code"),
        readable(filled(row, "name")),
        "PRACTICE",
        opened_on,
        closed_on,
        row["postcode"],
        row["telephone"],
    )
    stated = Practice(
        organisation,
        filled(row, "commissioner"),
        day(row, "join_provider_date", ODS_DAY),
        day_if_any(row, "left_provider_date", ODS_DAY),
        tuple(row[f"address_{line}"] for line in range(1, 6)),
    )
    if stated.last_on and stated.last_on < stated.joined_on:
        raise Unusable("it left its commissioner before it joined")
    return stated


def network(practices: Mapping[str, Practice]) -> Callable[[Row], Network]:
    def state(row: Row) -> Network:
        member = _known(practices, row["PRACTICE_CODE"])
        from_on = day(row, "EXTRACT_DATE", EXTRACT_DAY)
        if member.last_on and member.last_on < from_on:
            raise Unusable("the practice had closed by then")
        code = member.organisation.code
        return Network(
            StatedRelationship(
                NETWORKS, code, filled(row, "PCN_CODE"), "MEMBER_OF", from_on, member.last_on
            ),
            readable(filled(row, "PCN_NAME")),
            readable(row["PRACTICE_NAME"]),
            row["PRACTICE_POSTCODE"],
        )

    return state


def locality(
    practices: Mapping[str, Practice], areas: Mapping[str, Area]
) -> Callable[[Row], StatedRelationship]:
    def state(row: Row) -> StatedRelationship:
        member = _known(practices, row["organisation_code"])
        parent = areas.get(row["former_ccg_code"])
        if parent is None or parent.organisation.kind != "LOCALITY":
            raise Unusable(f"{row['former_ccg_code']!r} is not a locality")
        code, parent_code = member.organisation.code, parent.organisation.code
        return StatedRelationship(
            LOCALITIES, code, parent_code, "LIES_IN", member.joined_on, member.last_on
        )

    return state


def team(areas: Mapping[str, Area], *, demo: bool) -> Callable[[Row], StatedTeam]:
    def state(row: Row) -> StatedTeam:
        _made_up_only_in_demo(row, demo=demo)
        if row["function"] not in FUNCTIONS:
            raise Unusable(f"function {row['function']!r} is not known")
        for column in ("organisation", "covers"):
            if row[column] not in areas:
                raise Unusable(f"{column} {row[column]!r} is not in {AREAS}")
        opened_on, closed_on = _open_and_close(row, "opened_on", "closed_on", "%Y-%m-%d")
        opens, closes = clock(row, "opens"), clock(row, "closes")
        if opens >= closes:
            raise Unusable("it closes before it opens")
        return StatedTeam(
            TEAMS,
            row["function"],
            row["organisation"],
            row["covers"],
            filled(row, "name"),
            opened_on,
            closed_on,
            _weekdays(row),
            opens,
            closes,
        )

    return state


def _weekdays(row: Row) -> tuple[int, ...]:
    if not re.fullmatch("[1-7]+", row["weekdays"]):
        raise Unusable(f"weekdays {row['weekdays']!r} are not days 1 to 7")
    return tuple(sorted({int(each) for each in row["weekdays"]}))


def _open_and_close(row: Row, opened: str, closed: str, form: str) -> tuple[date, date | None]:
    opened_on, closed_on = day(row, opened, form), day_if_any(row, closed, form)
    if closed_on and closed_on < opened_on:
        raise Unusable("it closes before it opens")
    return opened_on, closed_on


def _known(practices: Mapping[str, Practice], code: str) -> Practice:
    if code not in practices:
        raise Unusable("no GP practice of that code in the practice file")
    return practices[code]


def _made_up_only_in_demo(row: Row, *, demo: bool) -> None:
    if row["demo_only"] and not demo:
        raise Unusable("made up for the demonstration only")
