"""`openprotect database`: stop, or destroy, the database that runs here."""

import argparse

from django.db import connections

from openprotect.base.postgres import LocalPostgres
from openprotect.base.refusals import Refused
from openprotect.config import databases


class NotOurs(Refused):
    """The database is on a server that somebody else looks after."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["where", "stop", "destroy"])
    parser.add_argument("--yes", action="store_true", help="destroy without asking again")


def run(options: argparse.Namespace) -> int:
    local = databases.server().local
    if local is None:
        raise NotOurs("The database is on a server of yours: stop it there.")
    connections.close_all()
    if options.what == "where":
        print(local.place)
    elif options.what == "stop":
        local.stop()
    else:
        _destroy(local, sure=options.yes)
    return 0


def _destroy(local: LocalPostgres, *, sure: bool) -> None:
    if not sure:
        raise Refused(f"This deletes every row in {local.place}. Say --yes to do it.")
    local.destroy()
