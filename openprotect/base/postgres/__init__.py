"""A PostgreSQL of our own, for a machine that has no server: started and stopped by this package."""

from openprotect.base.postgres.binaries import NoBinaries, Toolbox
from openprotect.base.postgres.server import LocalPostgres, WillNotStart

__all__ = ["LocalPostgres", "NoBinaries", "Toolbox", "WillNotStart"]
