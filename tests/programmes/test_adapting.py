"""A locality may choose within the pack's bounds: for its own people, with a reason and dates."""

from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.programmes.actions import NoSuchSetting, adapt, undo_adaptation
from openprotect.programmes.models import Adaptation
from openprotect.programmes.queries import differences, held_settings, planned_differences, setting
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
KEY = "misses_before_call"
DAY = timedelta(days=1)


def chosen(value=3, *, key=KEY, reason="Few have signal here", where=None, at=NOON, **dates):
    """What a locality chose, as someone of its team."""
    someone = given.user("LOCALITY", where or given.area().locality)
    with given.acting(someone) as viewer:
        return adapt(given.programme(), key, value, reason=reason, viewer=viewer, at=at, **dates)


def holds(*, at=NOON, practice=None):
    return setting(given.programme(), KEY, practice=practice or given.area().practice, at=at)


def test_without_a_choice_the_packs_own_value_holds(worker):
    assert holds() == 2


def test_a_choice_holds_for_the_localitys_people(worker):
    chosen(3)

    assert holds() == 3


def test_a_choice_changes_nothing_for_another_localitys_people(worker):
    elsewhere = given.practice("FAR", locality=given.locality("LO2"))
    chosen(3)

    assert holds(practice=elsewhere) == 2


@pytest.mark.parametrize(("value", "fits"), [(0, False), (1, True), (5, True), (6, False)])
def test_the_packs_bounds_hold(worker, value, fits):
    try:
        chosen(value)
    except Refused:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize("value", ["often", None, True, 2.5])
def test_what_is_no_number_is_refused(worker, value):
    with pytest.raises(Refused):
        chosen(value)


def test_a_locked_setting_is_refused(worker):
    with pytest.raises(Refused):
        chosen("10:00", key="checkin_opens")


def test_a_setting_that_the_pack_does_not_have_is_refused(worker):
    with pytest.raises(NoSuchSetting):
        chosen(key="colour")


def test_a_reason_is_needed(worker):
    with pytest.raises(Refused, match="Say why"):
        chosen(reason="  ")


def test_chosen_again_it_is_one_choice_and_said_once(worker):
    assert chosen() == chosen()
    assert Event.objects.filter(name="programme.adapted").count() == 1


def test_a_new_choice_ends_the_one_before(worker):
    chosen(3)

    chosen(4, at=NOON + DAY)

    assert (holds(), holds(at=NOON + DAY)) == (3, 4)
    assert Adaptation.objects.filter(ends_at=None).count() == 1


def test_a_choice_for_a_while_ends_by_itself(worker):
    chosen(3, ends_at=NOON + 2 * DAY)

    assert (holds(at=NOON + DAY), holds(at=NOON + 2 * DAY)) == (3, 2)


def test_a_choice_for_later_does_not_hold_yet(worker):
    chosen(3, starts_at=NOON + DAY)

    assert (holds(), holds(at=NOON + DAY)) == (2, 3)
    assert planned_differences(given.programme(), at=NOON)[0].value == 3


def test_a_choice_cannot_begin_in_the_past(worker):
    made = chosen(3, starts_at=NOON - 9 * DAY)

    assert made.starts_at == NOON


def test_a_choice_that_ends_before_it_begins_is_refused(worker):
    with pytest.raises(Refused, match="last day"):
        chosen(3, ends_at=NOON)


def test_going_back_to_the_centre_is_said_once(worker):
    chosen(3)
    someone = given.user("LOCALITY", given.area().locality)

    with given.acting(someone) as viewer:
        for _ in range(2):
            undo_adaptation(given.programme(), KEY, viewer=viewer, at=NOON + DAY)

    assert holds(at=NOON + DAY) == 2
    assert Event.objects.filter(name="programme.adaptation_ended").count() == 1


def test_the_programme_shows_who_differs_and_why(worker):
    chosen(3)

    (difference,) = differences(given.programme(), at=NOON)
    assert (difference.locality, difference.default, difference.value, difference.reason) == (
        given.area().locality.name,
        2,
        3,
        "Few have signal here",
    )


def test_every_setting_is_listed_with_who_differs(worker):
    locality = given.area().locality
    chosen(3)
    chosen(4, starts_at=NOON + DAY)

    held = next(
        each for each in held_settings(given.programme(), at=NOON) if each.setting.key == KEY
    )
    assert held.of(locality.pk).value == 3
    assert held.planned_by(locality.pk).value == 4


@pytest.mark.parametrize("role", ["PRACTICE", "LEAD", "SURVEILLANCE", "CALLER"])
def test_nobody_but_a_locality_adapts(worker, role):
    programme = given.programme()

    with given.acting(given.user(role)) as viewer, row_security_refuses():
        adapt(programme, KEY, 3, reason="why", viewer=viewer, at=NOON)


def adaptation(**given_):
    return Adaptation.objects.create(
        **{
            "programme": given.programme(),
            "locality": given.area().locality,
            "setting": KEY,
            "value": 3,
            "reason": "why",
            "owner": given.user("LOCALITY"),
            "starts_at": NOON,
        }
        | given_
    )


def test_the_database_refuses_two_choices_that_hold_at_once(worker):
    adaptation()

    with the_database_refuses("one_adaptation_of_a_setting_at_a_time"):
        adaptation()


def test_the_database_refuses_a_choice_that_ends_before_it_starts(worker):
    with the_database_refuses("adaptation_ends_after_it_starts"):
        adaptation(ends_at=NOON - DAY)


def test_the_database_refuses_a_choice_without_a_reason(worker):
    with the_database_refuses("adaptation_has_a_reason"):
        adaptation(reason="")
