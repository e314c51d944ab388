"""A vague name means that a better noun was not sought."""

import ast
import re

from tests.architecture.sources import python_files, said, tree

MODULES = {
    "services", "utils", "helpers", "managers", "signals", "serializers", "constants", "exceptions",
}  # fmt: skip
WORDS = {
    "manager", "service", "handler", "helper", "util", "utils", "processor", "data", "info",
    "base", "common",
}  # fmt: skip
BEGINNINGS = ("do_", "process_", "handle_")
# Names that a library looks for.
ASKED_FOR = {
    "handle_data", "handle_endtag", "handle_starttag", "process_exception", "process_request",
    "process_response", "process_view",
}  # fmt: skip


def names(path):
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def is_vague(name):
    words = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)}
    begins_badly = name.lstrip("_").startswith(BEGINNINGS)
    return name not in ASKED_FOR and (begins_badly or bool(words & WORDS))


def test_no_module_has_a_name_that_could_hold_anything():
    named = [path for path in python_files() if path.parts[len(path.parts) - 1][:-3] in MODULES]
    folders = [path for path in python_files() if MODULES.intersection(path.parent.parts)]

    assert [said(path) for path in (*named, *folders)] == []


def test_no_class_or_function_has_a_name_that_could_mean_anything():
    found = [
        f"{said(path)}: {name}"
        for path in python_files()
        if "openprotect" in path.parts
        for name in names(path)
        if is_vague(name)
    ]

    assert found == []


def test_the_linter_of_names_sees_words_inside_names():
    assert is_vague("AlertManager")
    assert is_vague("do_everything")
    assert not is_vague("SuiteDatabase")
