"""Archives, judged by their list of contents before anything of them is unpacked."""

import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import Protocol

from openprotect.records.rules.reasons import FileRefused

ARCHIVES = {".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar"}


class Caps(Protocol):
    """How much an archive may hold."""

    @property
    def archive_bytes(self) -> int: ...
    @property
    def archive_entries(self) -> int: ...
    @property
    def archive_ratio(self) -> int: ...


def contents(path: Path, caps: Caps) -> list[zipfile.ZipInfo]:
    """The archive's entries, all of them fit to be unpacked. Raises FileRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefused(path.name, "not a zip archive, or cut off", reason="archive") from None
    if len(entries) > caps.archive_entries:
        raise FileRefused(path.name, f"over {caps.archive_entries:,} files", reason="archive")
    if sum(entry.file_size for entry in entries) > caps.archive_bytes:
        words = f"unpacks to over {caps.archive_bytes:,} bytes"
        raise FileRefused(path.name, words, reason="archive")
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise FileRefused(path.name, "a spreadsheet under another name", reason="content")
    for entry in entries:
        if fault := _fault_of(entry, caps):
            raise FileRefused(path.name, fault, reason="archive")
    return entries


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
    return ""
