"""`openprotect import --list`, `--show`, `--approve`, `--refuse`, `--undo`: what becomes of it."""

import argparse
from datetime import datetime

from django.conf import settings

from openprotect.base import nhs_number
from openprotect.base.refusals import Refused
from openprotect.cli.telling import told
from openprotect.records import actions
from openprotect.records.models import Changeset
from openprotect.records.queries import limiting
from openprotect.records.rules.limits import Limits

WAITS = 3
NUMBERED = ("approve", "refuse", "undo", "show")
ASKS = (*NUMBERED, "list", "tend", "propose_matches", "supersede", "part")


def arguments(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_argument_group("review")
    asked.add_argument("--review", action="store_true", help="take nothing before it is approved")
    asked.add_argument("--list", action="store_true", help="every import, the newest first")
    asked.add_argument("--show", metavar="NUMBER", help="what an import did, or would do")
    asked.add_argument("--approve", metavar="NUMBER", help="let a waiting import through")
    asked.add_argument("--preview", default="", help="exactly which preview is approved")
    asked.add_argument("--refuse", metavar="NUMBER", help="never take a waiting import")
    asked.add_argument("--undo", metavar="NUMBER", help="the records as they were without it")
    asked.add_argument("--with-later", action="store_true", help="undo what came after it first")
    asked.add_argument("--reason", default="", help="why it is refused or undone")
    asked.add_argument("--tend", action="store_true", help="do what decisions have left to do")
    asked.add_argument(
        "--propose-matches", action="store_true", help="look for people who are here twice"
    )
    asked.add_argument(
        "--supersede", nargs=2, metavar=("OLD", "NEW"), help="read one NHS number as another"
    )
    asked.add_argument("--part", metavar="OLD", help="read an NHS number as itself again")
    asked.add_argument("--as", dest="by", default="", metavar="NAME", help="who does it")


def is_asked(options: argparse.Namespace) -> bool:
    return any(getattr(options, each) for each in ASKS)


def limits() -> Limits:
    """From when on an import waits for a second person, as this installation has it."""
    return limiting.limits(settings.OPENPROTECT.home)


def run(options: argparse.Namespace, *, by: str, at: datetime) -> int:
    """0 when done; 3 when it still waits for somebody."""
    if options.list:
        return _list()
    if not any(getattr(options, each) for each in NUMBERED):
        return _tend(options, by=by, at=at)
    number = next(getattr(options, each) for each in NUMBERED if getattr(options, each))
    changeset = _numbered(number)
    if options.approve:
        return _approve(changeset, options.preview, by=by, at=at)
    if options.refuse:
        actions.refuse(
            changeset, folder=settings.OPENPROTECT.lake, by=by, because=options.reason, at=at
        )
        print(f"import {changeset.number}: not taken, refused by {by}")
    elif options.undo:
        _undo(changeset, options, by=by, at=at)
    else:
        print("\n".join(told(actions.show(changeset, by=by, at=at))))
    return 0


def _numbered(number: str) -> Changeset:
    found = Changeset.objects.filter(number=int(number) if number.isdigit() else -1).first()
    if found is None:
        raise Refused(f"There is no import {number[:20]}.")
    return found


def _list() -> int:
    for each in Changeset.objects.newest_first():
        age = f"extract of {each.extract_on}" if each.extract_on else "no day of extract declared"
        stopped = ", stopped" if each.needs_another else ""
        print(
            f"{each.number:>5}  {each.started_at:%Y-%m-%d %H:%M}  {each.source}: "
            f"{each.get_status_display()}{stopped}; {age}; by {each.by}"
        )
    return 0


def _approve(changeset: Changeset, preview: str, *, by: str, at: datetime) -> int:
    """An outdated preview is matched anew and shown: it is that one which must be approved."""
    folder = settings.OPENPROTECT.lake
    again = actions.match_again(changeset, folder=folder, by=by, at=at, limits=limits())
    if again.preview != changeset.preview:
        print("\n".join(told(again)))
        return WAITS
    actions.show(changeset, by=by, at=at)
    taken = actions.approve(changeset, folder=folder, by=by, at=at, preview=preview)
    print(f"import {taken.number}: taken, approved by {by}")
    actions.sweep(folder, at=at)
    return 0


def _undo(changeset: Changeset, options: argparse.Namespace, *, by: str, at: datetime) -> None:
    undone = actions.undo(
        changeset,
        folder=settings.OPENPROTECT.lake,
        by=by,
        because=options.reason,
        at=at,
        with_later=options.with_later,
    )
    for each in undone:
        print(f"import {each.number}: undone by {by}; the records are as they were without it")


def _tend(options: argparse.Namespace, *, by: str, at: datetime) -> int:
    folder = settings.OPENPROTECT.lake
    if options.propose_matches:
        found = actions.propose(folder=folder, key=settings.SECRET_KEY.encode(), at=at)
        print(
            f"{found.people:,} people looked at: {found.pairs:,} pairs may be one person,"
            f" {found.new:,} of them new. Nothing is merged before somebody decides."
        )
    elif options.supersede or options.part:
        _read_otherwise(options, by=by, at=at)
    else:
        done = actions.tend(folder=folder, at=at, limits=limits())
        print(
            f"{done.matched_again} imports matched again, {done.released} imports of released rows,"
            f" {done.read_otherwise} decisions about pairs carried out"
        )
    return 0


def _read_otherwise(options: argparse.Namespace, *, by: str, at: datetime) -> None:
    pairs = [_pair(options.supersede)] if options.supersede else []
    parted = [_number(options.part)] if options.part else []
    folder = settings.OPENPROTECT.lake
    made = actions.supersede(pairs, parted=parted, folder=folder, by=by, at=at)
    if made is None:
        print("it was so already; nothing changes")
    else:
        print(f"import {made.number}: taken; --undo {made.number} takes it back")


def _pair(written: list[str]) -> tuple[str, str]:
    old, new = (_number(each) for each in written)
    return old, new


def _number(written: str) -> str:
    try:
        return nhs_number.parse(written, synthetic=settings.OPENPROTECT.synthetic)
    except nhs_number.NotAnNhsNumber as why:
        raise Refused(f"not an NHS number: {why.reason}") from None
