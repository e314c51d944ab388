"""Addresses of the studio, where packs are read, written, tried and signed."""

from django.urls import path

from openprotect.web.studio import deciding, pages, proving, replaying, sheet, trying, writing

app_name = "studio"
urlpatterns = [
    path("", pages.home, name="home"),
    path("<slug:pack_key>/", pages.pack, name="pack"),
    path("<slug:pack_key>/try/", trying.try_it, name="try"),
    path("<slug:pack_key>/sheet.pdf", sheet.sheet, name="sheet"),
    path("<slug:pack_key>/cards/", proving.cards, name="cards"),
    path("<slug:pack_key>/difference/", proving.difference, name="difference"),
    path("<slug:pack_key>/replay/", replaying.replay, name="replay"),
    path("<slug:pack_key>/replay/people/", replaying.people, name="people"),
    path("<slug:pack_key>/draft/", writing.begin, name="begin"),
    path("<slug:pack_key>/rules/<slug:rule>/", writing.rule, name="rule"),
    path("<slug:pack_key>/files/", writing.file, name="file"),
    path("<slug:pack_key>/check/", deciding.check, name="check"),
    path("<slug:pack_key>/signature/", deciding.sign, name="sign"),
    path("<slug:pack_key>/publication/", deciding.publish, name="publish"),
]
