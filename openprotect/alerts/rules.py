"""Words for how soon, and who may act."""

from openprotect.base.refusals import Refused

URGENCIES = {"now": 1, "today": 2, "week": 3}
LONGEST_NOTE = 2000
DATA = "data"
WELFARE = "welfare"


class NotYourAlert(Refused):
    """The alert is owned by another team."""


class ChangedMeanwhile(Refused):
    """Somebody else acted on the alert since the page was opened."""
