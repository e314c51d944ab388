"""From files to a pack, or to every reason why not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from openprotect.cohorts.rules import CohortRules
from openprotect.packs.cohort import read_rules
from openprotect.packs.files import check_files, content_hash, read_folder
from openprotect.packs.forms import read_questionnaire
from openprotect.packs.manifest import read_manifest
from openprotect.packs.messages import read_messages
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused, Reading
from openprotect.packs.prose import read_prose
from openprotect.packs.questionnaire import Questionnaire
from openprotect.packs.routing import read_routing
from openprotect.packs.triage import TriageTable
from openprotect.packs.triage_reading import read_triage

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
FOLDERS: Final = ("codelists/", "messages/", "examples/")


def load(folder: Path) -> Pack:
    """A pack from its folder; raises PackRefused with every problem found."""
    reading = Reading()
    return _pack(reading, read_folder(reading, folder))


def from_files(files: Mapping[str, bytes]) -> Pack:
    """A pack from the files of a published version, as the database keeps them."""
    return _pack(Reading(), dict(files))


def _pack(reading: Reading, files: dict[str, bytes]) -> Pack:
    texts = check_files(reading, files)
    _check_names(reading, texts)

    def given(name: str) -> tuple[Reading, str, str]:
        """A file that is missing is said once; what would follow from it is not."""
        return (reading if name in texts else Reading()), name, texts.get(name, "")

    manifest = read_manifest(*given(MANIFEST))
    cohort = _cohort(reading, texts)
    questionnaire = read_questionnaire(*given(QUESTIONNAIRE))
    triage = _triage(reading, texts, questionnaire)
    routing = read_routing(*given(ROUTING), triage)
    messages = read_messages(
        reading, texts, manifest.languages, manifest.always, manifest.link_domains
    )
    call_script = read_prose(*given(CALL_SCRIPT), manifest.always, ("999", "voicemail"))
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
        files=files,
        content_hash=content_hash(files),
        warnings=reading.warnings,
    )


def _check_names(reading: Reading, texts: Mapping[str, str]) -> None:
    for name in NEEDED:
        if name not in texts:
            reading.refuse(name, None, None, "this file is missing or cannot be read.")
    for name in texts:
        if name not in NEEDED and name != "README.md" and not name.startswith(FOLDERS):
            reading.warn(name, None, None, "nothing reads this file.")


def _cohort(reading: Reading, texts: Mapping[str, str]) -> CohortRules | None:
    if COHORT not in texts:
        return None
    codelists = {name: text for name, text in texts.items() if name.startswith("codelists/")}
    return read_rules(reading, texts[COHORT], codelists, COHORT)


def _triage(
    reading: Reading, texts: Mapping[str, str], questionnaire: Questionnaire | None
) -> TriageTable | None:
    if questionnaire is None or TRIAGE not in texts:
        return None
    return read_triage(reading, TRIAGE, texts[TRIAGE], questionnaire)
