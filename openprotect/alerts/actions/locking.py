"""An alert held, so that of two who act on it the second sees what the first has done."""

from uuid import UUID

from openprotect.alerts.models import Alert


def hold(alert_id: UUID) -> None:
    """Nobody else changes this alert until the transaction ends; read it after this.

    Held alone: whoever waits for a row that is joined to others gets it with the others as they
    were, and one that was meanwhile given to another team would not be found at all.
    """
    Alert.objects.select_for_update().values_list("pk").get(pk=alert_id)
