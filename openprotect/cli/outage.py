"""Note by hand that people could not reach us, or we not them: what they missed does not count."""

import argparse
from datetime import datetime

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.checkins.rules import LOCAL
from openprotect.messages.actions import note_outage
from openprotect.messages.models import Outage
from openprotect.messages.queries import latest_outages
from openprotect.pathway.work import as_worker


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="began", help="2026-05-01T09:00, local time")
    parser.add_argument("--to", dest="ended", help="as --from")
    parser.add_argument("--note", default="", help="what was down, in a few words")
    parser.add_argument("--messages", action="store_true", help="only sending was down")


def run(options: argparse.Namespace) -> int:
    """Note one, or list the latest."""
    with as_worker():
        if options.began:
            _note(options)
        for each in latest_outages():
            ended = f"{each.ended_at.astimezone(LOCAL):%d %B %H:%M}" if each.ended_at else "now"
            began = each.began_at.astimezone(LOCAL)
            print(f"{began:%d %B %Y %H:%M} to {ended}: {each.get_of_display()}, {each.note}")
    return 0


def _note(options: argparse.Namespace) -> None:
    at = clock.now()
    began, ended = _moment(options.began), _moment(options.ended or "")
    if not began < ended <= at:
        raise Refused("An outage begins before it ends, and has ended before it is noted.")
    of = Outage.Of.PROVIDER if options.messages else Outage.Of.SERVICE
    note_outage(
        of,
        found=Outage.Found.BY_HAND,
        began_at=began,
        ended_at=ended,
        note=options.note[:200],
        at=at,
    )


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=LOCAL)
    except ValueError:
        raise Refused("Write --from and --to like 2026-05-01T09:00.") from None
