"""A FHIR Patient, R4 or STU3, as a person: current identifier, name, address, telephones."""

import difflib
from collections.abc import Iterable, Iterator
from datetime import date

from openprotect.records.readers import fhir_registration
from openprotect.records.readers.fhir_record import Record, Resource
from openprotect.records.readers.strict_json import listed, table, tables, words
from openprotect.records.rules import dates, people, phones, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Kind, Outcome, Person, Position, Row

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
# HL7 v3 Confidentiality: only these say "not restricted"; a label we do not know counts as one.
UNRESTRICTED = {"U", "L", "M", "N"}
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
VERIFIED = "01"


def row(patient: Resource, place: Position, record: Record, *, partial: bool = False) -> Row:
    """The person, or why not. Somebody without one certain NHS number is held, never guessed."""
    try:
        number, held = _number(patient, record)
        person, notes = _person(patient, number, record)
        fault = people.fault_of(person, record.today) or held
    except RowFault as why:
        return Row(
            Kind.PEOPLE, place, outcome=Outcome.REJECTED, reason=why.reason, shape=why.shape,
            scope=record.scope, subject=words(patient.get("id")),
        )  # fmt: skip
    kept = Row(Kind.PEOPLE, place, person=person, notes=notes, partial=partial, scope=record.scope)
    if fault is None:
        return kept
    outcome = Outcome.HELD if fault.held else Outcome.REJECTED
    return Row(
        Kind.PEOPLE, place, person, None, outcome, fault.reason,
        notes=notes, partial=partial, scope=record.scope,
    )  # fmt: skip


def _number(patient: Resource, record: Record) -> tuple[str, RowFault | None]:
    found = set()
    for each in tables(patient.get("identifier")):
        system, value = words(each.get("system")), words(each.get("value"))
        if system == NHS_NUMBER and _is_current(each, record.today):
            found.add(people.number(value, synthetic=record.synthetic))
        elif system != NHS_NUMBER and _looks_like(system):
            raise RowFault("nhs-number-system")
    if len(found) == 1:
        return found.pop(), None
    return "", RowFault("identity-two" if found else "identity", held=True)


def _looks_like(system: str) -> bool:
    likeness = difflib.SequenceMatcher(None, system.casefold(), NHS_NUMBER.casefold()).ratio()
    return likeness > 0.9


def _is_current(part: Resource, today: date) -> bool:
    """Neither marked old or temporary, nor with a period that has ended or not begun."""
    if part.get("use") in ("old", "temp"):
        return False
    period = table(part.get("period"))
    start, end = words(period.get("start"))[:10], words(period.get("end"))[:10]
    day = today.isoformat()
    return (not end or end >= day) and (not start or start <= day)


def _person(patient: Resource, number: str, record: Record) -> tuple[Person, tuple[str, ...]]:
    today = record.today
    name = _name(patient, today)
    address = _first(_current(patient.get("address"), today), ("home",))
    telecom = _current(patient.get("telecom"), today)
    mobile, phone, notes = _numbers(telecom)
    born, precision = _born(patient)
    died, told = _death(patient)
    lines = [*listed(address.get("line")), words(address.get("city"))]
    gender = words(patient.get("gender"))
    registered = fhir_registration.of(patient, record)
    return Person(
        nhs_number=number,
        given=text.clean(" ".join(listed(name.get("given"))))[0],
        family=text.clean(words(name.get("family")))[0],
        birth_date=born,
        birth_precision=precision,
        sex=gender if gender in ("female", "male", "other") else "unknown",
        mobile=mobile,
        phone=phone,
        email=_email(telecom),
        address=text.clean("\n".join(line for line in lines if line))[0],
        postcode=text.postcode(words(address.get("postalCode"))) or "",
        practice_code=people.practice(registered.practice),
        registered_on=registered.began,
        left_on=registered.ended,
        deceased=bool(died) or patient.get("deceasedBoolean") is True,
        deceased_on=dates.partial(died)[0] if died else None,
        restricted=_is_restricted(patient),
        updated_at=words(table(patient.get("meta")).get("lastUpdated")),
        source=record.source,
        subject=words(patient.get("id")),
    ), (*notes, *told, *_unverified(patient))


def _name(patient: Resource, today: date) -> Resource:
    """The name in use; somebody whose every name has ended is still called by the last of them."""
    current = _current(patient.get("name"), today)
    if current:
        return _first(current, ("official", "usual"))
    ended = [each for each in tables(patient.get("name")) if each.get("use") not in ("old", "temp")]
    return max(ended, key=lambda each: words(table(each.get("period")).get("end")), default={})


def _death(patient: Resource) -> tuple[str, tuple[str, ...]]:
    """When somebody died, as told; not at all when the notice was taken back.

    An informal notice exists so that others can stop writing to somebody; it may be reversed.
    """
    died = words(patient.get("deceasedDateTime"))
    status = _coded(patient.get("extension"), "DeathNotificationStatus", "deathNotificationStatus")
    if status == "U":
        return "", ("death-taken-back",)
    return died, (("death-informal",) if died and status == "1" else ())


def _unverified(patient: Resource) -> Iterator[str]:
    for each in tables(patient.get("identifier")):
        if each.get("system") == NHS_NUMBER:
            status = _coded(each.get("extension"), "NHSNumberVerificationStatus")
            if status and status != VERIFIED:
                yield "number-unverified"


def _coded(extensions: object, *path: str) -> str:
    """The code that an extension holds, found by the ends of its address and of its parts'."""
    for each in tables(extensions):
        if path[0].casefold() in words(each.get("url")).casefold():
            if len(path) > 1:
                return _coded(each.get("extension"), *path[1:])
            codings = tables(table(each.get("valueCodeableConcept")).get("coding"))
            return words(codings[0].get("code")) if codings else ""
    return ""


def _born(patient: Resource) -> tuple[date | None, str]:
    written = words(patient.get("birthDate"))
    return dates.partial(written) if written else (None, "day")


def _current(parts: object, today: date) -> list[Resource]:
    return [each for each in tables(parts) if _is_current(each, today)]


def _first(parts: list[Resource], uses: tuple[str, ...]) -> Resource:
    liked = [each for use in uses for each in parts if each.get("use") == use]
    return next(iter([*liked, *parts]), {})


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


def _is_restricted(patient: Resource) -> bool:
    labels = tables(table(patient.get("meta")).get("security"))
    return any(
        label.get("system") != CONFIDENTIALITY or label.get("code") not in UNRESTRICTED
        for label in labels
    )
