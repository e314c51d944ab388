"""Addresses of the call floor."""

from django.urls import path

from openprotect.web.calling import again, emergency, ending, helping, pages, questions

app_name = "calling"
urlpatterns = [
    path("", pages.home, name="home"),
    path("next/", pages.take_next, name="next"),
    path("<uuid:call_id>/", pages.ring, name="ring"),
    path("<uuid:call_id>/note/", questions.note, name="note"),
    path("<uuid:call_id>/back/", pages.put_back, name="back"),
    path("<uuid:call_id>/questions/", questions.begin, name="questions"),
    path("<uuid:call_id>/again/", again.page, name="again"),
    path("<uuid:call_id>/questions/<int:number>/", questions.question, name="question"),
    path("<uuid:call_id>/emergency/", emergency.stop, name="emergency"),
    path("<uuid:call_id>/emergency/address/", emergency.address, name="address"),
    path("<uuid:call_id>/did-it-help/", helping.helped, name="helped"),
    path("<uuid:call_id>/outcome/", ending.outcome, name="outcome"),
]
