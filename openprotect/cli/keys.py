"""`openprotect keys issue|list|revoke`: what partners' own systems ask with."""

import argparse
import getpass
from datetime import timedelta
from uuid import UUID

from openprotect.api.actions import issue_key, revoke_key
from openprotect.api.queries import keys
from openprotect.api.rules import SCOPES
from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.governance.queries import purposes_in_force
from openprotect.pathway.work import as_worker
from openprotect.places.queries import organisation


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    one = words.add_parser("issue", help="a key for one system of a partner; shown this once")
    one.add_argument("--partner", required=True, metavar="CODE")
    one.add_argument("--name", required=True, help="which system it is for")
    one.add_argument("--purpose", default="", help="needed where several have a legal basis")
    one.add_argument("--scope", action="append", choices=SCOPES, help="all, unless given")
    one.add_argument("--days", type=int, default=365)
    words.add_parser("list", help="every key, without its secret")
    two = words.add_parser("revoke", help="end a key now")
    two.add_argument("key")
    for each in (one, two):
        each.add_argument("--as", dest="by", default="", metavar="NAME", help="who does it")


def run(options: argparse.Namespace) -> int:
    """0 when it was done."""
    with as_worker():
        {"issue": _issue, "list": _list, "revoke": _revoke}[options.word](options)
    return 0


def _issue(options: argparse.Namespace) -> None:
    at = clock.now()
    partner = organisation(options.partner)
    if partner is None:
        raise Refused(f"There is no organisation with the code {options.partner[:20]}.")
    issued = issue_key(
        partner,
        name=options.name,
        purpose=_purpose(options.purpose),
        scopes=options.scope or SCOPES,
        until=at + timedelta(days=options.days),
        issued_by=options.by or getpass.getuser(),
        at=at,
    )
    print(f"key {issued.id} of {partner.name}, for {options.days} days. Its secret, shown once:")
    print(issued.secret)


def _purpose(named: str) -> str:
    """The purpose that a key is for; the only one in force, where none is named."""
    there_are = purposes_in_force(at=clock.now())
    if named in there_are:
        return named
    if not named and len(there_are) == 1:
        return there_are[0]
    raise Refused(f"Name a purpose with a legal basis: {', '.join(there_are) or 'there is none'}.")


def _list(_options: argparse.Namespace) -> None:
    for each in keys():
        ended = f"revoked by {each.revoked_by}" if each.revoked_at else "in force"
        print(
            f"{each.pk}  {each.membership.organisation}: {each.name}; {', '.join(each.scopes)};"
            f" until {each.expires_at:%Y-%m-%d}; {ended}"
        )


def _revoke(options: argparse.Namespace) -> None:
    try:
        key_id = UUID(options.key)
    except ValueError:
        raise Refused("That is no key's number: `keys list` shows them.") from None
    key = revoke_key(key_id, revoked_by=options.by or getpass.getuser(), at=clock.now())
    print(f"key {key.pk}: revoked by {key.revoked_by}")
