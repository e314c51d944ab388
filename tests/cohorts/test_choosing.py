import pytest

from openprotect.base.refusals import Refused
from openprotect.cli.cohorts.choosing import pack_called
from openprotect.programmes.models import Programme
from tests import given


def test_the_only_live_programme_need_not_be_named(worker):
    given.programme()

    assert pack_called(None).key == "covid-protect"


def test_of_several_live_programmes_one_must_be_named(worker):
    given.programme()
    second = Programme.objects.get()
    second.pk, second.key = None, "second"
    second.save(force_insert=True)

    with pytest.raises(Refused, match="name one of covid-protect, second"):
        pack_called(None)


def test_a_pack_that_is_not_there_is_refused(worker):
    with pytest.raises(Refused, match="There is no pack called 'no-such'"):
        pack_called("no-such")
