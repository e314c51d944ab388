"""Words that tell of somebody's health, in the languages that packs are shipped in.

A text may be read by anyone who holds the phone (hazard H12): no word of health in it. Letters are
compared without their marks, as texts are often written.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

WITHOUT_PARTS: Final = str.maketrans("łŁøØ", "lLoO")
ENGLISH: Final = (
    r"covid\w*|corona\w*|cancer\w*|asthma\w*|copd|diabet\w*|shield\w*|symptom\w*|illness\w*|"
    r"disease\w*|diagnos\w*|conditions?|medicines?|medication\w*|prescription\w*|tablets?|"
    r"smear\w*|cervical|screening|vulnerab\w*|at risk|high risk|your answers? (?:was|were)|"
    r"inhalers?|lungs?|breath\w*|blood|falls?|fallen|frail\w*|depress\w*|mental\w*"
)
POLISH: Final = (
    r"chorob\w*|objaw\w*|cukrzyc\w*|astm\w*|pochp|raka?|nowotw\w*|lek(?:i|ow|ami|arstw\w*)|recept\w*|"
    r"tablet\w*|cytolog\w*|szyjk\w*|przesiew\w*|zagrozon\w*|oddech\w*|oddych\w*|pluc\w*|upad\w*|krew|krwi"
)
PORTUGUESE: Final = (
    r"doenca\w*|doente\w*|sintoma\w*|asma\w*|dpoc|cancro\w*|medicament\w*|remedi\w*|receita\w*|"
    r"comprimid\w*|citolog\w*|colo do utero|rastrei\w*|risco|respira\w*|pulm\w*|quedas?|sangue"
)
LITHUANIAN: Final = (
    r"lig(?:a|os|ai|u|omis|oms)|liguist\w*|simptom\w*|astm\w*|lopl|vez(?:ys|io|iu)|vaist\w*|recept\w*|"
    r"tablet\w*|gimdos|patikr\w*|atrank\w*|rizik\w*|kvepav\w*|plauci\w*|griuv\w*|kraujo?"
)
OF_HEALTH: Final = re.compile(
    rf"\b(?:{ENGLISH}|{POLISH}|{PORTUGUESE}|{LITHUANIAN})\b", re.IGNORECASE
)


def of_health(line: str) -> Iterator[tuple[int, str]]:
    """Each word that tells of health, with the character at which it stands, counted from 1."""
    for found in OF_HEALTH.finditer(_bare(line)):
        yield found.start() + 1, line[found.start() : found.end()]


def _bare(line: str) -> str:
    """As many characters as before, each without its marks."""
    return "".join(unicodedata.normalize("NFKD", each)[:1] for each in line).translate(
        WITHOUT_PARTS
    )
