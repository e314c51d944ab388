"""What FHIR R4 says about types and elements, from the tables of the kept library."""

import json
from functools import cache
from importlib.resources import files

SYSTEM = frozenset(
    {"Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "Any"}
)
PRIMITIVES = frozenset(
    {
        "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id",
        "instant", "integer", "markdown", "oid", "positiveInt", "string", "time", "unsignedInt",
        "uri", "url", "uuid", "xhtml",
    }
)  # fmt: skip
ANY = ""  # a type that is not known


def _table(name: str) -> dict[str, object]:
    folder = files("fhirpathpy") / "models" / "r4"
    table: dict[str, object] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return table


@cache
def _element_types() -> dict[str, str]:
    return {path: str(kind) for path, kind in _table("path2Type").items()}


@cache
def _parents() -> dict[str, str]:
    return {kind: str(parent) for kind, parent in _table("type2Parent").items()}


@cache
def _elsewhere() -> dict[str, str]:
    return {path: str(other) for path, other in _table("pathsDefinedElsewhere").items()}


@cache
def _choices() -> dict[str, tuple[str, ...]]:
    table = _table("choiceTypePaths")
    return {path: tuple(kinds) for path, kinds in table.items() if isinstance(kinds, list)}


@cache
def _children() -> dict[str, frozenset[str]]:
    """The names of the elements of each path, choices by their common name."""
    names: dict[str, set[str]] = {}
    for path in (*_element_types(), *_choices(), *_elsewhere()):
        steps = path.split(".")
        for place in range(1, len(steps)):
            names.setdefault(".".join(steps[:place]), set()).add(steps[place])
    return {path: frozenset(children) for path, children in names.items()}


def is_type(name: str) -> bool:
    """Whether FHIR or FHIRPath has a type of this name, with or without its namespace."""
    space, _, bare = name.rpartition(".")
    if space == "System":
        return bare in SYSTEM
    known = bare in _parents() or bare in {"Element", "Resource", "BackboneElement"}
    return (known and space in {"", "FHIR"}) or (not space and bare in SYSTEM)


def is_resource(name: str) -> bool:
    """Whether this is a kind of resource."""
    return "Resource" in lineage(name)


@cache
def lineage(kind: str) -> tuple[str, ...]:
    """A type and those that it specialises, nearest first."""
    line = [kind]
    while (parent := _parents().get(line[-1])) is not None:
        line.append(parent)
    return tuple(line)


def matches(kind: str, wanted: str) -> bool:
    """Whether a type (with its namespace) is the wanted one, or a special case of it."""
    space, _, bare = kind.rpartition(".")
    wanted_space, _, wanted_bare = wanted.rpartition(".")
    if wanted_space and wanted_space != space:
        return False
    return wanted_bare in (lineage(bare) if space == "FHIR" else (bare,))


def exactly(kind: str, wanted: str) -> bool:
    """As `matches`, but a primitive type counts only as itself: a code is not a string."""
    bare = kind.rpartition(".")[2]
    if kind.startswith("FHIR.") and bare in PRIMITIVES:
        return wanted.rpartition(".")[2] == bare and matches(kind, wanted)
    return matches(kind, wanted)


def choices(path: str, name: str) -> tuple[str, ...]:
    """The types that a choice element may have, as its name in JSON ends; none for others."""
    for kind in lineage(path):
        if found := _choices().get(f"{kind}.{name}"):
            return found
    return ()


def choice_type(path: str, name: str, ending: str) -> str:
    """The type that the ending of a choice element's name stands for."""
    lower = ending[:1].lower() + ending[1:]
    return lower if lower in PRIMITIVES else ending


def choice_name(path: str, name: str) -> str | None:
    """The name by which expressions know a choice element that JSON writes as `name`."""
    for place in range(1, len(name)):
        if name[place].isupper() and name[place:] in choices(path, name[:place]):
            return name[:place]
    return None


def child(path: str, name: str) -> tuple[str, str] | None:
    """Type, and path for what is below, of an element; none when the model has no such element."""
    for kind in lineage(path):
        full = f"{kind}.{name}"
        if full in _elsewhere():
            return "BackboneElement", _elsewhere()[full]
        if full in _element_types():
            return _typed(full, name)
        if full in _children():
            return "BackboneElement", full
    return None


def _typed(full: str, name: str) -> tuple[str, str]:
    kind = _element_types()[full]
    if kind == "System.String":
        kind = "id" if name == "id" else "string" if name != "url" else "uri"
    backbone = kind in {"BackboneElement", "Element"}
    return kind, full if backbone else kind


def knows(path: str) -> bool:
    """Whether the elements of this path are known."""
    return any(kind in _children() for kind in lineage(path))


def elements(path: str) -> frozenset[str]:
    """Every element that the model gives a path."""
    return frozenset().union(*(_children().get(kind, frozenset()) for kind in lineage(path)))
