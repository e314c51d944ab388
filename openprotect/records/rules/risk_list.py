"""The Shielded Patient List's flags: three SNOMED CT codes of risk, of which the latest counts.

Adding somebody and taking them off are both dated facts. Nobody is taken off by being absent.
"""

from openprotect.records.rules.reasons import RowFault

HIGH, MODERATE, LOW = "1300561000000107", "1300571000000100", "1300591000000101"
_COMPLICATION = (
    "risk category for developing complication from coronavirus disease caused by severe acute"
    " respiratory syndrome coronavirus infection"
)
TERMS = {
    HIGH: f"High {_COMPLICATION}",
    MODERATE: f"Moderate {_COMPLICATION}",
    LOW: f"Low {_COMPLICATION}",
}
RISKS = {
    "high": HIGH, "h": HIGH, "high risk": HIGH, HIGH: HIGH,
    "moderate": MODERATE, "medium": MODERATE, "m": MODERATE, "moderate risk": MODERATE,
    MODERATE: MODERATE,
    "low": LOW, "l": LOW, "low risk": LOW, LOW: LOW,
}  # fmt: skip
ADDS = {"", "add", "added", "addition", "a", "update", "updated"}
REMOVES = {"remove", "removed", "removal", "r", "delete", "deleted", "subtraction"}


def code(action: str, risk: str) -> str:
    """The code that an addition or removal stands for. A removal makes the risk low on its day."""
    done, named = action.strip().casefold(), risk.strip().casefold()
    if done in REMOVES:
        if named and named not in RISKS:
            raise RowFault("risk", shape=True)
        return LOW
    if done not in ADDS:
        raise RowFault("risk-action", shape=True)
    if named not in RISKS:
        raise RowFault("risk", shape=True)
    return RISKS[named]
