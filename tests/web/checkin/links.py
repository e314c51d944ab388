"""Every way in which a personal link can be of no use. Each gives the token to try."""

from datetime import timedelta

from openprotect.base.clock import now
from openprotect.checkins.models import Checkin, Link
from openprotect.people.actions.choosing import choose
from openprotect.people.models import Choice
from openprotect.people.models import Person as OnRecord
from tests import given


def unknown(token, checkin):
    return given.random_token()


def cut(token, checkin):
    return token[:-1]


def cut_to_nothing(token, checkin):
    return ""


def upper_cased(token, checkin):
    return token.upper()


def encoded_nonsense(token, checkin):
    return "%00%ff%2e%2e%2f" + token


def expired(token, checkin):
    Link.objects.filter(checkin=checkin).update(valid_until=now() - timedelta(seconds=1))
    return token


def closed(token, checkin):
    Checkin.objects.filter(pk=checkin.pk).update(closes_at=now() - timedelta(seconds=1))
    return token


def used(token, checkin):
    Checkin.objects.filter(pk=checkin.pk).update(status="ANSWERED", answered_at=now())
    return token


def missed(token, checkin):
    Checkin.objects.filter(pk=checkin.pk).update(status="MISSED")
    return token


def cancelled(token, checkin):
    Checkin.objects.filter(pk=checkin.pk).update(status="CANCELLED")
    return token


def dead(token, checkin):
    OnRecord.objects.filter(pk=checkin.person_id).update(died_on=now().date())
    return token


def stopped(token, checkin):
    OnRecord.objects.filter(pk=checkin.person_id).update(has_stopped_contact=True)
    return token


def restricted(token, checkin):
    OnRecord.objects.filter(pk=checkin.person_id).update(is_restricted=True)
    return token


def locked(token, checkin):
    Link.objects.filter(checkin=checkin).update(locked_at=now(), wrong_tries=5)
    return token


def paused(token, checkin):
    programme = checkin.programme
    programme.status = "PAUSED"
    programme.save()
    return token


def refused_everything(token, checkin):
    choose(checkin.person_id, Choice.Answer.REFUSED, via="LINK", at=now())
    return token


def refused_the_programme(token, checkin):
    choose(
        checkin.person_id,
        Choice.Answer.REFUSED,
        programme_id=checkin.programme_id,
        via="LINK",
        at=now(),
    )
    return token


STATES = [unknown, cut, cut_to_nothing, upper_cased, encoded_nonsense, expired, closed, used]
STATES += [missed, cancelled, dead, stopped, restricted, locked, paused]
STATES += [refused_everything, refused_the_programme]
