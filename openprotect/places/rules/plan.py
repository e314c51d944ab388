"""What the files of a folder state together, and what follows from them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Protocol

from openprotect.places.rules import rows
from openprotect.places.rules.rows import Area, Network, Practice
from openprotect.places.rules.stated import (
    WORKED_OUT,
    Rejected,
    StatedOrganisation,
    StatedRelationship,
    StatedTeam,
)
from openprotect.places.rules.tables import (
    AREAS,
    LOCALITIES,
    NETWORKS,
    PRACTICES,
    TEAMS,
    Sifted,
    sift,
)

# NHS England, Network Contract Directed Enhanced Service 2019/20: networks began on this day.
NETWORKS_BEGAN_ON = date(2019, 7, 1)
# General Medical Services contract: core hours are 08:00 to 18:30, Monday to Friday.
CORE_DAYS, CORE_OPENS, CORE_CLOSES = (1, 2, 3, 4, 5), time(8, 0), time(18, 30)
COUNTY_COUNCIL = " County Council"


@dataclass(frozen=True)
class Plan:
    """Everything the files state, the rows that were not taken, and what is still unknown."""

    organisations: tuple[StatedOrganisation, ...]
    relationships: tuple[StatedRelationship, ...]
    teams: tuple[StatedTeam, ...]
    rejected: tuple[Rejected, ...]
    rows: Mapping[str, int]
    notes: tuple[str, ...]


class Outcome(Protocol):
    """What became of a file's rows, whatever they state."""

    @property
    def rejected(self) -> tuple[Rejected, ...]: ...
    @property
    def rows(self) -> int: ...


@dataclass(frozen=True)
class Sources:
    """The five files, each sifted."""

    areas: Sifted[Area]
    practices: Sifted[Practice]
    networks: Sifted[Network]
    localities: Sifted[StatedRelationship]
    teams: Sifted[StatedTeam]


def plan(files: Mapping[str, str], *, demo: bool = False) -> Plan:
    """State each organisation, relationship and team once, from the files' text."""
    read = _sources(files, demo=demo)
    sifted: Mapping[str, Outcome] = {
        AREAS: read.areas,
        PRACTICES: read.practices,
        NETWORKS: read.networks,
        LOCALITIES: read.localities,
        TEAMS: read.teams,
    }
    return Plan(
        tuple(_organisations(read)),
        tuple(_relationships(read)),
        (*read.teams.taken.values(), *_practice_teams(read), *_locality_teams(read)),
        tuple(each for one in sifted.values() for each in one.rejected),
        {name: one.rows for name, one in sifted.items()},
        (*_loose_ends(read.areas.taken), *_differences(read), *_unplaced(read)),
    )


def _sources(files: Mapping[str, str], *, demo: bool) -> Sources:
    areas = sift(
        AREAS, files[AREAS], lambda row: rows.area(row, demo=demo), lambda row: row["code"]
    )
    practices = sift(
        PRACTICES, files[PRACTICES], rows.practice, lambda row: row["organisation_code"]
    )
    return Sources(
        areas,
        practices,
        sift(
            NETWORKS,
            files[NETWORKS],
            rows.network(practices.taken),
            lambda row: row["PRACTICE_CODE"],
        ),
        sift(
            LOCALITIES,
            files[LOCALITIES],
            rows.locality(practices.taken, areas.taken),
            lambda row: row["organisation_code"],
        ),
        sift(
            TEAMS,
            files[TEAMS],
            rows.team(areas.taken, demo=demo),
            lambda row: " ".join([row["function"], row["covers"], row["name"]]),
        ),
    )


def _organisations(read: Sources) -> Iterator[StatedOrganisation]:
    yield from (area.organisation for area in read.areas.taken.values())
    yield from (practice.organisation for practice in read.practices.taken.values())
    names = {each.membership.parent: each.name for each in read.networks.taken.values()}
    for code, name in names.items():
        yield StatedOrganisation(WORKED_OUT, code, name, "PCN", NETWORKS_BEGAN_ON)


def _relationships(read: Sources) -> Iterator[StatedRelationship]:
    yield from _between_areas(read.areas.taken)
    yield from (each.membership for each in read.networks.taken.values())
    yield from read.localities.taken.values()
    homes = dict(_network_localities(read))
    yield from homes.values()
    yield from _practices_without_locality(read, homes)
    yield from _social_care(read)


