from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "openprotect.places"
    label = "places"
    verbose_name = "organisations and teams"
