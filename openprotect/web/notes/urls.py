"""Addresses of notes, thanks and feedback."""

from django.urls import path

from openprotect.web.notes import feedback, leads, pages

app_name = "notes"
urlpatterns = [
    path("", pages.home, name="home"),
    path("<uuid:note_id>/read/", pages.read, name="read"),
    path("thanks/", leads.thanks, name="thanks"),
    path("waiting/", leads.waiting_teams, name="waiting"),
    path("waiting/<uuid:team_id>/<slug:about>/", leads.remind, name="remind"),
    path("wording/<slug:step>/", leads.wording, name="wording"),
    path("said/", feedback.said, name="said"),
    path("said/new/", feedback.new, name="feedback"),
    path("said/<uuid:feedback_id>/answer/", feedback.answered, name="answer"),
]
