"""A foreign key is an import too: it may only point downward."""

import tomllib

from django.apps import apps
from django.contrib.auth import get_user_model

from tests.architecture.sources import CHECKOUT

# The records half is files in, files out: its reading and its lake are no verbs of a case.
BATCH = {
    "records": {
        "columnar",
        "current",
        "history",
        "lake",
        "looking",
        "parts",
        "readers",
        "reference",
        "stock",
        "store",
    }
}
SEVEN = {"chores", "actions", "queries", "models", "rules", "apps", "migrations"}


def contracts():
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    return {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def layers():
    return [layer.strip("()") for layer in contracts()["The pathway flows one way"]["layers"]]


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("openprotect.")]


def place(model):
    return layers().index(model.__module__.split(".")[1])


def test_every_foreign_key_points_to_the_same_layer_or_one_below():
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model in our_models()
        # Who did it is named everywhere; the user model alone may be above.
        if place(field.related_model) < place(model) and field.related_model is not get_user_model()
    ]

    assert upward == []


def test_every_domain_app_has_only_the_seven_names():
    apps_bound = contracts()["Inside an app: chores, actions, queries, models, rules"]["containers"]
    strange = [
        f"{app}.{path.stem}"
        for app in apps_bound
        for path in (CHECKOUT / app.replace(".", "/")).iterdir()
        if not path.name.startswith("_")
        and path.stem not in SEVEN | BATCH.get(app.rsplit(".", 1)[1], set())
    ]

    assert strange == []


def test_every_model_says_what_it_is():
    silent = [
        model.__name__
        for model in our_models()
        if not model.__doc__ or model.__doc__.startswith(f"{model.__name__}(")
    ]

    assert silent == []
