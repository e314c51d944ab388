"""CSV as RFC 4180 has it, row by row, so that one bad row never takes the next ones with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from openprotect.records.rules.dates import ORDERS
from openprotect.records.rules.reasons import FileRefused

QUOTED = re.compile(r'"((?:[^"]+|"")*+)"(,|\Z)')
CLOSED = re.compile(r'"(?:[^"]+|"")*+"')
PLAIN = re.compile(r'([^",]*+)(,|\Z)')
LONGEST_FIELD = 131_072
LONGEST_LINE = 1_000_000
MOST_LINES_IN_QUOTES = 50
CONTROL = "#openprotect"
ENCODINGS = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}


@dataclass
class Declared:
    """What the sender says of a file, in a line `#openprotect rows=… dates=…` or as an option."""

    rows: int | None = None
    dates: str = "yyyy-mm-dd"
    encoding: str = "utf-8"
    extract_on: str = ""
    whole: bool = False

    def learn(self, line: str, file: str) -> None:
        """Take in a control line."""
        for part in line[len(CONTROL) :].replace(";", " ").split():
            key, _, value = part.partition("=")
            self._learn(key.strip().lower(), value.strip().lower(), file)

    def _learn(self, key: str, value: str, file: str) -> None:
        if key == "rows" and re.fullmatch(r"[0-9]{1,12}", value, re.ASCII):
            self.rows = int(value)
        elif key == "dates" and value in ORDERS:
            self.dates = value
        elif key == "encoding" and value in ENCODINGS:
            self.encoding = value
        elif key == "extract-on" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            self.extract_on = value
        elif key == "whole" and value in ("yes", "no"):
            self.whole = value == "yes"
        else:
            raise FileRefused(
                file, f"a control line that says nothing known: {key[:20]}", reason="control"
            )


@dataclass
class Line:
    """One record of the file: its first line's number, and its fields or what is wrong with it."""

    row: int
    fields: list[str] = field(default_factory=list)
    fault: str = ""


def read(path: Path, name: str, declared: Declared) -> Iterator[Line]:
    """Every record that is not blank, header first. Raises FileRefused."""
    _look_for_control_line(path, name, declared)
    try:
        with path.open(encoding=ENCODINGS[declared.encoding], newline=None) as file:
            yield from _Records(file, name, declared).lines()
    except UnicodeDecodeError:
        row, column = _broken_byte(path, ENCODINGS[declared.encoding])
        named = declared.encoding.upper()
        words = f"a byte that is not {named}: declare encoding=windows-1252 or mend it"
        raise FileRefused(name, words, reason="encoding", row=row, column=column) from None


def _look_for_control_line(path: Path, name: str, declared: Declared) -> None:
    with path.open("rb") as file:
        first = file.readline(1000).removeprefix(b"\xef\xbb\xbf")
    if first.startswith(CONTROL.encode()):
        declared.learn(first.decode("ascii", "replace"), name)


def _broken_byte(path: Path, encoding: str) -> tuple[int, int]:
    with path.open("rb") as file:
        for row, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as why:
                return row, why.start + 1
    return 0, 0


class _Records:
    """Lines of a file, joined where quotation marks ask for it."""

    def __init__(self, file: TextIO, name: str, declared: Declared) -> None:
        self.file, self.name, self.declared = file, name, declared
        self.row = 0
        self.has_trailer = False
        self.last_line_ended = True

    def lines(self) -> Iterator[Line]:
        while (text := self._next()) is not None:
            self.has_trailer = text.startswith(CONTROL)
            if self.has_trailer:
                self.declared.learn(text, self.name)
            elif text.strip():
                yield self._record(text)
        if not self.last_line_ended and not self.has_trailer:
            # Even a row count cannot tell that the last value of the last row is cut.
            words = "cut off: the last line has no end"
            raise FileRefused(self.name, words, reason="cut", row=self.row)

    def _next(self) -> str | None:
        text = self.file.readline(LONGEST_LINE)
        if not text:
            return None
        self.row += 1
        self.last_line_ended = text.endswith("\n")
        if self.last_line_ended or len(text) < LONGEST_LINE:
            return text.removesuffix("\n")
        while rest := self.file.readline(LONGEST_LINE):
            self.last_line_ended = rest.endswith("\n")
            if self.last_line_ended:
                break
        return text

    def _record(self, text: str) -> Line:
        row = self.row
        if "\x00" in text:
            return Line(row, fault="nul")
        if '"' not in text:
            return _checked(Line(row, text.split(",")))
        fields = _fields(text)
        while fields is None:
            more = self._next()
            if more is None or self.row - row > MOST_LINES_IN_QUOTES or len(text) > LONGEST_LINE:
                raise FileRefused(
                    self.name, "a quotation mark is opened and not closed", reason="quotes", row=row
                )
            text = f"{text}\n{more}"
            fields = _fields(text)
        return _checked(Line(row, fields)) if fields else Line(row, fault="quotes")


def _checked(line: Line) -> Line:
    if any(len(field) > LONGEST_FIELD for field in line.fields):
        return Line(line.row, fault="long-field")
    return line


def _fields(text: str) -> list[str] | None:
    """The fields; none when a quotation mark stands wrong; None when one is still open."""
    found: list[str] = []
    place = 0
    while True:
        match = (QUOTED if text.startswith('"', place) else PLAIN).match(text, place)
        if match is None:
            return None if _is_open(text, place) else []
        found.append(match[1].replace('""', '"'))
        place = match.end()
        if not match[2]:
            return found


def fields_of(line: str) -> list[str]:
    """The fields of a line that stands alone; none when a quotation mark stands wrong."""
    return _fields(line) or []


def _is_open(text: str, place: int) -> bool:
    return text.startswith('"', place) and CLOSED.match(text, place) is None
