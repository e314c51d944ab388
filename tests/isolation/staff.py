"""Everybody who looks at the world: each role, with and without a purpose, and after it."""

from tests.isolation.programmes import ENDED, LIVE, OTHER

LOCALITIES = {"PRA": "LOC", "PRA2": "LOC", "PRB": "LOC2", "PRB2": "LOC2"}
# Everybody who looks: name, role, code of the organisation, purpose.
STAFF = [
    ("caller one", "CALLER", "SYS", LIVE),
    ("caller two", "CALLER", "SYS", LIVE),
    ("caller of another purpose", "CALLER", "SYS", OTHER),
    ("caller after the end", "CALLER", "SYS", ENDED),
    *((f"practice {code}", "PRACTICE", code, LIVE) for code in LOCALITIES),
    ("supervisor", "SUPERVISOR", "SYS", LIVE),
    ("supervisor of another purpose", "SUPERVISOR", "COU2", OTHER),
    ("supervisor after the end", "SUPERVISOR", "LOC2", ENDED),
    ("practice of another purpose", "PRACTICE", "PRA", OTHER),
    ("practice after the end", "PRACTICE", "PRA", ENDED),
    ("locality LOC", "LOCALITY", "LOC", LIVE),
    ("locality LOC2", "LOCALITY", "LOC2", LIVE),
    ("locality of another purpose", "LOCALITY", "LOC", OTHER),
    ("locality after the end", "LOCALITY", "LOC", ENDED),
    ("surveillance", "SURVEILLANCE", "SYS", LIVE),
    ("surveillance after the end", "SURVEILLANCE", "SYS", ENDED),
    ("partner COU", "PARTNER", "COU", LIVE),
    ("partner COU2", "PARTNER", "COU2", LIVE),
    ("partner after the end", "PARTNER", "COU", ENDED),
    ("system of partner COU", "CLIENT", "COU", LIVE),
    ("system of partner COU2", "CLIENT", "COU2", LIVE),
    ("system after the end", "CLIENT", "COU", ENDED),
    ("lead", "LEAD", "SYS", LIVE),
    ("lead after the end", "LEAD", "SYS", ENDED),
    ("clinical lead", "CLINICAL", "SYS", LIVE),
    ("clinical lead of another purpose", "CLINICAL", "SYS", OTHER),
    ("clinical lead after the end", "CLINICAL", "SYS", ENDED),
    ("governance", "GOVERNANCE", "SYS", LIVE),
    ("steward", "STEWARD", "SYS", LIVE),
    ("steward of another place", "STEWARD", "LOC", LIVE),
    ("steward after the end", "STEWARD", "SYS", ENDED),
]
