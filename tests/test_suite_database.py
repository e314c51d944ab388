"""Each test that commits is followed by a fresh copy of the database."""

import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_what_a_test_commits_is_gone_in_the_next(turn, administrator):
    administrator.execute("CREATE TABLE left_behind ()")

    assert "left_behind" in connection.introspection.table_names()
