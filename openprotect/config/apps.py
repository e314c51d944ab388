from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "openprotect.config"
    label = "config"
    verbose_name = "this installation"

    def ready(self) -> None:
        """Registering happens on import."""
        from openprotect.config import checks  # noqa: F401
