"""The files of a pack: read whole, within limits, named by what they hold."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from openprotect.packs.borrowed import BORROWED
from openprotect.packs.problems import Reading

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
SUFFIXES: Final = (".toml", ".csv", ".json", ".txt", ".md")
DEEPEST: Final = 4
MOST_FILES: Final = 1000
MOST_BYTES: Final = 1_000_000
MOST_CODELIST_BYTES: Final = 5_000_000
CODELISTS: Final = ("codelists/", *BORROWED)


def read_folder(reading: Reading, folder: Path) -> dict[str, bytes]:
    """Every file beneath the folder; a link could bring in anything, so it is refused."""
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        reading.refuse(folder.name, None, None, "there is no such folder.")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue  # what editors and file managers leave behind
        if path.is_symlink():
            reading.refuse(name, None, None, "is a link; a pack holds plain files only.")
        elif path.is_file() and len(files) <= MOST_FILES:
            with path.open("rb") as opened:
                files[name] = opened.read(MOST_CODELIST_BYTES + 1)
    return files


def check_files(reading: Reading, files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of all files fit to be read; data only, never code."""
    if len(files) > MOST_FILES:
        reading.refuse("", None, None, f"the pack has more than {MOST_FILES} files.")
    return {
        name: text
        for name, content in files.items()
        if _is_well_named(reading, name) and (text := _text(reading, name, content)) is not None
    }


def content_hash(files: Mapping[str, bytes]) -> str:
    """The same for the same files wherever they are kept; another for any other byte."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _is_well_named(reading: Reading, name: str) -> bool:
    parts = name.split("/")
    if len(parts) > DEEPEST or not all(NAME.fullmatch(part) for part in parts):
        reading.refuse(name[:100], None, None, "use letters, figures and dashes in file names.")
        return False
    if not name.endswith(SUFFIXES):
        reading.refuse(name, None, None, f"a pack holds only {', '.join(SUFFIXES)} files.")
        return False
    return True


def _text(reading: Reading, name: str, content: bytes) -> str | None:
    most = MOST_CODELIST_BYTES if name.startswith(CODELISTS) else MOST_BYTES
    if len(content) > most:
        reading.refuse(name, None, None, f"is larger than {most} bytes.")
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as why:
        before = content[: why.start]
        row, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        reading.refuse(name, row, str(column), "is not UTF-8 text; save it as UTF-8.")
        return None
