"""Red flags of an item: answers that send the person to 999 or 111. An extension of our own."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from openprotect.forms.addresses import EMERGENCY
from openprotect.forms.element import Element
from openprotect.forms.items import CHOICES, NUMBERS, EmergencyText, Option, RedFlag

CALLS: Final = ("999", "111")
LONGEST: Final = 1000


def read_red_flags(element: Element, kind: str, options: Sequence[Option]) -> tuple[RedFlag, ...]:
    """Nothing about an emergency is let pass: a red flag that is not whole refuses the form."""
    flags = []
    for each in element.extensions(EMERGENCY):
        flag = _red_flag(each)
        _check(each, flag, kind, options)
        flags.append(flag)
    return tuple(flags)


def _red_flag(element: Element) -> RedFlag:
    codes: list[str] = []
    numbers: dict[str, Decimal | None] = {}
    call, text = "", ""
    for part in element.listed("extension"):
        url = part.text("url")
        if url == "answer":
            codes.append(part.text("valueCode"))
        elif url in ("from", "to"):
            numbers[url] = part.number("valueDecimal")
        elif url == "call":
            call = part.text("valueCode")
        elif url == "text":
            text = part.words("valueString")
            if len(text) > LONGEST:
                part.refuse(f"an emergency text has more than {LONGEST} characters")
        else:
            part.refuse(f"{url[:40]!r} is not a part of an emergency text")
    if call not in CALLS:
        element.refuse(f"an emergency text calls {call[:20]!r}; allowed are {' and '.join(CALLS)}")
    emergency = EmergencyText("111" if call == "111" else "999", text)
    return RedFlag(emergency, tuple(codes), numbers.get("from"), numbers.get("to"))


def _check(element: Element, flag: RedFlag, kind: str, options: Sequence[Option]) -> None:
    if flag.emergency.call not in flag.emergency.text:
        element.refuse(f"an emergency text must name the number to ring, {flag.emergency.call}")
    has_bounds = flag.low is not None or flag.high is not None
    if kind in (*NUMBERS, "quantity"):
        if not has_bounds or flag.codes:
            element.refuse("an emergency text of a number needs 'from' or 'to', and no 'answer'")
        return
    if not flag.codes or has_bounds:
        element.refuse("an emergency text must say which answers raise it, by their codes")
    allowed = [each.code for each in options] if kind in CHOICES else ["yes", "no"]
    for code in flag.codes:
        if code not in allowed:
            element.refuse(f"an emergency text names {code[:40]!r}, which is none of the answers")
