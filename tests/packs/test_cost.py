"""The dearest table that is allowed is still quick for one person."""

import time

from openprotect.packs.cost import MOST_COST, OF_A_PHRASE, cost
from tests.packs.given import question, table


def test_the_dearest_table_takes_well_under_a_second_for_one_person():
    rows = MOST_COST // (OF_A_PHRASE * 25)
    lines = ["rule,words,kind,urgency,reason,source"]
    for row in range(rows):
        phrases = ", ".join(f"w{row}x{number}" for number in range(25))
        lines.append(f'r{row},"mentions {phrases}",clinical,week,B,M')
    dear = table("\n".join(lines), question("words", "text"))
    assert cost(dear.rules) == MOST_COST
    said = {"words": "nothing of that kind " * 95}

    begun = time.process_time()
    dear.evaluate(said, {})
    taken = time.process_time() - begun

    assert taken < 0.5
