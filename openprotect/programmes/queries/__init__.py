"""Reading programmes: the pack at work, settings as they hold in a place, and who differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.packs.pack import Pack
from openprotect.packs.settings import Setting
from openprotect.places import queries as places
from openprotect.places.models import Organisation
from openprotect.programmes.models import Adaptation, PackVersion, Programme
from openprotect.programmes.queries.unpacking import unpacked

LOCAL = ZoneInfo("Europe/London")


@lru_cache(maxsize=16)
def _unpacked(version_id: UUID) -> Pack:
    """Versions of the same content are one pack, parsed once."""
    return unpacked(*PackVersion.objects.values_list("files", "content_hash").get(pk=version_id))


def pack_of(thing: object) -> Pack:
    """The pack version that a programme, check-in, response or alert goes by; parsed once."""
    version_id: UUID = thing.pack_id  # type: ignore[attr-defined]
    return _unpacked(version_id)


def pack_version(version_id: UUID) -> Pack:
    """A published pack by the id of its version; parsed once."""
    return _unpacked(version_id)


def version_files(key: str, version: str) -> Mapping[str, str] | None:
    """The files of a published version."""
    known = PackVersion.objects.filter(key=key, version=version)
    return known.values_list("files", flat=True).first()


def version_of(key: str, version: str) -> UUID | None:
    """The id of a published version of a pack."""
    known = PackVersion.objects.filter(key=key, version=version)
    return known.values_list("pk", flat=True).first()


def published(content_hash: str) -> Pack | None:
    """The version of a pack with just this content, if it was ever published."""
    known = PackVersion.objects.filter(content_hash=content_hash).values_list("pk", flat=True)
    version_id = known.first()
    return _unpacked(version_id) if version_id else None


def phone_to_ring() -> str:
    """The number for someone of whom nothing is known: that of the programme launched first."""
    launched = Programme.objects.filter(launched_at__isnull=False).order_by("launched_at", "id")
    first = launched.first()
    return pack_of(first).phone if first else ""


def programme(key: str) -> Programme | None:
    return _with_version().filter(key=key).first()


def _with_version() -> QuerySet[Programme]:
    """Beside each programme its version, but for the files, which are read once and kept."""
    return Programme.objects.select_related("pack").defer("pack__files")


def title_of_purpose(purpose: str) -> str:
    """What people call the programme that a purpose stands for; empty when there is none."""
    named = Programme.objects.filter(purpose=purpose).order_by("key")
    return named.values_list("title", flat=True).first() or ""


def visible_to(viewer: Viewer) -> QuerySet[Programme]:
    """The programmes that someone's purpose is about; they name no person."""
    return _with_version().filter(purpose=viewer.purpose).order_by("key")


def live_programmes() -> QuerySet[Programme]:
    return Programme.objects.filter(status=Programme.Status.LIVE).order_by("key")


def in_force(at: datetime) -> Q:
    """Adaptations that hold at an instant."""
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def setting(programme: Programme, key: str, *, practice: Organisation, at: datetime) -> object:
    """What a setting is for a practice's people: its locality's choice, else the pack's default."""
    return settings(programme, key, at=at).for_practice(practice.pk)


@dataclass(frozen=True)
class Chosen:
    """One setting everywhere: the default, and what each locality chose instead."""

    default: object
    by_locality: Mapping[UUID, object]
    locality_of: Mapping[UUID, UUID]

    def for_practice(self, practice_id: UUID) -> object:
        locality = self.locality_of.get(practice_id)
        return self.by_locality.get(locality, self.default) if locality else self.default

    def number(self, practice_id: UUID) -> int:
        return int(str(self.for_practice(practice_id)))

    def most(self) -> int:
        """The highest number that any place goes by."""
        return max(int(str(each)) for each in (self.default, *self.by_locality.values()))

    def where_not(self, value: object) -> list[UUID]:
        """The practices for which a locality chose something else than this value."""
        return [each for each in self.locality_of if self.for_practice(each) != value]


def settings(programme: Programme, key: str, *, at: datetime) -> Chosen:
    """A setting for the whole programme in two queries, for chores that go through many people."""
    chosen = Adaptation.objects.filter(in_force(at), programme=programme, setting=key)
    return Chosen(
        pack_of(programme).settings[key].default,
        dict(chosen.values_list("locality_id", "value")),
        places.locality_by_practice(at.date()),
    )


@dataclass(frozen=True)
class Difference:
    """A setting that one locality changed: from what to what, who, why, from when until when."""

    id: UUID
    locality_id: UUID
    locality: str
    key: str
    title: str
    default: object
    value: object
    owner: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds at all."""
        if self.ends_at is None:
            return None
        return (self.ends_at - timedelta(microseconds=1)).astimezone(LOCAL).date()


def differences(programme: Programme, *, at: datetime) -> list[Difference]:
    """Where localities differ from the central design now, by setting and locality."""
    return _differences(programme, in_force(at))


def planned_differences(programme: Programme, *, at: datetime) -> list[Difference]:
    """Where localities will differ from a later day on."""
    later = Q(starts_at__gt=at) & (Q(ends_at=None) | Q(ends_at__gt=F("starts_at")))
    return _differences(programme, later)


def _differences(programme: Programme, which: Q) -> list[Difference]:
    known = pack_of(programme).settings
    changed = Adaptation.objects.filter(which, programme=programme, setting__in=known)
    return [
        Difference(
            each.pk,
            each.locality_id,
            each.locality.name,
            each.setting,
            known[each.setting].title,
            known[each.setting].default,
            each.value,
            each.owner.name,
            each.reason,
            each.starts_at,
            each.ends_at,
        )
        for each in changed.select_related("locality", "owner").order_by(
            "setting", "locality__name", "starts_at", "id"
        )
    ]


@dataclass(frozen=True)
class Held:
    """One setting of a programme: what the pack says, and who differs now or later."""

    setting: Setting
    now: tuple[Difference, ...]
    later: tuple[Difference, ...]

    def of(self, locality_id: UUID) -> Difference | None:
        """What a locality chose instead, as it holds now."""
        return next((each for each in self.now if each.locality_id == locality_id), None)

    def planned_by(self, locality_id: UUID) -> Difference | None:
        return next((each for each in self.later if each.locality_id == locality_id), None)


def held_settings(programme: Programme, *, at: datetime) -> list[Held]:
    """Every setting of a programme, those that localities may change first."""
    now, later = differences(programme, at=at), planned_differences(programme, at=at)
    known = sorted(pack_of(programme).settings.values(), key=lambda each: each.latitude == "locked")
    return [
        Held(
            each,
            tuple(one for one in now if one.key == each.key),
            tuple(one for one in later if one.key == each.key),
        )
        for each in known
    ]
