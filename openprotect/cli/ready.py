"""Making an installation ready: tables, the worker's account, the mark of a demonstration."""

import secrets
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections

from openprotect.accounts.actions import install_worker
from openprotect.base.refusals import Refused
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
    _agree_on_demonstration()
    connections["owner"].close()


def _agree_on_demonstration() -> None:
    """Mark a demonstration's database as one; never serve real people from it.

    Only the owner can set the mark, which lets anyone sign in with one click and moves the clock.
    """
    with connections["owner"].cursor() as cursor:
        if settings.OPENPROTECT.demo:
            cursor.execute(
                "UPDATE governance_installation SET is_demonstration = true"
                " WHERE NOT is_demonstration"
            )
            return
        cursor.execute("SELECT is_demonstration FROM governance_installation")
        if cursor.fetchone()[0]:
            raise Refused(
                "This database holds a demonstration, and OPENPROTECT_MODE is live: use another"
                " home (OPENPROTECT_HOME) or another database."
            )
