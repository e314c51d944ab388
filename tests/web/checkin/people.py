"""Somebody with a text message in hand, and the ways they go through the pages."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client

from openprotect.base.clock import now
from openprotect.checkins.actions import Channel, answer, issue_link
from openprotect.checkins.rules import LOCAL
from tests import given

BORN = {"born_day": "4", "born_month": "3", "born_year": "1941"}
CANARIES = ("Ada", "Canary", "9991", "+4477", "NR27", "Chronic", "13645005")
CALM = {
    "feeling": "same",
    "breath": "normal",
    "chest-pain": "no",
    "hot": "no",
    "cough": "no",
    "medicines": "enough",
    "food": "week",
    "care": "no-need",
    "mood": "no",
    "other": "",
}


def asked(**given_):
    """A check-in that is open at this very moment, as the database's own clock has it."""
    at = now()
    times = {
        "due_on": at.astimezone(LOCAL).date(),
        "opens_at": at - timedelta(hours=1),
        "closes_at": at + timedelta(hours=20),
    }
    return given.checkin(**{**times, **given_})


def link(checkin, *, valid_for=timedelta(days=2)):
    return issue_link(checkin, valid_for=valid_for, at=now())


class Person:
    """A browser without script, that fills in the forms it is shown."""

    def __init__(self, **options):
        self.client = Client(**options)

    def open(self, token, born=BORN):
        self.client.get(f"/c/{token}")
        return self.client.post(f"/c/{token}", born)

    def get(self, address):
        self.shown = self.client.get(address, follow=True)
        return self.shown

    def send(self, address, **fields):
        """Fill in the form of a page as it is shown, and press its button."""
        page = self.client.get(address).content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.client.post(address, {**hidden, **fields})

    def answer(self, link_id, value):
        return self.send(f"/check-in/q/{link_id}", answer=value)

    def answer_all(self, **other):
        answers = {**CALM, **{name.replace("_", "-"): value for name, value in other.items()}}
        address = self.get("/check-in/").redirect_chain[-1][0]
        while "/q/" in address:
            link_id = address.rsplit("/", 1)[1]
            response = self.answer(link_id, answers.get(link_id, ""))
            if "/help-now/" in response["Location"]:
                page = self.client.get(response["Location"]).content.decode()
                address = re.search(r'href="([^"]+)"[^>]*>\s*Go on', page)[1]
            else:
                address = response["Location"]
        return address

    def press_send(self):
        return self.send("/check-in/answers")


def come_in(checkin, **options):
    """Somebody who has opened their link and given the birth date."""
    person = Person(**options)
    person.open(link(checkin))
    return person


def ready(checkin, **other):
    """Somebody who has answered everything, kept as the pages keep it, and has not sent it."""
    chosen = {**CALM, **{name.replace("_", "-"): value for name, value in other.items()}}
    form = given.covid_protect().questionnaire
    item, answers = form.first({}), {}
    while item:
        value = form.read(item, chosen.get(item.link_id, ""))
        answer(checkin, item.link_id, value, channel=Channel.WEB, at=now())
        answers |= {} if value is None else {item.link_id: value}
        item = form.next_after(item.link_id, answers)
    return come_in(checkin)


def words(response):
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(text))
