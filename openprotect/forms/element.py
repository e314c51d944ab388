"""One object of a resource, read leniently: what is wrong is noted, and mended if it can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from openprotect.forms.notes import Grade, Notes

LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True)
class Element:
    """The values of one object, where it stands, and in which language its words are wanted."""

    values: Mapping[str, object]
    notes: Notes
    item: str = ""
    where: str = ""
    language: str = ""

    def say(self, grade: Grade, words: str) -> None:
        self.notes.add(grade, self.item, self.where, words)

    def refuse(self, words: str) -> None:
        self.say(Grade.REFUSED, words)

    def broken(self, words: str) -> None:
        self.say(Grade.BROKEN, words)

    def unsupported(self, words: str) -> None:
        self.say(Grade.UNSUPPORTED, words)

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def text(self, key: str, *, longest: int = LONGEST_TEXT) -> str:
        """Words; '' when there are none. A number or yes-or-no in their place is taken as is."""
        value = self.values.get(key)
        if isinstance(value, int | Decimal):
            self.broken(f"{key} is not in quotes; taken as the words {str(value)[:40]!r}")
            return str(value).lower() if isinstance(value, bool) else str(value)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.broken(f"{key} is not words, and is left out")
            return ""
        if len(value) > longest:
            self.refuse(f"{key} has {len(value)} characters; at most {longest} are allowed")
            return ""
        return value.strip()

    def words(self, key: str) -> str:
        """Words for a reader, in the language that is wanted where they are translated."""
        own = self.text(key)
        return (self.translations(key).get(self.language) or own) if self.language else own

    def translations(self, key: str) -> dict[str, str]:
        found = {}
        for each in self.sibling(key).extensions(TRANSLATION):
            parts = {part.text("url"): part for part in each.listed("extension")}
            if "lang" in parts and "content" in parts:
                content = parts["content"]
                word = next((k for k in content.values if k.startswith("value")), "valueString")
                found[parts["lang"].text("valueCode")] = content.text(word)
        return found

    def flag(self, key: str) -> bool:
        value = self.values.get(key)
        if value in ("true", "false"):
            self.broken(f"{key} is the word {value!r}; taken as {value}")
            return value == "true"
        if value is not None and not isinstance(value, bool):
            self.broken(f"{key} is neither true nor false, and is left out")
        return value is True

    def whole(self, key: str) -> int | None:
        number = self.number(key)
        if number is not None and number != number.to_integral_value():
            self.broken(f"{key} is not a whole number, and is left out")
            return None
        return None if number is None else int(number)

    def number(self, key: str) -> Decimal | None:
        value = self.values.get(key)
        if isinstance(value, str):
            try:
                value = Decimal(value) if len(value) < 40 else None
            except InvalidOperation:
                value = None
            else:
                self.broken(f"{key} is a number in quotes; taken as the number")
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if isinstance(value, Decimal) and value.is_finite() and abs(value) < 10**15:
            return value
        if self.has(key):
            self.broken(f"{key} is not a number, and is left out")
        return None

    def child(self, key: str) -> "Element":
        """The object under a key; empty when there is none."""
        value = self.values.get(key)
        if isinstance(value, list) and len(value) == 1:
            self.broken(f"{key} is a list; its one entry is taken")
            value = value[0]
        if value is not None and not isinstance(value, dict):
            self.broken(f"{key} is not an object, and is left out")
            value = None
        return self._beneath(value or {}, key)

    def sibling(self, key: str) -> "Element":
        """What FHIR writes beside a plain value, under its name with an underscore."""
        value = self.values.get(f"_{key}")
        return self._beneath(value if isinstance(value, dict) else {}, key)

    def listed(self, key: str) -> Iterator["Element"]:
        value = self.values.get(key)
        if isinstance(value, dict):
            self.broken(f"{key} is one object, not a list; taken as a list of one")
            value = [value]
        if value is not None and not isinstance(value, list):
            self.broken(f"{key} is not a list, and is left out")
            value = None
        for number, each in enumerate(value or ()):
            if isinstance(each, dict):
                yield self._beneath(each, f"{key}[{number}]")
            elif each is not None:
                self.broken(f"{key}[{number}] is not an object, and is left out")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        listed = value if isinstance(value, list) else [value]
        return tuple(each for each in listed if isinstance(each, str) and each)

    def extensions(self, *urls: str) -> Iterator["Element"]:
        """The extensions of these addresses, in the order in which they stand."""
        return (each for each in self.listed("extension") if each.values.get("url") in urls)

    def extension(self, *urls: str) -> "Element | None":
        return next(self.extensions(*urls), None)

    def value_key(self, prefix: str = "value") -> str:
        """The name of the one value[x] that an element has; '' when it has none."""
        found = [key for key in self.values if key.startswith(prefix) and key != prefix]
        if len(found) > 1:
            self.broken(f"has {' and '.join(sorted(found))}; {found[0]} is taken")
        return found[0] if found else ""

    def about(self, item: str) -> "Element":
        return replace(self, item=item)

    def _beneath(self, values: Mapping[str, object], name: str) -> "Element":
        return replace(self, values=values, where=f"{self.where}.{name}" if self.where else name)


TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
