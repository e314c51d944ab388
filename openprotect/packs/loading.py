"""From files to a pack, or to every reason why not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from openprotect.cohorts.rules import CohortRules
from openprotect.packs.bands import check_bands
from openprotect.packs.borrowed import BORROWED, borrow, incomplete, refuse_squatters
from openprotect.packs.cohort import read_rules
from openprotect.packs.files import (
    CODELISTS,
    MOST_CODELIST_BYTES,
    check_files,
    content_hash,
    read_folder,
)
from openprotect.packs.forms import read_questionnaire
from openprotect.packs.languages import ENGLISH
from openprotect.packs.manifest import Manifest, kind_of, read_heading, read_manifest
from openprotect.packs.messages import read_messages
from openprotect.packs.pack import Pack, Register
from openprotect.packs.problems import PackRefused, Problem, Reading
from openprotect.packs.prose import Prose, read_prose
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.routing import read_routing
from openprotect.packs.sight_reading import read_sight
from openprotect.packs.translations import check_translations
from openprotect.packs.triage import TriageTable
from openprotect.packs.triage_reading import read_triage
from openprotect.packs.works_out import WorksOut
from openprotect.packs.written import read_written

MANIFEST: Final = "pack.toml"
COHORT: Final = "cohort.toml"
QUESTIONNAIRE: Final = "questionnaire.json"
TRIAGE: Final = "triage.csv"
ROUTING: Final = "routing.toml"
CALL_SCRIPT: Final = "call-script.md"
PRACTICE_CARD: Final = "practice-card.md"
NEEDED: Final = (
    MANIFEST, COHORT, QUESTIONNAIRE, TRIAGE, ROUTING, CALL_SCRIPT, PRACTICE_CARD,
)  # fmt: skip
OF_A_SCRIPT: Final = ("999", "voicemail")
ASKS_NOTHING: Final = "a register finds people but asks them nothing: no programme can run on it."
OF_A_REGISTER: Final = (MANIFEST, COHORT)
FOLDERS: Final = ("codelists/", "messages/", "examples/", *BORROWED)


def load(folder: Path, supplied: Path | None = None) -> Pack:
    """A programme from its folder; raises PackRefused with every problem found.

    `supplied` is the folder of codelists that whoever runs the service adds.
    """
    read = load_cohort(folder, supplied)
    if isinstance(read, Register):
        raise PackRefused([Problem(MANIFEST, None, "kind", ASKS_NOTHING)])
    return read


def load_cohort(folder: Path, supplied: Path | None = None) -> Pack | Register:
    """A programme or a register: whatever can say whom it is about."""
    reading = Reading()
    files = _files(reading, folder, supplied)
    texts = check_files(reading, files)
    if kind_of(Reading(), MANIFEST, texts.get(MANIFEST, "")) == "register":
        return _register(reading, files, texts)
    return _pack(reading, files, texts)


def read_whole(folder: Path, supplied: Path | None = None) -> dict[str, bytes]:
    """The files of a pack, sound or not, as far as they may be kept at all."""
    reading = Reading()
    files = _files(reading, folder, supplied)
    check_files(reading, files)
    if reading.is_refused:
        raise PackRefused(reading.problems)
    return files


def load_rules(folder: Path, supplied: Path | None = None) -> CohortRules:
    """The cohort rules of a folder alone; raises PackRefused with every problem in them."""
    reading = Reading()
    texts = check_files(reading, _files(reading, folder, supplied))
    if COHORT not in texts:
        reading.refuse(COHORT, None, None, "this file is missing or cannot be read.")
    rules = _cohort(reading, texts)
    if reading.is_refused or rules is None:
        raise PackRefused(reading.problems)
    return rules


def _files(reading: Reading, folder: Path, supplied: Path | None) -> dict[str, bytes]:
    """Every file of the folder, and those that its rules borrow."""
    files = read_folder(reading, folder)
    refuse_squatters(reading, files)
    cohort = files.get(COHORT, b"").decode(errors="replace")
    return files | borrow(reading, cohort, folder.parent / "shared", supplied, MOST_CODELIST_BYTES)


def from_files(files: Mapping[str, bytes]) -> Pack:
    """A programme from the files of a published version, as the database keeps them."""
    reading = Reading()
    return _pack(reading, dict(files), check_files(reading, files))


def _register(reading: Reading, files: dict[str, bytes], texts: Mapping[str, str]) -> Register:
    _check_names(reading, texts, OF_A_REGISTER)
    heading = read_heading(reading, MANIFEST, texts[MANIFEST])
    cohort = _cohort(reading, texts)
    if reading.is_refused or cohort is None:
        raise PackRefused(reading.problems)
    return Register(
        **vars(heading),
        cohort=cohort,
        files=files,
        content_hash=content_hash(files),
        warnings=reading.warnings,
    )


def _pack(reading: Reading, files: dict[str, bytes], texts: Mapping[str, str]) -> Pack:
    _check_names(reading, texts, NEEDED)

    def given(name: str) -> tuple[Reading, str, str]:
        """A file that is missing is said once; what would follow from it is not."""
        return (reading if name in texts else Reading()), name, texts.get(name, "")

    manifest = read_manifest(*given(MANIFEST))
    cohort = _cohort(reading, texts)
    questionnaire = read_questionnaire(*given(QUESTIONNAIRE))
    triage = _triage(reading, texts, questionnaire, cohort)
    routing = read_routing(*given(ROUTING), triage)
    check_translations(*given(QUESTIONNAIRE), manifest.languages)
    check_bands(reading, MANIFEST, manifest.bands, cohort)
    messages = read_messages(reading, texts, manifest)
    messages += read_written(reading, texts, manifest)
    call_script = read_prose(*given(CALL_SCRIPT), manifest.always, OF_A_SCRIPT)
    practice_card = read_prose(*given(PRACTICE_CARD), manifest.always, ("{phone}",))
    if reading.is_refused or cohort is None or questionnaire is None or triage is None:
        raise PackRefused(reading.problems)
    return Pack(
        **vars(manifest),
        cohort=cohort,
        questionnaire=questionnaire,
        triage=triage,
        routing=routing,
        messages=messages,
        call_script=call_script,
        practice_card=practice_card,
        call_scripts=_call_scripts(reading, texts, manifest) | {ENGLISH: call_script},
        files=files,
        content_hash=content_hash(files),
        warnings=reading.warnings,
    )


def _call_scripts(
    reading: Reading, texts: Mapping[str, str], manifest: Manifest
) -> dict[str, Prose]:
    """The call script in other languages, where somebody wrote one."""
    files = {each: f"messages/{each}/{CALL_SCRIPT}" for each in manifest.languages}
    return {
        each: read_prose(reading, file, texts[file], manifest.always_in(each), OF_A_SCRIPT[:1])
        for each, file in files.items()
        if file in texts
    }


def _check_names(reading: Reading, texts: Mapping[str, str], needed: tuple[str, ...]) -> None:
    for name in needed:
        if name not in texts:
            reading.refuse(name, None, None, "this file is missing or cannot be read.")
    for name in texts:
        if name not in needed and name != "README.md" and not name.startswith(FOLDERS):
            reading.warn(name, None, None, "nothing reads this file.")


def _cohort(reading: Reading, texts: Mapping[str, str]) -> CohortRules | None:
    if COHORT not in texts:
        return None
    codelists = {name: text for name, text in texts.items() if name.startswith(CODELISTS)}
    rules = read_rules(reading, texts[COHORT], codelists, COHORT)
    for group, lack in () if reading.is_refused else incomplete(rules):
        reading.warn(COHORT, None, group, lack)
    return rules


def _triage(
    reading: Reading,
    texts: Mapping[str, str],
    questionnaire: Questionnaire | None,
    cohort: CohortRules | None,
) -> TriageTable | None:
    if questionnaire is None or TRIAGE not in texts:
        return None
    items = {item.link_id: item for item in questionnaire.answered}
    groups = {group.name: group.title for group in cohort.groups} if cohort else {}
    works_out = WorksOut(questionnaire.form)
    sight = read_sight(reading, MANIFEST, texts.get(MANIFEST, ""), items, groups, works_out)
    return read_triage(reading, TRIAGE, texts[TRIAGE], questionnaire, sight)
