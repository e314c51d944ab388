"""JSON without its traps: no key twice, no NaN, no endless numbers, no endless depth."""

import json
from collections.abc import Mapping
from typing import NoReturn, cast

LONGEST_INTEGER = 40


class BadJson(ValueError):
    """Not JSON that can be relied on; `reason` is one of the reasons of a refused file."""

    def __init__(self, reason: str, column: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def read(content: bytes) -> object:
    """The value, or BadJson."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
        )
    except RecursionError:
        raise BadJson("json-depth") from None
    except UnicodeDecodeError as why:
        raise BadJson("json-damaged", why.start) from None
    except json.JSONDecodeError as why:
        raise BadJson("json-damaged", why.pos) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadJson("json-duplicate-key")
    return made


def _constant(_name: str) -> NoReturn:
    raise BadJson("json-number")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise BadJson("json-number")
    return int(digits)


def table(value: object) -> Mapping[str, object]:
    """The value as an object, or an empty one: absent and misshapen read alike."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def tables(value: object) -> list[Mapping[str, object]]:
    """The objects of a list."""
    return (
        [table(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    )


def listed(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def words(value: object) -> str:
    return value if isinstance(value, str) else ""
