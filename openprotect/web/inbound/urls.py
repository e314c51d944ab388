"""Addresses for providers, and for whoever reads what nobody is known by."""

from django.urls import path

from openprotect.web.inbound import posted, replies

app_name = "inbound"
urlpatterns = [
    path("receipts", posted.receipt, name="receipts"),
    path("texts", posted.text, name="texts"),
    path("replies/", replies.waiting, name="replies"),
    path("replies/<uuid:reply_id>/", replies.deal, name="reply"),
]
