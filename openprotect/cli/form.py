"""`openprotect form …`: FHIR questionnaires from outside a pack, and what computes in them."""

import argparse
from types import ModuleType

from openprotect.cli.forms import checking, conformance, paper, validating

# Each part has NAME, MEANING, arguments(parser) and run(options).
PARTS: tuple[ModuleType, ...] = (checking, validating, conformance, paper)


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    for part in PARTS:
        part.arguments(what.add_parser(part.NAME, help=part.MEANING))


def run(options: argparse.Namespace) -> int:
    part = next(part for part in PARTS if options.what == part.NAME)
    return int(part.run(options))
