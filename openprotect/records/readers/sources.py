"""Files as they are handed in: a folder, an archive, single files; looked at before being read."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO

from openprotect.records.readers import archives
from openprotect.records.rules.reasons import FileRefused

SIGNS = (
    (b"PK\x03\x04", "a spreadsheet or an archive under another name"),
    (b"\xd0\xcf\x11\xe0", "an old Office file under another name"),
    (b"%PDF", "a PDF under another name"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"\xff\xfe", "encoded as UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "encoded as UTF-16: save it as UTF-8"),
    (b"<", "XML or HTML, which is not read here"),
)
JSON, LINES, TABLE, COLUMNS = "bundle", "lines", "table", "parquet"
KINDS = {
    ".json": JSON,
    ".ndjson": LINES,
    ".jsonl": LINES,
    ".csv": TABLE,
    ".txt": TABLE,
    ".tsv": TABLE,
    ".parquet": COLUMNS,
}
READ_ARE = "only .json, .ndjson, .csv, .parquet, and .zip of these, are read"


@dataclass(frozen=True)
class Caps:
    """Sizes beyond which a file is refused before it is read."""

    csv_bytes: int = 1 << 31
    lines_bytes: int = 20 << 30
    parquet_bytes: int = 40 << 30
    json_bytes: int = 100_000_000
    archive_bytes: int = 8_000_000_000
    archive_entries: int = 20_000
    archive_ratio: int = 200
    bundle_entries: int = 100_000

    def of(self, kind: str) -> int:
        return {
            JSON: self.json_bytes,
            LINES: self.lines_bytes,
            TABLE: self.csv_bytes,
            COLUMNS: self.parquet_bytes,
        }[kind]


@lru_cache(maxsize=4)
def _opened(path: Path) -> zipfile.ZipFile:
    """An archive kept open: its list of contents is long, and read once."""
    return zipfile.ZipFile(path)


@dataclass(frozen=True)
class Document:
    """One file to read, alone or inside an archive.

    Its name says where it stood and no more: extracts are often named after the patient. `saved_as`
    is the name that it has, for readers alone. One that was `given` by name must be understood.
    """

    name: str
    path: Path
    size: int
    inside: str = ""
    kind: str = JSON
    given: bool = True
    saved_as: str = ""
    archive: Path | None = None

    @property
    def origin(self) -> Path:
        """The file that was handed in."""
        return self.archive or self.path

    def content(self) -> bytes:
        """The bytes, never more than were announced."""
        if not self.inside:
            return self.path.read_bytes()
        try:
            with _opened(self.path).open(self.inside) as entry:
                return entry.read(self.size + 1)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
            raise FileRefused(
                self.name, "damaged inside its archive", reason="json-damaged"
            ) from None

    def start(self, length: int) -> bytes:
        """Its first bytes."""
        if not self.inside:
            with self.path.open("rb") as file:
                return file.read(length)
        try:
            with _opened(self.path).open(self.inside) as entry:
                return entry.read(length)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
            return b""


@dataclass
class Found:
    """What an import is given, in a stable order, and the names that were passed over."""

    documents: list[Document] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Document]:
        return [each for each in self.documents if each.kind in kinds]


def find(paths: Sequence[Path], caps: Caps) -> Found:
    """Every file under these paths that may be an extract. Raises FileRefused."""
    found = Found()
    for path in (each for given in paths for each in _spread(given)):
        suffix = path.suffix.lower()
        if suffix == ".zip":
            found.documents += _archived(path, caps, given=path in paths)
        elif suffix in KINDS:
            found.documents.append(_alone(path, KINDS[suffix], found, caps, given=path in paths))
        elif path in paths:
            raise FileRefused(path.name, _wrong_kind(path), reason="kind")
        else:
            found.passed_over.append(path.name)
    if not found.documents:
        raise FileRefused(paths[0].name, "holds no FHIR record and no table", reason="empty")
    return found


def _spread(given: Path) -> Iterator[Path]:
    """The file itself, or all files of the folder and of those inside it."""
    if given.is_dir():
        for folder, inner, names in os.walk(given):
            inner[:] = sorted(each for each in inner if not each.startswith("."))
            yield from (Path(folder, each) for each in sorted(names) if not each.startswith("."))
    elif given.exists():
        yield given
    else:
        raise FileRefused(given.name, "there is no such file or folder", reason="missing")


def _alone(path: Path, kind: str, found: Found, caps: Caps, *, given: bool) -> Document:
    number = sum(each.kind == kind and not each.inside for each in found.documents) + 1
    name = path.name if kind in (TABLE, COLUMNS) else f"{kind} {number}"
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(name, "empty", reason="empty")
    if size > caps.of(kind):
        raise FileRefused(name, f"over {caps.of(kind):,} bytes", reason="too-large")
    with path.open("rb") as file:
        refuse_content(name, file.read(64))
    return Document(name, path, size, kind=kind, given=given, saved_as=path.stem)


def refuse_content(name: str, start: bytes) -> None:
    """Refuse content that is not what the name of the file says."""
    for sign, words in SIGNS:
        if start.lstrip(b" \r\n\t").startswith(sign):
            raise FileRefused(name, words, reason="content")
    if start.startswith(b"PAR1") and not name.endswith(".parquet"):
        raise FileRefused(name, "a Parquet file under another name", reason="content")
    if b"\x00" in start[:4] and not start.startswith(b"PAR1"):
        raise FileRefused(name, "encoded as UTF-16: save it as UTF-8", reason="content")


def _wrong_kind(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(64)
    refuse_content(path.name, start)
    return READ_ARE


def _archived(path: Path, caps: Caps, *, given: bool) -> list[Document]:
    """The documents of an archive, after looking at its list of contents alone."""
    entries = archives.contents(path, caps)
    numbers = dict.fromkeys(KINDS.values(), 0)
    documents = []
    for entry in sorted(entries, key=lambda each: each.filename):
        kind = KINDS.get(Path(entry.filename).suffix.lower())
        if kind is None or entry.is_dir():
            continue
        if entry.file_size > caps.of(kind):
            words = f"an entry over the size of one {kind}"
            raise FileRefused(path.name, words, reason="archive")
        numbers[kind] += 1
        name = f"{path.name}, {kind} {numbers[kind]}"
        if kind == JSON:
            documents.append(
                Document(name, path, entry.file_size, entry.filename, JSON, given,
                         Path(entry.filename).stem)
            )  # fmt: skip
        else:
            documents.append(_unpacked(path, entry, name, kind, given=given))
    return documents


def _unpacked(path: Path, entry: zipfile.ZipInfo, name: str, kind: str, *, given: bool) -> Document:
    """A table out of an archive, in this process's own folder, as long as it was said to be."""
    place = Path(tempfile.mkdtemp()) / f"unpacked{Path(entry.filename).suffix.lower()}"
    try:
        with _opened(path).open(entry) as packed, place.open("wb") as to:
            shutil.copyfileobj(_Measured(packed, entry.file_size), to, 1 << 20)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
        raise FileRefused(name, "damaged inside its archive", reason="archive") from None
    with place.open("rb") as file:
        refuse_content(f"{name}{place.suffix}", file.read(64))
    return Document(name, place, place.stat().st_size, kind=kind, given=given, archive=path)


class _Measured:
    """Reads no more than was announced."""

    def __init__(self, packed: IO[bytes], left: int) -> None:
        self.packed, self.left = packed, left

    def read(self, length: int = -1) -> bytes:
        taken = self.packed.read(min(length, self.left + 1) if length >= 0 else self.left + 1)
        self.left -= len(taken)
        if self.left < 0:
            raise OSError("longer than announced")
        return taken
