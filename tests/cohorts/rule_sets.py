"""Rule sets made by chance, in which every word of the language stands; the same for a seed.

Words are drawn from bags: each is used once before any is used again, so that no word is left out
of a rule set of some size. Bounds come from short lists, and histories.py dates and measures events
by the same ones: what lies on a bound, a day before and a day after it is common.
"""

from datetime import date

from openprotect.cohorts.rules import (
    Ages,
    Clause,
    Codelist,
    CohortRules,
    Conversion,
    Days,
    Derived,
    Ender,
    Group,
    Population,
    Range,
    Registration,
    Selection,
    Span,
    Tie,
)

LISTS = {
    each.key: each
    for each in (
        Codelist("diabetes", "snomed", {"73211009": "Diabetes", "44054006": ""}),
        Codelist("resolved", "snomed", {"315051004": "Diabetes resolved", "44054006": "Type 2"}),
        Codelist("asthma", "snomed", {"195967001": ""}),
        Codelist("steroid", "dmd", {"325444003": "Prednisolone", "325445002": "Prednisolone 5 mg"}),
        Codelist("cancer", "icd10", {"C81": "Hodgkin lymphoma", "N185": "Kidney failure"}),
        Codelist("operation", "opcs4", {"M01": "Transplantation of kidney", "J011": ""}),
        Codelist("allograft", "opcs4", {"Y01": "Replacement of organ"}),
        Codelist("read", "ctv3", {"XaBcD": "Case matters", "C10..": ""}),
        Codelist("bmi", "snomed", {"60621009": "Body mass index"}),
        Codelist("bmi-loinc", "loinc", {"39156-5": "Body mass index"}),
        Codelist("hba1c", "snomed", {"999791000000106": "HbA1c"}),
        Codelist("creatinine", "snomed", {"1000731000000107": "Creatinine"}),
        Codelist("qcovid 4", "score", {"qcovid 4": "qcovid, version 4"}),
    )
}
MEASURED = ("bmi", "bmi-loinc", "hba1c", "creatinine", "qcovid 4")
BACK = (Span(days=1), Span(days=31), Span(days=90), Span(6), Span(12), Span(24), Span(days=211))
FIXED = (date(2020, 2, 29), date(2021, 2, 15), date(2024, 2, 29))
YEARS = (16, 18, 40, 65, 70)
NUMBERS = (4.0, 6.5, 20.0, 39.9, 40.0, 48.0, 200.0)
SETTINGS = ("gp", "hospital", "social", "list")


class Bag:
    """Draws each of its words once, in a new order each time round."""

    def __init__(self, chance, words):
        self.chance, self.words, self.left = chance, tuple(words), []

    def draw(self):
        if not self.left:
            self.left = self.chance.sample(self.words, len(self.words))
        return self.left.pop()


