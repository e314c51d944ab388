"""Addresses of coming in and going out; without a name of their own, every page may lead here."""

from django.urls import path

from openprotect.web.entry import pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("home", pages.home, name="home"),
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("role", pages.role, name="role"),
    path("health", pages.health, name="health"),
]
