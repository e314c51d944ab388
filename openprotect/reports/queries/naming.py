"""Practices by their code and fifths of deprivation by their number, as people call them."""

from collections.abc import Iterable

from openprotect.places.models import Organisation

FIFTHS = {
    "1": "Most deprived fifth",
    "2": "Second most deprived",
    "3": "Middle fifth",
    "4": "Second least deprived",
    "5": "Least deprived fifth",
    "0": "Not known",
}


def fifths() -> dict[str, str]:
    return dict(FIFTHS)


def practices(codes: Iterable[str]) -> dict[str, str]:
    """The names of these practices, by name; a code that no file names stands for itself."""
    wanted = set(codes)
    known = dict(Organisation.objects.filter(code__in=wanted).values_list("code", "name"))
    named = {code: known.get(code) or code or "No practice" for code in wanted}
    return dict(sorted(named.items(), key=lambda each: (each[1], each[0])))
