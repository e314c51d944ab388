"""Whether the process that a data folder names is really its server."""

import os
import subprocess
from pathlib import Path


def forget_dead_postmaster(data: Path) -> None:
    """Remove the note of a server that was killed, when its process number fools PostgreSQL.

    PostgreSQL itself overlooks a stale note, unless the number belongs to a process again: a
    stranger's, common after a container restarts, or a killed server that nobody has reaped.
    Removing it then is safe: PostgreSQL still refuses to start while any of the old server's
    children hold its shared memory.
    """
    note = data / "postmaster.pid"
    try:
        number = int(note.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if not _is_alive_server(abs(number)):
        note.unlink(missing_ok=True)


def _is_alive_server(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    state, name = _state_and_name(number)
    return state != "Z" and name.startswith("postgres")


def _state_and_name(number: int) -> tuple[str, str]:
    stat = Path(f"/proc/{number}/stat")
    if stat.exists():
        name, rest = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        return rest.split()[0], name
    shown = subprocess.run(  # noqa: S603 - a fixed program, no shell
        ["/bin/ps", "-o", "stat=,comm=", "-p", str(number)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split(None, 1)
    return (shown[0][:1], Path(shown[1].strip()).name) if len(shown) == 2 else ("", "")
