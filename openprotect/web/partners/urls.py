"""Addresses of referrals (by page, by table, one task by link) and of the contact ledger."""

from django.urls import path

from openprotect.web.partners import asking, by_link, contacts, files, mailboxes, pages

app_name = "partners"
urlpatterns = [
    path("referrals/", pages.ours, name="ours"),
    path("referrals/asked/", pages.sent, name="sent"),
    path("referrals/late/", pages.chase, name="chase"),
    path("referrals/partners/", mailboxes.mailboxes, name="mailboxes"),
    path("referrals/table/", files.answers, name="answers"),
    path("referrals/table/referrals.csv", files.table, name="table"),
    path("referrals/for/<uuid:alert_id>/", asking.ask, name="ask"),
    path("referrals/documents/<uuid:document_id>/", files.document, name="document"),
    path("referrals/<uuid:referral_id>/", pages.task, name="task"),
    path("referrals/<uuid:referral_id>/answer/", pages.answer, name="answer"),
    path("referrals/<uuid:referral_id>/withdrawal/", pages.withdrawal, name="withdrawal"),
    path("contacts/", contacts.one, name="contacts"),
    path("contacts/list/", contacts.many, name="contact-list"),
    path("contacts/slots/", contacts.slots, name="slots"),
    path("contacts/slots/<uuid:claim_id>/", contacts.slot, name="slot"),
    path("task/", by_link.one_task, name="one-task"),
    path("task/answer/", by_link.one_answer, name="one-answer"),
    path("task/<str:token>/", by_link.door, name="door"),
    path("task/<str:token>/code/", by_link.code, name="code"),
]
