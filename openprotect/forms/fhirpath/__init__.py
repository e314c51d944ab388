"""FHIRPath, by the grammar of a kept library and our own evaluation: exact, bounded, never silent.

`compile` gives an `Expression` or refuses the text with a column and a reason; `problems` lists
what is wrong with a text without raising. `Expression.evaluate` gives values as JSON has them.
"""

from openprotect.forms.fhirpath.checking import Problem, problems
from openprotect.forms.fhirpath.errors import BadExpression, CannotEvaluate, TooCostly
from openprotect.forms.fhirpath.expression import Expression, compile  # noqa: A004
from openprotect.forms.fhirpath.items import Element, Item, element

__all__ = [
    "BadExpression",
    "CannotEvaluate",
    "Element",
    "Expression",
    "Item",
    "Problem",
    "TooCostly",
    "compile",
    "element",
    "problems",
]
