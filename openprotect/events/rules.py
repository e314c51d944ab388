"""Which events nothing follows: written as ticked off, so that no job looks at them."""

from typing import Final

# The many of them that nothing follows. The pathway says so too, and a test compares the two.
NOTHING_FOLLOWS: Final = frozenset({
    "checkin.cancelled",
    "checkin.excused",
    "enrolment.activated",
    "enrolment.found",
    "message.delivered",
    "message.sent",
})  # fmt: skip
