"""A red flag is told at once, while the person still answers (P25, hazard H19)."""

import pytest

from tests.packs.given import answer, choice, form, question, red_flag

TO_34_9 = {"url": "to", "valueDecimal": 34.9}
FROM_41 = {"url": "from", "valueDecimal": 41}
ASKED = form(
    choice(
        "breath",
        "fine",
        "rest",
        "speech",
        extension=[
            red_flag(answer("rest"), answer("speech"), call="111", text="Ring 111."),
            red_flag(answer("speech")),
        ],
    ),
    question("fell", "boolean", extension=[red_flag(answer("yes"))]),
    question("heat", "decimal", extension=[red_flag(TO_34_9), red_flag(FROM_41)]),
)


@pytest.mark.parametrize(
    ("link_id", "value", "call"),
    [
        ("breath", "fine", None),
        ("breath", "rest", "111"),
        ("breath", "speech", "999"),
        ("breath", "gone", None),
        ("breath", None, None),
        ("fell", True, "999"),
        ("fell", False, None),
        ("heat", "34.9", "999"),
        ("heat", 35, None),
        ("heat", "40.9", None),
        ("heat", 41, "999"),
        ("heat", "hot", None),
    ],
)
def test_a_red_flag_names_the_number_to_ring(link_id, value, call):
    emergency = ASKED.emergency(ASKED.item(link_id), value)

    assert (emergency.call if emergency else None) == call


def test_the_form_begins_with_the_emergency_text():
    assert ASKED.emergency_text.text == "Ring 999 in an emergency."
