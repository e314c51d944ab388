"""Addresses of the pages for leads, central and local."""

from django.urls import path

from openprotect.web.leading import adapting, pages, sending

app_name = "leading"
urlpatterns = [
    path("", pages.grip, name="grip"),
    path("places/<uuid:place_id>/", pages.place, name="place"),
    path("reviews/", pages.reviews, name="reviews"),
    path("ours/", pages.ours, name="ours"),
    path("<uuid:programme_id>/", pages.programme, name="programme"),
    path("<uuid:programme_id>/sending/", sending.sending, name="sending"),
    path("<uuid:programme_id>/adapt/<slug:key>/", adapting.adapt, name="adapt"),
    path("<uuid:programme_id>/adapt/<slug:key>/undo/", adapting.undo, name="undo"),
]
