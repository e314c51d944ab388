"""Every address of the service."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("openprotect.web.entry.urls")),
    path("calls/", include("openprotect.web.calling.urls")),
    path("", include("openprotect.web.checkin.urls")),
    path("alerts/", include("openprotect.web.triage.urls")),
    path("demo/", include("openprotect.web.demo.urls")),
    path("forms/", include("openprotect.web.trying.urls")),
    path("design/", include("openprotect.web.design.urls")),
    path("inbound/", include("openprotect.web.inbound.urls")),
    path("governance/", include("openprotect.web.governing.urls")),
    path("programme/", include("openprotect.web.leading.urls")),
    path("records/", include("openprotect.web.stewarding.urls")),
    path("floor/", include("openprotect.web.supervising.urls")),
    path("", include("openprotect.web.partners.urls")),
    path("api/", include("openprotect.api.urls")),
    path("practice/", include("openprotect.web.practice.urls")),
    path("notes/", include("openprotect.web.notes.urls")),
    path("reaching/", include("openprotect.web.reaching.urls")),
    path("studio/", include("openprotect.web.studio.urls")),
]

ERRORS = "openprotect.web.design.errors"
handler400 = f"{ERRORS}.bad_request"
handler403 = f"{ERRORS}.forbidden"
handler404 = f"{ERRORS}.not_found"
handler500 = f"{ERRORS}.broken"
