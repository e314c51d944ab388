"""FHIR's XML turned into FHIR's JSON shape. No document type, no entities, nothing is fetched."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.parsers import expat

FHIR: Final = "http://hl7.org/fhir"
XHTML: Final = "http://www.w3.org/1999/xhtml"
DEEPEST: Final = 120
# XML does not say what repeats; these are the repeating elements of what stands in a form.
_REPEATING: Final = (
    "item answer answerOption option enableWhen initial extension modifierExtension contained "
    "subjectType contact useContext jurisdiction derivedFrom coding telecom concept contains "
    "include exclude filter designation parameter profile tag security given line address name "
    "replaces basedOn partOf entry link note event"
)
REPEATING: Final = frozenset(_REPEATING.split())
ONE_OF_A_KIND: Final = frozenset(
    (parent, "name") for parent in ("Questionnaire", "ValueSet", "contact", "parameter")
)
_BOOLEANS: Final = (
    "required repeats readOnly experimental initialSelected valueBoolean answerBoolean "
    "initialBoolean hasAnswer immutable abstract inactive active caseSensitive"
)
BOOLEANS: Final = frozenset(_BOOLEANS.split())
_INTEGERS: Final = (
    "maxLength valueInteger answerInteger initialInteger valuePositiveInt valueUnsignedInt size "
    "total offset rank"
)
INTEGERS: Final = frozenset(_INTEGERS.split())
DECIMALS: Final = frozenset(("valueDecimal", "answerDecimal", "initialDecimal"))
CODE_LISTS: Final = frozenset(("Questionnaire", "item"))
IDENTIFIER_LISTS: Final = frozenset(("Questionnaire", "ValueSet", "Patient", "Practitioner"))


class NotFhirXml(ValueError):
    """The text is not FHIR's XML; the words say why."""


@dataclass
class _Node:
    """One element while it is open."""

    name: str
    value: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Node"] = field(default_factory=list)


def json_shape(text: str) -> dict[str, object]:
    root = _Reader().read(text)
    return {"resourceType": root.name, **_object(root)}


class _Reader:
    """Builds the tree; text between elements carries nothing in FHIR and is let fall."""

    def __init__(self) -> None:
        self.open: list[_Node] = []
        self.root: _Node | None = None
        self.inside_narrative = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.EntityDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def read(self, text: str) -> _Node:
        try:
            self.parser.Parse(text.encode(), True)
        except expat.ExpatError as why:
            raise NotFhirXml(
                f"is not XML: {expat.ErrorString(why.code)}, line {why.lineno}"
            ) from None
        if self.root is None:
            raise NotFhirXml("is XML without anything in it")
        return self.root

    def _refuse_document_type(self, *_: object) -> None:
        raise NotFhirXml("has a document type or entities, which FHIR does not allow")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace == XHTML or self.inside_narrative:
            self.inside_narrative += 1
            return
        if namespace != FHIR:
            raise NotFhirXml(f"is XML, but not FHIR's: <{local[:60]}> is not of {FHIR}")
        if len(self.open) >= DEEPEST:
            raise NotFhirXml(f"is nested deeper than {DEEPEST} levels")
        node = _Node(local, attributes.get("value"), dict(attributes))
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, _: str) -> None:
        if self.inside_narrative:
            self.inside_narrative -= 1
        else:
            self.open.pop()


def _object(node: _Node) -> dict[str, object]:
    found: dict[str, object] = {
        name: node.attributes[name] for name in ("id", "url") if name in node.attributes
    }
    for child in node.children:
        value = _value(child, node)
        if _repeats(child, node):
            _append(found, child, value)
        elif value is not None:
            found[child.name] = value
        if child.value is not None and child.children:
            found.setdefault(f"_{child.name}", _object(child))
    return found


def _append(found: dict[str, object], child: _Node, value: object) -> None:
    listed = found.setdefault(child.name, [])
    if isinstance(listed, list):
        listed.append(value)


def _value(node: _Node, parent: _Node) -> object:
    if node.value is not None:
        return _primitive(node, parent)
    if node.name in ("contained", "resource") and len(node.children) == 1:
        inner = node.children[0]
        return {"resourceType": inner.name, **_object(inner)}
    return _object(node) or None


def _repeats(node: _Node, parent: _Node) -> bool:
    if (parent.name, node.name) in ONE_OF_A_KIND:
        return False
    if node.name == "code":
        return parent.name in CODE_LISTS and node.value is None
    if node.name == "identifier":
        return parent.name in IDENTIFIER_LISTS
    if node.name in ("name", "concept", "contains", "address"):
        return node.value is None
    if node.name == "valueSet":
        return parent.name in ("include", "exclude")
    return node.name in REPEATING


def _primitive(node: _Node, parent: _Node) -> object:
    text = node.value or ""
    if node.name in BOOLEANS and text in ("true", "false"):
        return text == "true"
    is_amount = node.name == "value" and parent.name.endswith(("Quantity", "low", "high"))
    try:
        if node.name in INTEGERS:
            return int(text) if len(text) < 20 else text
        if node.name in DECIMALS or is_amount:
            return Decimal(text) if len(text) < 40 else text
    except (ValueError, InvalidOperation):
        return text
    return text
