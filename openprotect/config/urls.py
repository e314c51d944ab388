"""Every address of the service."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("openprotect.web.entry.urls")),
    path("demo/", include("openprotect.web.demo.urls")),
    path("design/", include("openprotect.web.design.urls")),
]
