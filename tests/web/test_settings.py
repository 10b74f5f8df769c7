"""Settings come from the environment and a bad value stops the start; the browser is told to be strict."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

ASK = (
    "from django.conf import settings as s; from django.core.management import call_command as manage;"
    " print({})"
)


def ask(what: str, tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
    """A fresh start of the settings in another process."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KONDUSIF_") and k != "DATABASE_URL"}
    clean |= {"DJANGO_SETTINGS_MODULE": "kondusif_web.settings", "KONDUSIF_DATA": str(tmp_path / "data")}
    return subprocess.run(
        [sys.executable, "-c", ASK.format(what)], env=clean | env, capture_output=True, text=True
    )


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = ask("s.SECRET_KEY", tmp_path)
    assert first.returncode == 0, first.stderr
    path = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ask("s.SECRET_KEY", tmp_path).stdout == first.stdout
    assert len(first.stdout.strip()) > 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KONDUSIF_DEBUG", "yes"),
        ("KONDUSIF_HTTPS", "true"),
        ("KONDUSIF_HOSTS", "*"),
        ("KONDUSIF_PROXY", "everywhere"),
        ("KONDUSIF_HOSTS", " , "),
        ("KONDUSIF_HOSTS", "https://posko.example"),
        ("KONDUSIF_SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://x/y"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(tmp_path, name, value):
    done = ask("s.DEBUG", tmp_path, **{name: value})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert name in done.stderr


def test_behind_https_cookies_and_hosts_are_strict(tmp_path):
    what = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG"
    done = ask(what, tmp_path, KONDUSIF_HTTPS="1", KONDUSIF_HOSTS="posko.example")
    assert done.stdout.strip() == "True True True False"


def test_django_finds_nothing_to_warn_about_behind_https(tmp_path):
    what = "__import__('django').setup() or manage('check', deploy=True, fail_level='WARNING')"
    done = ask(what, tmp_path, KONDUSIF_HTTPS="1", KONDUSIF_HOSTS="posko.example")
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_sqlite_survives_a_power_cut_and_keeps_its_promises(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in settings.DATABASES["default"]["OPTIONS"]["init_command"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/masuk/", "/tidak-ada/"])
def test_every_page_carries_the_strict_headers(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    for part in ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "object-src 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.django_db
def test_a_signed_in_page_stays_out_of_caches(op, as_):
    assert "no-store" in as_("auditor").get("/akses/")["Cache-Control"]
