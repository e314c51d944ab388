"""How each bad pack of packs.toml is made; each gives what became of it, and what was told."""

import csv
from datetime import date

from openprotect.packs import PackRefused, from_files
from openprotect.packs.doubts import doubts
from openprotect.packs.known import age_on
from tests.packs.given import changed, pack_files

NOT_ASKED = ",".join([""] * 15)


def outcome(files):
    try:
        pack = from_files(files)
    except PackRefused as refusal:
        return "REFUSED", str(refusal)
    held = [*pack.warnings, *doubts(pack)]
    return ("HOLD" if held else "ACCEPT"), "\n".join(map(str, held))


def with_row(column, cell, urgency="week", files=None):
    """The shipped pack with one rule more, on one column, in row 28 of the table."""
    files = dict(files or pack_files())
    lines = files["triage.csv"].decode().strip().splitlines()[:27]
    header = lines[0].split(",")
    row = {"rule": "extra", column: f'"{cell}"', "kind": "clinical", "urgency": urgency}
    row |= {"reason": "Because", "source": "Made up"}
    lines.append(",".join(row.get(name, "") for name in header))
    return files | {"triage.csv": "\n".join(lines).encode()}


def r01():
    broken = pack_files()
    lines = broken["pack.toml"].decode().splitlines()
    lines[8] = "sponsor = "
    yield outcome(broken | {"pack.toml": "\n".join(lines).encode()})
    table = broken["triage.csv"].decode().splitlines()
    table[8] = table[8].replace(",", ',"', 1)
    yield outcome(broken | {"triage.csv": "\n".join(table[:9]).encode()})


def r02():
    yield outcome(changed("triage.csv", ",breath,", ",breth,"))
    yield outcome(with_row("breath", "gasping"))
    yield outcome(changed("cohort.toml", 'codes = ["diabetes"]', 'codes = ["diabetis"]'))
    yield outcome(changed("routing.toml", 'function = "locality"', 'function = "nobody"'))


def r03():
    for cell in (
        "__import__('os').system('id')",
        "rest'; DROP TABLE alerts; --",
        "code['breath'] == 'rest'",
        "lambda: True",
    ):
        yield outcome(with_row("breath", cell))
        yield outcome(with_row("temperature", cell))


def r04():
    yield outcome(with_row("breath", ">= 38"))
    yield outcome(with_row("temperature", "rest"))
    yield outcome(with_row("other", ">= 38"))
    yield outcome(with_row("age", "yes"))


def r05_always():
    yield outcome(with_row("breath", "normal, moving, rest, speech, not-sure, missing"))


def r05_never():
    """Asks about days of medicine of people who have run out: the form asks only who is low."""
    files = with_row("medicines", "out")
    *table, extra = files["triage.csv"].decode().strip().splitlines()
    cells = next(csv.reader([extra]))
    cells[table[0].split(",").index("medicines-days")] = "3"
    lines = [*table, ",".join(f'"{cell}"' if cell else "" for cell in cells)]
    yield outcome(files | {"triage.csv": "\n".join(lines).encode()})


def r06():
    files = with_row("breath", "moving")
    yield outcome(files)


def r07():
    yield outcome(changed("routing.toml", "[social.now]", "[social.later]"))
    yield outcome(changed("routing.toml", "[social.now]", "[medication.later]"))
    yield outcome(changed("routing.toml", 'function = "council"', 'function = "the council"'))


def r09():
    yield outcome(with_row("breath", "not rest"))
    yield outcome(with_row("temperature", "not >= 38"))


def r11():
    yield outcome(with_row("breath", "rest, " * 200_000 + "rest"))
    group = b'{"linkId": "g", "text": "G", "type": "group", "item": ['
    deep = b'{"resourceType": "Questionnaire", "item": [' + group * 500 + b"]}" * 501
    yield outcome(pack_files() | {"questionnaire.json": deep})
    deeper = b"x = " + b"[" * 5000 + b"]" * 5000
    yield outcome(pack_files() | {"pack.toml": deeper})


def r12():
    yield outcome(with_row("other", "(a+)+$"))
    yield outcome(with_row("other", "matches (x|xx)*y"))


def r13():
    files = pack_files()
    lines = files["triage.csv"].decode().strip().splitlines()
    header = lines[0].split(",")
    words = ", ".join(f"word{number}" for number in range(30))
    for number in range(40):
        row = {"rule": f"slow-{number}", "other": f'"mentions {words}"', "kind": "clinical"}
        row |= {"urgency": "week", "reason": "Because", "source": "Made up"}
        lines.append(",".join(row.get(name, "") for name in header))
    yield outcome(files | {"triage.csv": "\n".join(lines).encode()})


def r14():
    ages = [
        age_on(date(1944, 2, 29), date(2027, 2, 28)),
        age_on(date(1944, 2, 29), date(2027, 3, 1)),
        age_on(date(1944, 2, 29), date(2028, 2, 29)),
        age_on(date(1941, 3, 4), date(2026, 3, 4)),
    ]
    yield ("DEFINED" if ages == [82, 83, 84, 85] else f"{ages}"), age_on.__doc__


def r18():
    for old, new in (
        ("{link}", "{lnk}"),
        ("{link}", "here"),
        ("How are you", "How is your asthma"),
    ):
        yield outcome(changed("messages/en/invite.text.txt", old, new))


def r19():
    yield outcome(changed("messages/en/invite.text.txt", "Hello", "Hello " + "and welcome " * 30))
    yield outcome(changed("messages/pl/invite.text.txt", "{link}", "{link} zażółć gęślą jaźń"))


def r20():
    link = "{link} https://evil.example/x"
    yield outcome(changed("messages/en/invite.text.txt", "{link}", link))
