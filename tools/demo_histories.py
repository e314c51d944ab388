"""Make demo/histories from an archive of Synthea bundles: what the lake reads, and nothing else.

    python tools/demo_histories.py path/to/bundles.zip

The same archive gives the same bytes. Each part stays under a megabyte.
"""

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

HISTORIES = Path(__file__).parents[1] / "demo" / "histories"
KEPT = {"Patient", "Condition", "Procedure", "Observation", "MedicationRequest", "Immunization"}
LEFT_OUT = {"text", "encounter", "extension", "reasonReference", "requester", "issued"}
PART_BYTES = 900_000
WHEN = (2019, 6, 1, 0, 0, 0)


def main(source: Path) -> None:
    """Write the parts anew."""
    for old in HISTORIES.glob("part-*.zip"):
        old.unlink()
    with zipfile.ZipFile(source) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".json"))
        bundles = [(name, slimmed(json.loads(archive.read(name)))) for name in names]
    for number, part in enumerate(parts(bundles), start=1):
        path = HISTORIES / f"part-{number}.zip"
        write(path, part)
        print(f"{path.name}: {len(part)} histories, {path.stat().st_size:,} bytes")


def slimmed(bundle: dict) -> bytes:
    """A bundle of the kinds that are kept, without what no reader here looks at."""
    entries = [
        {"fullUrl": entry["fullUrl"], "resource": without_ballast(entry["resource"])}
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] in KEPT
    ]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def without_ballast(resource: dict) -> dict:
    return {key: value for key, value in resource.items() if key not in LEFT_OUT}


def parts(bundles: list[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Bundles in groups that compress to less than one part may weigh."""
    group: list[tuple[str, bytes]] = []
    weight = 0
    for name, content in bundles:
        estimate = len(content) // 12
        if group and weight + estimate > PART_BYTES:
            yield group
            group, weight = [], 0
        group.append((name, content))
        weight += estimate
    yield group


def write(path: Path, part: list[tuple[str, bytes]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in part:
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
