"""Journeys: a made-up person over days, by a moving clock, and what must come of it and by when.

The world played here is small and pure; a test plays the same journeys against the service itself.
"""

from openprotect.packs.journeys.comparing import play
from openprotect.packs.journeys.reading import read_journey, read_journeys
from openprotect.packs.journeys.values import Journey, Outcome

__all__ = ["Journey", "Outcome", "play", "read_journey", "read_journeys"]
