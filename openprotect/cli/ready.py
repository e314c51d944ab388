"""Making an installation ready: tables, the worker's account, the mark of a demonstration."""

import secrets
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections

from openprotect.accounts.actions import install_worker
from openprotect.config import environment, migrations
from openprotect.pathway.work import KEY_FILE


def make_ready() -> None:
    """Bring the tables up to date and install the worker, where this process may. Harmless again.

    A site whose administrator made the roles, and gave no owner's address, does this by itself.
    """
    if "owner" not in connections.databases:
        return
    if migrations.waiting("owner"):
        migrations.apply()
    key = settings.OPENPROTECT.home / KEY_FILE
    if not key.exists():
        environment.write_secret(key, secrets.token_bytes(32).hex())
    # Backdated, so that a clock a little behind ours still finds the account in force.
    started = datetime(2020, 1, 1, tzinfo=UTC)
    install_worker(bytes.fromhex(key.read_text().strip()), at=started)
    if settings.OPENPROTECT.demo:
        _mark_demonstration()
    connections["owner"].close()


def _mark_demonstration() -> None:
    """Only the owner can set this, and only a demonstration's set-up asks it to."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE governance_installation SET is_demonstration = true WHERE NOT is_demonstration"
        )
