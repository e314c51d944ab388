"""Every key of a TOML file is found where it stands, however it is written."""

import tomllib

import pytest

from openprotect.packs.toml_places import places

TEXT = '''title = "a # no comment"  # a comment
[one]
"quoted key" = 1
dotted.key = { inner = [1, { deep = true }], other = 'x' }
many = [
    "a]", # a bracket ]
    { first = 1, second = """two
lines""" },
]
when = 2021-03-02 07:32:00
[[two]]
name = 'it''s'
[[two.any]]
all = [{ codes = ["a"] }, { codes = [] }]
[[two.any]]
x = 1.5
[[two]]
[[two.any]]
y = 2
[two.last]
z = 3
'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("title", (1, 1)),
        ("one", (2, 1)),
        ("one.quoted key", (3, 1)),
        ("one.dotted.key", (4, 1)),
        ("one.dotted.key.inner", (4, 16)),
        ("one.dotted.key.inner[2].deep", (4, 30)),
        ("one.dotted.key.other", (4, 46)),
        ("one.many", (5, 1)),
        ("one.many[2]", (7, 5)),
        ("one.many[2].second", (7, 18)),
        ("one.when", (10, 1)),
        ("two[1].name", (12, 1)),
        ("two[1].any[1].all[2].codes", (14, 29)),
        ("two[1].any[2].x", (16, 1)),
        ("two[2]", (17, 1)),
        ("two[2].any[1].y", (19, 1)),
        ("two[2].last.z", (21, 1)),
    ],
)
def test_a_key_has_a_line_and_a_column(path, place):
    assert places(TEXT)[path] == place


def paths(value, path=""):
    """Every path of a document as it was read."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield (below := f"{path}.{key}" if path else key)
            yield from paths(each, below)
    elif isinstance(value, list):
        for place, each in enumerate(value, start=1):
            yield f"{path}[{place}]"
            yield from paths(each, f"{path}[{place}]")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n", "\r\n").replace("two\r\nlines", "two lines"),
        "a = [[1, 2], [[3]], []]\nb = {}\n",
        'a = """x"""""\nb = \'\'\'\'y\'\'\'\nc = "\\""\nd = "\\\\"\ne = ""\nf = \'\'\n',
        "[ a . b ]\nc=1#end",
        '["a.b"."c"]\n"d.e" = 1\n',
        "x = +1_000.5e-3\ny = 07:32:00\nz = [\n\n# empty\n]\n",
        "[a]\n[a.b]\n[[a.c]]\n[a.c.d]\nx = 1\n[[a.c]]\n",
    ],
)
def test_no_key_that_can_be_read_is_without_a_place(text):
    found = places(text)

    assert set(paths(tomllib.loads(text))) <= set(found)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in found.values())
