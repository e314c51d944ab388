"""`openprotect docs`: draw the documents that are drawn from code, or say that they are stale."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from openprotect.base.states import Moves
from openprotect.calls.models import Attempt
from openprotect.calls.rules import IN_LEDGER, Attempted, Consequence, consequence
from openprotect.calls.rules.outcomes import FOLLOWS
from openprotect.config.environment import CHECKOUT
from openprotect.contacts.rules import MADE
from openprotect.forms.addresses import DRAWN_PLAINLY, NOT_DONE, READ_OF_FORMS, READ_OF_ITEMS
from openprotect.forms.items import KINDS, OPERATORS
from openprotect.pathway.table import PATHWAY

NOTICE = "Drawn by `python3 run.py docs`; change the code, not this page."
BAD_INPUTS = CHECKOUT / "tests" / "bad_inputs"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")


def run(options: argparse.Namespace) -> int:
    stale = [path for path, text in drawings() if not path.exists() or path.read_text() != text]
    if options.check:
        for path in stale:
            print(f"stale: {path.relative_to(CHECKOUT)}; run: python3 run.py docs")
        return 1 if stale else 0
    for path, text in drawings():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"docs: {len(stale)} drawn anew")
    return 0


def drawings() -> Iterator[tuple[Path, str]]:
    """Each drawn document with its text."""
    docs = CHECKOUT / "docs"
    yield CHECKOUT / "README.md", with_drawn(CHECKOUT / "README.md", "bad inputs", bad_inputs())
    yield docs / "README.md", with_drawn(docs / "README.md", "decisions", decisions())
    yield docs / "forms.md", with_drawn(docs / "forms.md", "form features", form_features())
    yield docs / "pathway.md", pathway()
    yield docs / "states" / "call-outcomes.md", call_outcomes()
    for model in sorted(apps.get_models(), key=lambda model: model.__name__):
        moves = getattr(model, "MOVES", None)
        if isinstance(moves, Moves):
            yield docs / "states" / f"{model._meta.model_name}.md", states(model, moves)


def with_drawn(page: Path, name: str, drawn: str) -> str:
    """A written page, with what stands between the marks of this name drawn anew."""
    marks = re.compile(rf"(<!-- {name}: drawn -->\n).*?(<!-- end -->)", re.S)
    return marks.sub(lambda found: found[1] + drawn + found[2], page.read_text())


def decisions() -> str:
    """Every decision by its title."""
    lines = []
    for path in sorted((CHECKOUT / "docs" / "adr").glob("*.md")):
        number, _, title = path.read_text().split("\n", 1)[0].removeprefix("# ").partition(". ")
        lines.append(f"{number}. [{title}](adr/{path.name})")
    return "\n".join([*lines, ""])


def bad_inputs() -> str:
    """How many rows of the catalogue of bad inputs are green: the suite tries each of those."""
    tables = {
        path.stem.replace("_", " "): [
            row["status"] == "met" for row in tomllib.loads(path.read_text())["row"]
        ]
        for path in sorted(BAD_INPUTS.glob("*.toml"))
    }
    every = [is_met for rows in tables.values() for is_met in rows]
    lines = [f"**{sum(every)} of {len(every)} rows are green**; the rest wait for later work.", ""]
    lines += ["| bad inputs to | rows | green |", "| --- | --- | --- |"]
    lines += [f"| {name} | {len(rows)} | {sum(rows)} |" for name, rows in tables.items()]
    return "\n".join([*lines, ""])


def form_features() -> str:
    """What the reader of forms does with each part of FHIR and SDC, from the lists it goes by."""
    understood = ", ".join(f"`{short(each)}`" for each in sorted(READ_OF_ITEMS | READ_OF_FORMS))
    lines = ["| part of a form | what becomes of it |", "| --- | --- |"]
    lines.append(f"| items of type {', '.join(f'`{kind}`' for kind in KINDS)} | asked |")
    lines.append(f"| `enableWhen` with {', '.join(f'`{each}`' for each in OPERATORS)} | done |")
    lines.append(f"| {understood} | done |")
    lines += [
        f"| `{short(url)}` | drawn plainly: {words} |" for url, words in DRAWN_PLAINLY.items()
    ]
    lines += [f"| `{name}` | not done, and said: {words} |" for name, words in NOT_DONE.items()]
    lines.append("| any other extension | named on import, with its item; without effect |")
    lines.append("| any `modifierExtension` | refused, as FHIR asks |")
    return "\n".join([*lines, ""])


def short(url: str) -> str:
    """An extension by the end of its address, as authors name it."""
    return url.rsplit("/", 1)[-1]


def pathway() -> str:
    """The service on one page: after this event, do that."""
    lines = ["# What follows what", "", NOTICE, "", "| after | do |", "| --- | --- |"]
    for event, steps in PATHWAY.items():
        told = "<br>".join(f"**{_words(step)}**: {_meaning(step)}" for step in steps)
        lines.append(f"| {event} | {told or 'nothing; it is on record'} |")
    return "\n".join([*lines, ""])


def call_outcomes() -> str:
    """What may come of ringing somebody, and what follows from it."""
    lines = ["# How a call can end", "", NOTICE, ""]
    lines += ["| outcome | the call is then | in the contact ledger | what follows |"]
    lines += ["| --- | --- | --- | --- |"]
    for code, words in Attempt.Outcome.choices:
        after = consequence(Attempted(code, attempts=1, most=3))
        reached = MADE[IN_LEDGER[code]]
        lines.append(f"| {words} | {BECOMES[after]} | {reached} | {FOLLOWS[code]} |")
    return "\n".join([*lines, ""])


BECOMES = {
    Consequence.DONE: "done",
    Consequence.RING_AGAIN: "waiting again",
    Consequence.AS_AGREED: "waiting again, as agreed",
    Consequence.HAND_ON: "handed to a team",
}


def states(model: type[Model], moves: Moves) -> str:
    """The legal moves of one noun, as a diagram."""
    lines = [f"# {model.__name__}", "", _meaning(model), "", NOTICE, ""]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f"  {start.lower()} --> {end.lower()}" for start, end in moves]
    return "\n".join([*lines, "```", ""])


def _words(step: object) -> str:
    return str(getattr(step, "__name__", step)).replace("_", " ")


def _meaning(thing: object) -> str:
    return (getdoc(thing) or "").split("\n", 1)[0]
