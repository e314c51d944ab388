"""The way through the questions: where to go on, and what comes after an answer."""

from collections.abc import Iterator, Mapping

from openprotect.forms.items import Item
from openprotect.packs.questionnaire import Questionnaire

Answers = Mapping[str, object]


def resume(form: Questionnaire, answers: Answers) -> Item | None:
    """Where somebody who comes back goes on; None when only the sending is left.

    The page after the last answer, or a question before it that must be answered and is not. One
    that was left empty on purpose is not asked about again.
    """
    shown = form.visible(answers)
    given = [item for item in shown if item.link_id in answers]
    onward = form.next_after(given[-1].link_id, answers) if given else form.first(answers)
    waiting = [*form.missing(answers)[:1], *([onward] if onward else [])]
    return min(waiting, key=shown.index, default=None)


def after(form: Questionnaire, item: Item, answers: Answers) -> Item | None:
    """The page after this one; None when it was the last."""
    return form.next_after(item.link_id, answers)


def after_change(form: Questionnaire, item: Item, answers: Answers) -> Item | None:
    """After a changed answer: what that answer now asks in addition, and what is still missing.

    None leads back to the list of answers.
    """
    for each in _behind(form, item, answers):
        if each.link_id in answers:
            break
        if form.form.is_conditional(each) and each.is_question:
            return each
    return next(iter(form.missing(answers)), None)


def _behind(form: Questionnaire, item: Item, answers: Answers) -> Iterator[Item]:
    here: Item | None = item
    while here := form.next_after(here.link_id, answers) if here else None:
        yield here
