"""Addresses for people who came by a personal link. None but the first knows the token."""

from django.urls import path

from openprotect.web.checkin import (
    again,
    by_code,
    contact,
    front_door,
    helping,
    pages,
    sending,
    standing_in,
)

app_name = "checkin"
urlpatterns = [
    # A link may come cut off, or with the full stop of the sentence it stood in.
    path("c", front_door.start, {"token": ""}),
    path("c/", front_door.start, {"token": ""}),
    path("c/<path:token>", front_door.start, name="start"),
    path("code", by_code.page, name="code"),
    path("real", by_code.real, name="real"),
    path("check-in/contact", contact.home, name="contact"),
    path("check-in/contact/done/<slug:what>", contact.done, name="contact-done"),
    path("check-in/contact/stop", contact.stop, name="contact-stop"),
    path("check-in/contact/ring", contact.ring, name="contact-ring"),
    path("check-in/contact/details", contact.details, name="contact-details"),
    path("check-in/contact/needs", contact.needs, name="contact-needs"),
    path("check-in/contact/away", contact.away, name="contact-away"),
    path("check-in/contact/way", contact.way, name="contact-way"),
    path("check-in/for-someone", standing_in.page, name="stand-in"),
    path("check-in/did-it-help", helping.page, name="helped"),
    path("check-in/", pages.home, name="home"),
    path("check-in/again", again.page, name="again"),
    path("check-in/answers", sending.answers, name="answers"),
    path("check-in/help-now/<path:link_id>", pages.help_now, name="help-now"),
    path("check-in/q/<path:link_id>", pages.question, name="question"),
]
