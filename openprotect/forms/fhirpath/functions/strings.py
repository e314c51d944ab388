"""Functions on words. Patterns run on an engine whose time grows only with the text."""

import base64
import binascii
import html
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2

from openprotect.forms.fhirpath.errors import CannotEvaluate, TooCostly
from openprotect.forms.fhirpath.evaluation import Calling, Items
from openprotect.forms.fhirpath.functions.registry import Known
from openprotect.forms.fhirpath.items import kind_of, plain

LONGEST = 100_000


def _text(call: Calling) -> str | None:
    value = call.value()
    if value is None or isinstance(value, str):
        return value
    raise CannotEvaluate(f"{call.name}() is for words, not {kind_of(value)}")


def _bounded(call: Calling, text: str) -> Items:
    if len(text) > LONGEST:
        raise TooCostly(f"{call.name}() made a text that is too long")
    call.pay(len(text) // 64)
    return [text]


def _on_text(do: Callable[[str], object]) -> Known:
    def function(call: Calling) -> Items:
        text = _text(call)
        return [] if text is None else [do(text)]  # type: ignore[list-item]

    return Known(function)


def _with_text(do: Callable[[str, str], object]) -> Known:
    def function(call: Calling) -> Items:
        text, other = _text(call), call.text(0)
        return [] if text is None or other is None else [do(text, other)]  # type: ignore[list-item]

    return Known(function, 1, 1)


def _substring(call: Calling) -> Items:
    text, start = _text(call), call.whole(0)
    if text is None or start is None or not 0 <= start < len(text):
        return []
    length = call.whole(1)
    return [text[start:] if length is None else text[start : start + max(0, length)]]


def _replace(call: Calling) -> Items:
    text, old, new = _text(call), call.text(0), call.text(1)
    if text is None or old is None or new is None:
        return []
    if (text.count(old) if old else len(text) + 1) * len(new) > LONGEST:
        raise TooCostly("replace() would make a text that is too long")
    if not old:  # the standard's own example: 'abc' with 'x' for '' is xaxbxcx
        return [new + "".join(letter + new for letter in text)]
    return _bounded(call, text.replace(old, new))


@lru_cache(maxsize=500)
def pattern(text: str) -> Any:
    """A pattern on the linear engine; refused when it asks for what that engine cannot do."""
    try:
        return re2.compile(f"(?s){text}")
    except re2.error as why:
        raise CannotEvaluate(f"the pattern {text!r} cannot be used: {_reason(why)}") from None


def _reason(why: Exception) -> str:
    first = why.args[0] if why.args else why
    return first.decode() if isinstance(first, bytes) else str(first)


def _matches(text: str, expression: str) -> bool:
    return pattern(expression).search(text) is not None


def _matches_full(text: str, expression: str) -> bool:
    return pattern(expression).fullmatch(text) is not None


def _replace_matches(call: Calling) -> Items:
    text, old, new = _text(call), call.text(0), call.text(1)
    if text is None or old is None or new is None:
        return []
    if not old:
        return [text]
    if len(text) * max(1, len(new)) > LONGEST * 10:
        raise TooCostly("replaceMatches() would make a text that is too long")
    return _bounded(call, pattern(old).sub(lambda found: _expanded(found, new), text))


def _expanded(found: Any, template: str) -> str:
    """A replacement with $1 … $9 and ${name} put in."""

    def group(reference: Any) -> str:
        name = reference.group(1) or reference.group(2)
        try:
            return found.group(int(name) if name.isdigit() else name) or ""
        except (IndexError, re2.error):
            return str(reference.group(0))

    return str(_REFERENCE.sub(group, template))


_REFERENCE = re2.compile(r"\$(?:([0-9])|\{([A-Za-z0-9_]+)\})")


def _join(call: Calling) -> Items:
    between = call.text(0) or ""
    words = []
    for item in call.input:
        value = plain(item)
        if not isinstance(value, str):
            raise CannotEvaluate(f"join() is for words, not {kind_of(item)}")
        words.append(value)
    if not words:
        return []
    return _bounded(call, between.join(words))


def _split(call: Calling) -> Items:
    text, between = _text(call), call.text(0)
    if text is None or between is None:
        return []
    return [*text.split(between)] if between else [*text]


def _encode(text: str, way: str) -> str:
    raw = text.encode()
    if way == "hex":
        return raw.hex()
    if way in {"base64", "urlbase64"}:
        coder = base64.b64encode if way == "base64" else base64.urlsafe_b64encode
        return coder(raw).decode()
    raise CannotEvaluate(f"there is no encoding {way!r}")


def _decode(text: str, way: str) -> str:
    try:
        if way == "hex":
            return bytes.fromhex(text).decode()
        if way in {"base64", "urlbase64"}:
            coder = base64.b64decode if way == "base64" else base64.urlsafe_b64decode
            return coder(text).decode()
    except (ValueError, binascii.Error):
        raise CannotEvaluate(f"the text is not {way}") from None
    raise CannotEvaluate(f"there is no encoding {way!r}")


def _escape(text: str, target: str) -> str:
    if target == "html":
        return html.escape(text)
    if target == "json":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    raise CannotEvaluate(f"there is no way to escape for {target!r}")


def _unescape(text: str, target: str) -> str:
    if target == "html":
        return html.unescape(text)
    if target == "json":
        try:
            return str(json.loads(f'"{text}"', strict=False))
        except ValueError:
            return text
    raise CannotEvaluate(f"there is no way to escape for {target!r}")


FUNCTIONS = {
    "length": _on_text(len),
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "trim": _on_text(str.strip),
    "toChars": Known(lambda call: [*(_text(call) or "")]),
    "indexOf": _with_text(str.find),
    "lastIndexOf": _with_text(str.rfind),
    "startsWith": _with_text(str.startswith),
    "endsWith": _with_text(str.endswith),
    "contains": _with_text(str.__contains__),
    "matches": _with_text(_matches),
    "matchesFull": _with_text(_matches_full),
    "encode": _with_text(_encode),
    "decode": _with_text(_decode),
    "escape": _with_text(_escape),
    "unescape": _with_text(_unescape),
    "substring": Known(_substring, 1, 2),
    "replace": Known(_replace, 2, 2),
    "replaceMatches": Known(_replace_matches, 2, 2),
    "join": Known(_join, 0, 1),
    "split": Known(_split, 1, 1),
}
