"""Requests that no form of ours makes: files, other sites, other types, far too much."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openprotect.checkins.models import Answer, Link
from tests.bad_inputs.web_rows import ending
from tests.web.checkin.people import BORN, asked, come_in, link

JSON = {"content_type": "application/json"}


def p20():
    for content in (b"GIF89a", b"x" * 3_000_000):
        checkin = asked()
        person = come_in(checkin)
        form = {"asking": str(checkin.pk), "answer": SimpleUploadedFile("a.gif", content)}
        yield ending(person.client.post("/check-in/q/feeling", form))


def p21():
    strict = Client(enforce_csrf_checks=True)
    address = f"/c/{link(asked())}"
    page = strict.get(address).content.decode()
    mark = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    good = BORN | {"csrfmiddlewaretoken": mark}
    encoded = {"content_type": "application/x-www-form-urlencoded"}
    yield ending(strict.post(address, "born_day=4&born_month=3&born_year=1941", **encoded))
    yield ending(strict.post(address, good, headers={"origin": "https://elsewhere.example"}))
    yield ending(strict.post(address, good, **JSON))
    yield ending(strict.post(address, BORN))
    assert Link.objects.get().wrong_tries == 0
    assert strict.post(address, good).status_code == 302


def p22_large():
    checkin = asked()
    form = {"asking": str(checkin.pk), "answer": "a" * 2_000_000}
    yield ending(come_in(checkin).client.post("/check-in/q/other", form))
    assert not Answer.objects.exists()


def p22_many():
    checkin = asked()
    form = {"asking": str(checkin.pk), **{f"field{number}": "x" for number in range(10_000)}}
    yield ending(come_in(checkin).client.post("/check-in/q/other", form))
    assert not Answer.objects.exists()
