"""Addresses of the triage desk."""

from django.urls import path

from openprotect.web.triage import acting, handing_over, helping, pages, procedures

app_name = "triage"
urlpatterns = [
    path("", pages.worklist, name="worklist"),
    path("accepted/", acting.acceptances, name="acceptances"),
    path("pulse/", pages.pulse, name="pulse"),
    path("did-it-help/", helping.helped, name="helped"),
    path("procedures/", procedures.kinds, name="procedures"),
    path("procedures/<slug:kind>/", procedures.of_a_kind, name="procedure"),
    path("<uuid:alert_id>/medicines/", procedures.medicines, name="medicines"),
    path("<uuid:alert_id>/", pages.case, name="case"),
    path("<uuid:alert_id>/acceptance/", acting.acceptance, name="acceptance"),
    path("<uuid:alert_id>/closure/", acting.closure, name="closure"),
    path("<uuid:alert_id>/handover/", handing_over.handover, name="handover"),
    path("<uuid:alert_id>/declining/", handing_over.declining, name="declining"),
    path("<uuid:alert_id>/reopening/", handing_over.reopening, name="reopening"),
]
