"""Settings, one file, from the environment; a bad value stops the start with its name (docs/how-to/run.md).

=====================  =======================================================================================
KONDUSIF_DATA          folder of database and secret key; default ``./data``
DATABASE_URL           ``postgres://...`` moves the office to PostgreSQL; default SQLite in KONDUSIF_DATA
KONDUSIF_SECRET_KEY    at least 50 characters; default: made once, kept in KONDUSIF_DATA/secret.key (0600)
KONDUSIF_HOSTS         comma-separated host names; default ``localhost,127.0.0.1``
KONDUSIF_HTTPS         1 behind a TLS proxy: secure cookies, HSTS, redirect; default 0
KONDUSIF_PROXY         address of that proxy, whose word on scheme and sender is taken; default ``127.0.0.1``
KONDUSIF_DEBUG         1 on a developer's machine only; default 0
=====================  =======================================================================================
"""

from __future__ import annotations

import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kondusif_web.channels import WAYS

HERE = Path(__file__).resolve().parent


def _flag(name: str) -> bool:
    raw = os.environ.get(name, "0")
    if raw not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {raw!r}; it must be 0 or 1")
    return raw == "1"


def _hosts(name: str, default: str) -> list[str]:
    hosts = [h.strip() for h in os.environ.get(name, default).split(",") if h.strip()]
    if not hosts or any("*" in h or "/" in h for h in hosts):
        raise ImproperlyConfigured(f"{name} must be host names separated by commas, without * or scheme")
    return hosts


def _address(name: str, default: str) -> str:
    try:
        return str(ip_address(os.environ.get(name, default)))
    except ValueError as err:
        raise ImproperlyConfigured(f"{name} must be one IP address: {err}") from err


def _secret_key(folder: Path) -> str:
    """From the environment, else from the data folder, made there once and readable by its owner only."""
    key = os.environ.get("KONDUSIF_SECRET_KEY", "")
    if not key:
        path = folder / "secret.key"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
                f.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
        key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured("KONDUSIF_SECRET_KEY (or secret.key) must have at least 50 characters")
    return key


def _database(folder: Path) -> dict[str, object]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'kondusif.sqlite3'}"
    if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must be sqlite:///... or postgres://...")
    db: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=60))
    if urlsplit(url).scheme == "sqlite":
        # RULES 28: an acknowledged report survives a power cut, and two writers wait instead of failing.
        db["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds a writer waits for the one before
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        db["CONN_MAX_AGE"] = 0
    return db


DATA = Path(os.environ.get("KONDUSIF_DATA", "data")).resolve()
try:
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as err:
    raise ImproperlyConfigured(f"KONDUSIF_DATA {DATA} cannot be made: {err}") from err

DEBUG = _flag("KONDUSIF_DEBUG")
HTTPS = _flag("KONDUSIF_HTTPS")
PROXY = _address("KONDUSIF_PROXY", "127.0.0.1")
SECRET_KEY = _secret_key(DATA)
DEMO = False  # ``serve --demo`` alone says otherwise: people of a drill sign in by a click (RULES 23)
ALLOWED_HOSTS = _hosts("KONDUSIF_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS] if HTTPS else []


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of widgets, for FORM_RENDERER
    "csp",
    "kondusif_web.pages",
    "kondusif_web.logbook",
    "kondusif_web.accounts",
    "kondusif_web.election",
    "kondusif_web.instrument",
    "kondusif_web.posts",
    "kondusif_web.answers",
    "kondusif_web.classes",
    "kondusif_web.planning",
    "kondusif_web.reports",
    "kondusif_web.withdrawal",
    "kondusif_web.dialogue",
    "kondusif_web.mitigation",
    "kondusif_web.calibration",
    *(f"kondusif_web.channels.{way}" for way in WAYS),
    "kondusif_web.intake",
    "kondusif_web.situation",
    "kondusif_web.public",
    "kondusif_web.drill",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # tokens are masked and lengths padded: BREACH reads neither
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kondusif_web.pages.choices.Choices",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # every page, save where a view says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kondusif_web.guard.Guard",
]

MESSAGE_STORAGE = "kondusif_web.guard.ToldInOperation"
ROOT_URLCONF = "kondusif_web.urls"
WSGI_APPLICATION = "kondusif_web.wsgi.application"
DATABASES = {"default": _database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kondusif_web.pages.context.look",
            ],
        },
    }
]

FORM_RENDERER = "kondusif_web.pages.forms.OfficeRenderer"

# ---------------------------------------------------------------- people

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kondusif_web.accounts.backend.Backend"]
LOGIN_URL = "accounts:masuk"
LOGIN_REDIRECT_URL = "election:operations"
LOGOUT_REDIRECT_URL = "accounts:masuk"
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("username",)}},
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60  # one duty shift, seconds
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"

# ---------------------------------------------------------------- the browser's side

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
]  # subdomains and preload are the regency's to decide
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes; the largest workbook an office sends is far below
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True  # files come from the package: nothing to collect before the first run
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^"  # every address carries the hash of its file (pages/static.py)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kondusif_web.pages.static.HashedFiles"},
}

# ---------------------------------------------------------------- language and time

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]  # in their own words; see pages/choices.py
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
