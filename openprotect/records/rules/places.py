"""Codes of small areas, as the Office for National Statistics gives them."""

import re

from openprotect.records.rules.reasons import RowFault

# Lower layer super output areas of England and Wales, small areas of Scotland are data zones.
LSOA = re.compile(r"[EW]01[0-9]{6}|S01[0-9]{6}", re.ASCII)


def lsoa(written: str) -> str:
    """The area's code, or '' for none given."""
    code = written.strip().upper()
    if code and not LSOA.fullmatch(code):
        raise RowFault("lsoa", shape=True)
    return code
