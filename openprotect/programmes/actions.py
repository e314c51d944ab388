"""Publishing packs, running programmes, and adapting them locally within bounds."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.models import User
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.packs.pack import Pack
from openprotect.places.models import Organisation
from openprotect.programmes.models import Adaptation, PackVersion, Programme
from openprotect.programmes.queries import in_force, pack_of


class NoSuchSetting(Refused):
    """The pack has no setting of that name."""


@transaction.atomic
def publish(pack: Pack, *, by: User | None, at: datetime) -> PackVersion:
    """Keep a pack as it is, whole and for ever. Publishing the same content again changes nothing."""
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
        published_by=by,
    )
    record("pack.published", made.pk, by=by, at=at, version=pack.version)
    return made


@transaction.atomic
def launch(pack: PackVersion, *, by: User | None, at: datetime) -> Programme:
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
    locality: Organisation,
    reason: str,
    by: User,
    at: datetime,
) -> Adaptation:
    """Change a setting for one locality's people. The pack's bounds hold; the last change ends."""
    known = pack_of(programme).settings.get(key)
    if known is None:
        raise NoSuchSetting("This programme has no such setting.")
    if not reason.strip():
        raise Refused("Say why, so that the other localities can learn from it.")
    checked = known.check(value)
    now = Adaptation.objects.select_for_update().filter(
        programme=programme, locality=locality, setting=key, ends_at=None
    )
    if same := now.filter(value=checked).first():
        return same
    now.update(ends_at=at)
    made = Adaptation.objects.create(
        programme=programme,
        locality=locality,
        setting=key,
        value=checked,
        reason=reason.strip(),
        owner=by,
        starts_at=at,
    )
    record(
        "programme.adapted",
        made.pk,
        by=by,
        at=at,
        programme_id=programme.pk,
        setting=key,
        locality=str(locality.pk),
    )
    return made


@transaction.atomic
def undo_adaptation(
    programme: Programme, key: str, *, locality: Organisation, by: User, at: datetime
) -> None:
    """Go back to the central setting; asked for twice, nothing more happens."""
    ended = Adaptation.objects.filter(
        in_force(at), programme=programme, locality=locality, setting=key, ends_at=None
    ).update(ends_at=at)
    if ended:
        record(
            "programme.adaptation_ended", programme.pk, by=by, at=at, programme_id=programme.pk,
            setting=key, locality=str(locality.pk),
        )


@transaction.atomic
def stop_sending(programme: Programme, *, by: User, at: datetime) -> None:
    """The stop button: nothing leaves for this programme until sending is resumed."""
    stopped = Programme.objects.filter(pk=programme.pk, sending_stopped_at=None)
    if stopped.update(sending_stopped_at=at):
        record("programme.sending_stopped", programme.pk, by=by, at=at, programme_id=programme.pk)


@transaction.atomic
def resume_sending(programme: Programme, *, by: User, at: datetime) -> None:
    """Let messages go again; what was due meanwhile goes now, if it is still wanted."""
    stopped = Programme.objects.filter(pk=programme.pk, sending_stopped_at__isnull=False)
    if stopped.update(sending_stopped_at=None):
        record("programme.sending_resumed", programme.pk, by=by, at=at, programme_id=programme.pk)
