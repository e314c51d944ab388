"""Everybody who may look at the world, each under a session of their own."""

from tests import given
from tests.isolation.facts import NOBODY, WORKER


def looking(world):
    """Each with a token: nobody at all, the worker, a person by a link, and all the staff."""
    yield NOBODY, ""
    yield WORKER, given.sign_in_with_key("worker", given.WORKER_KEY)
    yield world.answering, world.person_token
    for someone in world.staff.values():
        yield someone, given.token_of(someone.user)
