"""One table of a TOML file or one object of a JSON file, read with care for its author."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from openprotect.packs.problems import Reading, not_one_of
from openprotect.packs.toml_places import Place, places

LONGEST: Final = 300
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Entry:
    """Values under one heading; a getter reports what is wrong and answers something harmless."""

    reading: Reading
    file: str
    values: Mapping[str, object]
    path: str = ""
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    is_broken: bool = False

    def column(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def place_of(self, key: str) -> Place | None:
        """Where the key stands; for one that is missing, where its table does."""
        return self.places.get(self.column(key), self.places.get(self.path, self.place))

    def refuse(self, key: str, message: str) -> None:
        """In a file that could not be read at all, nothing more is worth saying."""
        if not self.is_broken:
            row, place = self.place_of(key) or (None, None)
            self.reading.refuse(self.file, row, self.column(key), message, place)

    def warn(self, key: str, message: str) -> None:
        row, place = self.place_of(key) or (None, None)
        self.reading.warn(self.file, row, self.column(key), message, place)

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, *, default: str | None = None, longest: int = LONGEST) -> str:
        value = self.values.get(key, default)
        if value is None:
            self.refuse(key, "is missing: write some words in quotes.")
        elif not isinstance(value, str):
            self.refuse(key, "must be words in quotes.")
        elif not value.strip() and default is None:
            self.refuse(key, "is empty.")
        elif len(value) > longest:
            self.refuse(key, f"has {len(value)} characters; at most {longest} are allowed.")
        elif UNPRINTABLE.search(value):
            self.refuse(key, "holds invisible control characters; remove them.")
        else:
            return value.strip()
        return ""

    def one_of(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        value = self.text(key, default=default)
        if value and value not in allowed:
            self.refuse(key, not_one_of(value, allowed))
        return value

    def whole(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        value = self.values.get(key, default)
        if type(value) is not int:
            self.refuse(key, f"must be a whole number from {low} to {high}.")
            return low
        if not low <= value <= high:
            self.refuse(key, f"is {str(value)[:20]}; allowed are {low} to {high}.")
            return low
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false.")
            return default
        return value

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if type(value) is not date:
            self.refuse(key, "must be a day, such as 2027-05-31 without quotes.")
            return date.min
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(key, 'must be a list of words, such as ["en"].')
            return ()
        return tuple(value)

    def entry(self, key: str) -> "Entry":
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, "must be a table of its own.")
            value = {}
        return self._beneath(key, value)

    def entries(self) -> Iterator[tuple[str, "Entry"]]:
        for key in self.values:
            yield key, self.entry(key)

    def listed(self, key: str) -> Iterator["Entry"]:
        """The objects of a list, each named by its place, counted from 1."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.refuse(key, "must be a list.")
            return
        for place, each in enumerate(value, start=1):
            if isinstance(each, dict):
                yield self._beneath(f"{key}[{place}]", each)
            else:
                self.refuse(key, f"entry {place} must be an object.")

    def only(self, allowed: Collection[str]) -> None:
        """Refuse keys nobody reads: what is not understood is said, never ignored."""
        for key in self.values:
            if key not in allowed:
                self.refuse(key, not_one_of(key, allowed))

    def _beneath(self, key: str, values: Mapping[str, object]) -> "Entry":
        return replace(self, values=values, path=self.column(key), place=self.place_of(key))


def read_toml(reading: Reading, file: str, text: str) -> Entry:
    """A TOML file as one entry that knows the line and column of each of its keys."""
    try:
        return Entry(reading, file, tomllib.loads(text), places=places(text))
    except tomllib.TOMLDecodeError as why:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(why))
        row, place = (int(found[1]), int(found[2])) if found else (_last_line(text), 1)
        reading.refuse(file, row, None, f"is not TOML: {str(why).split(' (at ')[0]}.", place)
    except (RecursionError, ValueError):
        # Lists within lists without end, and numbers of thousands of figures.
        reading.refuse(file, 1, None, "is not TOML that anybody would write.", 1)
    return Entry(reading, file, {}, is_broken=True)


def _last_line(text: str) -> int:
    return text.count("\n") + 1
