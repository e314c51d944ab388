"""Which pack and which run a command means."""

import re

from django.conf import settings

from openprotect.base.refusals import Refused
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.packs import Pack, Register, load_cohort
from openprotect.packs.borrowed import refuse_blind
from openprotect.programmes import queries as programmes

LATEST = "latest"
BEGINNING = re.compile(r"[0-9a-f-]{4,36}")


def pack_called(key: str | None) -> Pack | Register:
    """A pack by its key: the version that is live, or the one in the folder while none is.

    Nobody need name the only programme that is live.
    """
    if key is None:
        key = _only_live()
    live = programmes.programme(key)
    if live:
        return programmes.pack_of(live)
    if not (settings.OPENPROTECT.packs / key / "pack.toml").is_file():
        raise Refused(f"There is no pack called {key[:40]!r}.")
    return load_cohort(settings.OPENPROTECT.packs / key, settings.OPENPROTECT.codelists)


def _only_live() -> str:
    keys = [each.key for each in programmes.live_programmes()]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise Refused(f"Several programmes are live: name one of {', '.join(keys)}.")
    raise Refused("No programme is live: name a pack.")


def rules_of(pack: Pack | Register) -> CohortRules:
    refuse_blind(pack.cohort)
    return pack.cohort


def run_called(name: str, pack: str | None = None) -> Run:
    """A run by the beginning of its id, the latest of the pack of this name, or the latest of all.

    Of one pack alone, if `pack` names it.
    """
    runs = Run.objects.filter(pack=pack) if pack else Run.objects.all()
    if name == LATEST:
        found = list(runs.newest_first()[:1])
    else:
        named = name.lower()
        found = list(runs.filter(id__startswith=named)[:2]) if BEGINNING.fullmatch(named) else []
        found = found or list(runs.filter(pack=name).newest_first()[:1])
    if len(found) == 1:
        return found[0]
    what = "Several runs begin with" if found else "There is no run called"
    raise Refused(f"{what} {name[:40]!r}: `openprotect cohort runs` lists them.")
