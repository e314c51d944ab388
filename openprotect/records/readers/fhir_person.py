"""A FHIR R4 Patient as a person: the current identifier, name, address and ways to reach them."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules import dates, people, phones, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Kind, Outcome, Person, Position, Row

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
# HL7 v3 Confidentiality: only these say "not restricted"; a label we do not know counts as one.
UNRESTRICTED = {"U", "L", "M", "N"}
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
Resource = Mapping[str, object]


def row(patient: Resource, place: Position, source: str, today: date, *, synthetic: bool) -> Row:
    """The person, or why not. Somebody without one certain NHS number is held, never guessed."""
    try:
        number, held = _number(patient, today, synthetic=synthetic)
        person, notes = _person(patient, number, source, today)
        fault = people.fault_of(person, today) or held
    except RowFault as why:
        return Row(Kind.PEOPLE, place, outcome=Outcome.REJECTED, reason=why.reason, shape=why.shape)
    if fault is None:
        return Row(Kind.PEOPLE, place, person=person, notes=notes)
    outcome = Outcome.HELD if fault.held else Outcome.REJECTED
    return Row(Kind.PEOPLE, place, person, None, outcome, fault.reason, notes=notes)


def _number(patient: Resource, today: date, *, synthetic: bool) -> tuple[str, RowFault | None]:
    found = set()
    for each in tables(patient.get("identifier")):
        system, value = words(each.get("system")), words(each.get("value"))
        if system == NHS_NUMBER and _is_current(each, today):
            found.add(people.number(value, synthetic=synthetic))
        elif system != NHS_NUMBER and _looks_like(system):
            raise RowFault("nhs-number-system")
    if len(found) == 1:
        return found.pop(), None
    return "", RowFault("identity-two" if found else "identity", held=True)


def _looks_like(system: str) -> bool:
    likeness = difflib.SequenceMatcher(None, system.casefold(), NHS_NUMBER.casefold()).ratio()
    return likeness > 0.9


def _is_current(part: Resource, today: date) -> bool:
    """Neither marked old or temporary, nor with a period that has ended."""
    if part.get("use") in ("old", "temp"):
        return False
    end = words(table(part.get("period")).get("end"))
    return not end or end[:10] >= today.isoformat()


def _person(
    patient: Resource, number: str, source: str, today: date
) -> tuple[Person, tuple[str, ...]]:
    name = _first(_current(patient.get("name"), today), ("official", "usual"))
    address = _first(_current(patient.get("address"), today), ("home",))
    mobile, phone, notes = _numbers(_current(patient.get("telecom"), today))
    born, precision = _born(patient)
    died = words(patient.get("deceasedDateTime"))
    lines = [*_texts(address.get("line")), words(address.get("city"))]
    gender = words(patient.get("gender"))
    return Person(
        nhs_number=number,
        given=text.clean(" ".join(_texts(name.get("given"))))[0],
        family=text.clean(words(name.get("family")))[0],
        birth_date=born,
        birth_precision=precision,
        sex=gender if gender in ("female", "male", "other") else "unknown",
        mobile=mobile,
        phone=phone,
        email=_email(_current(patient.get("telecom"), today)),
        address=text.clean("\n".join(line for line in lines if line))[0],
        postcode=text.postcode(words(address.get("postalCode"))) or "",
        practice_code=_practice(patient),
        deceased=bool(died) or patient.get("deceasedBoolean") is True,
        deceased_on=dates.partial(died)[0] if died else None,
        restricted=_is_restricted(patient),
        updated_at=words(table(patient.get("meta")).get("lastUpdated")),
        source=source,
        subject=words(patient.get("id")),
    ), notes


def _born(patient: Resource) -> tuple[date | None, str]:
    written = words(patient.get("birthDate"))
    return dates.partial(written) if written else (None, "day")


def _current(parts: object, today: date) -> list[Resource]:
    return [each for each in tables(parts) if _is_current(each, today)]


def _first(parts: list[Resource], uses: tuple[str, ...]) -> Resource:
    liked = [each for use in uses for each in parts if each.get("use") == use]
    return next(iter([*liked, *parts]), {})


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _numbers(parts: Iterable[Resource]) -> tuple[str, str, tuple[str, ...]]:
    """A number that can be texted, one to ring, and a note when one given could not be used."""
    mobile = phone = ""
    notes: tuple[str, ...] = ()
    for each in parts:
        if each.get("system") not in ("phone", "sms"):
            continue
        try:
            found = phones.read(words(each.get("value")))
        except RowFault:
            notes = ("phone-left-out",)
            continue
        if found and found[1]:
            mobile = mobile or found[0]
        elif found:
            phone = phone or found[0]
    return mobile, phone, notes


def _email(parts: Iterable[Resource]) -> str:
    given = (words(each.get("value")) for each in parts if each.get("system") == "email")
    return next((each for each in given if text.email(each)), "")


def _practice(patient: Resource) -> str:
    for each in tables(patient.get("generalPractitioner")):
        identifier = table(each.get("identifier"))
        if identifier.get("system") == ODS_CODE:
            return people.practice(words(identifier.get("value")))
    return ""


def _is_restricted(patient: Resource) -> bool:
    labels = tables(table(patient.get("meta")).get("security"))
    return any(
        label.get("system") != CONFIDENTIALITY or label.get("code") not in UNRESTRICTED
        for label in labels
    )
