"""The task as a clinician writes it: cohort.toml beside this file, over lists of made-up codes."""

from pathlib import Path

from bench.cohort_parts import coding

FILE = Path(__file__).with_name("cohort.toml")


def reference_rules():
    """The rules, read by the product's own reader."""
    from openprotect.packs.cohort import read_cohort

    return read_cohort(FILE.read_text(), codelists(), FILE.name)


def codelists():
    """Each file that cohort.toml names, as it would lie in a pack."""
    return {f"codelists/{each.key}.csv": _as_csv(each) for each in coding.LISTS}


def _as_csv(listed):
    first, _ = coding.places()[listed.key]
    lines = (
        f"{code},{coding.term(listed.table, first + turn)}"
        for turn, code in enumerate(coding.codes_of(listed))
    )
    return "\n".join(["code,term", *lines, ""])
