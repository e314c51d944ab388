"""Addresses of the pages for records stewards."""

from django.urls import path

from openprotect.web.stewarding import deciding, pages, settling

app_name = "stewarding"
urlpatterns = [
    path("", pages.home, name="home"),
    path("rows/", settling.rows, name="rows"),
    path("rows/<uuid:row_id>/", settling.row, name="row"),
    path("pairs/", settling.pairs, name="pairs"),
    path("pairs/<uuid:pair_id>/", settling.pair, name="pair"),
    path("<uuid:import_id>/", pages.one, name="import"),
    path("<uuid:import_id>/where/", pages.where, name="where"),
    path("<uuid:import_id>/people/", pages.people, name="people"),
    path("<uuid:import_id>/approval/", deciding.approval, name="approval"),
    path("<uuid:import_id>/refusal/", deciding.refusal, name="refusal"),
    path("<uuid:import_id>/undoing/", deciding.undoing, name="undoing"),
]
