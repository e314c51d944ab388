"""The description of the API is true: every address is in it, and every answer is as it says."""

import jsonschema_rs
import pytest
from django.test import Client

from openprotect.api import urls
from openprotect.api.document import DOCUMENT, PATHS
from openprotect.base.nhs_number import synthetic_number
from tests.api.calling import CLAIMS, partner

pytestmark = pytest.mark.django_db


def fits(schema, answer):
    whole = {
        "$ref": f"#/components/schemas/{schema}",
        "components": DOCUMENT["components"],
    }
    return jsonschema_rs.validator_for(whole).is_valid(answer)


def test_every_address_is_described():
    written = {
        "/api/" + str(each.pattern).replace("<uuid:", "{").replace(">", "}")
        for each in urls.urlpatterns
    }

    assert written - {"/api/v1/openapi.json"} == PATHS.keys()


def test_the_description_is_open_to_all():
    assert Client().get("/api/v1/openapi.json").json() == DOCUMENT


def test_every_answer_is_as_described(worker):
    system = partner()
    asked = system.ask(synthetic_number("described")).json()
    where = f"{CLAIMS}/{asked['id']}"

    assert fits("Answer", asked)
    assert fits("Claims", system.get(CLAIMS).json())
    assert fits("Claim", system.get(where).json())
    assert fits("Claim", system("PATCH", where, {"outcome": "spoke"}).json())
    assert fits("Problem", system("PATCH", where, {"outcome": "visited"}).json())
    assert not fits("Claim", {"id": asked["id"]})


@pytest.mark.parametrize("path", PATHS)
def test_every_method_that_is_described_is_answered_and_no_other(worker, path):
    system = partner()
    described = {each.upper() for each in PATHS[path] if each != "parameters"}
    where = path.partition("{")[0] + "6f0f5f6e-7b7e-4f6e-9a7e-1d2c3b4a5f60" * ("{" in path)

    answered = {
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if system(method, where, {}).status_code != 405
    }

    assert answered == described
