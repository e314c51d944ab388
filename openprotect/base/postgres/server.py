"""One PostgreSQL server on a private socket, shared by every process of one home directory."""

import fcntl
import hashlib
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from openprotect.base.postgres.account import account, private_directory
from openprotect.base.postgres.binaries import Toolbox, toolbox
from openprotect.base.postgres.postmaster import forget_dead_postmaster

SUPERUSER = "openprotect"
PATIENCE = 60  # seconds until we give up on a start or a stop
FOR_ROOT = Path("/var/lib/openprotect")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    # A day's askings are written in minutes: a checkpoint in the midst of them writes pages twice.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    # Our statements are short and many: to compile one takes longer than to do it.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements carry people's details: the server's own log must not keep them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class WillNotStart(RuntimeError):
    """The server could not be started or stopped; the message has its last words."""


class LocalPostgres:
    """A server with its data under `home`/postgres. Nothing happens until it is started.

    Root may not run PostgreSQL: then it runs as another account, with the data where that
    account can reach them, and a note under `home` of where that is.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = home.absolute() / "postgres"
        self.settings = SETTINGS | dict(settings or {})
        self.account = account()

    @cached_property
    def place(self) -> Path:
        """The directory with the data and the log."""
        if not self.account.is_other:
            return self.home
        note = self.home / "elsewhere"
        if not note.exists():
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked("place"):
                if not note.exists():
                    note.write_text(f"{FOR_ROOT / uuid.uuid4().hex[:12]}\n")
        return Path(note.read_text().strip())

    @property
    def cluster(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "server.log"

    @property
    def socket_directory(self) -> Path:
        """The same in every process, and short: a socket's path has at most some hundred bytes."""
        shared = Path("/tmp")  # noqa: S108 - the directory in it is 0700 and its owner is checked
        root = shared if shared.is_dir() else Path(tempfile.gettempdir())
        key = hashlib.sha256(str(self.place).encode()).hexdigest()[:12]
        return root / f"openprotect-{self.account.uid}-{key}"

    @cached_property
    def tools(self) -> Toolbox:
        return toolbox(self.account, FOR_ROOT)

    def is_ready(self) -> bool:
        return self._asked() == 0

    def start(self) -> None:
        """Start the server unless it runs. Safe when several processes do so at once."""
        with self._locked("start"):
            self._start()

    def stop(self) -> None:
        """Stop the server in an orderly way, whoever still uses it."""
        with self._locked("start"):
            self._stop()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the server run meanwhile; the last holder to leave stops it.

        The hold is a lock on a file, which the operating system drops when a holder is killed.
        """
        with self._locked("start"):
            self._start()
            hold = (self.home / "holders.lock").open("a")
            fcntl.flock(hold, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with self._locked("start"):
                hold.close()
                if not self.is_held():
                    self._stop()

    def is_held(self) -> bool:
        """Whether a process holds the server now."""
        with (self.home / "holders.lock").open("a") as others:
            try:
                fcntl.flock(others, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def destroy(self) -> None:
        """Stop the server and delete every byte of its data."""
        with self._locked("start"):
            self._stop()
            for directory in (self.cluster, self.socket_directory):
                shutil.rmtree(directory, ignore_errors=True)
            self.log.unlink(missing_ok=True)
            if self.place != self.home:
                shutil.rmtree(self.place, ignore_errors=True)

    @contextmanager
    def _locked(self, what: str) -> Iterator[None]:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.home / f"{what}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _asked(self) -> int:
        return self.tools.run("pg_isready", "-q", "-h", self.socket_directory).returncode

    def _start(self) -> None:
        """Ask the server itself whether it runs; never trust the file that names its process."""
        if self.place != self.home:
            FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        for directory in (self.place, self.socket_directory):
            private_directory(directory, self.account)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        end = time.monotonic() + PATIENCE
        while not self.is_ready():
            self._check_version()
            forget_dead_postmaster(self.cluster)
            outcome = self.tools.run("pg_ctl", *self._start_arguments())
            if outcome.returncode and time.monotonic() > end:
                raise WillNotStart(
                    f"PostgreSQL did not start. {outcome.stdout}\n{self._last_words()}"
                )
            if outcome.returncode:
                time.sleep(0.2)  # the children of a killed server are still going

    def _start_arguments(self) -> list[object]:
        settings = self.settings | {
            "unix_socket_directories": str(self.socket_directory),
            "unix_socket_permissions": "0700",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        return [
            "start",
            "-D",
            self.cluster,
            "-w",
            "-t",
            PATIENCE,
            "-l",
            self.log,
            "-s",
            "-o",
            options,
        ]

    def _stop(self) -> None:
        if not (self.cluster / "postmaster.pid").exists():
            return
        forget_dead_postmaster(self.cluster)
        if not (self.cluster / "postmaster.pid").exists():
            return
        outcome = self.tools.run(
            "pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-t", PATIENCE, "-s"
        )
        if outcome.returncode and self.is_ready():
            raise WillNotStart(f"PostgreSQL did not stop. {outcome.stdout}")

    def _make_cluster(self) -> None:
        """Make the data under another name first: a killed attempt leaves no half cluster."""
        fresh = self.place / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        if self.tools.major_version() >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            locale = ["--locale=C.UTF-8"]
        common = ["-D", fresh, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums"]
        outcome = self.tools.run("initdb", *common, *locale)
        if outcome.returncode:
            raise WillNotStart(
                f"PostgreSQL could not make its data folder. {outcome.stdout[-2000:]}"
            )
        fresh.rename(self.cluster)

    def _check_version(self) -> None:
        made_by = int((self.cluster / "PG_VERSION").read_text())
        ours = self.tools.major_version()
        if made_by != ours:
            raise WillNotStart(
                f"The data in {self.cluster} are of PostgreSQL {made_by}; the programs are {ours}. "
                "Back up with the older programs and restore with the newer."
            )

    def _last_words(self) -> str:
        if not self.log.exists():
            return ""
        return self.log.read_text(errors="replace")[-2000:]
