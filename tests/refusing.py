"""The database says no, and says which promise would have been broken."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, transaction


@contextmanager
def the_database_refuses(name):
    """A row that breaks a constraint of this name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


@contextmanager
def row_security_refuses():
    """A row that this session may not write."""
    said = r"row-level security|permission denied|this session may not"
    with pytest.raises(DatabaseError, match=said), transaction.atomic():
        yield
