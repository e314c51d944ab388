"""Files that are about no person, among what is imported: places, areas, codelists.

Each is known by its content. One that is wrong is said so and left out, and the others go on.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.cli import codelists, geography
from openprotect.cli.geography import Sheet
from openprotect.records.readers.csv_text import fields_of

MOST_BYTES = 100_000_000


@dataclass
class Others:
    """What was said of the files, the organisations among them, and whether any was refused."""

    said: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    refused: int = 0


def take_in(
    paths: Sequence[Path], given: Sequence[Path], *, home: Path, at: datetime, demo: bool
) -> Others:
    """Take each file for what it is. One that nobody named and nobody knows is passed over."""
    others = Others()
    for path in paths:
        for name, text in _texts(path, others):
            try:
                others.said += _take(path, name, text, others, home, at)
            except codelists.NoCodelist as why:
                others.refused += path in given
                others.said.append(str(why) if path in given else f"passed over: {name}")
            except Refused as why:
                others.refused += 1
                others.said.append(f"refused {why}")
    if others.sheets:
        told, balances = geography.take_organisations(others.sheets, home, at=at, demo=demo)
        others.said += told
        others.refused += not balances
    return others


def _texts(path: Path, others: Others) -> Iterator[tuple[str, str]]:
    """The file's text, or those of the tables in an archive."""
    for name, content in _contents(path):
        try:
            yield name, content.decode("utf-8-sig")
        except UnicodeDecodeError as why:
            others.refused += 1
            others.said.append(f"refused {name}: byte {why.start} is not UTF-8: save it as UTF-8.")


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """An archive was looked through, and its sizes found fit, when its kind was found out."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield path.name, file.read(MOST_BYTES + 1)
        return
    with zipfile.ZipFile(path) as archive:
        for number, entry in enumerate(archive.infolist(), 1):
            if not entry.is_dir():
                with archive.open(entry) as opened:
                    name = path.name if number == 1 else f"{path.name}, {number}"
                    yield name, opened.read(MOST_BYTES + 1)


def _take(
    path: Path, name: str, text: str, others: Others, home: Path, at: datetime
) -> Iterator[str]:
    if len(text) > MOST_BYTES:
        raise Refused(f"{name}: over {MOST_BYTES:,} bytes.")
    if text.lstrip()[:1] == "{":
        yield geography.take_boundaries(path.name, text, home / "lake")
        return
    if geography.is_of_areas(fields_of(io.StringIO(text).readline().rstrip("\r\n"))):
        yield geography.take_areas(path, path.name, home / "lake", at=at)
        return
    sheet = geography.sheet_of(name, text)
    if sheet:
        others.sheets.append(sheet)
        return
    yield codelists.keep(codelists.read(name, text), home / "codelists")
