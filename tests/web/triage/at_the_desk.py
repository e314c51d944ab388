"""What tests of the triage desk arrange and read."""

from openprotect.places.models import Team
from tests import given


def team(function):
    given.area()
    return Team.objects.get(function=function)


def alert(**traits):
    return given.alert(**{"by": team("surveillance")} | traits)


def page(client, address, **posted):
    answer = client.post(address, posted) if posted else client.get(address)
    return answer.content.decode()


def seen_on(client, address):
    """The hidden note of what the page showed."""
    return page(client, address).split('name="seen" value="')[1].split('"')[0]
