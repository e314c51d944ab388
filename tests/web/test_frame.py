"""What stands around every staff page."""

import re

import pytest
from django.db import connection
from django.test import RequestFactory

from openprotect.accounts.rules import Role
from openprotect.pathway.rounds import ROUND, beat
from openprotect.web.frame import MENUS, frame
from tests import given

pytestmark = pytest.mark.django_db


def framed(someone, current=""):
    with given.acting(someone) as viewer:
        request = RequestFactory().get("/")
        request.viewer = viewer
        return frame(request, current=current)


def test_the_top_line_says_who_where_in_which_role_and_for_what(worker):
    someone = given.user("CALLER")

    top = framed(someone)["viewer"]

    assert (top.name, top.organisation, top.role) == (someone.name, "Sys", "call handler")
    assert top.purpose == "COVID-19 Protect"


def test_one_role_is_not_offered_to_be_changed(worker):
    assert framed(given.user("CALLER"))["viewer"].change_url == ""


def test_every_role_of_staff_has_a_menu():
    without = {Role.PERSON, Role.WORKER, Role.CLIENT, Role.TASK}

    assert set(MENUS) == set(Role) - without


def test_working_background_work_gives_no_alarm(worker):
    beat(ROUND)

    assert framed(given.user("LEAD"))["alarm"] == ""


def test_background_work_that_never_ran_is_said_aloud(worker):
    assert framed(given.user("LEAD"))["alarm"].startswith("Background work has not run yet.")


def test_stopped_background_work_says_since_when(worker):
    beat(ROUND)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pathway_heartbeat SET at = at - interval '2 hours'")

    alarm = framed(given.user("LEAD"))["alarm"]

    assert re.match(r"Background work stopped 2 h ago \(\d\d:\d\d\)\.", alarm)


def test_the_frame_costs_three_queries(worker, django_assert_num_queries):
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        request = RequestFactory().get("/")
        request.viewer = viewer
        with django_assert_num_queries(3):
            frame(request, current="alerts")
