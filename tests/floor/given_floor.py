"""A floor at work: somebody on shift, a supervisor, and calls that wait."""

from datetime import timedelta

from openprotect.accounts.models import Shift
from tests import given

HOUR = timedelta(hours=1)


def on_shift(supervisor, *users, hours=8, pace=4):
    with given.acting(supervisor) as viewer:
        for user in users:
            Shift.objects.create(
                user=user, purpose=viewer.purpose, starts_at=viewer.at - HOUR,
                ends_at=viewer.at + hours * HOUR, calls_an_hour=pace, told_at=viewer.at,
                told_by_id=viewer.user_id,
            )  # fmt: skip


def calls(many, **given_):
    return [given.call(**given_) for _ in range(many)]
