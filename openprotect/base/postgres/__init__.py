"""A PostgreSQL of our own, started and stopped here, for a machine that has no server."""

from openprotect.base.postgres.binaries import NoBinaries, Toolbox
from openprotect.base.postgres.server import LocalPostgres, WillNotStart

__all__ = ["LocalPostgres", "NoBinaries", "Toolbox", "WillNotStart"]
