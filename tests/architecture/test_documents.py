"""What is written down stays true of every machine and is found again."""

import re
from collections import Counter

from openprotect.cli.__main__ import COMMANDS
from tests.architecture.sources import CHECKOUT, files, said

# Addresses of registries belong to a machine's own settings, as do its paths.
PRIVATE = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|(?<![\w.])/(?:work|root)/\w"
)
LARGEST_TEXT = 2_000_000


def test_each_decision_has_a_number_of_its_own():
    numbers = Counter(path.name[:4] for path in (CHECKOUT / "docs" / "adr").glob("*.md"))

    assert [number for number, uses in numbers.items() if uses > 1] == []
    assert all(number.isdigit() for number in numbers)


def test_a_decision_is_told_in_under_300_words():
    lengths = {
        path.name: len(path.read_text().split())
        for path in (CHECKOUT / "docs" / "adr").glob("*.md")
    }

    assert {name: words for name, words in lengths.items() if words >= 300} == {}


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_written_down():
    found = []
    for path in files():
        if path.stat().st_size > LARGEST_TEXT:
            continue
        text = path.read_text(errors="ignore")
        found += [f"{said(path)}: {hit.group()}" for hit in PRIVATE.finditer(text)]

    assert found == []


def test_every_command_has_its_module():
    missing = [
        name
        for name, command in COMMANDS.items()
        if not (CHECKOUT / "openprotect" / "cli" / f"{command.module}.py").exists()
        and not (CHECKOUT / "openprotect" / "cli" / command.module).is_dir()
    ]

    assert missing == []
