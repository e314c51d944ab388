"""Nothing is longer than a person can hold in mind."""

from statistics import median

from tests.architecture.sources import files, functions, python_files, said

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE = 40, 400, 90


def test_no_function_is_longer_than_40_lines():
    lengths = {
        f"{said(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in functions(path)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_half_of_the_functions_have_seven_lines_at_most():
    lengths = [
        node.end_lineno - node.lineno + 1 for path in python_files() for node in functions(path)
    ]

    assert median(lengths) <= 7


def test_no_file_is_longer_than_400_lines():
    lengths = {said(path): path.read_text().count("\n") for path in python_files()}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_template_is_longer_than_90_lines():
    lengths = {said(path): path.read_text().count("\n") for path in files(".jinja", ".html")}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_TEMPLATE} == {}
