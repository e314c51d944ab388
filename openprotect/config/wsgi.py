"""What a web server calls. It answers nobody until the database role is known to be harmless."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openprotect.config.settings")


def _application() -> WSGIHandler:
    ready = get_wsgi_application()
    from openprotect.config.checks import refuse_unsafe_database

    refuse_unsafe_database()
    return ready


application = _application()
