"""Rule values written as a clinician would write them in cohort.toml."""

from openprotect.cohorts.rules import Derived


def written(group):
    """One group as TOML, each clause an inline table of `all`."""
    lines = ["[[group]]", f'name = "{group.name}"', 'title = "T"', 'source = "S"']
    for alternative in group.any_of:
        clauses = ",\n    ".join(f"{{ {_pairs(clause_words(each))} }}" for each in alternative)
        lines += ["[[group.any]]", f"all = [\n    {clauses},\n]"]
    return "\n".join(lines) + "\n"


def heading(lists):
    """Title and codelists, and the files of these."""
    lines = ['title = "T"', "[codelists]"]
    files = {}
    for listed in lists:
        lines.append(f'{listed.key} = {{ file = "{listed.key}.csv", system = "{listed.system}" }}')
        rows = "".join(f"{code},{term}\n" for code, term in listed.terms.items())
        files[f"{listed.key}.csv"] = f"code,term\n{rows}"
    return "\n".join(lines) + "\n", files


def clause_words(clause):
    words = {} if clause.select is None else selection_words(clause.select)
    words |= {"none": True} if clause.is_absent else {}
    words |= {"at_least": clause.at_least} if clause.at_least > 1 else {}
    words |= {"count": "days"} if clause.on_different_days else {}
    for key in ("at_most", "care_home"):
        words |= {key: getattr(clause, key)} if getattr(clause, key) is not None else {}
    for key in ("in_group", "not_in_group"):
        words |= {key: getattr(clause, key)} if getattr(clause, key) else {}
    words |= {"apart": span(clause.apart)} if clause.apart else {}
    words |= {"latest_value": bounds(clause.latest_value)} if clause.latest_value else {}
    for key in ("first", "last"):
        words |= {key: window(getattr(clause, key))} if getattr(clause, key) else {}
    for key in ("ended_by", "after"):
        words |= {key: enders(getattr(clause, key))} if getattr(clause, key) else {}
    if clause.unless_before:
        words["unless_before"] = selection_words(clause.unless_before)
    return words | _person_words(clause)


def _person_words(clause):
    words = {"age": ages(clause.ages)} if clause.ages else {}
    words |= {"sex": list(clause.sexes)} if clause.sexes else {}
    words |= {"deprivation": {"deciles": list(clause.deciles)}} if clause.deciles else {}
    asked = clause.registration
    if asked:
        spans = {"at_least": asked.at_least, "within": asked.within}
        words["registration"] = {key: span(each) for key, each in spans.items() if each}
    return words


def selection_words(select):
    (first, *_) = select.codelists
    if first.startswith("qcovid ") and len(select.codelists) == 1:
        words = {"score": {"model": "qcovid", "version": first.split()[1]}}
    else:
        words = {"codes": list(select.codelists)}
    words |= window(select.days)
    words |= {"recorded_in": select.setting} if select.setting else {}
    words |= {"plausible": bounds(select.plausible)} if select.plausible else {}
    words |= {"unit": select.unit} if select.unit else {}
    if select.conversions:
        words["convert"] = [
            {"unit": each.unit, "divide": each.divide, "add": each.add}
            for each in select.conversions
        ]
    words |= {"derive": str(Derived(select.derived))} if select.derived else {}
    words |= {"age_then": ages(select.aged)} if select.aged else {}
    words |= {"same_admission_as": list(select.paired)} if select.paired else {}
    return words


def window(days):
    words = {key: span(each) for key, each in _back(days) if each}
    return words | {key: each for key, each in _fixed(days) if each}


def _back(days):
    return ("within", days.within), ("until", days.until)


def _fixed(days):
    return ("since", days.since), ("up_to", days.up_to)


def span(asked):
    return f"{asked.months} months" if asked.months else f"{asked.days} days"


def bounds(asked):
    low = "above" if asked.low_is_open else "at_least"
    high = "below" if asked.high_is_open else "at_most"
    return {key: each for key, each in ((low, asked.low), (high, asked.high)) if each is not None}


def ages(asked):
    return {"from": asked.low} | ({"to": asked.high} if asked.high < 200 else {})


def enders(asked):
    return [selection_words(each.select) | {"same_day": str(each.tie)} for each in asked]


def _pairs(table):
    return ", ".join(f"{key} = {_value(each)}" for key, each in table.items())


def _value(each):
    if isinstance(each, dict):
        return f"{{ {_pairs(each)} }}"
    if isinstance(each, list):
        return f"[{', '.join(_value(one) for one in each)}]"
    if isinstance(each, bool):
        return str(each).lower()
    return f'"{each}"' if isinstance(each, str) else str(each)
