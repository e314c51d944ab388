"""How a function is known: its arguments and what it does."""

from dataclasses import dataclass

from openprotect.forms.fhirpath.evaluation import Function


@dataclass(frozen=True)
class Known:
    """A function, and how many arguments it may be given."""

    do: Function
    least: int = 0
    most: int = 0
