"""Publishing packs, running programmes, and adapting them locally within bounds."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.packs.pack import Pack
from openprotect.programmes.models import Adaptation, PackVersion, Programme
from openprotect.programmes.queries import pack_of


class NoSuchSetting(Refused):
    """The pack has no setting of that name."""


@transaction.atomic
def publish(pack: Pack, *, by: User | UUID | None, at: datetime) -> PackVersion:
    """Keep a pack as it is, whole and for ever. The same content again changes nothing."""
    known = PackVersion.objects.filter(content_hash=pack.content_hash).first()
    if known:
        return known
    if PackVersion.objects.filter(key=pack.key, version=pack.version).exists():
        raise Refused(f"Version {pack.version} of {pack.title} is published: give it a new number.")
    made = PackVersion.objects.create(
        key=pack.key,
        version=pack.version,
        title=pack.title,
        content_hash=pack.content_hash,
        files={name: content.decode() for name, content in pack.files.items()},
        published_at=at,
        published_by_id=by.pk if isinstance(by, User) else by,
    )
    record("pack.published", made.pk, by=by, at=at, version=pack.version)
    return made


@transaction.atomic
def launch(pack: PackVersion, *, by: User | UUID | None, at: datetime) -> Programme:
    """Put a published pack to work: a new programme, or the new version of one that runs."""
    content = pack_of(_Version(pack.pk))
    made, _ = Programme.objects.select_for_update(of=("self",)).get_or_create(
        key=pack.key,
        defaults={
            "title": content.title,
            "purpose": content.key,
            "aim": content.purpose,
            "sponsor": content.sponsor,
            "pack": pack,
        },
    )
    if made.pack_id == pack.pk and made.status == Programme.Status.LIVE:
        return made
    if made.status != Programme.Status.LIVE:
        made.move_to(Programme.Status.LIVE)
    made.pack, made.launched_at = pack, made.launched_at or at
    made.save()
    record("programme.launched", made.pk, by=by, at=at, programme_id=made.pk, pack=str(pack.pk))
    return made


class _Version:
    """Something that goes by a pack version, for `pack_of`."""

    def __init__(self, pack_id: UUID) -> None:
        self.pack_id = pack_id


@transaction.atomic
def adapt(
    programme: Programme,
    key: str,
    value: object,
    *,
    reason: str,
    viewer: Viewer,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Adaptation:
    """Change a setting for the people of the viewer's locality, from when until when.

    The pack's bounds hold. What held before ends as the new choice begins; after its end the
    central setting holds again. The same asked for twice is one.
    """
    known = pack_of(programme).settings.get(key)
    if known is None:
        raise NoSuchSetting("This programme has no such setting.")
    starts = max(starts_at or at, at)
    _check_words_and_dates(reason, starts, ends_at)
    checked = known.check(value)
    earlier = _choices(programme, key, viewer, still_at=starts).select_for_update()
    if same := earlier.filter(value=checked, starts_at__lte=starts, ends_at=ends_at).first():
        return same
    earlier.update(ends_at=Greatest(F("starts_at"), Value(starts)))
    made = Adaptation.objects.create(
        programme=programme,
        locality_id=viewer.organisation_id,
        setting=key,
        value=checked,
        reason=reason.strip(),
        owner_id=viewer.user_id,
        starts_at=starts,
        ends_at=ends_at,
    )
    _note_adapted("programme.adapted", made.pk, programme, key, viewer=viewer, at=at)
    return made


def _check_words_and_dates(reason: str, starts: datetime, ends: datetime | None) -> None:
    if not reason.strip():
        raise Refused("Say why, so that the other localities can learn from it.")
    if ends and ends <= starts:
        raise Refused("The last day must come after the first.")


def _choices(
    programme: Programme, key: str, viewer: Viewer, *, still_at: datetime
) -> QuerySet[Adaptation]:
    """What the viewer's locality chose for a setting and still holds, or is to hold, then."""
    return Adaptation.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=still_at),
        programme=programme,
        locality_id=viewer.organisation_id,
        setting=key,
    )


def _note_adapted(
    name: str, subject_id: UUID, programme: Programme, key: str, *, viewer: Viewer, at: datetime
) -> None:
    record(
        name,
        subject_id,
        by=viewer.user_id,
        at=at,
        programme_id=programme.pk,
        setting=key,
        locality=str(viewer.organisation_id),
    )


@transaction.atomic
def undo_adaptation(programme: Programme, key: str, *, viewer: Viewer, at: datetime) -> None:
    """Go back to the central setting at once, and give up what was planned; twice is once."""
    held = _choices(programme, key, viewer, still_at=at)
    if held.update(ends_at=Greatest(F("starts_at"), Value(at))):
        _note_adapted(
            "programme.adaptation_ended", programme.pk, programme, key, viewer=viewer, at=at
        )


@transaction.atomic
def stop_sending(programme: Programme, *, viewer: Viewer, at: datetime) -> None:
    """The stop button: nothing leaves for this programme until sending is resumed."""
    stopped = Programme.objects.filter(pk=programme.pk, sending_stopped_at=None)
    if stopped.update(sending_stopped_at=at):
        _note_sending("programme.sending_stopped", programme, viewer=viewer, at=at)


@transaction.atomic
def resume_sending(programme: Programme, *, viewer: Viewer, at: datetime) -> None:
    """Let messages go again; what was due meanwhile goes now, if it is still wanted."""
    stopped = Programme.objects.filter(pk=programme.pk, sending_stopped_at__isnull=False)
    if stopped.update(sending_stopped_at=None):
        _note_sending("programme.sending_resumed", programme, viewer=viewer, at=at)


def _note_sending(name: str, programme: Programme, *, viewer: Viewer, at: datetime) -> None:
    record(name, programme.pk, by=viewer.user_id, at=at, programme_id=programme.pk)
