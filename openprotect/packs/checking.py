"""What an author sees of a pack: is it sound, and what is wrong where?"""

from dataclasses import dataclass
from pathlib import Path

from openprotect.packs.doubts import doubts
from openprotect.packs.loading import load_cohort
from openprotect.packs.pack import Pack, Register
from openprotect.packs.problems import PackRefused


@dataclass(frozen=True)
class Verdict:
    """Lines to print, and whether all is well."""

    lines: tuple[str, ...]
    is_well: bool

    @property
    def exit_code(self) -> int:
        return 0 if self.is_well else 1


def check_folder(folder: Path, supplied: Path | None = None) -> Verdict:
    """Each problem as file:row:column, then one line that says whether the pack may be used."""
    try:
        pack = load_cohort(folder, supplied)
    except PackRefused as refusal:
        problems = [str(problem) for problem in refusal.problems]
        return Verdict((*problems, f"{folder.name}: refused, {len(problems)} to look at"), False)
    found = (*pack.warnings, *(doubts(pack) if isinstance(pack, Pack) else ()))
    warnings = tuple(str(problem) for problem in found)
    texts = _costs(pack) if isinstance(pack, Pack) else ()
    return Verdict((*warnings, *texts, f"{named(pack)}: sound, {len(warnings)} warnings"), True)


def _costs(pack: Pack) -> tuple[str, ...]:
    """What each text costs that costs more than one: one line for each language."""
    dear: dict[str, list[str]] = {}
    for each in pack.messages:
        if each.channel == "text" and each.parts > 1:
            dear.setdefault(each.language, []).append(f"{each.name} costs {each.cost}")
    return tuple(f"texts in {tag}: {', '.join(said)}" for tag, said in dear.items())


def named(pack: Pack | Register) -> str:
    return f"{pack.key} {pack.version} ({pack.content_hash[:12]})"
