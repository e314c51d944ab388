"""`openprotect form check FILE|FOLDER…`: can these FHIR questionnaires be asked here?"""

import argparse
from collections import Counter
from pathlib import Path

from openprotect.forms.checking import (
    Found,
    Verdict,
    beside,
    files_of,
    found_in,
    library_of,
    verdict_on,
)

NAME = "check"
MEANING = "a line a form: supported fully, supported but, or refused; then totals"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")


def run(options: argparse.Namespace) -> int:
    verdicts: list[Verdict] = []
    others: Counter[str] = Counter()
    for path in options.paths:
        for each in _verdicts(path, others):
            print(each)
            verdicts.append(each)
    print()
    for line in _totals(verdicts, others):
        print(line)
    return 1 if any(each.kind == "refused" for each in verdicts) else 0


def _verdicts(path: Path, others: Counter[str]) -> list[Verdict]:
    found = [
        each
        for file in files_of(path)
        for each in found_in(file, name=str(file.relative_to(path)) if path.is_dir() else str(file))
    ]
    library = library_of(found if path.is_dir() else [*found, *beside(path)])
    verdicts = []
    for each in found:
        if each.resource is not None and (each.kind == "Questionnaire" or not path.is_dir()):
            verdicts.append(verdict_on(each.name, each.resource, library))
        elif not path.is_dir():
            verdicts.append(Verdict(each.name, "refused", (each.trouble,)))
        else:
            others[each.kind or _unread(each)] += 1
    return verdicts


def _unread(found: Found) -> str:
    return f"not FHIR ({found.name}: {found.trouble or 'no resourceType'})"


def _totals(verdicts: list[Verdict], others: Counter[str]) -> list[str]:
    kinds = Counter(each.kind for each in verdicts)
    walked = sum(each.is_walked for each in verdicts)
    share = f" ({walked * 100 / len(verdicts):.1f} %)" if verdicts else ""
    return [
        f"forms: {len(verdicts)}",
        *(f"  {kind}: {kinds[kind]}" for kind in ("supported fully", "supported but", "refused")),
        f"answered from first page to last: {walked} of {len(verdicts)}{share}",
        *(f"other files: {number} {kind}" for kind, number in sorted(others.items())),
    ]
