"""`openprotect COMMAND …`: find the command, make the database ready, run it."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from openprotect.base.postgres import NoBinaries, WillNotStart
from openprotect.base.refusals import Refused
from openprotect.config.environment import BadEnvironment

STOPPED_BY_USER = 130


class Module(Protocol):
    """What the module of a command offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what may follow the command's name."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; 0 when all is well."""


@dataclass(frozen=True)
class Command:
    """A word of the command line. Its module is imported only when it is asked for."""

    module: str
    meaning: str
    role: str = "app"
    needs_database: bool = True


COMMANDS = {
    "check": Command("checking", "say whether this installation may serve"),
    "contacts": Command(
        "contacts", "exchange whom partners will contact; make keys, hash lists, set limits"
    ),
    "database": Command(
        "database", "stop, or destroy, the database that runs here", needs_database=False
    ),
    "cohort": Command(
        "cohort", "whom the rules find and why, what changed, what a change would do", "import"
    ),
    "demo": Command("demo", "the whole service with made-up people"),
    "docs": Command("drawing", "draw the documents that are drawn from code", needs_database=False),
    "form": Command("form", "check FHIR questionnaires, and responses", needs_database=False),
    "import": Command("importing", "take in an extract, and account for every row", "import"),
    "keys": Command("keys", "keys for partners' own systems: issue, list, revoke"),
    "lake": Command("lake", "what the records hold; check, build or clear away", "import"),
    "migrate": Command("migrate", "bring the tables up to date, as their owner"),
    "pack": Command(
        "packs",
        "check and prove a pack, compare it, replay it, bring it in and out",
        needs_database=False,
    ),
    "outage": Command("outage", "note when we were down, so that misses in it do not count"),
    "places": Command("places", "bring in organisations, networks and teams", "import"),
    "reconcile": Command("reconcile", "print every balance equation; 1 when one is off"),
    "serve": Command("serve", "answer web requests"),
    "simulate": Command("simulate", "a whole season with made-up people, then reconciled"),
    "work": Command("work", "do what follows: alerts, messages, calls"),
}
# These look at an installation as it is; all others make it ready first.
AS_IT_IS = frozenset({"check", "database", "docs", "form", "migrate", "pack"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and say in one line what stopped it."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"-h", "--help"}:
        print(overview())
        return 0
    if words[0] not in COMMANDS:
        print(f"openprotect: there is no command {words[0]!r}; see --help.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _leave)
    try:
        return _run(words[0], words[1:])
    except KeyboardInterrupt:
        return STOPPED_BY_USER
    except _refusals() as why:
        print(f"openprotect {words[0]}: {why}", file=sys.stderr)
        return 1


def _leave(*_: object) -> None:
    """A polite kill unwinds like Ctrl-C, so that the database is let go."""
    raise KeyboardInterrupt


def overview() -> str:
    """Every command with its meaning, a line each."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {command.meaning}" for name, command in sorted(COMMANDS.items())]
    return "\n".join(["usage: openprotect COMMAND …", "", *lines])


def _run(name: str, words: Sequence[str]) -> int:
    command = COMMANDS[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "openprotect.config.settings"
    if command.role != "app":
        os.environ["OPENPROTECT_ROLE"] = command.role
    only_help = bool({"-h", "--help"}.intersection(words))
    if name == "demo" and not only_help:
        from openprotect.cli.demonstration.fresh import prepare

        prepare(words)
    from openprotect.config import databases

    needs_one = command.needs_database and not only_help
    with _home(name, words, only_help), databases.running() if needs_one else nullcontext():
        import django

        django.setup()
        if not only_help and name not in AS_IT_IS:
            from openprotect.cli.ready import make_ready

            make_ready()
        module: Module = import_module(f"openprotect.cli.{command.module}")
        parser = argparse.ArgumentParser(prog=f"openprotect {name}", description=command.meaning)
        module.arguments(parser)
        return module.run(parser.parse_args(words))


def _home(name: str, words: Sequence[str], only_help: bool) -> AbstractContextManager[None]:
    """A season has a home of its own; all other commands use the one that is there."""
    if name != "simulate" or only_help:
        return nullcontext()
    from openprotect.cli import scratch

    return scratch.home(keep="--keep" in words)


def _refusals() -> tuple[type[Exception], ...]:
    """What is said in one line; anything else is a bug and shows itself whole."""
    from openprotect.config.checks import UnsafeDatabase
    from openprotect.config.provision import CannotUse

    return (BadEnvironment, CannotUse, NoBinaries, Refused, UnsafeDatabase, WillNotStart)


if __name__ == "__main__":
    sys.exit(main())
