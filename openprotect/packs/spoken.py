"""People's own words, made comparable with the words a rule listens for."""

import re
import unicodedata


def normalised(text: str) -> str:
    """Small letters and figures, one space between words and at both ends, no apostrophes.

    "I can't BREATHE!" and "i cant breathe" come out alike; a word is never found inside another.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    without = re.sub("['`\u2018\u2019]", "", plain)
    words = "".join(each if each.isalnum() else " " for each in without).split()
    return f" {' '.join(words)} "
