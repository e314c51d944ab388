"""Whether background work goes on: the last time each kind of it finished."""

from django.db import models


class Heartbeat(models.Model):
    """When a kind of background work last finished, by the real clock."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
