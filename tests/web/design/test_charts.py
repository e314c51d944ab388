"""Bars drawn on the server."""

from openprotect.web.design.charts import Bar, Bars


def bars(*values, most=None):
    drawn = tuple(Bar(f"Place {place}", value) for place, value in enumerate(values))
    return Bars("id", "Title", "What it says", ("Place", "People"), drawn, most)


def test_the_longest_bar_fills_the_width():
    assert [bar.percent for bar in bars(50, 200, 0).drawn] == [25, 100, 0]


def test_a_scale_can_be_given_so_that_charts_compare():
    assert [bar.percent for bar in bars(50, 200, most=100).drawn] == [50, 100]


def test_nothing_to_draw_is_drawn_as_nothing():
    assert bars().drawn == ()
    assert [bar.percent for bar in bars(0, 0).drawn] == [0, 0]


def test_the_table_says_what_the_bars_say():
    assert bars(1204).table == (("Place 0", "1,204"),)
