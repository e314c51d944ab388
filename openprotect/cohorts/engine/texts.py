"""The queries of a shape as text, kept, so that Ibis compiles each shape once and not every night.

The text is kept by a hash of everything that decides it. Figures, codes and days are not in it.
A kept file holds its own digest: one that is damaged is written again, and of two processes that
write at once either leaves a whole file.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from openprotect.cohorts.engine.shape import Shape

STEPS: Final = ("facts", "masks", "judged", "waterfall", "shown", "found", "evidence", "outcome")
BARE_STEPS: Final = ("facts", "masks", "judged", "waterfall", "shown", "found")
COMPILED_BY: Final = ("ibis-framework", "sqlglot")
Texts = Mapping[str, str]


def texts_of(shape: Shape, dialect: str, folder: Path | None) -> Texts:
    """The text of every step, as it was kept, or compiled and then kept."""
    key = key_of(shape, dialect)
    path = folder / f"{key}.json" if folder else None
    known = _read(path) if path else None
    if known:
        return known
    texts = _compile(shape, dialect)
    if path:
        _keep(path, texts)
    return texts


def key_of(shape: Shape, dialect: str) -> str:
    whole = f"{dialect}\n{_versions()}\n{_source()}\n{shape!r}"
    return hashlib.sha256(whole.encode()).hexdigest()


@cache
def _versions() -> str:
    return ", ".join(f"{name} {version(name)}" for name in COMPILED_BY)


@cache
def _source() -> str:
    """A hash of the code that makes the queries, so that no older text is used for newer code."""
    whole = hashlib.sha256()
    here = Path(__file__).parent
    for path in (here / "layout.py", *sorted((here / "queries").glob("*.py"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()


@cache
def _compile(shape: Shape, dialect: str) -> Texts:
    # Ibis takes a second to import, which a run from kept text need not wait for.
    import ibis

    from openprotect.cohorts.engine import queries

    getattr(ibis, dialect)  # the dialect's own settings are there once it was asked for
    steps = BARE_STEPS if shape.bare else STEPS
    expressions = {name: getattr(queries, name)(shape) for name in steps}
    if not shape.bare:
        expressions["judged_some"] = queries.judged(shape, everybody=False)
        expressions["masks_unpaired"] = queries.masks(shape, with_pairs=False)
    return {
        name: str(ibis.to_sql(expression, dialect=dialect))
        for name, expression in expressions.items()
    }


def _read(path: Path) -> Texts | None:
    """What is kept, if it is whole."""
    try:
        kept = json.loads(path.read_text())
        texts = {str(name): str(text) for name, text in kept["texts"].items()}
        return texts if kept["digest"] == _digest(texts) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(path: Path, texts: Texts) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, suffix=".new")
    with os.fdopen(handle, "w") as file:
        json.dump({"digest": _digest(texts), "texts": dict(texts)}, file)
    Path(fresh).replace(path)


def _digest(texts: Texts) -> str:
    whole = json.dumps(dict(texts), sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
