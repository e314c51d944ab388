from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "openprotect.cohorts"
    label = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"
