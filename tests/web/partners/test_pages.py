"""Pages of referrals: asked with a preview, answered by the receiver, by page, table and link."""

import pytest

from openprotect.pathway.following import follow_waiting
from openprotect.referrals.chores import send_notices
from openprotect.referrals.models import Referral
from tests import given
from tests.given import NOON
from tests.referrals.test_asking import asked, officer, team
from tests.referrals.test_by_link import MINUTE, by_link, code_in, sent, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(worker, client):
    return given.sign_in(client, given.user("SURVEILLANCE"))


@pytest.fixture
def council(worker, client):
    return given.sign_in(client, officer())


def text_of(answer):
    return answer.content.decode()


def ask(nurse, alert, **more):
    words = {"team": str(team("council").pk), "what": "Shopping please", "how": "PAGE"}
    return nurse.post(f"/referrals/for/{alert.pk}/", words | more)


def test_what_they_will_see_is_shown_before_anything_is_asked(nurse):
    alert = given.alert(by=team("surveillance"), kind="social")

    text = text_of(ask(nurse, alert))

    assert "This is what they will see" in text
    assert alert.person.family_name in text
    assert alert.person.nhs_number not in text
    assert not Referral.objects.exists()


def test_confirmed_it_is_asked(nurse):
    alert = given.alert(by=team("surveillance"), kind="social")

    landed = ask(nurse, alert, confirmed="yes")

    assert landed.url == "/referrals/asked/"
    assert Referral.objects.get().what == "Shopping please"


def test_changed_what_was_typed_is_kept(nurse):
    alert = given.alert(by=team("surveillance"), kind="social")

    assert "Shopping please" in text_of(ask(nurse, alert, change="yes"))


def test_another_persons_number_in_the_words_is_asked_about(nurse):
    alert = given.alert(by=team("surveillance"), kind="social")
    other = given.person()

    assert "another person" in text_of(ask(nurse, alert, what=f"As for {other.nhs_number}"))


def test_a_link_to_a_team_without_mailbox_is_refused_in_the_form(nurse):
    alert = given.alert(by=team("surveillance"), kind="social")

    assert "no mailbox" in text_of(ask(nurse, alert, how="LINK", confirmed="yes"))


def test_the_receiver_sees_the_task_and_says_what_came_of_it(council):
    referral = asked()
    here = f"/referrals/{referral.pk}/"
    assert referral.person.family_name in text_of(council.get("/referrals/"))

    text = text_of(council.get(here))
    seen = text.split('name="seen" value="')[1].split('"')[0]
    council.post(f"{here}answer/", {"say": "accept", "seen": seen})
    landed = council.post(f"{here}answer/", {"say": "done", "outcome": "GIVEN", "note": "Bags"})

    referral.refresh_from_db()
    assert landed.url == here
    assert (referral.status, referral.note) == ("DONE", "Bags")
    assert referral.person.nhs_number not in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"say": "done"}, "choose what came of it"),
        ({"say": "decline"}, "choose why"),
        ({"say": "hold", "because": "x"}, "day, month and year"),
        ({"say": "done", "outcome": "NOT_REACHED", "note": ""}, "what was tried"),
        ({"say": "destroy"}, "What is needed"),
    ],
)
def test_an_answer_that_does_not_do_is_said_and_kept(council, said, words):
    referral = asked()

    text = text_of(council.post(f"/referrals/{referral.pk}/answer/", said))

    assert words in text
    referral.refresh_from_db()
    assert referral.status == "OFFERED"


def test_an_old_page_is_told_and_keeps_the_words(council):
    referral = asked()
    old = {"say": "done", "outcome": "GIVEN", "note": "Two bags", "seen": "ON_HOLD:7"}

    text = text_of(council.post(f"/referrals/{referral.pk}/answer/", old))

    assert "Somebody changed this" in text
    assert "Two bags" in text


def test_the_table_is_taken_away_and_brought_back(council):
    asked()
    table = council.get("/referrals/table/referrals.csv").content.decode("utf-8-sig")
    heading, row = table.splitlines()[:2]
    columns = heading.split(",")
    cells = row.split(",")
    cells[columns.index("answer") - len(columns)] = "accept"

    text = text_of(council.post("/referrals/table/", {"table": f"{heading}\n{','.join(cells)}"}))

    assert "1 rows = 1 accepted" in text


def test_the_sender_takes_it_back(nurse):
    referral = asked()

    landed = nurse.post(f"/referrals/{referral.pk}/withdrawal/", {"because": "Not needed"})

    referral.refresh_from_db()
    assert landed.status_code == 302
    assert referral.status == "WITHDRAWN"


@pytest.mark.parametrize("where", ["/referrals/", "/referrals/asked/", "/referrals/late/"])
def test_lists_open_and_teach_when_they_are_empty(nurse, where):
    assert nurse.get(where).status_code == 200


class TestMailboxes:
    def keep(self, nurse, phone):
        form = {"team": str(team("council").pk), "phone": phone}
        return nurse.post("/referrals/partners/", form)

    def test_a_partners_phone_is_kept_and_shown_as_a_hint(self, nurse):
        given.area()
        assert self.keep(nurse, "07700 900123").status_code == 302

        text = text_of(nurse.get("/referrals/partners/"))
        assert "a phone ending in 123" in text
        assert "900123" not in text

    @pytest.mark.parametrize(
        ("phone", "words"), [("01632 960123", "mobile number"), ("12", "not a phone number")]
    )
    def test_what_cannot_be_texted_is_refused(self, nurse, phone, words):
        given.area()

        assert words in text_of(self.keep(nurse, phone))

    def test_a_partner_does_not_say_where_codes_go(self, council):
        assert council.get("/referrals/partners/").status_code == 403


class TestByLink:
    def test_a_link_and_a_code_open_the_task_and_nothing_else(self, client, worker):
        outbox = given.Outbox()
        referral, at = by_link()
        token = token_in(sent(outbox, at)[1])

        door = text_of(client.get(f"/task/{token}/"))
        assert referral.person.family_name not in door
        client.post(f"/task/{token}/code/")
        with given.as_worker():
            code = code_in(sent(outbox, at + MINUTE)[1])
        landed = client.post(f"/task/{token}/", {"code": code})
        assert landed.url == "/task/"

        assert referral.person.family_name in text_of(client.get("/task/"))
        client.post("/task/answer/", {"say": "done", "outcome": "ADVICE", "note": ""})
        referral.refresh_from_db()
        assert referral.outcome == "ADVICE"
        assert client.get("/referrals/").status_code == 302

    def test_looking_sends_nothing(self, client, worker):
        outbox = given.Outbox()
        _, at = by_link()
        token = token_in(sent(outbox, at)[1])
        before = len(outbox.texts)

        for _ in range(20):
            client.get(f"/task/{token}/")
            client.head(f"/task/{token}/")
        follow_waiting(at=NOON)
        send_notices(at=at + MINUTE, postbox=outbox, address=str)

        assert len(outbox.texts) == before

    def test_a_link_that_cannot_be_used_is_the_neutral_page(self, client, worker):
        given.area()
        one = client.get(f"/task/{given.random_token()}/")
        two = client.post(f"/task/{given.random_token()}/code/")

        assert one.content == client.get("/c/nonsense").content
        assert two.content == one.content

    def test_without_a_session_there_is_no_task(self, client, worker):
        assert client.get("/task/").status_code == 302
