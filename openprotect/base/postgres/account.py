"""The operating system account that PostgreSQL runs as: never root, which it refuses."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


class NoAccount(RuntimeError):
    """Root has no ordinary account to hand the server to."""


@dataclass(frozen=True)
class Account:
    """Who runs the server, and whether we must become them first."""

    uid: int
    gid: int
    is_other: bool

    def start_as(self) -> dict[str, object]:
        """What subprocess needs to run a tool as this account."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    """Ourselves; or, when we are root, the first of postgres and nobody that exists."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(known.pw_uid, known.pw_gid, is_other=True)
    raise NoAccount(
        "PostgreSQL refuses to run as root, and there is no account postgres or nobody."
    )


def private_directory(path: Path, owner: Account) -> Path:
    """Make a directory that only its owner may enter; refuse one that somebody else made."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    mine = {os.geteuid(), owner.uid}
    if path.is_symlink() or found.st_uid not in mine:
        raise PermissionError(f"{path} belongs to another account: remove it first.")
    path.chmod(0o700)
    owner.own(path)
    return path
