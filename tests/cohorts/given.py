"""Rules and records made small enough to read."""

from datetime import date

from openprotect.cohorts.rules import Clause, Codelist, CohortRules, Group, Population, Selection
from openprotect.records.rules.values import Event, Person

AS_OF = date(2026, 11, 20)
ANN = "4505577104"
LISTS = {
    key: Codelist(key, "snomed", {code: key})
    for key, code in {
        "dm": "73211009",
        "dmres": "315051004",
        "bmi": "60621009",
        "obese": "819948005",
        "steroid": "325444003",
        "asthma": "195967001",
        "creatinine": "1000731000000107",
    }.items()
} | {
    "cancer": Codelist("cancer", "icd10", {"C81": "Hodgkin lymphoma"}),
    "operation": Codelist("operation", "opcs4", {"M01": "Transplantation of kidney"}),
    "allograft": Codelist("allograft", "opcs4", {"Y01": ""}),
    "qcovid 4": Codelist("qcovid 4", "score", {"qcovid 4": "qcovid, version 4"}),
}


def rules(*clauses, alternatives=(), lists=LISTS, parts=(), exclusions=(), **population):
    """One group called `it`, whose clauses must all hold."""
    any_of = (clauses, *alternatives) if clauses else tuple(alternatives)
    group = Group("it", "It", "test", any_of)
    return CohortRules(
        "test", (group,), lists, Population(**population), tuple(parts), tuple(exclusions)
    )


def group(name, *clauses, **details):
    return Group(name, name.capitalize(), "test", (clauses,), **details)


def codes(*lists, **asked):
    """A clause over these lists; what a selection can hold goes there."""
    known = Selection.__dataclass_fields__
    select = {key: value for key, value in asked.items() if key in known}
    clause = {key: value for key, value in asked.items() if key not in known}
    return Clause(Selection(lists, **select), **clause)


def a_person(number=ANN, **details):
    given = {"birth_date": date(1950, 4, 3), "practice_code": "D82001", "family": "Ames"}
    return Person(nhs_number=number, **(given | details))


def on(day, key, value=None, **details):
    """An event of a list on a day written yyyy-mm-dd."""
    listed = LISTS[key]
    given = {
        "nhs_number": details.pop("number", ANN),
        "kind": "record",
        "code": next(iter(listed.terms)),
        "system": listed.system,
        "term": key,
        "source": "gp",
    }
    return Event(on=date.fromisoformat(day), value=value, **(given | details))
