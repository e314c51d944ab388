"""Addresses of the pages for leads, central and local."""

from django.urls import path

from openprotect.web.leading import adapting, climbed, gripping, pages, runs, sending, teams, trying

app_name = "leading"
urlpatterns = [
    path("", gripping.grip, name="grip"),
    path("places/<uuid:place_id>/", gripping.place, name="place"),
    path("reviews/", pages.reviews, name="reviews"),
    path("behind/<slug:figure>/", gripping.behind, name="behind"),
    path("climbed/", climbed.climbed, name="climbed"),
    path("climbed/<uuid:team_id>/", climbed.call_on, name="call-on"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<uuid:team_id>/", teams.team, name="team"),
    path("teams/<uuid:team_id>/hours/", teams.hours, name="team-hours"),
    path("teams/<uuid:team_id>/day/", teams.special_day, name="team-day"),
    path("teams/<uuid:team_id>/rota/", teams.rota, name="team-rota"),
    path("runs/", runs.all_runs, name="runs"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("runs/<uuid:run_id>/tables.csv", runs.run_file, name="run-file"),
    path("runs/<uuid:run_id>/changes/", runs.difference, name="difference"),
    path("runs/<uuid:run_id>/changes.csv", runs.difference_file, name="difference-file"),
    path("runs/<uuid:run_id>/changes/people/", runs.people, name="changed"),
    path("try/", trying.try_a_rule, name="try"),
    path("ours/", pages.ours, name="ours"),
    path("<uuid:programme_id>/", pages.programme, name="programme"),
    path("<uuid:programme_id>/sending/", sending.sending, name="sending"),
    path("<uuid:programme_id>/adapt/<slug:key>/", adapting.adapt, name="adapt"),
    path("<uuid:programme_id>/adapt/<slug:key>/undo/", adapting.undo, name="undo"),
]
