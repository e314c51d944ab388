"""The small world in which authors play journeys is true: the service does the same, step by step.

Not only what a journey expects is compared, but all that can be seen after each step.
"""

from datetime import timedelta

import pytest

from openprotect.packs.journeys import read_journeys
from openprotect.packs.journeys.comparing import see
from openprotect.packs.journeys.world import World
from tests import given
from tests.pathway.playing import Service

pytestmark = pytest.mark.django_db
# The database minds the real clock: a call handler sees nobody whose call was due long ago.
TOMORROW = given.NOON.date() + timedelta(days=2)
SHIPPED = read_journeys(given.covid_protect(), first=TOMORROW)


@pytest.mark.parametrize("journey", SHIPPED, ids=lambda each: each.file.rsplit("/", 1)[-1])
def test_the_service_does_what_the_small_world_does(journey, worker):
    pack = given.covid_protect()
    world, service = World(pack, journey), Service(pack, journey)

    for step in journey.steps:
        mark = world.mark()
        world.run_until(step.at)
        for at in world.moments[mark.moments :]:
            service.round(at)
        service.round(step.at)
        world.act(step)
        service.act(step)

        assert told(service.seen(step.at)) == told(see(world, mark)), f"line {step.row}"


def told(seen):
    """In an order that is nobody's promise: alerts of one moment have none."""
    return (
        sorted(seen.sent),
        sorted(map(repr, seen.raised)),
        sorted(map(repr, seen.standing)),
        seen.checkin,
        seen.call,
        seen.contact,
    )
