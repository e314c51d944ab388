from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "openprotect.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
