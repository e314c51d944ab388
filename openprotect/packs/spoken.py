"""People's own words, made comparable with the words a rule listens for."""

import unicodedata


def normalised(text: str) -> str:
    """Small letters and figures, one space between words and at both ends, no apostrophes.

    "I can't BREATHE!" and "i cant breathe" come out alike; a word is never found inside another.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    without = "".join("" if each in "'’‘`" else each for each in plain)
    words = "".join(each if each.isalnum() else " " for each in without).split()
    return f" {' '.join(words)} "
