"""Why a row was held or rejected: short codes kept in the database, and their words."""

from openprotect.base.refusals import Refused

WORDS = {
    "columns": "the row has more or fewer columns than the header",
    "email": "an e-mail address that is none was left out",
    "phone-left-out": "a telephone number that cannot be used was left out",
    "invisible": "invisible characters were taken out",
    "test-name": "a name that looks like a test",
    "quotes": "a quotation mark stands where RFC 4180 allows none",
    "nul": "a NUL character",
    "long-field": "a field over 131,072 characters",
    "nhs-number-missing": "no NHS number",
    "nhs-number-digits": "the NHS number is not ten digits",
    "nhs-number-scientific": "the NHS number was damaged by a spreadsheet (scientific form)",
    "nhs-number-repeated": "the NHS number is one digit repeated",
    "nhs-number-check": "the check digit of the NHS number is wrong",
    "nhs-number-test": "a test NHS number outside demonstration mode",
    "nhs-number-range": "the NHS number is outside the allocated range",
    "nhs-number-system": "an identifier system that looks like a misspelt NHS number system",
    "identity": "no NHS number: held until the person is identified",
    "identity-two": "two current NHS numbers: held until the person is identified",
    "identity-several": "one of several people who were found: held until one is chosen",
    "number-unverified": "an NHS number that its sender has not verified",
    "death-informal": "a death told informally: it may be taken back",
    "death-taken-back": "a notice of death that was taken back",
    "confidential-items": "the record leaves out items marked confidential",
    "data-in-transit": "the record of an earlier practice has not arrived in full",
    "data-awaiting-filing": "the record leaves out what is not filed yet",
    "name-missing": "no family name",
    "birth-date-missing": "no birth date",
    "date-unreadable": "a date that does not exist",
    "birth-date-future": "a birth date in the future",
    "age-over-120": "an age over 120",
    "birth-date-filler": "a birth date that looks like a filler shared by many rows",
    "sex": "a sex that is not female, male, other or unknown",
    "yes-no": "a yes-or-no column that holds neither",
    "phone": "a phone number that is short, premium or does not exist",
    "phone-many": "one phone number on more than 500 people",
    "practice-code": "a practice code that is not an ODS code",
    "postcode": "a postcode that is not of UK form",
    "death-before-birth": "a death before the birth",
    "alive-with-death-date": "marked alive, with a date of death",
    "same-number-other-birth-date": "one NHS number with two birth dates",
    "same-number-two-practices": "one NHS number registered at two practices on one day",
    "same-number-differs": "one NHS number on two rows that differ",
    "other-number-same-person": "a known person under another NHS number",
    "birth-date-changed": "the birth date is not the one held for this NHS number",
    "restricted-omitted": "a restricted mark held before and absent now is never cleared",
    "older-than-held": "older than the record held",
    "person-not-taken": "the person's own row was held or rejected",
    "person-not-in-import": "no row for this person in the same import",
    "same-id-differs": "the same id twice for events that differ",
    "code-missing": "no code of a system that is kept",
    "code-system": "a code system that is not kept",
    "code": "not a code of the system it names",
    "event-date": "no date that can be read",
    "event-future": "a date in the future",
    "value": "a value that is not a number",
    "value-implausible": "a value outside what can be measured: check the unit",
    "unit": "a unit other than the one this measurement is given in",
    "setting": "a setting that is not gp, hospital, social or list",
    "setting-basis": "a social care record, for which no legal basis is set here",
    "episode-missing": "no id of the admission",
    "lsoa": "an area code that is not of an LSOA",
    "risk": "a risk that is not high, moderate or low",
    "risk-action": "an action that neither adds nor removes",
    "registration-date": "no day of registration",
    "registration": "a registration, taken into its person's row",
    "entered-in-error": "marked by its source as entered in error",
    "reference": "refers to somebody or something outside its bundle",
    "no-patient": "a record without the patient whom it is about",
    "conditional": "to be created on a condition other than one identifier",
    "conditional-two": "to be created unless it exists, and two match",
    "answers": "answers to a questionnaire, which come through check-ins and not through imports",
    "answers-unversioned": "answers to a questionnaire of which no version is named",
    "modifier-extension": "carries a modifier extension that is not understood",
    "contained-itself": "a contained resource that refers to itself",
    "extensions": "too many extensions",
    "entry": "an entry that is not a resource",
    "same-full-url": "two entries of one bundle with the same address",
    "two-patients": "two entries of one bundle for the same patient",
    "bundle-refused": "its bundle was refused whole",
    "json-damaged": "not JSON, or damaged",
    "json-duplicate-key": "the same key twice in one object",
    "json-number": "a number that JSON does not allow, or of too many digits",
    "json-depth": "nested too deeply",
    "bundle-type": "not a FHIR Bundle, nor an answer of PDS",
    "bundle-entries": "more entries than one bundle may hold",
}

# Nothing tells whose these rows are: they can be let go, and sent again with a number.
NOBODYS = frozenset({"identity", "identity-two"})


class FileRefused(Refused):
    """A whole file is not taken and nothing changes. Never holds a value from the file."""

    def __init__(self, file: str, words: str, *, reason: str, row: int = 0, column: int = 0):
        place = f", row {row}" if row else ""
        place += f", column {column}" if column else ""
        super().__init__(f"{file}{place}: {words}")
        self.file, self.words, self.reason = file, words, reason
        self.row, self.column = row, column


class RowFault(ValueError):
    """What is wrong with one row. Held or rejected, by `held`; `shape` marks a wrong type."""

    def __init__(self, reason: str, *, held: bool = False, shape: bool = False):
        super().__init__(reason)
        self.reason, self.held, self.shape = reason, held, shape


def in_words(reason: str) -> str:
    return WORDS.get(reason, reason)
