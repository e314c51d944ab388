"""What the house rules are asked of."""

import ast
import subprocess
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
LEFT_OUT = {".git", ".venv", "var", "__pycache__", "node_modules", "htmlcov"}


@cache
def files(*endings):
    """Every file of the project, whether or not it has been committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        text=True,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walk()
    found = sorted({CHECKOUT / name for name in names if name})
    return [path for path in found if path.is_file() and (not endings or path.suffix in endings)]


def _walk():
    for path in CHECKOUT.rglob("*"):
        relative = path.relative_to(CHECKOUT)
        if not LEFT_OUT.intersection(relative.parts):
            yield str(relative)


def python_files(*, migrations=False):
    return [path for path in files(".py") if migrations or "migrations" not in path.parts]


@cache
def tree(path):
    return ast.parse(path.read_text(), str(path))


def functions(path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def said(path):
    return str(path.relative_to(CHECKOUT))
