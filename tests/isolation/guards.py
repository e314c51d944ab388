"""The guards in Python, each of which can be taken away to see whether the database still holds."""

import importlib
import pkgutil
import sys
from contextlib import contextmanager

import openprotect
from openprotect.accounts.rules import Role
from openprotect.places.models import Organisation
from openprotect.web.access import ROLES
from tests.isolation.visiting import ours

# What decides in Python whom somebody sees, by the name it has in each app's queries.
NAMES = ("visible_to", "practices_in_reach", "may_act", "for_answering")


def guards():
    """Every guard there is, found by its name, so that a new one is taken away as well."""
    for found in pkgutil.walk_packages(openprotect.__path__, "openprotect."):
        if ".queries" in found.name and ".migrations" not in found.name:
            importlib.import_module(found.name)
    modules = [each for name, each in sys.modules.items() if name.startswith("openprotect.")]
    found = {
        getattr(module, name)
        for module in modules
        for name in NAMES
        if callable(getattr(module, name, None))
    }
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def opened(guard):
    """The same question, answered with everything."""
    if guard.__name__ == "practices_in_reach":
        return lambda viewer: list(Organisation.objects.values_list("pk", flat=True))
    if guard.__name__ == "may_act":
        return lambda *_: True

    def everything(*asked):
        narrowed = guard(*asked)
        wide = narrowed.model.objects.all()
        wide.query.select_related = narrowed.query.select_related
        return wide

    return everything


def without(guard):
    """Take a guard away wherever it is used."""
    return replaced(guard, opened(guard))


@contextmanager
def replaced(what, instead):
    """Another function in the place of one, in every module that knows it."""
    places = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.startswith("openprotect.")
        for name, value in list(vars(module).items())
        if value is what
    ]
    for module, name in places:
        setattr(module, name, instead)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, what)


@contextmanager
def for_everybody(page):
    """Take away the mark that says for which roles a page is."""
    roles = getattr(page, ROLES)
    setattr(page, ROLES, frozenset(Role))
    try:
        yield
    finally:
        setattr(page, ROLES, roles)


def marked():
    """Every address whose page is for some roles only."""
    return [each for each in ours() if each.roles]
