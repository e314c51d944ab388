from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "openprotect.web"
    label = "web"
    verbose_name = "Pages"
