"""The pack that nearly every test runs on: parsed once, and published in the suite's database."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from openprotect.packs import load
from openprotect.programmes.models import PackVersion

PACKS = Path(__file__).parents[1] / "packs"


@cache
def covid_protect():
    return load(PACKS / "covid-protect")


def pack_version():
    """As it stands in the database, but for its files, which few tests read."""
    known = PackVersion.objects.defer("files").filter(content_hash=covid_protect().content_hash)
    return known.first() or publish(at=datetime.now(UTC))


def publish(*, at, using="default"):
    pack = covid_protect()
    return PackVersion.objects.using(using).create(
        key=pack.key,
        version=pack.version,
        title=pack.title,
        content_hash=pack.content_hash,
        files={name: content.decode() for name, content in pack.files.items()},
        published_at=at,
    )
