from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "openprotect.checkins"
    label = "checkins"
    default_auto_field = "django.db.models.BigAutoField"
