"""The files that are shipped, and small ones to change a row of."""

from pathlib import Path

from openprotect.places.rules import FILES, plan

SHIPPED = Path(__file__).parents[2] / "demo" / "places"


def shipped():
    return {name: (SHIPPED / name).read_text(encoding="utf-8") for name in FILES}


def planned(*, demo=True, **changes):
    """The shipped files with pieces of text exchanged: `practices=("old", "new")`."""
    texts = shipped()
    for word, (old, new) in changes.items():
        name = next(each for each in FILES if WORDS[word] in each)
        assert texts[name].count(old) == 1, f"{old!r} is not once in {name}"
        texts[name] = texts[name].replace(old, new)
    return plan(texts, demo=demo)


WORDS = {
    "areas": "areas",
    "practices": "epraccur",
    "networks": "pcn-ccg",
    "localities": "former-ccg",
    "teams": "teams",
}


def copied(folder, **changes):
    """The shipped files in a folder, with pieces of text exchanged."""
    texts = shipped()
    for word, (old, new) in changes.items():
        name = next(each for each in FILES if WORDS[word] in each)
        assert old in texts[name]
        texts[name] = texts[name].replace(old, new)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
