"""Files as they are handed in: a folder, an archive, single files; looked at before being read."""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from openprotect.records.rules.reasons import FileRefused

ARCHIVES = {".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar"}
SIGNS = (
    (b"PK\x03\x04", "a spreadsheet or an archive under another name"),
    (b"\xd0\xcf\x11\xe0", "an old Office file under another name"),
    (b"%PDF", "a PDF under another name"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"PAR1", "a Parquet file, which is not read here"),
    (b"\xff\xfe", "encoded as UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "encoded as UTF-16: save it as UTF-8"),
    (b"<", "XML or HTML, which is not read here"),
)


@dataclass(frozen=True)
class Caps:
    """Sizes beyond which a file is refused before it is read."""

    csv_bytes: int = 1 << 31
    json_bytes: int = 100_000_000
    archive_bytes: int = 8_000_000_000
    archive_entries: int = 20_000
    archive_ratio: int = 200
    bundle_entries: int = 100_000


@dataclass(frozen=True)
class Document:
    """One file to read, alone or inside an archive.

    Its name says where it stood and no more: extracts are often named after the patient.
    """

    name: str
    path: Path
    size: int
    inside: str = ""

    def content(self) -> bytes:
        """The bytes, never more than were announced."""
        if not self.inside:
            return self.path.read_bytes()
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.inside) as entry:
                return entry.read(self.size + 1)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
            raise FileRefused(
                self.name, "damaged inside its archive", reason="json-damaged"
            ) from None


@dataclass(frozen=True)
class Found:
    """What an import is given: FHIR bundles, CSV files, and names that were passed over."""

    bundles: tuple[Document, ...]
    tables: tuple[Document, ...]
    passed_over: tuple[str, ...]


def find(paths: Sequence[Path], caps: Caps) -> Found:
    """Every bundle and table under these paths, in a stable order. Raises FileRefused."""
    bundles: list[Document] = []
    tables: list[Document] = []
    passed_over: list[str] = []
    for path in (each for given in paths for each in _spread(given)):
        match path.suffix.lower():
            case ".json":
                bundles.append(_alone(path, caps.json_bytes, f"bundle {len(bundles) + 1}"))
            case ".zip":
                bundles += _archived(path, caps)
            case ".csv" if not _is_aside(path, paths):
                tables.append(_alone(path, caps.csv_bytes, path.name))
            case _ if path in paths:
                raise FileRefused(path.name, _wrong_kind(path), reason="kind")
            case _:
                passed_over.append(path.name)
    if not bundles and not tables:
        raise FileRefused(paths[0].name, "holds no FHIR bundle and no CSV", reason="empty")
    return Found(tuple(bundles), tuple(tables), tuple(passed_over))


def _spread(given: Path) -> Iterator[Path]:
    if given.is_dir():
        yield from sorted(given.iterdir())
    elif given.exists():
        yield given
    else:
        raise FileRefused(given.name, "there is no such file or folder", reason="missing")


def _is_aside(path: Path, given: Sequence[Path]) -> bool:
    """A table in a folder is read only under its agreed name: a list of contents is no extract."""
    return path not in given and not path.name.startswith(("people", "events"))


def _alone(path: Path, cap: int, name: str) -> Document:
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(name, "empty", reason="empty")
    if size > cap:
        raise FileRefused(name, f"over {cap:,} bytes", reason="too-large")
    with path.open("rb") as file:
        refuse_content(name, file.read(64))
    return Document(name, path, size)


def refuse_content(name: str, start: bytes) -> None:
    """Refuse content that is not what the name of the file says."""
    for sign, words in SIGNS:
        if start.lstrip(b" \r\n\t").startswith(sign):
            raise FileRefused(name, words, reason="content")
    if b"\x00" in start[:4]:
        raise FileRefused(name, "encoded as UTF-16: save it as UTF-8", reason="content")


def _wrong_kind(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(64)
    refuse_content(path.name, start)
    return "only .json, .zip of .json, and .csv are read"


def _archived(path: Path, caps: Caps) -> list[Document]:
    """The bundles of an archive, after looking at its list of contents alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileRefused(path.name, "not a zip archive, or cut off", reason="archive") from None
    if len(entries) > caps.archive_entries:
        raise FileRefused(path.name, f"over {caps.archive_entries:,} files", reason="archive")
    if sum(entry.file_size for entry in entries) > caps.archive_bytes:
        raise FileRefused(
            path.name, f"unpacks to over {caps.archive_bytes:,} bytes", reason="archive"
        )
    for entry in entries:
        if fault := _fault_of(entry, caps):
            raise FileRefused(path.name, fault, reason="archive")
    inside = sorted(
        (entry for entry in entries if entry.filename.lower().endswith(".json")),
        key=lambda each: each.filename,
    )
    return [
        Document(f"{path.name}, bundle {number}", path, entry.file_size, entry.filename)
        for number, entry in enumerate(inside, 1)
    ]


def _fault_of(entry: zipfile.ZipInfo, caps: Caps) -> str:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in entry.filename[:3]:
        return "an entry whose path leads outside the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "an entry that is a link"
    if entry.flag_bits & 1:
        return "encrypted: unpack it and import the folder"
    if name.suffix.lower() in ARCHIVES:
        return "an archive inside the archive"
    if entry.file_size > max(entry.compress_size, 1) * caps.archive_ratio:
        return f"an entry that unpacks to over {caps.archive_ratio} times its size"
    return "an entry over the size of one bundle" if entry.file_size > caps.json_bytes else ""
