"""Words for how soon, and who may act."""

from openprotect.base.refusals import Refused

URGENCIES = {"now": 1, "today": 2, "week": 3}
LONGEST_NOTE = 2000
DATA = "data"
WELFARE = "welfare"
SOCIAL = "social"
LONGEST_REASON = 500

# What a need is about, in words for those who work it.
KINDS = {
    "clinical": "health",
    "medication": "medicines",
    SOCIAL: "food, care or company",
    "offer": "what they were offered",
    WELFARE: "could not be reached",
    DATA: "answers to look at",
}


class NotYourAlert(Refused):
    """The alert is owned by another team."""


class ChangedMeanwhile(Refused):
    """Somebody else acted on the alert since the page was opened."""
