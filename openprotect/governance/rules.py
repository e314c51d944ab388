"""When the end of a legal basis must be said aloud, and how."""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
# Weeks to renew a notice take a decision by several people; the last day is for the stop itself.
WARN_DAYS = (56, 28, 7, 1)


def days_left(ends_at: datetime, at: datetime) -> int:
    """Whole days until the end, counting one that has begun; 0 once it has ended."""
    return max(0, -((at - ends_at) // DAY))


def warning(ends_at: datetime, at: datetime) -> str:
    """The warning that has been reached, in words; empty while the end is far off."""
    left = days_left(ends_at, at)
    if not left:
        return "It has ended"
    reached = next((days for days in reversed(WARN_DAYS) if left <= days), None)
    if reached is None:
        return ""
    if reached == 1:
        return "It ends within a day: renew it now, or everything that rests on it stops"
    if reached == 7:
        return "It ends within a week: whoever renews it must decide now"
    return f"It ends within {reached // 7} weeks: begin to renew it, or plan how to stop"
