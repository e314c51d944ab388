"""What a form works out of its answers (SDC calculatedExpression), as facts for the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from openprotect.forms.computing import Known, settled
from openprotect.forms.form import Form
from openprotect.forms.items import Item


class NotWorkedOut:
    """Stands for a value that is not there although everything behind it is answered.

    No question reads it, so a rule that looks at it could not be evaluated (bad input N19), and is
    never taken to be silent.
    """


@dataclass(frozen=True)
class WorksOut:
    """The calculated items of one form, hidden or shown; those that repeat are left to people."""

    form: Form

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(each for each in self.form.everything if is_worked_out(each))

    def facts(
        self, answers: Mapping[str, object], at: datetime | None
    ) -> Iterator[tuple[str, object]]:
        """Each value by the name of its item; what lacks an answer behind it is missing."""
        state = settled(self.form, answers, Known(at=at))
        answered = {shown.item.link_id for shown in state.everything() if shown.values}
        asked = {shown.item.link_id for shown in state.everything()}
        for item in self.items:
            shown = state.at(item.link_id)
            if shown is None:
                continue
            if shown.values:
                yield item.link_id, item.kept(shown.values[0])
            elif (set(self.behind[item.link_id]) & asked) <= answered:
                yield item.link_id, NotWorkedOut()

    @cached_property
    def behind(self) -> Mapping[str, tuple[str, ...]]:
        """The questions that each value is worked out of: those its formulas name."""
        names = [item.link_id for item in self.form.questions if not is_worked_out(item)]
        return {item.link_id: tuple(self._named(item, names)) for item in self.items}

    def _named(self, item: Item, names: list[str]) -> Iterator[str]:
        """By the linkIds in its own formula, and in every variable and value it may lean on.

        One that names none looks at the form as a whole, and so at every question.
        """
        calculated = item.formulas.calculated
        text = calculated.text if calculated else ""
        if "%" in text:
            leaning = [*self.form.variables, *item.formulas.variables]
            for around in self.form.around(item):
                leaning += around.formulas.variables
            text += " ".join(each.text for each in leaning)
        for other in self.items:
            if other is not item and _is_named(other.link_id, text) and other.formulas.calculated:
                text += other.formulas.calculated.text
        found = [each for each in names if _is_named(each, text)]
        yield from found or names


def _is_named(link_id: str, text: str) -> bool:
    return f"'{link_id}'" in text or f'"{link_id}"' in text


def is_worked_out(item: Item) -> bool:
    """Whether a value is calculated for it, once, and one that a rule could look at."""
    return item.formulas.calculated is not None and item.holds_answers and not item.is_plural
