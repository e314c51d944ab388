"""Files about places among what is imported: organisations, deprivation, boundaries.

Organisations go to the tables of places, by the same rules as `openprotect places import`; what a
file does not say is as it was last imported, or as it is shipped.
"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.cli.places import SHIPPED, report
from openprotect.config.environment import write_secret
from openprotect.places.actions import import_places
from openprotect.places.rules import FILES
from openprotect.places.rules.tables import AREAS, LOCALITIES, NETWORKS, PRACTICES, TEAMS
from openprotect.records import lake, reference
from openprotect.records.readers import deprivation

# ODS publishes its practice file without a header; these are the columns of its documentation.
EPRACCUR = (
    "organisation_code", "name", "national_grouping", "high_level_health_geography", "address_1",
    "address_2", "address_3", "address_4", "address_5", "postcode", "open_date", "close_date",
    "status_code", "organisation_sub_type_code", "commissioner", "join_provider_date",
    "left_provider_date", "telephone", "null_1", "null_2", "null_3", "amended_record_indicator",
    "null_4", "provider_purchaser", "null_5", "prescribing_setting", "null_6",
)  # fmt: skip
KEYS = {
    PRACTICES: "organisation_code",
    NETWORKS: "PRACTICE_CODE",
    LOCALITIES: "organisation_code",
    AREAS: "code",
}
ODS_CODE = re.compile(r"[A-Z0-9]{3,8}", re.ASCII)
ODS_DAY = re.compile(r"[0-9]{8}", re.ASCII)
AREA_CODE = re.compile(r"[EW]01[0-9]{6}", re.ASCII)
SHAPES = {"Polygon": 2, "MultiPolygon": 3}
CALLED = {
    PRACTICES: "practices",
    NETWORKS: "practices and their networks",
    LOCALITIES: "practices and their localities",
    AREAS: "areas",
    TEAMS: "teams",
}
Rows = dict[str, Mapping[str, str]]


@dataclass(frozen=True)
class Sheet:
    """One file of organisations: which of the known ones it is, and its rows."""

    name: str
    what: str
    rows: Sequence[Mapping[str, str]]


def sheet_of(name: str, text: str) -> Sheet | None:
    """The file of organisations that this text is, if it is one."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    first = next(lines, [])
    columns = tuple(each.strip() for each in first)
    for what, needs in FILES.items():
        if needs <= set(columns):
            return Sheet(name, what, [_row(columns, line) for line in lines if line])
    if _is_of_practices(columns):
        return Sheet(name, PRACTICES, [_row(EPRACCUR, line) for line in [first, *lines] if line])
    return None


def _row(columns: Sequence[str], line: Sequence[str]) -> Mapping[str, str]:
    return {name: value.strip() for name, value in zip(columns, line, strict=False) if name}


def _is_of_practices(first: Sequence[str]) -> bool:
    """A row of ODS's file of practices, where a header would stand."""
    if not len(EPRACCUR) - 1 <= len(first) <= len(EPRACCUR):
        return False
    row = _row(EPRACCUR, first)
    return bool(
        ODS_CODE.fullmatch(row["organisation_code"])
        and ODS_DAY.fullmatch(row["open_date"])
        and row["status_code"] in ("A", "C", "D", "P")
    )


def take_organisations(
    sheets: Sequence[Sheet], home: Path, *, at: datetime, demo: bool
) -> tuple[list[str], bool]:
    """Bring these in beside what was there before; says what became of them, and if it balances."""
    kept = home / "places"
    texts = {name: _held(kept, name) for name in FILES}
    said: list[str] = []
    for what in (name for name in FILES if any(sheet.what == name for sheet in sheets)):
        given = [sheet for sheet in sheets if sheet.what == what]
        texts[what], told = _merged(what, given, texts)
        said += told
    with tempfile.TemporaryDirectory(dir=_made(home)) as folder:
        for name, text in texts.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        imported = import_places(Path(folder), at=at, demo=demo)
    for sheet in sheets:
        write_secret(kept / sheet.what, texts[sheet.what])
    return [*said, *report(imported, every_row=False)], imported.balances


