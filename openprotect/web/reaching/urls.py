"""Addresses of looking for people, and of how each of them is reached."""

from django.urls import path

from openprotect.web.reaching import equity, one, paper, person, worklist

app_name = "reaching"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("again/", worklist.again, name="again"),
    path("equity/", equity.equity, name="equity"),
    path("<uuid:unreached_id>/", one.one, name="one"),
    path("people/<uuid:enrolment_id>/", person.person, name="person"),
    path("people/<uuid:enrolment_id>/mind/", person.mind, name="mind"),
    path("people/<uuid:enrolment_id>/need/", person.need, name="need"),
    path("people/<uuid:enrolment_id>/away/", person.away, name="away"),
    path("people/<uuid:enrolment_id>/rhythm/", person.rhythm, name="rhythm"),
    path("people/<uuid:enrolment_id>/not-reached/", person.not_reached, name="not-reached"),
    path("people/<uuid:enrolment_id>/alive/", person.alive, name="alive"),
    path("people/<uuid:enrolment_id>/change/", person.change, name="change"),
    path("people/<uuid:enrolment_id>/paper/", paper.typed_in, name="paper"),
]
