"""Somebody of the surveillance team, at the desk."""

import pytest

from tests import given


@pytest.fixture
def nurse(worker):
    return given.user("SURVEILLANCE")


@pytest.fixture
def desk(client, nurse):
    return given.sign_in(client, nurse)