def _made(home: Path) -> Path:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _held(kept: Path, name: str) -> str:
    path = kept / name
    return (path if path.exists() else SHIPPED / name).read_text(encoding="utf-8")


def _merged(
    what: str, sheets: Sequence[Sheet], texts: Mapping[str, str]
) -> tuple[str, Iterator[str]]:
    """One file of all that were given, of this area alone; of two rows for one code the last."""
    rows: Rows = {}
    unkeyed: list[Mapping[str, str]] = []
    said = []
    belongs = _belonging(what, texts)
    for sheet in sheets:
        ours = [row for row in sheet.rows if belongs(row)]
        left = len(sheet.rows) - len(ours)
        elsewhere = f", {left:,} of other areas left out" if left else ""
        said.append(f"{sheet.name}: {CALLED[what]}, {len(sheet.rows):,} rows{elsewhere}")
        if what in KEYS and len(sheets) > 1:
            rows |= {row.get(KEYS[what], ""): row for row in ours}
        else:
            unkeyed += ours
    return _written(what, [*unkeyed, *rows.values()]), iter(said)


def _belonging(what: str, texts: Mapping[str, str]) -> Callable[[Mapping[str, str]], bool]:
    """Whether a row is of the area that is served here: its commissioner, or its practice, is."""
    if what == PRACTICES:
        codes = _codes(texts[AREAS], "code")
        return lambda row: row.get("commissioner", "") in codes
    if what in (NETWORKS, LOCALITIES):
        codes = _codes(texts[PRACTICES], "organisation_code")
        return lambda row: row.get(KEYS[what], "") in codes
    return lambda row: True


def _codes(text: str, column: str) -> set[str]:
    return {row[column].strip() for row in csv.DictReader(io.StringIO(text, newline=""))}


def _written(what: str, rows: Iterable[Mapping[str, str]]) -> str:
    columns = sorted(FILES[what])
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# --- areas ---


def is_of_areas(header: Sequence[str]) -> bool:
    """Whether a table says how deprived small areas are."""
    columns = [each.strip() for each in header]
    return all(
        any(column.startswith(tuple(names)) for column in columns)
        for names in (deprivation.LSOA, deprivation.DECILE)
    )


def take_areas(path: Path, name: str, lake_folder: Path, *, at: datetime) -> str:
    areas = deprivation.read(path)
    table = reference.keep_deprivation(lake_folder, areas, name=name, at=at)
    return f"{name}: deprivation of {table.rows:,} areas, in use from {table.used_from:%d %B %Y}"


def take_boundaries(name: str, text: str, lake_folder: Path) -> str:
    """Check the outlines of small areas and keep them as they came. Raises Refused."""
    features = _features(name, text)
    for number, feature in enumerate(features, 1):
        _check(name, number, feature)
    path = lake_folder / reference.FOLDER / "boundaries" / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    lake.to_disk(draft)
    draft.replace(path)
    return f"{name}: outlines of {len(features):,} areas"


def _features(name: str, text: str) -> list[dict[str, object]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(f"{name}: not JSON, or damaged: send it again.") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features:
        raise Refused(f"{name}: it holds no features: a GeoJSON FeatureCollection is needed.")
    return features


def _check(name: str, number: int, feature: object) -> None:
    said = feature if isinstance(feature, dict) else {}
    named = said.get("properties") or {}
    if not any(isinstance(each, str) and AREA_CODE.fullmatch(each) for each in named.values()):
        raise Refused(f"{name}, feature {number}: no code of an LSOA in its properties.")
    shape = said.get("geometry") or {}
    depth = SHAPES.get(str(shape.get("type")))
    if depth is None or not _are_points(shape.get("coordinates"), depth):
        raise Refused(f"{name}, feature {number}: no outline in degrees of longitude and latitude.")


def _are_points(value: object, depth: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if depth:
        return all(_are_points(each, depth - 1) for each in value)
    numbers = [each for each in value if isinstance(each, int | float)]
    return len(numbers) == len(value) >= 2 and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90
