"""What a newcomer reads first is true: its links lead somewhere, its words exist, it is light."""

import re
from pathlib import Path

import pytest

from openprotect.cli.__main__ import COMMANDS
from openprotect.cli.drawing import drawings
from tests.architecture.sources import CHECKOUT

READ_FIRST = ["README.md", "CONTRIBUTING.md", "docs/README.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
COMMAND = re.compile(r"python3 run\.py (\w+)(?: ([a-z]\w*))?")
HEAVIEST_PICTURE = 300_000


@pytest.mark.parametrize("name", READ_FIRST)
def test_every_link_leads_to_a_file(name):
    page = CHECKOUT / name

    dead = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert dead == []


@pytest.mark.parametrize("name", READ_FIRST)
def test_every_command_told_is_one_that_exists(name):
    run = (CHECKOUT / "run.py").read_text()

    told = COMMAND.findall((CHECKOUT / name).read_text())

    assert [word for word, _ in told if f"\n  {word} " not in run] == []
    parts = {part for word, part in told if word == "openprotect" and part}
    assert parts <= set(COMMANDS)


def test_what_is_drawn_into_a_page_has_its_place_there():
    pages = {path.relative_to(CHECKOUT): text for path, text in drawings()}

    assert "rows are green" in pages[Path("README.md")]
    assert "adr/0001-" in pages[Path("docs/README.md")]


def test_no_picture_is_heavy():
    pictures = (CHECKOUT / "docs").rglob("*.png")

    assert [path.name for path in pictures if path.stat().st_size > HEAVIEST_PICTURE] == []
