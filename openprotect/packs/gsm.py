"""How many parts a text message takes, and which characters a provider would replace."""

import unicodedata
from typing import Final

# The GSM 03.38 alphabet: any character outside it makes the whole message cost more than twice.
PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
COUNTED_TWICE: Final = frozenset("^{}\\[~]|€\f")
TYPED_INSTEAD: Final = dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--", strict=True))
ONE_PART: Final = 160
EACH_OF_SEVERAL: Final = 153
# Once one character is outside the alphabet, the whole text goes out in UTF-16.
ONE_WIDE_PART: Final = 70
EACH_OF_SEVERAL_WIDE: Final = 67


def outside(text: str) -> tuple[str, ...]:
    """The characters that no plain text message can carry."""
    return tuple(sorted(set(text) - PLAIN - COUNTED_TWICE))


def replaced(character: str) -> str:
    """What GOV.UK Notify sends instead: the letter without its mark, else a question mark."""
    if character in TYPED_INSTEAD:
        return TYPED_INSTEAD[character]
    bare = unicodedata.normalize("NFKD", character)[:1]
    return bare if bare in PLAIN else "?"


def parts(text: str) -> int:
    if outside(text):
        wide = len(text.encode("utf-16-be")) // 2
        return 1 if wide <= ONE_WIDE_PART else -(-wide // EACH_OF_SEVERAL_WIDE)
    length = len(text) + sum(each in COUNTED_TWICE for each in text)
    return 1 if length <= ONE_PART else -(-length // EACH_OF_SEVERAL)
