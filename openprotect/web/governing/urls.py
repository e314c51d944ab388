"""Addresses of the pages for information governance."""

from django.urls import path

from openprotect.web.governing import pages

app_name = "governing"
urlpatterns = [
    path("", pages.home, name="home"),
    path("access/", pages.access, name="access"),
]
