"""Where each key of a TOML file stands: its line and column, counted from 1.

`tomllib` gives values without places, so a file that it has found sound is walked once more.
Entries of repeated tables and of lists have names such as `group[2].any[1].codes`.
"""

import bisect
import re
from collections.abc import Iterator
from typing import Final

Place = tuple[int, int | None]  # a line, and a column where one is known
BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE: Final = re.compile(r"[ \t]*")
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
TEXT: Final = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*"""(?:"(?!")|""(?!"))?'
    r"|'''(?:[^']|'(?!''))*'''(?:'(?!')|''(?!'))?"
    r'|"(?:[^\\"\n]|\\.)*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
PLAIN: Final = re.compile(r"[^,\]}\n#]+")


def places(text: str) -> dict[str, Place]:
    """The place of every key and of every table in a list, by its path."""
    return _Walk(text).all()


class _Walk:
    """One pass over a file of which the syntax is known to be right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[str, Place] = {}
        self.counts: dict[str, int] = {}
        self.lines = [0, *(each.end() for each in re.finditer("\n", text))]

    def all(self) -> dict[str, Place]:
        heading = ""
        while self._skip(BLANK) < len(self.text):
            if self._is_at("["):
                heading = self._heading()
            else:
                self._pair(heading)
        return self.found

    def _heading(self) -> str:
        start, is_repeated = self.at, self._is_at("[[")
        self.at += 2 if is_repeated else 1
        path = ""
        keys = list(self._keys())
        for number, key in enumerate(keys, start=1):
            path = _beneath(path, key)
            self._note(path, start)
            if is_repeated and number == len(keys):
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = f"{path}[{self.counts[path]}]"
                self._note(path, start)
        self.at += 2 if is_repeated else 1
        return path

    def _keys(self) -> Iterator[str]:
        """The parts of a dotted key."""
        while True:
            start = self._skip(SPACE)
            self._skip(TEXT if self.text[start] in "\"'" else BARE)
            yield self.text[start : self.at].strip("\"'")
            self._skip(SPACE)
            if not self._is_at("."):
                return
            self.at += 1

    def _pair(self, heading: str) -> None:
        start = self.at
        path = heading
        for key in self._keys():
            path = _beneath(path, key)
            self._note(path, start)
        self.at += 1
        self._value(path)

    def _value(self, path: str) -> None:
        start = self._skip(SPACE)
        if self._is_at("["):
            self._list(path)
        elif self._is_at("{"):
            self._table(path)
        elif self.text[start] in "\"'":
            self._skip(TEXT)
        else:
            self._skip(PLAIN)

    def _list(self, path: str) -> None:
        self.at += 1
        number = 0
        while self._skip(BLANK) < len(self.text) and not self._is_at("]"):
            number += 1
            self._note(f"{path}[{number}]", self.at)
            self._value(f"{path}[{number}]")
            self._skip(BLANK)
            self.at += self._is_at(",")
        self.at += 1

    def _table(self, path: str) -> None:
        self.at += 1
        while self._skip(BLANK) < len(self.text) and not self._is_at("}"):
            self._pair(path)
            self._skip(BLANK)
            self.at += self._is_at(",")
        self.at += 1

    def _is_at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _note(self, path: str, start: int) -> None:
        line = bisect.bisect_right(self.lines, start)
        self.found.setdefault(path, (line, start - self.lines[line - 1] + 1))


def _beneath(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
