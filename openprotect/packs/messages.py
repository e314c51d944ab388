"""What we write to people: who, why, how to check it is real, how to stop; nothing of health."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.packs.gsm import outside, parts, replaced
from openprotect.packs.manifest import Manifest
from openprotect.packs.problems import Reading, not_one_of
from openprotect.packs.telling import of_health

NAMES: Final = ("invite", "reminder", "closed", "stopped")
MUST_HOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "invite": ("link", "phone", "sender"),
    "reminder": ("link", "phone", "sender"),
    "closed": ("phone", "sender"),
    "stopped": ("phone", "sender"),
}
FROM_THE_CORE: Final = ("link",)
# As long as a real one: an address of ours and a token of 22 characters.
SAMPLE_LINK: Final = "https://check.example.nhs.uk/c/" + "x" * 22
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
ADDRESS: Final = re.compile(r"(?:https?://|www\.)([A-Za-z0-9.-]+)")
MOST_PARTS: Final = 3


class NoSuchMessage(Refused):
    """The pack has no such message in this language for this channel."""


class MessageLacks(Refused):
    """A message cannot be written out because something it names was not given."""


@dataclass(frozen=True)
class Message:
    """One message on one channel in one language; `always` is what the pack itself fills in."""

    name: str
    language: str
    channel: str
    body: str
    always: Mapping[str, str]

    def render(self, values: Mapping[str, str]) -> str:
        known = {**self.always, **values}
        for name in self.placeholders:
            if not known.get(name):
                raise MessageLacks(f"The message {self.name!r} needs {name!r}.")
        return PLACEHOLDER.sub(lambda found: known[found[1]], self.body)

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(PLACEHOLDER.findall(self.body))

    @property
    def filled_in(self) -> str:
        """As it goes out, with a link of the usual length."""
        return PLACEHOLDER.sub(self._sample, self.body)

    @property
    def parts(self) -> int:
        """How many texts it costs."""
        return parts(self.filled_in)

    @property
    def cost(self) -> str:
        """What sending it once costs, for its author; empty where it is no text."""
        if self.channel != "text":
            return ""
        words = "1 text" if self.parts == 1 else f"{self.parts} texts"
        odd = outside(self.filled_in)
        if not odd:
            return words
        plain = parts("".join(replaced(each) if each in odd else each for each in self.filled_in))
        return f"{words}, for {' '.join(odd)}; without, {plain}"

    def _sample(self, found: re.Match[str]) -> str:
        return self.always.get(found[1], SAMPLE_LINK)


def read_messages(
    reading: Reading,
    texts: Mapping[str, str],
    manifest: Manifest,
) -> tuple[Message, ...]:
    """All messages, each checked; every language must have every message."""
    found = []
    for language in manifest.languages:
        for name in NAMES:
            file = f"messages/{language}/{name}.text.txt"
            if file not in texts:
                reading.refuse(file, None, None, "is missing: every message in every language.")
                continue
            body, always = texts[file].strip(), manifest.always_in(language)
            message = Message(name, language, "text", body, always)
            _check(reading, file, message, manifest.link_domains)
            found.append(message)
    return tuple(found)


def _check(reading: Reading, file: str, message: Message, domains: Sequence[str]) -> None:
    for name in MUST_HOLD[message.name]:
        if name not in message.placeholders:
            reading.refuse(file, 1, None, f"must hold {{{name}}}.")
    if message.name in ("invite", "reminder") and "STOP" not in message.body:
        reading.refuse(file, 1, None, "must say how to stop, with the word STOP.")
    for row, line in enumerate(message.body.splitlines(), start=1):
        check_line(reading, file, row, line, (*FROM_THE_CORE, *message.always), domains)
    if odd := outside(message.filled_in):
        shown = ", ".join(f"{each} as {replaced(each)}" for each in odd)
        words = f"the plain alphabet of texts has not all of this: a provider may send {shown}"
        reading.warn(file, None, None, f"{words}, or count {message.parts} texts.")
    if message.parts > MOST_PARTS:
        reading.warn(file, None, None, f"takes {message.parts} texts, each paid for; aim at 2.")


def check_line(
    reading: Reading,
    file: str,
    row: int,
    line: str,
    allowed: Sequence[str],
    domains: Sequence[str],
) -> None:
    """One line of what people read: only what can be filled in, nothing of health, known sites."""
    for found in PLACEHOLDER.finditer(line):
        if found[1] not in allowed:
            reading.refuse(file, row, str(found.start() + 1), not_one_of(found[1], allowed))
    if set(PLACEHOLDER.sub("", line)) & {"{", "}"}:
        reading.refuse(file, row, None, "has a curly bracket without its partner.")
    for place, word in of_health(line):
        message = f"{word!r} tells of health; a text may be read by others."
        reading.refuse(file, row, str(place), message)
    for found in ADDRESS.finditer(line):
        if found[1].casefold() not in domains:
            reading.refuse(file, row, str(found.start() + 1), not_one_of(found[1], domains))
