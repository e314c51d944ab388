"""`openprotect form check FILE|FOLDER…`: can these FHIR questionnaires be asked here?"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from openprotect.forms.cases import FILE as CASES
from openprotect.forms.cases import Compared, compared
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
    found = [each for path in options.paths for each in _compared(path)]
    print()
    for line in (*_totals(verdicts, others), *_beside_others(found)):
        print(line)
    named = {str(path) for path in options.paths if not path.is_dir()}
    is_refused = any(
        each.kind == "refused" and each.name.split("#")[0] in named for each in verdicts
    )
    return 1 if is_refused or any(not (each.agrees or each.argument) for each in found) else 0


def _compared(path: Path) -> list[Compared]:
    """Where a folder holds verdicts of others on its files, ours beside them."""
    folders = [each.parent for each in sorted(path.rglob(CASES))] if path.is_dir() else []
    return [each for folder in folders for each in compared(folder, library_of(_all_found(path)))]


def _beside_others(found: list[Compared]) -> Iterator[str]:
    if not found:
        return
    agreed = sum(each.agrees for each in found)
    argued = [each for each in found if not each.agrees and each.argument]
    other = [each for each in found if not each.agrees and not each.argument]
    yield f"verdicts of others: {len(found)}"
    yield f"  agreed: {agreed}"
    yield f"  argued in docs/forms.md: {len(argued)}"
    yield from (f"    {each.case.name}: {each.argument}" for each in argued)
    yield f"  not agreed: {len(other)}"
    for each in other:
        yield f"    {each.case.name}: {'; '.join(each.reasons) or 'we find nothing wrong'}"


def _all_found(path: Path) -> list[Found]:
    return [
        each
        for file in files_of(path)
        for each in found_in(file, name=str(file.relative_to(path)) if path.is_dir() else str(file))
    ]


def _verdicts(path: Path, others: Counter[str]) -> list[Verdict]:
    found = _all_found(path)
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
