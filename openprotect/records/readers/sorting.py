"""What each file that was handed in is, by its content, so that each kind is taken in by itself.

Kinds never share an import: an import brings whole records, and an answer about demographics beside
them would say that nothing else is known of somebody.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from openprotect.records.readers import contracts, parquet, pds, sources, strict_json, tables
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.sources import COLUMNS, LINES, TABLE, Caps, Document
from openprotect.records.readers.strict_json import BadJson, table
from openprotect.records.rules.reasons import FileRefused

SORTED_FILE = "sorted.json"
GP_CONNECT, PDS, FHIR, TABLES = "gp-connect", "pds", "fhir", "csv"
# Not about people: organisations, areas, codelists. Who may take them stands above this package.
OTHER = "other"
STU3 = re.compile(rb"fhir\.nhs\.uk/STU3/|CareConnect-GPC")
START = 65_536
SMALL = 2_000_000


@dataclass(frozen=True)
class Pile:
    """Files of one kind, to be taken in together."""

    kind: str
    paths: tuple[Path, ...]


def sort(paths: Sequence[Path], caps: Caps, declared: Declared) -> tuple[list[Pile], list[str]]:
    """The files under these paths by kind, in the order to take them in; and names passed over."""
    found = sources.find(paths, caps)
    kinds: dict[Path, str] = {}
    for document in found.documents:
        if document.origin not in kinds:
            kinds[document.origin] = kind_of(document, declared)
    order = (OTHER, PDS, GP_CONNECT, FHIR, TABLES)
    ranked = sorted(set(kinds.values()), key=lambda each: (each not in order, each))
    ranked.sort(key=lambda each: order.index(each) if each in order else len(order))
    piles = [
        Pile(each, tuple(path for path, kind in kinds.items() if kind == each)) for each in ranked
    ]
    return piles, found.passed_over


def kind_of(document: Document, declared: Declared) -> str:
    """The kind of one document."""
    if document.kind == LINES:
        return FHIR
    if document.kind in (TABLE, COLUMNS):
        return _kind_of_table(document, declared)
    start = document.start(START)
    if b'"FeatureCollection"' in start[:2000]:
        return OTHER
    if STU3.search(start):
        return GP_CONNECT
    return PDS if document.size <= SMALL and _is_answer(document) else FHIR


def _is_answer(document: Document) -> bool:
    try:
        return pds.is_answer(table(strict_json.read(document.content())))
    except (BadJson, FileRefused):
        return False


def _kind_of_table(document: Document, declared: Declared) -> str:
    try:
        columns = _columns(document, declared)
    except FileRefused:
        if document.given or document.kind == COLUMNS:
            raise
        return OTHER  # some text in a folder, which need not be a table at all
    try:
        return contracts.recognise(columns, document.name, registered=True).contract.source
    except FileRefused:
        # A table about people that is not as agreed is refused where it is read, and not lost.
        if contracts.could_be(columns) or document.kind == COLUMNS:
            return TABLES
        return OTHER


def _columns(document: Document, declared: Declared) -> Sequence[str]:
    if document.kind == COLUMNS:
        return parquet.names(document)
    as_said = Declared(dates=declared.dates, encoding=declared.encoding)
    return tables.header_of(document, as_said)


def write(piles: Sequence[Pile], passed_over: Sequence[str], folder: Path) -> None:
    said = {"piles": [asdict(each) for each in piles], "passed_over": list(passed_over)}
    (folder / SORTED_FILE).write_text(json.dumps(said, default=str))


def written(folder: Path) -> tuple[list[Pile], list[str]]:
    """The piles that a reader left in this folder, and the names that it passed over."""
    said = json.loads((folder / SORTED_FILE).read_text())
    piles = [Pile(each["kind"], tuple(map(Path, each["paths"]))) for each in said["piles"]]
    return piles, said["passed_over"]
