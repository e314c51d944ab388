"""Django's settings: one file, the same in every place, with safe defaults."""

from csp.constants import NONCE, NONE, SELF

from openprotect.config import databases, environment, logs

environment.refuse_unknown()
OPENPROTECT = environment.installation()
_LIVE = not OPENPROTECT.demo

SECRET_KEY = environment.secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in environment.text("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]

_ROLE = environment.text("ROLE", "app", among=("app", "import"))
DATABASES = databases.django_databases(databases.server(), f"openprotect_{_ROLE}")

_DOMAIN = [
    "events",
    "governance",
    "accounts",
    "places",
    "people",
    "records",
    "cohorts",
    "programmes",
    "enrolments",
    "contacts",
    "messages",
    "checkins",
    "calls",
    "floor",
    "alerts",
    "referrals",
    "voices",
    "reports",
    "api",
    "pathway",
    "web",
]
INSTALLED_APPS = [
    # Not django.contrib.messages: its label is our app's, and its middleware works without.
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "openprotect.config",
    *(f"openprotect.{name}" for name in _DOMAIN),
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "openprotect.config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "openprotect.web.reading.Reading",
    "openprotect.web.sessions.Sessions",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
ROOT_URLCONF = "openprotect.config.urls"
WSGI_APPLICATION = "openprotect.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [environment.CHECKOUT / "openprotect" / "web" / "jinja2"],
        "OPTIONS": {"environment": "openprotect.web.design.environment.environment"},
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = OPENPROTECT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = OPENPROTECT.home / "media"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Personal links must not leave in a Referer header, not even to ourselves: the origin alone does.
# "no-referrer" would make browsers send forms with "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _LIVE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _LIVE
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("BEHIND_PROXY") else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _LIVE
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "openprotect.web.design.errors.form_expired"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["openprotect.web.uploads.NoUploads"]

LOGGING_CONFIG = None
logs.set_up(environment.text("LOG_LEVEL", "info", among=("debug", "info", "warning", "error")))
