"""`openprotect cohort runs [PACK]`: the runs that were made, the newest first."""

from collections.abc import Iterator

from openprotect.cohorts.models import Run

SHORT = 8  # of an id, which is enough to name a run by


def listed(pack: str | None, most: int) -> Iterator[str]:
    runs = Run.objects.filter(pack=pack) if pack else Run.objects.all()
    found = list(runs.newest_first()[:most])
    if not found:
        yield "no run was made yet"
    for each in found:
        yield (
            f"{short(each)}  {each.at:%Y-%m-%d %H:%M}  {each.pack} {each.pack_version}"
            f"  as of {each.as_of}  {each.found_count:>9,} found of {each.people:,}"
            f"  digest {each.digest[:12]}"
        )


def short(run: Run) -> str:
    return str(run.pk)[:SHORT]
