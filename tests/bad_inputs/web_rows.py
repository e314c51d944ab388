"""The bad inputs of web_form.toml, made one by one: what became of each, and what was said."""

from datetime import date, timedelta

from django.test import Client
from markupsafe import escape

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.calls.models import Call
from openprotect.checkins.models import Answer, Checkin, Link, Response
from openprotect.pathway.rounds import go_round
from tests import given
from tests.web.checkin import links
from tests.web.checkin.people import BORN, Person, asked, come_in, link, ready, words

WRONG = BORN | {"born_year": "1942"}


def ending(response):
    """What a page is, in the catalogue's words."""
    said = words(response) if response.content else ""
    if response.status_code in (400, 403, 413):
        return "REFUSED", said
    if "We cannot open this page" in said:
        return "NEUTRAL PAGE", said
    if "There is a problem" in said:
        return "ASKED AGAIN", said
    return "ACCEPT", said


def posted(checkin, link_id, **fields):
    """An answer as a browser sends it, whatever was asked."""
    form = {"asking": str(checkin.pk), **fields}
    return come_in(checkin).client.post(f"/check-in/q/{link_id}", form)


def kept(link_id):
    return Answer.objects.filter(link_id=link_id).order_by("id").values_list("value", flat=True)


def p01():
    for state in (links.unknown, links.cut, links.upper_cased, links.encoded_nonsense):
        checkin = asked()
        yield ending(Client().get(f"/c/{state(link(checkin), checkin)}"))


def p02():
    for behind in (".", ")", ",", "%29.", "…"):
        yield ending(Client().get(f"/c/{link(asked())}{behind}"))


def p03():
    for state in (links.expired, links.used, links.cancelled, links.dead, links.stopped):
        checkin = asked()
        yield ending(Client().get(f"/c/{state(link(checkin), checkin)}"))
    checkin = asked()
    yield ending(Client().post(f"/c/{links.restricted(link(checkin), checkin)}", BORN))


def p04():
    token = link(asked())
    before = [Link.objects.values().get(), Checkin.objects.values().get()]
    for robot in ("WhatsApp/2.0", "Mozilla/5.0 (scanner)"):
        client = Client(headers={"user-agent": robot, "purpose": "prefetch"})
        client.get(f"/c/{token}")
        client.head(f"/c/{token}")
    after = [Link.objects.values().get(), Checkin.objects.values().get()]
    yield "NO CHANGE" if before == after else "CHANGED", str(after)


def p05_once():
    yield ending(Person().open(link(asked()), WRONG))


def p05_fifth():
    person, token = Person(), link(asked())
    for _ in range(4):
        person.open(token, WRONG)
    person.open(token)
    yield ending(person.get("/check-in/"))


def p05_five_times():
    person, token = Person(), link(asked())
    for _ in range(5):
        last = person.open(token, WRONG)
    yield ending(last)


def p05_a_call():
    next(p05_five_times())
    go_round(at=now(), postbox=given.Outbox())
    go_round(at=now(), postbox=given.Outbox())
    yield "CALL", Call.objects.get().why


def p06():
    for typed in (("1/2/50", "", ""), ("01-02-1950", "", ""), ("1", "Feb", "1950")):
        of = given.enrolment(of=given.person(birth_date=date(1950, 2, 1)))
        person = Person()
        person.open(
            link(asked(of=of)),
            dict(zip(("born_day", "born_month", "born_year"), typed, strict=True)),
        )
        yield ending(person.get("/check-in/"))


def p07():
    first, second = asked(), asked()
    person = come_in(first)
    person.open(link(second))
    form = {"asking": str(first.pk), "answer": "worse"}
    response = person.client.post("/check-in/q/feeling", form)
    yield "MIXED" if Answer.objects.exists() else "NOT MIXED", words(response)


def p08():
    checkin = asked()
    person = ready(checkin)
    seen = person.get("/check-in/answers").content.decode()
    form = {
        name: seen.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("asking", "submission", "seen")
    }
    for _ in range(3):
        last = person.client.post("/check-in/answers", form, follow=True)
    yield "ONE RESPONSE" if Response.objects.count() == 1 else "SEVERAL", words(last)


def p09():
    person = come_in(asked())
    person.answer_all()
    person.press_send()
    yield ending(person.get("/check-in/"))


