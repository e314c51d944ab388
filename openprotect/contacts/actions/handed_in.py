"""A short list that a partner hands in on a page: read and asked about like any other."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.contacts.actions import refuse_without_basis
from openprotect.contacts.actions.exchanging import Exchanged, exchange
from openprotect.contacts.actions.listing import Reading
from openprotect.places.models import Organisation
from openprotect.places.rules.hours import LOCAL

MOST_ROWS = 1_000
LARGEST = 400_000
TOO_LONG = (
    f"A page takes up to {MOST_ROWS:,} rows. Send the list in parts, or ask whoever runs this"
    " service to exchange it as a file."
)


def exchange_handed_in(content: bytes, *, channel: str, topic: str, viewer: Viewer) -> Exchanged:
    """What each row of the list is told. It lies on a disk only while it is read."""
    refuse_without_basis(viewer)
    if not content.strip():
        raise Refused("There is no list: choose a file or paste one.")
    if len(content) > LARGEST or content.count(b"\n") > MOST_ROWS + 2:
        raise Refused(TOO_LONG)
    how = Reading(
        today=viewer.at.astimezone(LOCAL).date(),
        synthetic=settings.OPENPROTECT.synthetic,
        channel=channel,
        topic=topic,
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        return exchange(
            path,
            how,
            organisation=Organisation.objects.get(pk=viewer.organisation_id),
            by=viewer.user_id,
            at=viewer.at,
        )


def pasted(text: str) -> bytes:
    """A list as pasted into a box, where nobody sees whether the last line has an end."""
    return f"{text.rstrip()}\n".encode() if text.strip() else b""
