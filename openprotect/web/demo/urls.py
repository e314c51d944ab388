"""Addresses that exist in a demonstration only."""

from django.urls import path

from openprotect.web.demo import pages

app_name = "demo"
urlpatterns = [
    path("", pages.start, name="start"),
    path("be/<slug:login>", pages.be, name="be"),
    path("clock", pages.move_clock, name="clock"),
    path("outbox", pages.outbox, name="outbox"),
]
