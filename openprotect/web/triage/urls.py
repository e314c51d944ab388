"""Addresses of the triage desk."""

from django.urls import path

from openprotect.web.triage import acting, handing_over, pages

app_name = "triage"
urlpatterns = [
    path("", pages.worklist, name="worklist"),
    path("<uuid:alert_id>/", pages.case, name="case"),
    path("<uuid:alert_id>/acceptance/", acting.acceptance, name="acceptance"),
    path("<uuid:alert_id>/closure/", acting.closure, name="closure"),
    path("<uuid:alert_id>/handover/", handing_over.handover, name="handover"),
]
