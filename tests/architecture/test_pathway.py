"""Every event that the code can record has its place in the pathway, and in the readers' words."""

import ast
import re

from openprotect.calls.actions.ending import EVENTS
from openprotect.enrolments.actions import DECIDED
from openprotect.events.rules import NOTHING_FOLLOWS
from openprotect.messages.models import Message
from openprotect.pathway import finding, paper, reaching, ringing, steps
from openprotect.pathway.table import PATHWAY
from openprotect.referrals.chores import BECAME
from openprotect.referrals.chores.posting import BECAME as SENT
from openprotect.reports.queries.history import WORDS
from tests.architecture.sources import CHECKOUT, python_files, tree

# Whoever records an event: the action itself, and each app's own short way to it.
RECORDERS = {
    "record", "record_many", "note", "_note", "_say", "mark", "_note_sending", "_note_adapted",
    "_move", "_minded",
}  # fmt: skip
NAME = re.compile(r"[a-z]+\.[a-z_]+")
# Names that are put together from a state, or chosen from a table.
COMPOSED = {f"message.{status.lower()}" for status in Message.Status.values}
CHOSEN = {*EVENTS.values(), *BECAME.values(), *SENT.values()}
CHOSEN |= {event for _, event in DECIDED.values()}


def recorded():
    """Names of events written out in calls of recorders, by where they stand."""
    for path in python_files():
        if path.is_relative_to(CHECKOUT / "openprotect"):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Call) and _called(node) in RECORDERS:
                    yield from _names(node)


def _called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _names(call):
    for each in call.args[:2]:
        if isinstance(each, ast.Constant) and NAME.fullmatch(str(each.value)):
            yield each.value


def test_every_event_that_is_recorded_is_in_the_pathway():
    assert {*recorded(), *CHOSEN} - PATHWAY.keys() == set()


def test_every_way_a_message_ends_is_in_the_pathway():
    assert COMPOSED - PATHWAY.keys() == {"message.due", "message.sending"}


def test_nothing_is_in_the_pathway_that_is_never_recorded():
    assert PATHWAY.keys() - {*recorded(), *CHOSEN, *COMPOSED} == set()


def test_every_event_can_be_read_by_people():
    assert PATHWAY.keys() == WORDS.keys()


def test_every_step_is_in_the_pathway():
    written = {
        name
        for module in (finding, paper, reaching, ringing, steps)
        for name, each in vars(module).items()
        if callable(each) and each.__module__ == module.__name__ and not name.startswith("_")
    }

    assert written == {step.__name__ for follow in PATHWAY.values() for step in follow}


def test_every_step_says_what_it_means():
    silent = [step for follow in PATHWAY.values() for step in follow if not step.__doc__]

    assert silent == []


def test_the_drawing_shows_every_event_and_step():
    drawn = (CHECKOUT / "docs" / "pathway.md").read_text()

    missing = [name for name in PATHWAY if f"| {name} |" not in drawn]
    missing += [
        step.__name__
        for follow in PATHWAY.values()
        for step in follow
        if step.__name__.replace("_", " ") not in drawn
    ]
    assert missing == []


def test_nothing_follows_what_is_ticked_off_as_it_is_written():
    assert {name for name in NOTHING_FOLLOWS if PATHWAY[name]} == set()
