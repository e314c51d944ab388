"""`pack import FOLDER`, `pack export KEY FOLDER`: a pack between a folder and the service."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli.packs.naming import PUBLISHED, database_at_hand
from openprotect.packs.borrowed import BORROWED
from openprotect.packs.loading import read_whole


def arguments(words: Any) -> None:
    meaning = "bring a folder in as the draft of its pack"
    parser = words.add_parser("import", help=meaning, description=meaning)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.set_defaults(run=bring_in)
    meaning = "write a pack's draft, else its latest version, or KEY@VERSION, to a new folder"
    parser = words.add_parser("export", help=meaning, description=meaning)
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.set_defaults(run=take_out)


def bring_in(options: argparse.Namespace) -> int:
    from openprotect.programmes.actions import drafting

    files = read_whole(options.folder, settings.OPENPROTECT.codelists)
    with database_at_hand():
        draft = drafting.bring_in(files, at=clock.now())
    print(f"{draft.key} {draft.version} ({draft.content_hash[:12]}): {draft.get_status_display()}")
    return 0


def take_out(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty.")
    with database_at_hand():
        files = _files(options.key)
    own = {name: text for name, text in files.items() if not name.startswith(BORROWED)}
    for name, text in own.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    lent = len(files) - len(own)
    print(f"{folder}: {len(own)} files; {lent} lists that it borrows stay where they are")
    return 0


def _files(named: str) -> Mapping[str, str]:
    from openprotect.programmes.queries import drafts, version_files

    if found := PUBLISHED.fullmatch(named):
        files = version_files(*found.groups())
    else:
        files = drafts.files_now(named)
    if files is None:
        raise Refused(f"There is no pack {named} here.")
    return files
