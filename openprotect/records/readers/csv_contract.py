"""The CSV contract (docs/imports.md): people and events, matched by header, never guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openprotect.records.readers import csv_text
from openprotect.records.readers.csv_text import Declared, Line
from openprotect.records.readers.sources import Document
from openprotect.records.rules import codes, dates, measures, people, text
from openprotect.records.rules.reasons import FileRefused, RowFault
from openprotect.records.rules.values import Event, Kind, Outcome, Person, Position, Row

PEOPLE = ("nhs_number", "family_name", "birth_date", "sex", "practice_code")
PEOPLE_MAY = (
    "given_name", "mobile", "phone", "email", "address", "postcode", "registered_on",
    "deceased", "deceased_on", "restricted", "opted_out", "person_id", "updated_at",
)  # fmt: skip
EVENTS = ("nhs_number", "code", "system", "date")
EVENTS_MAY = ("term", "value", "unit", "kind", "event_id", "person_id")
CONTRACTS = ((Kind.EVENTS, EVENTS, EVENTS_MAY), (Kind.PEOPLE, PEOPLE, PEOPLE_MAY))
MOST_COLUMNS = 200
MOST_DAMAGED_NUMBERS = 10


@dataclass(frozen=True)
class Table:
    """One CSV file known to hold people or events."""

    document: Document
    kind: Kind
    declared: Declared
    columns: tuple[str, ...]
    unknown: tuple[str, ...]


def recognise(document: Document, declared: Declared) -> Table:
    """Which of the two agreed files this is, by its header. Raises FileRefused."""
    header = next(csv_text.read(document.path, document.name, declared), None)
    if header is None:
        raise FileRefused(document.name, "empty", reason="empty")
    columns = tuple(field.strip().lower() for field in header.fields)
    if len(columns) > MOST_COLUMNS or header.fault:
        raise FileRefused(document.name, "a header of more columns than agreed", reason="header")
    twice = sorted({each for each in columns if columns.count(each) > 1})
    if twice:
        raise FileRefused(
            document.name, f"the column {twice[0][:30]!r} stands twice", reason="header"
        )
    for kind, needs, may in ((Kind.EVENTS, EVENTS, EVENTS_MAY), (Kind.PEOPLE, PEOPLE, PEOPLE_MAY)):
        if set(needs) <= set(columns):
            unknown = tuple(each for each in columns if each not in (*needs, *may))
            return Table(document, kind, declared, columns, unknown)
    raise FileRefused(document.name, _missing(columns), reason="header")


def _missing(columns: tuple[str, ...]) -> str:
    needs = EVENTS if {"code", "system"} & set(columns) else PEOPLE
    lacking = ", ".join(each for each in needs if each not in columns)
    return f"the header is not as agreed (docs/imports.md): it lacks {lacking}"


def rows(table: Table, *, source: str, today: date, synthetic: bool) -> Iterator[Row]:
    """Every row with its value or its reason, then the declared count is held against it."""
    lines = csv_text.read(table.document.path, table.document.name, table.declared)
    next(lines)
    make = _person_maker if table.kind is Kind.PEOPLE else _event_maker
    to_row = make(table, source, today, synthetic)
    count = damaged = 0
    for line in lines:
        count += 1
        row = _row(table, line, to_row)
        damaged += row.reason == "nhs-number-scientific"
        if damaged > MOST_DAMAGED_NUMBERS:
            words = f"over {MOST_DAMAGED_NUMBERS} NHS numbers damaged by a spreadsheet"
            raise FileRefused(table.document.name, words, reason="spreadsheet", row=line.row)
        yield row
    _check_count(table, count)


def _check_count(table: Table, count: int) -> None:
    declared = table.declared.rows
    if declared is not None and declared != count:
        words = f"{declared:,} rows declared, {count:,} found"
        raise FileRefused(table.document.name, words, reason="count")
    if count == 0 and declared != 0:
        words = "a header and no rows: declare rows=0 if that is meant"
        raise FileRefused(table.document.name, words, reason="no-rows")


Fields = Mapping[str, str]
Maker = Callable[[Position, Fields], Row]


def _row(table: Table, line: Line, to_row: Maker) -> Row:
    position = Position(table.document.name, line.row)
    try:
        if line.fault:
            raise RowFault(line.fault)
        if len(line.fields) != len(table.columns):
            raise RowFault("columns", shape=True)
        return to_row(position, dict(zip(table.columns, line.fields, strict=True)))
    except RowFault as fault:
        outcome = Outcome.HELD if fault.held else Outcome.REJECTED
        return Row(table.kind, position, outcome=outcome, reason=fault.reason, shape=fault.shape)
    except dates.AmbiguousDate as why:
        words = f"{why}: dates must be yyyy-mm-dd, or their order declared"
        raise FileRefused(table.document.name, words, reason="dates", row=line.row) from None


def _person_maker(table: Table, source: str, today: date, synthetic: bool) -> Maker:
    def make(position: Position, given: Fields) -> Row:
        fields = {key: text.clean(value) for key, value in given.items()}
        notes: tuple[str, ...] = (
            ("invisible",) if any(changed for _, changed in fields.values()) else ()
        )
        said = {key: value for key, (value, _) in fields.items()}
        day = _days(said, table.declared.dates)
        mobile, phone = people.numbers(said.get("mobile", ""), said.get("phone", ""))
        email = text.email(given.get("email", "").strip(" "))
        person = Person(
            nhs_number=people.number(given["nhs_number"], synthetic=synthetic),
            given=said.get("given_name", ""),
            family=said["family_name"],
            birth_date=day("birth_date"),
            sex=people.sex(said["sex"]),
            mobile=mobile,
            phone=phone,
            email=email or "",
            address=said.get("address", ""),
            postcode=people.postcode(said.get("postcode", "")),
            practice_code=people.practice(said["practice_code"]),
            registered_on=day("registered_on"),
            deceased=people.yes(said.get("deceased", "")) or bool(day("deceased_on")),
            deceased_on=day("deceased_on"),
            restricted=people.yes(said.get("restricted", "")) or False,
            opted_out=people.yes(said.get("opted_out", "")),
            updated_at=said.get("updated_at", ""),
            source=source,
            subject=said.get("person_id", ""),
        )
        fault = people.fault_of(
            person, today, said_alive=people.yes(said.get("deceased", "")) is False
        )
        notes += ("email",) if email is None else ()
        notes += ("test-name",) if text.is_test_name(person.family) else ()
        return _settled(Row(Kind.PEOPLE, position, person=person, notes=notes), fault)

    return make


def _settled(row: Row, fault: RowFault | None) -> Row:
    """The row, with what is wrong with it; a held row keeps its value, a rejected one does not."""
    if fault is None:
        return row
    if not fault.held:
        raise fault
    return Row(
        row.kind, row.position, row.person, row.event, Outcome.HELD, fault.reason, notes=row.notes
    )


def _days(said: Fields, order: str) -> Callable[[str], date | None]:
    def day(column: str) -> date | None:
        written = said.get(column, "")
        return dates.read(written, order) if written else None

    return day


def _event_maker(table: Table, source: str, today: date, synthetic: bool) -> Maker:
    def make(position: Position, given: Fields) -> Row:
        said = {key: text.clean(value)[0] for key, value in given.items()}
        system = said["system"].casefold().replace(" ", "").replace("-", "").replace("+", "")
        event = Event(
            nhs_number=people.number(given["nhs_number"], synthetic=synthetic),
            kind=said.get("kind", "") or "record",
            system=system,
            code=codes.read(said["code"], system),
            term=said.get("term", ""),
            on=_event_day(said, table.declared.dates, today),
            value=_value(said.get("value", "")),
            unit=said.get("unit", ""),
            source=source,
            source_id=said.get("event_id", ""),
        )
        return _settled(Row(Kind.EVENTS, position, event=event), _measured(event))

    return make


def _event_day(said: Fields, order: str, today: date) -> date:
    if not said["date"]:
        raise RowFault("event-date")
    day = dates.read(said["date"], order)
    if day > today:
        raise RowFault("event-future")
    return day


def _value(written: str) -> float | None:
    if not written:
        return None
    if not people.NUMBER.fullmatch(written):
        raise RowFault("value", shape=True)
    return float(written)


def _measured(event: Event) -> RowFault | None:
    try:
        measures.check(event.code, event.value, event.unit)
    except RowFault as fault:
        return fault
    return None