def p10():
    checkin = asked()
    person = ready(checkin)
    seen = person.get("/check-in/answers").content.decode().split('name="seen" value="')[1]
    form = {"asking": str(checkin.pk), "seen": seen.split('"')[0]}
    person.client.post("/check-in/answers", form)
    again = words(person.client.post("/check-in/answers", form, follow=True))
    number = Response.objects.get().pk.hex[:8].upper()
    yield "ONE RESPONSE" if f"{number[:4]} {number[4:]}" in again else "SEVERAL", again


def p11(administrator):
    person = ready(asked())
    administrator.execute(
        "UPDATE governance_installation SET is_demonstration = true, clock_ahead_by = '2 hours'"
    )
    person.press_send()
    yield ending(person.get("/check-in/"))


def p12():
    checkin = asked()
    first, second = ready(checkin), come_in(checkin)
    seen = first.get("/check-in/answers").content.decode().split('name="seen" value="')[1]
    second.send("/check-in/q/cough?from=answers", answer="yes")
    form = {"asking": str(checkin.pk), "seen": seen.split('"')[0]}
    said = words(first.client.post("/check-in/answers", form, follow=True))
    yield "LAST ONE COUNTS, BOTH KEPT" if [*kept("cough")] == ["no", "yes"] else "LOST", said


def p13_not_asked():
    response = posted(asked(), "worse-how", answer="drowsy", extra="x", status="ANSWERED")
    yield "KEPT" if Answer.objects.exists() else "NOT KEPT", response["Location"]


def p13_none():
    yield ending(posted(asked(), "feeling"))


def p13_not_in_the_list():
    for made_up in ("splendid", "SAME", "same\x00worse"):
        yield ending(posted(asked(), "feeling", answer=made_up))


def p14_long():
    yield ending(posted(asked(), "other", answer="a" * 50_000))


def p14_spaces():
    posted(asked(), "other", answer=" \n\t " * 20)
    yield "KEPT" if kept("other") else "EMPTY", ""


def p14_emoji():
    posted(asked(), "other", answer="😀👵🏽")
    yield "KEPT" if [*kept("other")] == ["😀👵🏽"] else "CHANGED", ""


def p15():
    ready(asked(), other="I want to die").press_send()
    go_round(at=now(), postbox=given.Outbox())
    alert = Alert.objects.order_by("urgency").first()
    yield "ALERT", f"{alert.get_urgency_display()}: {alert.reason}"


def p16():
    for text in (
        "<script>alert(1)</script>",
        "'; DROP TABLE checkins_answer; --",
        "=cmd|' /C calc'!A0",
        "{{ 7*7 }} {% raise %} ${7*7}",
    ):
        person = ready(asked(), other=text)
        page = person.get("/check-in/answers").content.decode()
        is_text = kept("other").last() == text and str(escape(text)) in page
        yield "KEPT AS TEXT" if is_text else "RUN", page


def p17():
    person = ready(asked())
    person.answer("other", "Bell\x07, nothing\x00 and turned\u202eround")
    cleaned = [*kept("other")] == ["Bell, nothing and turnedround"]
    yield "CLEANED, AND SAID" if cleaned else "CHANGED", words(person.get("/check-in/answers"))


def _temperature(typed):
    checkin = asked()
    person = come_in(checkin)
    person.answer("hot", "yes")
    return ending(person.answer("temperature", typed))


def p18():
    for typed in ("38,2", "38 C", "about 38", "3\u0668", "1e2", "NaN"):
        yield _temperature(typed)


def p19():
    for typed in ("380", "3.8"):
        yield _temperature(typed)


def p26_before():
    person = ready(asked(closes_at=now() + timedelta(minutes=1)))
    Checkin.objects.update(closes_at=now() + timedelta(seconds=5))
    person.press_send()
    yield ending(person.get("/check-in/"))


def p26_after():
    checkin = asked()
    person = ready(checkin)
    Checkin.objects.update(closes_at=now() - timedelta(seconds=1))
    yield ending(person.client.post("/check-in/answers", {"asking": str(checkin.pk)}))


def p25():
    person = come_in(asked())
    person.answer("feeling", "same")
    response = person.client.get(person.answer("breath", "speech")["Location"])
    go_round(at=now(), postbox=given.Outbox())
    yield "ALERT" if Alert.objects.get().urgency == 1 else "SILENCE", words(response)
