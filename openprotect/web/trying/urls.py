"""Addresses of the pages on which a form is tried."""

from django.urls import path

from openprotect.web.trying import pages

app_name = "trying"
urlpatterns = [
    path("", pages.choose, name="choose"),
    path("asked/", pages.ask, name="ask"),
    path("paper.pdf", pages.paper, name="paper"),
]