class Maker:
    """Makes one rule set; groups may ask for the parts and groups made before them."""

    def __init__(self, chance):
        self.chance = chance
        self.names = []
        self.narrowings = Bag(chance, NARROWINGS)
        self.asked = Bag(chance, ASKED)
        self.of_people = Bag(chance, OF_PEOPLE)
        self.lists = Bag(chance, LISTS)

    def rule_set(self, groups):
        chance = self.chance
        parts = tuple(self.group(f"part-{number}") for number in range(1, 4))
        made = tuple(self.group(f"group-{number}") for number in range(1, groups + 1))
        exclusions = tuple(self.exclusion(f"out-{number}") for number in range(1, 3))
        population = Population(
            ages=chance.choice((Ages(16, 120), Ages(18, 64), Ages(0, 200))),
            registered=chance.random() < 0.8,
            alive=chance.random() < 0.8,
            registered_for=chance.choice((None, None, Span(12))),
            without_objectors=chance.random() < 0.5,
        )
        return CohortRules("Made by chance", made, LISTS, population, parts, exclusions)

    def group(self, name):
        alternatives = tuple(
            tuple(self.clause() for _ in range(self.chance.choice((1, 1, 2, 3))))
            for _ in range(self.chance.choice((1, 2, 2, 3)))
        )
        self.names.append(name)
        return Group(name, name.capitalize(), "chance", alternatives)

    def exclusion(self, name):
        """Narrower than a group, or nobody would be left."""
        clauses = self.clause(of_events=True), self.clause()
        self.names.append(name)
        return Group(name, name.capitalize(), "chance", (clauses,), handling="seen elsewhere")

    def clause(self, *, of_events=False):
        kind = 0.0 if of_events else self.chance.random()
        of_person = self.of_people.draw()(self) if kind > 0.6 else {}
        if kind > 0.85:
            return Clause(**of_person)
        if 0.5 < kind < 0.6:
            return Clause(self.selection(), is_absent=True)
        asked = self.asked.draw()(self) | (self.asked.draw()(self) if kind < 0.15 else {})
        needs = {"has_value": True} if "latest_value" in asked else {}
        return Clause(select=self.selection(measured=bool(needs), **needs), **asked, **of_person)

    def selection(self, *, measured=False, **given):
        narrowed = {}
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            narrowed |= self.narrowings.draw()(self)
        lists = tuple({self.lists.draw() for _ in range(self.chance.choice((1, 1, 2, 3)))})
        if measured or narrowed.get("plausible"):
            lists = (*lists, self.chance.choice(MEASURED))
        return Selection(**({"codelists": tuple(sorted(set(lists)))} | narrowed | given))

    def window(self):
        near, far = sorted(
            self.chance.sample(BACK, 2), key=lambda span: 31 * span.months + span.days
        )
        return Days(within=far, until=self.chance.choice((None, near)))

    def days(self):
        since, up_to = sorted(self.chance.sample(FIXED, 2))
        fixed = (Days(since=since), Days(up_to=up_to), Days(since=since, up_to=up_to))
        return self.chance.choice((self.window(), self.window(), *fixed))

    def range(self):
        low, high = sorted(self.chance.sample(NUMBERS, 2))
        is_open, is_shut = self.chance.random() < 0.5, self.chance.random() < 0.5
        return self.chance.choice(
            (
                Range(low, low_is_open=is_open),
                Range(None, high, high_is_open=is_shut),
                Range(low, high, is_open, is_shut),
            )
        )

    def enders(self):
        ties = self.chance.sample(tuple(Tie), self.chance.choice((1, 1, 2)))
        return tuple(Ender(self.selection(), tie) for tie in ties)

    def ages(self):
        low = self.chance.choice(YEARS)
        return Ages(low, self.chance.choice((200, low, low + 20)))

    def earlier(self, key):
        """Another group by name; a rule set's first clause has none to ask for."""
        return {key: self.chance.choice(self.names)} if self.names else {"sexes": ("female",)}

    def measured_in(self, unit, other, divide, add):
        return {
            "codelists": ("creatinine",) if unit == "umol/L" else ("bmi", "hba1c"),
            "unit": unit,
            "conversions": (Conversion(other, divide, add),),
            "plausible": Range(1, 3000),
            "has_value": True,
            "derived": None,
        }


NARROWINGS = (
    lambda make: {"days": make.window()},
    lambda make: {"days": make.days()},
    lambda make: {"setting": make.chance.choice(SETTINGS)},
    lambda make: {"plausible": make.range(), "has_value": True},
    lambda make: make.measured_in("mmol/mol", "%", 0.0915, -23.5),
    lambda make: make.measured_in("umol/L", "mg/dL", 1 / 88.4, 0.0) | {"derived": Derived.EGFR},
    lambda make: {"aged": make.ages()},
    lambda make: {"codelists": ("operation",), "paired": ("allograft",)},
)
ASKED = (
    lambda make: {},
    lambda make: {"at_least": 2},
    lambda make: {"at_most": make.chance.choice((1, 2, 3))},
    lambda make: {"at_least": 2, "at_most": 3},
    lambda make: {"at_least": 2, "on_different_days": True},
    lambda make: {"apart": make.chance.choice(BACK)},
    lambda make: {"latest_value": make.range()},
    lambda make: {"first": make.days()},
    lambda make: {"last": make.days()},
    lambda make: {"ended_by": make.enders()},
    lambda make: {"after": make.enders()},
    lambda make: {"unless_before": make.selection()},
)
OF_PEOPLE = (
    lambda make: {"ages": make.ages()},
    lambda make: {"sexes": tuple(make.chance.sample(("female", "male", "unknown"), 2))},
    lambda make: {"deciles": make.chance.choice(((1, 2), (1,), (3, 10)))},
    lambda make: {"registration": Registration(at_least=make.chance.choice(BACK))},
    lambda make: {"registration": Registration(within=make.chance.choice(BACK))},
    lambda make: {"care_home": make.chance.random() < 0.5},
    lambda make: make.earlier("in_group"),
    lambda make: make.earlier("not_in_group"),
)


def rule_set(chance, groups=12):
    """Valid rules of so many groups, with three parts and two exclusions."""
    return Maker(chance).rule_set(groups)
