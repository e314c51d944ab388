"""`openprotect reconcile`: print every balance equation; 1 when any is off."""

import argparse

from django.db import connection, transaction

from openprotect.pathway.table import PATHWAY
from openprotect.pathway.work import as_worker
from openprotect.reports.queries.reconcile import balance

OFF = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="only the last line")


def run(options: argparse.Namespace) -> int:
    """One snapshot for all equations, so that work going on meanwhile cannot unbalance them."""
    with as_worker(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        equations = balance({name: len(steps) for name, steps in PATHWAY.items()})
    off = [each for each in equations if each.off_by]
    for each in off if options.quiet else equations:
        print(each)
    print(f"reconcile: {len(equations)} equations, {len(off)} off")
    return OFF if off else 0
