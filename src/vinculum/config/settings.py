"""Django's settings, made from the environment (`environment.py`, docs/settings.md)."""

import ipaddress
from pathlib import Path
from typing import Any

import allauth
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from vinculum.access.sign_in_settings import *  # noqa: F403 — every one of them is a setting
from vinculum.config import environment
from vinculum.config.addresses import addresses
from vinculum.config.json_log import logging_configuration

PRODUCTION = environment.is_production()
HTTPS = environment.read_flag("VINCULUM_HTTPS", default=PRODUCTION)
DATA_DIR = environment.data_directory()
_PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = False
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.read_list("VINCULUM_ALLOWED_HOSTS")
if not ALLOWED_HOSTS and PRODUCTION:
    raise ImproperlyConfigured("VINCULUM_ALLOWED_HOSTS is not set: name the hosts that are answered.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("VINCULUM_ALLOWED_HOSTS is *: name the hosts that are answered.")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]

TRUSTED_PROXIES = tuple(
    ipaddress.ip_network(network, strict=True)
    for network in environment.read_list("VINCULUM_TRUSTED_PROXIES")
)
if any(network.prefixlen == 0 for network in TRUSTED_PROXIES):
    raise ImproperlyConfigured("VINCULUM_TRUSTED_PROXIES trusts the whole world: name the proxies.")

# ---------------------------------------------------------------------------------------- the two systems
SYSTEMS = frozenset(environment.read_list("VINCULUM_SYSTEMS"))
if not SYSTEMS or SYSTEMS - {"state", "national"}:
    raise ImproperlyConfigured("VINCULUM_SYSTEMS: say state, national or both.")
JURISDICTION = environment.read("VINCULUM_JURISDICTION")
JURISDICTIONS_DIR = environment.jurisdictions_directory()
EXCHANGE = environment.read("VINCULUM_EXCHANGE")
EXCHANGE_KEY = environment.read("VINCULUM_EXCHANGE_KEY")
OUTBOX_SECONDS = float(environment.read("VINCULUM_OUTBOX_SECONDS"))

_ADDRESSES = addresses()
# The addresses of the application's own login, for `vinculum.access.database`.
DATABASE_URLS = {"state": _ADDRESSES.state.url, "national": _ADDRESSES.national.url}


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in parts.items() if key not in names}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: str(parts.get(postgres) or "") for postgres, django in names.items()},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": _database(_ADDRESSES.state.url), "national": _database(_ADDRESSES.national.url)}
DATABASE_ROUTERS = ["vinculum.config.database_router.TwoSystems"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "vinculum.access",
    "vinculum.state.reference",
    "vinculum.state.records",
    "vinculum.state.ledger",
    "vinculum.state.inventory",
    "vinculum.state.casework",
    "vinculum.state.outbox",
    "vinculum.national.records",
    "vinculum.national.casework",
    "vinculum.national.mailroom",
    "vinculum.national.alerts",
    "vinculum.national.batch",
    "vinculum.national.investigations",
    "vinculum.entrypoints.web",
]
MIDDLEWARE = [
    "vinculum.entrypoints.request_identity.RequestIdentity",
    "vinculum.entrypoints.web.security_headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vinculum.entrypoints.web.account.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "vinculum.config.urls"
WSGI_APPLICATION = "vinculum.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "entrypoints/web/templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# ---------------------------------------------------------------------------------------- people
AUTH_USER_MODEL = "access.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "vinculum.entrypoints.web.stale_pages.form_is_stale"
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS

# ---------------------------------------------------------------------------------------- the wire
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# The header reaches this point from trusted proxies only: RequestIdentity removes it from others.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# ---------------------------------------------------------------------------------------- language and files
LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "America/New_York"
USE_I18N = False
FORMAT_MODULE_PATH = None
STATIC_URL = "/static/"
STATIC_ROOT = environment.read("VINCULUM_STATIC_DIR") or str(DATA_DIR / "static")
# The scripts for security keys are the sign-in library's own.
_ALLAUTH = Path(allauth.__file__).parent
STATICFILES_DIRS = [
    path
    for path in (_PACKAGE / "entrypoints/web/static", _ALLAUTH / "mfa/static", _ALLAUTH / "account/static")
    if path.is_dir()
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Production serves the collected, fingerprinted, compressed files; the demonstration the source files.
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# How the exchange sends mail: the emulator's folder, a server, or not at all (what is owed waits, and is given up).
MAIL = environment.read("VINCULUM_MAIL") or ("" if PRODUCTION else "emulator")
if MAIL not in {"", "emulator"} and not MAIL.startswith(("smtp://", "smtps://")):
    raise ImproperlyConfigured("VINCULUM_MAIL: say emulator, smtp://HOST:PORT or smtps://HOST:PORT.")
if MAIL == "emulator" and PRODUCTION:
    raise ImproperlyConfigured("VINCULUM_MAIL is emulator: a production service sends its mail.")
MAIL_LOGIN = environment.read("VINCULUM_MAIL_LOGIN")
MAIL_PASSWORD = environment.read("VINCULUM_MAIL_PASSWORD")
MAIL_FROM = environment.read("VINCULUM_MAIL_FROM")
SITE_ADDRESS = environment.read("VINCULUM_SITE_ADDRESS")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_configuration(level=environment.read("VINCULUM_LOG_LEVEL"))
