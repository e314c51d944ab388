"""What the resources of one record may refer to: people, medicines, organisations, requests.

No reference is ever followed outside the record: what is not found in it is not found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules.reasons import RowFault

Resource = Mapping[str, object]
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
# Of an order's kinds: what was really asked to be supplied.
ISSUED = {"order", "original-order", "reflex-order", "filler-order", "instance-order", ""}
REMEMBERED = {"Patient", "Medication", "Organization", "MedicationRequest"}


@dataclass
class Record:
    """One bundle, or all files of one export, and how they are read."""

    name: str
    source: str
    today: date
    synthetic: bool
    scope: str = ""
    setting: str = ""
    people: dict[str, str] = field(default_factory=dict)
    medicines: dict[str, Resource] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    issued: set[str] = field(default_factory=set)

    def remember(self, resource: Resource, address: str = "") -> bool:
        """Note a resource by every name that others may use; False for a patient met before."""
        kind = words(resource.get("resourceType"))
        names = set(_names(kind, words(resource.get("id")), address))
        if kind == "Patient":
            subject = words(resource.get("id")) or address
            if subject in self.people.values():
                return False
            self.people |= dict.fromkeys({*names, f"Patient/{subject}"}, subject)
        elif kind == "Medication":
            self.medicines |= dict.fromkeys(names, table(resource.get("code")))
        elif kind == "Organization":
            self.organisations |= dict.fromkeys(names, ods_code(resource.get("identifier")))
        elif kind == "MedicationRequest":
            self._remember_request(resource, names)
        return True

    def _remember_request(self, request: Resource, names: set[str]) -> None:
        self.requests |= names
        if words(request.get("intent")) in ISSUED:
            self.issued |= set(references(request.get("basedOn")))

    def subject(self, resource: Resource) -> str:
        """Whose fact this is. RowFault when that person is not in the record."""
        refers = table(resource.get("subject")) or table(resource.get("patient"))
        found = self.people.get(current(words(refers.get("reference"))))
        if found is None:
            raise RowFault("reference")
        return found

    def medicine(self, resource: Resource) -> Resource:
        """The coded concept of a prescription's medicine, stated in it or beside it."""
        stated = table(resource.get("medicationCodeableConcept"))
        if stated:
            return stated
        reference = current(words(table(resource.get("medicationReference")).get("reference")))
        if reference.startswith("#"):
            for each in tables(resource.get("contained")):
                if words(each.get("id")) == reference[1:]:
                    return table(each.get("code"))
        if reference not in self.medicines:
            raise RowFault("reference" if reference else "code-missing")
        return self.medicines[reference]

    def organisation(self, reference: object) -> str:
        """The ODS code that a reference names, or '' when it names none."""
        said = table(reference)
        named = ods_code([said.get("identifier")])
        return named or self.organisations.get(current(words(said.get("reference"))), "")


def _names(kind: str, name: str, address: str) -> Iterator[str]:
    if address:
        yield address
    if name:
        yield f"{kind}/{name}"
        yield f"urn:uuid:{name}"


def current(reference: str) -> str:
    """A reference without the version that it may name."""
    return reference.partition("/_history/")[0]


def references(value: object) -> Iterator[str]:
    for each in tables(value):
        yield current(words(each.get("reference")))


def ods_code(identifiers: object) -> str:
    """The organisation's code among its identifiers."""
    for each in tables(identifiers):
        if each.get("system") == ODS_CODE:
            return words(each.get("value")).strip().upper()
    return ""
