from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "openprotect.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"
