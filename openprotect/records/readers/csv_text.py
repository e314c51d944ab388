"""CSV as RFC 4180 has it, row by row, so that one bad row never takes the next ones with it."""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
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
CHUNK = 2_000_000
# What makes a line more than its parts between commas.
UNUSUAL = ('"', "\x00", "#openprotect")
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


@dataclass(slots=True)
class Line:
    """One record of the file: its first line's number, and its fields or what is wrong with it."""

    row: int
    fields: list[str] = field(default_factory=list)
    fault: str = ""


def read(path: Path, name: str, declared: Declared) -> Iterator[Line]:
    """Every record that is not blank, header first. Raises FileRefused."""
    with _records(path, name, declared) as records:
        yield from records.lines()


@dataclass(frozen=True)
class Lines:
    """Records read together: their lines' numbers and fields; apart from them, those not sound."""

    rows: list[int]
    fields: list[list[str]]
    bad: list[Line]


def batches(path: Path, name: str, declared: Declared, *, width: int) -> Iterator[Lines]:
    """Records after the header, many at a time. Raises FileRefused.

    A record is bad when it cannot be parted, or has not as many fields as the header.
    """
    with _records(path, name, declared) as records:
        next(records.lines(), None)
        yield from records.batches(width)


@contextmanager
def _records(path: Path, name: str, declared: Declared) -> Iterator["_Records"]:
    _look_for_control_line(path, name, declared)
    try:
        with path.open(encoding=ENCODINGS[declared.encoding], newline=None) as file:
            yield _Records(file, name, declared)
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
        self.waiting: deque[str] = deque()

    def lines(self) -> Iterator[Line]:
        """One record after the other, to the end."""
        while (text := self._next()) is not None:
            if line := self._line(text):
                yield line
        self._end()

    def batches(self, width: int) -> Iterator[Lines]:
        """Many records at a time: lines without a quotation mark are parted together."""
        while text := self.file.read(CHUNK):
            if not text.endswith("\n"):
                text += self.file.readline(LONGEST_LINE)
            if text.endswith("\n") and not any(sign in text for sign in UNUSUAL):
                yield self._plain(text, width)
            else:
                yield self._unusual(text, width)
        self._end()

    def _plain(self, text: str, width: int) -> Lines:
        lines = text.split("\n")
        lines.pop()  # after the last line's end
        if len(max(lines, key=len)) > LONGEST_FIELD:
            return self._unusual(text, width)
        fields = [line.split(",") for line in lines]
        first = self.row + 1
        self.row += len(fields)
        self.has_trailer, self.last_line_ended = False, True
        rows = list(range(first, self.row + 1))
        if all(len(each) == width for each in fields):
            return Lines(rows, fields, [])
        written = [Line(row, each) for row, each in zip(rows, fields, strict=True)]
        return _parted([each for each in written if "".join(each.fields).strip()], width)

    def _unusual(self, text: str, width: int) -> Lines:
        """One record at a time; the last of them may go on in the file."""
        self.waiting.extend(_kept(text))
        found = []
        while self.waiting:
            if line := self._line(self._next() or ""):
                found.append(line)
        return _parted(found, width)

    def _line(self, text: str) -> Line | None:
        self.has_trailer = text.startswith(CONTROL)
        if self.has_trailer:
            self.declared.learn(text, self.name)
        return self._record(text) if text.strip() and not self.has_trailer else None

    def _end(self) -> None:
        if not self.last_line_ended and not self.has_trailer:
            # Even a row count cannot tell that the last value of the last row is cut.
            words = "cut off: the last line has no end"
            raise FileRefused(self.name, words, reason="cut", row=self.row)

    def _next(self) -> str | None:
        text = self.waiting.popleft() if self.waiting else self.file.readline(LONGEST_LINE)
        if not text:
            return None
        self.row += 1
        self.last_line_ended = text.endswith("\n")
        if not self.last_line_ended and len(text) >= LONGEST_LINE:
            self._skip_the_rest()
        return text.removesuffix("\n")

    def _skip_the_rest(self) -> None:
        while rest := self.file.readline(LONGEST_LINE):
            self.last_line_ended = rest.endswith("\n")
            if self.last_line_ended:
                return

    def _record(self, text: str) -> Line:
        row = self.row
        if "\x00" in text:
            return Line(row, fault="nul")
        if '"' not in text:
            line = Line(row, text.split(","))
            return line if len(text) <= LONGEST_FIELD else _checked(line)
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


def _kept(text: str) -> list[str]:
    """The lines with their ends; no other sign than a line feed ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _parted(lines: list[Line], width: int) -> Lines:
    sound = [line for line in lines if not line.fault and len(line.fields) == width]
    bad = [line for line in lines if line.fault or len(line.fields) != width]
    return Lines([line.row for line in sound], [line.fields for line in sound], bad)


def _checked(line: Line) -> Line:
    if any(len(field) > LONGEST_FIELD for field in line.fields):
        line.fault = "long-field"
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
