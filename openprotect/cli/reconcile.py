"""`openprotect reconcile`: print every balance equation; 1 when any is off."""

import argparse

from django.db import connection, transaction

from openprotect.pathway.table import PATHWAY
from openprotect.pathway.work import as_worker
from openprotect.reports.queries.reconcile import Equation, balance

OFF = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="only the last line")


def run(options: argparse.Namespace) -> int:
    return OFF if tell(equations(), quiet=options.quiet) else 0


def equations() -> list[Equation]:
    """One snapshot for all equations, so that work going on meanwhile cannot unbalance them."""
    with as_worker(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return balance({name: len(steps) for name, steps in PATHWAY.items()})


def tell(equations: list[Equation], *, quiet: bool = False) -> int:
    """Print them, or only those that are off; how many are off."""
    off = [each for each in equations if each.off_by]
    for each in off if quiet else equations:
        print(each)
    print(f"reconcile: {len(equations)} equations, {len(off)} off")
    return len(off)
