"""`openprotect contacts …`: exchange a list with the ledger, make keys and digests, set limits."""

import argparse
import getpass
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli.places import SHIPPED
from openprotect.contacts import actions, queries
from openprotect.contacts.actions.exchanging import exchange, result_file, write_beside
from openprotect.contacts.actions.hashing import hashed_list, read_key
from openprotect.contacts.actions.listing import Reading
from openprotect.contacts.rules import CHANNELS, HELD_FOR, OURS, TOPICS
from openprotect.pathway.work import as_worker
from openprotect.places import queries as places
from openprotect.places.actions import import_places
from openprotect.places.models import Organisation

HELD_DAYS = HELD_FOR.days
ASKABLE = [each for each in TOPICS if each not in OURS]


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    one = words.add_parser("exchange", help="ask about every row of a list")
    one.add_argument("file", type=Path, help="CSV with a column nhs_number (docs/contacts.md)")
    one.add_argument("--partner", default="", metavar="CODE", help="who asks, by its code")
    _how(one)
    one.add_argument("--days", type=int, default=HELD_DAYS, help="how long slots are held")
    one.add_argument("--hashed", action="store_true", help="a list of keyed digests, not numbers")
    one.add_argument("--key-file", type=Path, help="the partner's key, for a list of digests")
    two = words.add_parser("hash", help="make a list of keyed digests out of a list of numbers")
    two.add_argument("file", type=Path)
    two.add_argument("--key-file", type=Path, required=True)
    _how(two)
    three = words.add_parser("key", help="make a key for a partner that may not share numbers")
    three.add_argument("file", type=Path, help="where to write it; never written over")
    words.add_parser("limits", help="every cap and window in force, and who set it")
    four = words.add_parser("limit", help="set a cap or a window for the whole system")
    four.add_argument("kind", choices=["cap", "window"])
    four.add_argument("what", help="a channel (or any) for a cap, a topic for a window")
    four.add_argument("--most", type=int, default=0, help="contacts at most, for a cap")
    four.add_argument("--hours", type=int, required=True)
    four.add_argument("--because", required=True)
    four.add_argument("--as", dest="by", default="", metavar="NAME", help="who sets it")


def _how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--channel", choices=[each.lower() for each in CHANNELS], default="call")
    parser.add_argument("--topic", choices=ASKABLE, default="welfare")


def run(options: argparse.Namespace) -> int:
    """0 when every row was told something; 1 when the list was refused."""
    return {
        "exchange": _exchange,
        "hash": _hash,
        "key": _key,
        "limits": _limits,
        "limit": _limit,
    }[options.word](options)


def _exchange(options: argparse.Namespace) -> int:
    at = clock.now()
    if bool(options.hashed) != bool(options.key_file):
        raise Refused("--hashed and --key-file go together.")
    key = read_key(options.key_file) if options.key_file else b""
    _look(options.file)
    with as_worker():
        asker = _partner(options.partner)
        done = exchange(
            options.file,
            _reading(options, is_hashed=options.hashed),
            organisation=asker,
            key=key,
            hold_for=timedelta(days=options.days),
            at=at,
        )
    print(f"asked by {asker.name}")
    if done.is_again:
        print(f"exchanged before, {done.begun_at:%Y-%m-%d %H:%M}: nothing changes")
    print(done.equation())
    if done.listed.unread:
        print(f"  note: {done.listed.unread} columns that nobody asked for were not read")
    reasons = sorted({e.reason for e in done.results if e.outcome == "rejected"})
    for reason in reasons:
        count = sum(e.reason == reason for e in done.results)
        print(f"  {count:,} rejected: {reason}")
    print(f"result: {write_beside(options.file, result_file(done))}")
    return 0


def _look(path: Path) -> None:
    if not path.is_file():
        raise Refused(f"There is no file {path}.")


def _reading(options: argparse.Namespace, *, is_hashed: bool) -> Reading:
    return Reading(
        today=clock.now().date(),
        synthetic=settings.OPENPROTECT.synthetic,
        is_hashed=is_hashed,
        channel=options.channel.upper(),
        topic=options.topic,
    )


def _partner(code: str) -> Organisation:
    """Who asks: the partner of this code, or else whoever runs this installation."""
    on = clock.now().date()
    if code:
        found = places.organisation(code)
        if found is None:
            raise Refused(f"There is no organisation with the code {code[:20]}.")
        return found
    if places.the_system(on) is None and settings.OPENPROTECT.demo:
        import_places(SHIPPED, at=clock.now(), demo=True)
        print("places: none were known, so those of the demonstration were brought in")
    system = places.the_system(on)
    if system is None:
        raise Refused("Say who asks with --partner CODE: no organisation is known to run this.")
    return system


def _hash(options: argparse.Namespace) -> int:
    _look(options.file)
    made = hashed_list(
        options.file, _reading(options, is_hashed=False), key=read_key(options.key_file)
    )
    out = options.file.with_name(f"{options.file.stem}.hashed.csv")
    draft = out.with_name(f".{out.name}.part")
    draft.write_text(made.text, encoding="utf-8", newline="")
    draft.replace(out)
    print(f"rows read: {made.rows:,} = {made.hashed:,} hashed + {made.left_out:,} left out")
    print(f"result: {out}")
    return 0


def _key(options: argparse.Namespace) -> int:
    try:
        with options.file.open("x", encoding="ascii") as file:
            options.file.chmod(0o600)
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        raise Refused(f"{options.file} exists: a key is never written over.") from None
    except OSError as why:
        raise Refused(f"The key could not be written: {why.strerror}.") from None
    print(f"key: {options.file}  (give it to the partner by a safe way, and to nobody else)")
    return 0


def _limits(_options: argparse.Namespace) -> int:
    for each in queries.limits_in_force(clock.now()):
        most = f"{each.most} at most in" if each.kind == "CAP" else "others wait"
        print(
            f"{each.kind.lower():6} {each.what.lower():12} {most} {each.hours} hours"
            f"  set by {each.set_by} on {each.starts_at:%Y-%m-%d}: {each.because}"
        )
    return 0


def _limit(options: argparse.Namespace) -> int:
    kind = options.kind.upper()
    what = options.what.upper() if kind == "CAP" else options.what.lower()
    with as_worker():
        made = actions.set_limit(
            kind,
            what,
            most=options.most,
            hours=options.hours,
            set_by=options.by or getpass.getuser(),
            because=options.because,
            at=clock.now(),
        )
    print(f"{made.kind.lower()} {made.what.lower()}: holds from now on, set by {made.set_by}")
    return 0