def _between_areas(areas: Mapping[str, Area]) -> Iterator[StatedRelationship]:
    for code, area in areas.items():
        last_on = area.organisation.closed_on
        for parent, kind in ((area.lies_in, "LIES_IN"), (area.served_by, "SERVED_BY")):
            if parent in areas and area.from_on:
                yield StatedRelationship(WORKED_OUT, code, parent, kind, area.from_on, last_on)
        if area.succeeded_by in areas:
            heir = areas[area.succeeded_by].organisation
            yield StatedRelationship(WORKED_OUT, code, heir.code, "SUCCEEDED_BY", heir.opened_on)


def _network_localities(read: Sources) -> Iterator[tuple[str, StatedRelationship]]:
    """A network lies in the one locality all its placed practices lie in, else in the system."""
    localities: dict[str, set[str]] = defaultdict(set)
    since: dict[str, date] = {}
    systems: dict[str, str] = {}
    for code, each in read.networks.taken.items():
        network = each.membership.parent
        since[network] = each.membership.from_on
        systems[network] = read.practices.taken[code].commissioner
        if placed := read.localities.taken.get(code):
            localities[network].add(placed.parent)
    for network, from_on in since.items():
        found = localities[network]
        home = next(iter(found)) if len(found) == 1 else systems[network]
        if home in read.areas.taken:
            yield network, StatedRelationship(WORKED_OUT, network, home, "LIES_IN", from_on)


def _practices_without_locality(
    read: Sources, homes: Mapping[str, StatedRelationship]
) -> Iterator[StatedRelationship]:
    """A practice the locality file does not know lies where its network lies, else in the system.

    What follows from the network holds from the day the map speaks of; nothing earlier is known.
    """
    for code, practice in read.practices.taken.items():
        if code in read.localities.taken:
            continue
        member = read.networks.taken.get(code)
        home = homes.get(member.membership.parent) if member else None
        if home:
            yield replace(home, child=code, to_on=practice.last_on)
        elif practice.commissioner in read.areas.taken:
            yield StatedRelationship(
                WORKED_OUT,
                code,
                practice.commissioner,
                "LIES_IN",
                practice.joined_on,
                practice.last_on,
            )


def _social_care(read: Sources) -> Iterator[StatedRelationship]:
    """A practice's people have social care from the council of the county in its address."""
    counties = {
        area.organisation.name.removesuffix(COUNTY_COUNCIL): code
        for code, area in read.areas.taken.items()
        if area.organisation.name.endswith(COUNTY_COUNCIL)
    }
    for code, practice in read.practices.taken.items():
        if council := practice.county(counties):
            yield StatedRelationship(
                WORKED_OUT, code, council, "SERVED_BY", practice.joined_on, practice.last_on
            )


def _practice_teams(read: Sources) -> Iterator[StatedTeam]:
    for code, practice in read.practices.taken.items():
        yield _own_team("practice", code, practice.organisation.name, practice.organisation)


def _locality_teams(read: Sources) -> Iterator[StatedTeam]:
    for code, area in read.areas.taken.items():
        if area.organisation.kind == "LOCALITY":
            name = f"{area.organisation.name} locality team"
            yield _own_team("locality", code, name, area.organisation)


def _own_team(function: str, code: str, name: str, of: StatedOrganisation) -> StatedTeam:
    return StatedTeam(
        WORKED_OUT,
        function,
        code,
        code,
        name,
        of.opened_on,
        of.closed_on,
        CORE_DAYS,
        CORE_OPENS,
        CORE_CLOSES,
    )


def _loose_ends(areas: Mapping[str, Area]) -> Iterator[str]:
    for code, area in areas.items():
        for named in (area.lies_in, area.served_by, area.succeeded_by):
            if named and named not in areas:
                yield f"{code}: {AREAS} names {named}, which it does not describe"


def _differences(read: Sources) -> Iterator[str]:
    """Where the older network map and the practice file disagree; the practice file is newer."""
    for code, each in read.networks.taken.items():
        now = read.practices.taken[code].organisation
        for what, then, kept in (
            ("name", each.practice_name, now.name),
            ("postcode", each.practice_postcode, now.postcode),
        ):
            if then != kept:
                yield f"{code}: {what} {then} in {NETWORKS}, {kept} kept"


def _unplaced(read: Sources) -> Iterator[str]:
    homes = dict(_network_localities(read))
    for code, practice in read.practices.taken.items():
        member = read.networks.taken.get(code)
        if member is None and not practice.organisation.closed_on:
            yield f"{code}: not in {NETWORKS}, its network is unknown"
        if code in read.localities.taken:
            continue
        home = homes.get(member.membership.parent) if member else None
        if home and home.parent != practice.commissioner:
            yield f"{code}: not in {LOCALITIES}, placed in {home.parent} by its network"
        else:
            yield f"{code}: its locality is unknown, it lies in {practice.commissioner}"
