"""What stands around each of a person's pages, and moments as one says them to somebody of 80."""

from datetime import datetime, time

from openprotect.checkins.rules import LOCAL
from openprotect.packs.pack import Pack


def of_pack(pack: Pack) -> dict[str, str]:
    """Who asks, and the number to ring, for the layout of a public page."""
    return {
        "organisation_name": pack.sponsor,
        "help_phone": pack.phone,
        "help_hours": hours(pack),
    }


def hours(pack: Pack) -> str:
    """When somebody answers the phone; empty where the pack does not say."""
    from_, until = (pack.settings.get(key) for key in ("answers_read_from", "answers_read_until"))
    if not (from_ and until):
        return ""
    opens, closes = (time.fromisoformat(str(each.default)) for each in (from_, until))
    return f"{clock(opens)} to {clock(closes)} every day"


def clock(at: time) -> str:
    """8am, 2:30pm, 12 noon: as people say it, and as the NHS writes it."""
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "12 noon" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def moment(at: datetime, now: datetime) -> str:
    """A moment near now: 2:30pm today, 9am tomorrow, 4pm on Friday 8 May."""
    there = at.astimezone(LOCAL)
    return f"{clock(there.time())} {_day(there, now, 'on ')}"


def day(at: datetime, now: datetime) -> str:
    """A day near now: today, tomorrow, Friday 8 May."""
    return _day(at.astimezone(LOCAL), now, "")


def _day(there: datetime, now: datetime, before: str) -> str:
    days = (there.date() - now.astimezone(LOCAL).date()).days
    if days in (0, 1):
        return "tomorrow" if days else "today"
    return f"{before}{there:%A} {there.day} {there:%B}"
