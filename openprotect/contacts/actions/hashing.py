"""Lists without numbers: each is a digest that nobody can make, or try out, without the key."""

import csv
import hashlib
import hmac
import io
import re
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.contacts.actions.listing import Reading, read_list

KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Hashed:
    """A list of digests as CSV, and how many rows of the list it came from are in it."""

    text: str
    rows: int
    hashed: int

    @property
    def left_out(self) -> int:
        return self.rows - self.hashed


def read_key(path: Path) -> bytes:
    """The key of a partner: 32 bytes in hexadecimal. A shorter one would be no key at all."""
    try:
        written = path.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"There is no key in {path.name}.") from None
    if not KEY.fullmatch(written):
        raise Refused(f"{path.name} is not a key: `contacts key` makes one of 64 letters.")
    return bytes.fromhex(written)


def digest_of(number: str, key: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) of the ten digits, in hexadecimal."""
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def hashed_list(path: Path, how: Reading, *, key: bytes) -> Hashed:
    """The list with digests in place of numbers; rows that could not be read are left out."""
    listed = read_list(path, how)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["hash", "channel", "topic", "wanted_on", "reference"])
    sound = [(digest_of(row.who, key), row) for row in listed.rows if not row.fault]
    # In the order of digests: the order of the list would tell as well who is meant.
    for digest, each in sorted(sound, key=itemgetter(0)):
        day = each.wanted_on.isoformat() if each.wanted_on else ""
        writer.writerow([digest, each.channel.lower(), each.topic, day, each.reference])
    return Hashed(text.getvalue(), len(listed.rows), len(sound))
