"""Addresses of a practice's pages."""

from django.urls import path

from openprotect.web.practice import (
    absent,
    answering,
    asking,
    deciding,
    pages,
    ringing_in,
    taking_part,
)

app_name = "practice"
urlpatterns = [
    path("", pages.home, name="home"),
    path("people/", pages.people, name="people"),
    path("people/<uuid:enrolment_id>/", pages.person, name="person"),
    path("people/<uuid:enrolment_id>/leaving/", deciding.take_out, name="take-out"),
    path("people/<uuid:enrolment_id>/why/", asking.why_enrolled, name="why-enrolled"),
    path("why/", asking.why, name="why"),
    path("review/", deciding.review, name="review"),
    path("review/all/", deciding.keep_all, name="keep-all"),
    path("review/<uuid:enrolment_id>/keep/", deciding.keep, name="keep"),
    path("review/<uuid:enrolment_id>/veto/", deciding.veto, name="veto"),
    path("absent/", absent.absent, name="absent"),
    path("absent/<uuid:enrolment_id>/staying/", absent.stay, name="stay"),
    path("print/", absent.on_paper, name="print"),
    path("add/", deciding.add, name="add"),
    path("card/", ringing_in.card, name="card"),
    path("card.pdf", ringing_in.card_on_paper, name="card-on-paper"),
    path("people/<uuid:enrolment_id>/rang/", ringing_in.rang, name="rang"),
    path(
        "people/<uuid:enrolment_id>/questions/<int:number>/",
        answering.question,
        name="answering",
    ),
    path("taking-part/", taking_part.page, name="taking-part"),
    path("taking-part/pause/", taking_part.pause, name="pause"),
    path("access/", pages.access, name="access"),
]
