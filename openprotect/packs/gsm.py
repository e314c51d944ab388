"""How many parts a text message takes, and which characters phones would replace."""

from typing import Final

# The GSM 03.38 alphabet: any character outside it makes the whole message cost more than twice.
PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
COUNTED_TWICE: Final = frozenset("^{}\\[~]|€\f")
ONE_PART: Final = 160
EACH_OF_SEVERAL: Final = 153


def outside(text: str) -> tuple[str, ...]:
    """The characters that no plain text message can carry."""
    return tuple(sorted(set(text) - PLAIN - COUNTED_TWICE))


def parts(text: str) -> int:
    length = len(text) + sum(each in COUNTED_TWICE for each in text)
    return 1 if length <= ONE_PART else -(-length // EACH_OF_SEVERAL)
