"""Try a rule: who would join and leave, in numbers; with examples for a clinical lead alone."""

import re
from html import unescape

import pytest

from openprotect.cohorts.models import Run
from openprotect.enrolments.models import Enrolment
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON
from tests.web.leading.ran import COPD, DIABETES, run, with_codes

pytestmark = pytest.mark.django_db(transaction=True)
TRY = "/programme/try/"
YOUNGER = f"{TRY}?group=aged-70&set=aged-70.age.from%3D30"


def seen(response):
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


@pytest.fixture
def lead(worker_committing, client):
    given.programme()
    return given.sign_in(client, given.user("LEAD"))


@pytest.fixture
def clinician(worker_committing, client):
    given.programme()
    return given.sign_in(client, given.user("CLINICAL"))


def some(joiners):
    """Some who would be found from the age of 30, some found already, one too young."""
    found = [with_codes(DIABETES) for _ in range(6)]
    return run(*found, *(with_codes() for _ in range(joiners)))


def test_every_group_can_be_chosen(lead):
    page = seen(lead.get(TRY))

    assert "Whom would a changed rule find?" in page
    assert "Cancer of the blood or bone marrow within 24 months" in page
    assert "Who is asked about at all" in page


def test_the_values_of_a_group_stand_in_a_form_as_they_are(lead):
    page = seen(lead.get(f"{TRY}?group=blood-cancer"))

    assert re.search(r'name="blood-cancer.within"[^>]* value="24 months"', page)
    assert "How far back a record counts" in page


def test_what_is_sent_leads_to_an_address_that_names_the_change_alone(lead):
    some(0)

    answer = lead.get(
        TRY,
        {
            "group": "blood-cancer",
            "sent": "1",
            "blood-cancer.within": "36 months",
            "blood-cancer.at_least": "1",
            "blood-cancer.codes": "blood-cancer, blood-cancer-hospital",
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == f"{TRY}?group=blood-cancer&set=blood-cancer.within%3D36+months"


def test_who_would_join_is_counted_by_deprivation_group_and_practice(lead):
    some(7)

    page = seen(lead.get(YOUNGER))

    assert "5 people are found now, 15 would be" in page
    assert "Aged from: <strong>30</strong> instead of 70" in page
    assert re.search(r"<dt>would join</dt><dd>5</dd>", page)
    assert re.search(r"Pra</th><td[^>]*>5</td>", page)
    assert "By deprivation" in page


def test_small_numbers_are_not_told_to_a_lead_and_no_total_gives_them_back(lead):
    some(2)

    page = seen(lead.get(YOUNGER))

    assert re.search(r"<dt>would join</dt><dd>1 to 4</dd>", page)
    assert "5 people are found now, 10 would be" in page
    assert "Leads see numbers." in page


def test_a_clinical_lead_sees_small_numbers_and_examples_without_names(clinician):
    joiner = with_codes(COPD)
    run(with_codes(DIABETES), joiner)

    page = seen(clinician.get(f"{TRY}?group=respiratory&set=respiratory[1].within%3D12 months"))

    assert "2 people are found now, 1 would be" in page
    assert "Would leave" in page
    assert "Female, 36" in page
    assert "Chronic obstructive pulmonary disease (13645005), 3 February 2019" in page
    for secret in (joiner[0].nhs_number, joiner[0].family):
        assert secret not in page


def test_each_example_shown_is_noted(clinician):
    some(3)

    clinician.get(YOUNGER)

    with given.as_worker():
        assert Access.objects.filter(what="leading.try").count() == 9


def test_a_lead_is_shown_nobody_and_nothing_is_noted(lead):
    some(3)

    assert "Female, 36" not in seen(lead.get(YOUNGER))

    with given.as_worker():
        assert not Access.objects.filter(what="leading.try").exists()


def test_twenty_examples_at_most(clinician):
    run(*(with_codes() for _ in range(25)))

    assert seen(clinician.get(YOUNGER)).count("Female, 36") == 20


def test_nothing_is_saved(lead):
    some(7)
    with given.as_worker():
        before = Run.objects.count(), Enrolment.objects.count()

    lead.get(YOUNGER)

    with given.as_worker():
        assert (Run.objects.count(), Enrolment.objects.count()) == before


def test_a_change_that_concerns_nobody_says_so(lead):
    some(0)

    page = seen(lead.get(f"{TRY}?group=blood-cancer&set=blood-cancer.within%3D36m"))

    assert "Nothing would change" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("blood-cancer.within", "soon", "write a length such as 24 months"),
        ("blood-cancer.at_least", "0", "Write a whole number from 1 to 999."),
        ("blood-cancer.codes", "no such list!", "neither a code nor one of the lists"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field_and_kept(lead, field, value, words):
    page = seen(lead.get(TRY, {"group": "blood-cancer", "sent": "1", field: value}))

    assert "There is a problem" in page
    assert words in page
    assert f'href="#id_{field}"' in page
    assert f'value="{value}"' in page


def test_an_address_that_was_changed_by_hand_is_read_with_care(lead):
    some(0)

    assert lead.get(f"{TRY}?group=nonsense&set=x").status_code == 200
    page = seen(lead.get(f"{TRY}?group=aged-70&set=aged-70.age.from%3Dold&set=other.within%3D2m"))
    assert "Write a whole number" in page


def test_before_any_run_it_says_why_nothing_can_be_tried(lead):
    page = seen(lead.get(YOUNGER))

    assert "The rules of this programme have not been run yet." in page


def test_without_a_legal_basis_no_record_is_read(client, worker_committing, administrator):
    given.programme()
    given.sign_in(client, given.user("CLINICAL"))
    some(2)
    administrator.execute(
        "UPDATE governance_legalbasis SET ends_at = %s", [NOON.replace(year=2026, month=1)]
    )

    page = seen(client.get(YOUNGER))

    assert "no records are read" in page
    assert "Female" not in page


@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER", "GOVERNANCE", "SURVEILLANCE"])
def test_other_roles_may_not_try(client, worker_committing, role):
    place = given.area().practice if role == "PRACTICE" else None
    given.sign_in(client, given.user(role, place))

    assert client.get(YOUNGER).status_code == 403


def test_nobody_who_is_not_signed_in_tries(client, worker_committing):
    assert client.get(TRY).status_code == 302
