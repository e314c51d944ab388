from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "openprotect.pathway"
    label = "pathway"
    default_auto_field = "django.db.models.BigAutoField"
