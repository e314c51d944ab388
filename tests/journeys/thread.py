"""The walking thread, step by step: what each person does at their pages, and what they see."""

import re
from datetime import date

from openprotect.simulation.behaviour import CALM
from tests.given import covid_protect
from tests.journeys.service import LINK, PEOPLE
from tests.journeys.visitor import NARROW

POORLY = CALM | {"feeling": "worse", "worse-how": "breathing", "breath": "rest", "food": "none",
                 "fetch": "no"}  # fmt: skip
SHORT_OF_BREATH = CALM | {"breath": "moving"}


class Thread:
    """One walk through the loop, by people with browsers of their own."""

    def __init__(self, service, texts, visit, **how):
        self.service, self.texts, self.visit, self.how = service, texts, visit, how

    def sign_in(self, name):
        """One click as somebody of the demonstration's staff."""
        visitor = self.visit(**self.how)
        visitor.open("/demo/")
        visitor.press(f"Be {name}")
        return visitor

    def text_to(self, who):
        mobile = PEOPLE[who][2]
        sent = self.texts.outbox.all()
        mine = [each.body for each in sent if each.recipient.endswith(mobile[1:])]
        return mine[-1] if mine else ""

    def find(self):
        """Three people at risk, of one practice, out of a file of records."""
        self.service.find()

    # --- the practice ---

    def review(self):
        """On the last day, the practice keeps one out, keeps one in, and says nothing of one."""
        self.service.let_pass(days=2, hours=20)
        practice = self.sign_in("Dr Amina Hassan")
        practice.press("To review")
        assert practice.reads("Chronic obstructive pulmonary disease")
        practice.press("Do not contact Ada Kept-Out")
        practice.press("Do not contact")
        assert practice.reads("There is a problem")
        practice.choose("They asked not to be contacted")
        practice.press("Do not contact")
        practice.press("Keep Bert Answers and invite now")
        assert practice.reads("Bert Answers is in the programme")

    def invite(self):
        """Whoever was not kept out is asked by text, and nobody else."""
        self.service.let_pass(hours=4)
        assert [bool(LINK.search(self.text_to(who))) for who in PEOPLE] == [False, True, True]

    # --- the person ---

    def answer(self):
        """On a telephone: a slip at the birth date, a red flag, and what happens next."""
        phone = self.visit(width=NARROW, **self.how)
        phone.open(LINK.search(self.text_to("Bert")).group())
        give_birth_date(phone, date(1938, 11, 29))
        assert phone.reads("This is not the date of birth we expected")
        give_birth_date(phone, date.fromisoformat(PEOPLE["Bert"][1]))
        emergencies = answer_all(phone, POORLY)
        assert emergencies == ["breath"]
        phone.press("Send my answers")
        assert phone.reads("What happens next")
        assert phone.reads("One of your answers means you should get help now")
        self.service.go_round()

    # --- the teams ---

    def help_at_once(self):
        """Surveillance takes what is urgent now, and cannot close it by a slip, without a word."""
        nurse = self.sign_in("Ruth Bland")
        nurse.press("Accept Bert Answers")
        assert nurse.reads("Out of breath when sitting still")
        nurse.choose("Seen or visited")
        nurse.press("Close this alert")
        assert nurse.reads("There is a problem")
        nurse.write("Note", "Seen at home by the urgent care team.")
        nurse.press("Close this alert")
        nurse.press("Yes, close it")
        assert nurse.reads("Nothing waits for your team")

    def bring_food(self):
        """The council is told of the need, and of nothing else."""
        council = self.sign_in("Joan Riches")
        council.press("Alerts")
        council.press("Bert Answers")
        assert council.reads("No food at home")
        assert not council.reads(re.compile("breath|lung|NHS number", re.IGNORECASE))
        close(council, "Need met", "Food parcel brought at noon.", is_urgent=True)

    def tell_back(self):
        """The person hears that somebody acted; the practice reads what came of it."""
        self.service.go_round()
        assert "Somebody has dealt with what you told us" in self.text_to("Bert")
        practice = self.sign_in("Dr Amina Hassan")
        assert practice.reads("Seen at home by the urgent care team.")
        practice.press("All who opened our patients")
        assert practice.reads("Ruth Bland")

    # --- the call ---

    def fall_silent(self):
        """Two check-ins pass without a word: a call."""
        self.service.let_pass(days=1)
        self.service.let_pass(days=1)

    def ring(self):
        caller = self.sign_in("Tom Ellery")
        caller.press("Take the next call")
        assert caller.reads("Cyril")
        assert not caller.reads("lung")
        caller.press("Start the questions")
        answer_on_the_phone(caller, SHORT_OF_BREATH)
        caller.press("Record and end the call")
        assert caller.reads("The call is recorded")
        self.service.go_round()

    def follow_up(self):
        """What was said on the telephone goes to the locality, which is at work on a Friday."""
        worker = self.sign_in("Piotr Nowak")
        worker.press(re.compile("^Cyril Silent"))
        close(worker, "Advice given", "Rung back; a nurse calls again tomorrow.")

    # --- those who watch ---

    def watch(self):
        """Counted for the lead, by place and without names; noted for governance, by record."""
        lead = self.sign_in("Dr Helen Marsh")
        assert lead.reads("Is anyone falling through?")
        assert not lead.reads(re.compile("Bert|Cyril|Ada"))
        lead.press(re.compile("^North Norfolk"))
        governance = self.sign_in("Sam Whitlock")
        governance.press("Who opened whose record")
        for name in ("Piotr Nowak", "Tom Ellery"):
            assert governance.reads(name)
        governance.press("Next")
        for name in ("Joan Riches", "Ruth Bland"):
            assert governance.reads(name)

    STEPS = (
        find, review, invite, answer, help_at_once, bring_food, tell_back, fall_silent, ring,
        follow_up, watch,
    )  # fmt: skip


def close(worker, outcome, note, *, is_urgent=False):
    """Accept the alert whose page is open, and close it; what was urgent is asked about twice."""
    worker.press("Accept")
    worker.choose(outcome)
    worker.write("Note", note)
    worker.press("Close this alert")
    if is_urgent:
        worker.press("Yes, close it")
    assert worker.reads("The practice sees it, and the person is told")


def give_birth_date(phone, born):
    for part, value in (("Day", born.day), ("Month", born.month), ("Year", born.year)):
        phone.write(part, str(value))
    phone.press("Start")


def answer_all(phone, story):
    """Answer every question as a story says; gives those that showed an emergency."""
    emergencies = []
    while asked := re.search(r"/check-in/(q|help-now)/([\w-]+)", phone.page.url):
        page, link_id = asked.groups()
        if page == "help-now":
            assert phone.reads(re.compile("^Ring (999|111)"))
            emergencies.append(link_id)
            phone.press("Go on with the questions")
            continue
        pick(phone, story.get(link_id))
        phone.press("Continue")
    return emergencies


def answer_on_the_phone(caller, story):
    """Ask what stands there, and record what is said, until the end of the call."""
    items = covid_protect().questionnaire.items
    while asked := re.search(r"/questions/(\d+)/", caller.page.url):
        pick(caller, story.get(items[int(asked.group(1)) - 1].link_id))
        caller.press("Save and ask the next")


def pick(visitor, code):
    """Choose the option of this code, if the question offers options."""
    if code:
        visitor.page.locator(f'input[name="answer"][value="{code}"]').check()
