import json
import logging

import pytest
import structlog

from openprotect.config import logs


@pytest.fixture
def lines(capsys):
    """What is logged while a test runs, as a list of objects."""
    kept = logging.getLogger().handlers[:]
    logs.set_up("info")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logging.getLogger().handlers[:] = kept


def test_a_log_line_is_one_object_with_what_happened(lines):
    structlog.get_logger("openprotect.x").info("sent", message_id="7")

    (line,) = lines()
    assert (line["event"], line["message_id"], line["level"]) == ("sent", "7", "info")


def test_what_is_personal_by_name_is_blanked(lines):
    structlog.get_logger("openprotect.x").info("sent", nhs_number="9990000018", phone="07700900001")

    (line,) = lines()
    assert (line["nhs_number"], line["phone"]) == ("…", "…")


def test_an_exception_tells_where_and_of_what_kind_but_no_value(lines):
    surname = "Featherstonehaugh"
    try:
        raise ValueError(f"cannot read {surname}")
    except ValueError:
        structlog.get_logger("openprotect.x").exception("failed")

    (line,) = lines()
    assert surname not in json.dumps(line)
    assert line["exception"][0]["exc_type"] == "ValueError"


def test_what_a_library_fills_into_its_message_is_left_out(lines):
    logging.getLogger("some.library").warning("cannot reach %s", "07700900001")

    (line,) = lines()
    assert line["event"] == "cannot reach %s"


def test_a_request_is_logged_by_the_name_of_its_page_and_never_by_its_address(lines, client, db):
    client.get("/c/a-secret-token/")

    assert "a-secret-token" not in json.dumps(lines())
