"""The tables' versions: applied as the owner, looked at as anybody."""

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from openprotect.base.isolation import APP, IMPORT
from openprotect.config.provision import CannotUse


def apply() -> int:
    """Apply what is missing; return how many migrations that were."""
    if "owner" not in connections.databases:
        raise CannotUse("OPENPROTECT_OWNER_URL is needed to migrate.")
    missing = len(waiting("owner"))
    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        # The application looks whether its tables are up to date before it serves.
        cursor.execute(f"GRANT SELECT ON django_migrations TO {APP}, {IMPORT}")
    connections["owner"].close()
    return missing


def waiting(alias: str = "default") -> tuple[str, ...]:
    """Migrations that the code has and the database has not."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
