"""Addresses for people who came by a personal link. None but the first knows the token."""

from django.urls import path

from openprotect.web.checkin import front_door, pages, sending

app_name = "checkin"
urlpatterns = [
    # A link may come cut off, or with the full stop of the sentence it stood in.
    path("c", front_door.start, {"token": ""}),
    path("c/", front_door.start, {"token": ""}),
    path("c/<path:token>", front_door.start, name="start"),
    path("check-in/", pages.home, name="home"),
    path("check-in/answers", sending.answers, name="answers"),
    path("check-in/help-now/<path:link_id>", pages.help_now, name="help-now"),
    path("check-in/q/<path:link_id>", pages.question, name="question"),
]
