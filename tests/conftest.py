"""Fixtures of every web test. Core tests need none of them."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("KONDUSIF_DATA", tempfile.mkdtemp(prefix="kondusif-test-"))
os.environ.setdefault("KONDUSIF_SECRET_KEY", "only-for-tests-" + "0123456789" * 5)

from tests import cast

SLOW = os.environ.get("KONDUSIF_SLOW") == "1"  # `make slow`: once per issue, all there is

# People's own runs search on; CI tries the same cases each time, so that red means this change.
# No property is timed: a busy machine is no fault of the code.
hypothesis_settings.register_profile("own", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.register_profile("slow", deadline=None, max_examples=2000)
PROFILE = "ci" if os.environ.get("KONDUSIF_CI") == "1" else "own"
hypothesis_settings.load_profile("slow" if SLOW else PROFILE)

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KONDUSIF_SHARED", ROOT.parent / "shared"))


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what a database decides runs again: actions, locks, triggers.

    Pages were read on SQLite; a test of pages asks for a browser. `make slow` runs them there too.
    """
    from django.conf import settings

    if SLOW or "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        return
    pages = {item for item in items if {"client", "as_"} & set(item.fixturenames)}
    config.hook.pytest_deselected(items=list(pages))
    items[:] = [item for item in items if item not in pages]


BLOCK = "p|h1|h2|h3|h4|li|dt|dd|td|th|caption|legend|summary|option|button|a|label|title|figcaption|textarea"
ENDS = re.compile(rf"(<(?:{BLOCK})(?: [^<>]*)?>) | (</(?:{BLOCK})>)|(</(?:{BLOCK})>) (?=<(?:{BLOCK}))")


@pytest.fixture(autouse=True)
def _pages_as_read(monkeypatch):
    """Pages with white space as a browser shows it: one blank for a run, none at the ends of a block."""
    from django.template.backends.django import Template

    render = Template.render

    def read(self, context=None, request=None):
        page = render(self, context, request)
        return ENDS.sub(r"\1\2\3", re.sub(r"\s+", " ", page).replace('" >', '">')) if "<" in page else page

    monkeypatch.setattr(Template, "render", read)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """PBKDF2 costs a second on two cores and proves nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def op(db):
    """The operation "uji" with its places, a drill whose clock stands at H+1 14.05 WIB."""
    return begin(cast.OPERATION)


@pytest.fixture
def other(db):
    """A second operation "lain" in the office: the same places under the same codes, nobody in it yet."""
    return begin(cast.OTHER)


def begin(fields):
    """An operation with every place of the cast."""
    from kondusif_web.election.actions import add_places, open_operation

    operation = open_operation(**fields, by=None, now=cast.NOW)
    add_places(
        operation=operation,
        desa=cast.DESA,
        tps=cast.TPS,
        calon=cast.CALON,
        outlines={d.kode: cast.cell(d) for d in cast.DESA},
        by=None,
        now=cast.NOW,
    )
    return operation


@pytest.fixture
def people(op):
    """Every member of operation "uji" as ``people.kapolsek``; dots in a name become underscores.

    ``people.admin`` is an account of the office and no member.
    """
    return enlist(op)


@pytest.fixture
def other_people(other):
    """The same accounts as members of operation "lain"; ``people.x.user == other_people.x.user``."""
    return enlist(other)


def enlist(operation, people=cast.PEOPLE) -> SimpleNamespace:
    """The people of the cast as members of an operation; accounts that are there serve again."""
    from kondusif_web.accounts.actions import create_account
    from kondusif_web.accounts.models import User
    from kondusif_web.election.members import add_member

    made = {}
    for p in people:
        account = User.objects.filter(username=p.username).first() or create_account(
            username=p.username,
            role=p.role if p.role in ("admin", "auditor", "planner") else "",
            jabatan=p.jabatan,
            password=cast.PASSWORD,
            must_change=False,
            by=None,
            now=cast.NOW,
        )
        made[p.username.replace(".", "_")] = (
            account
            if p.role == "admin"
            else add_member(
                operation=operation,
                user=account,
                role=p.role,
                jabatan=p.jabatan,
                prefixes=p.prefixes,
                post=p.post,
                by=None,
                now=cast.NOW,
            )
        )
    return SimpleNamespace(**made)


@pytest.fixture
def as_(client, people):
    """``as_("kapolsek")``: a browser signed in as that person of the cast."""
    from django.test import Client

    def sign_in(username: str) -> Client:
        browser = Client()
        who = getattr(people, username.replace(".", "_"))
        browser.force_login(getattr(who, "user", who))
        return browser

    return sign_in


@pytest.fixture(autouse=True, scope="session")
def _flushable_books():
    """Tests with a live server empty tables by flush, which the books refuse: lift the triggers for that."""
    from django.db.backends.base.operations import BaseDatabaseOperations as Operations

    from kondusif_web.logbook.triggers import statements

    original = Operations.execute_sql_flush

    def flush(self, sql_list):
        tables = ("logbook_entry", "accounts_accessentry")
        with self.connection.cursor() as cursor:
            for table in tables:
                for sql in statements(self.connection.vendor, table, drop=True):
                    cursor.execute(sql)
            try:
                original(self, sql_list)
            finally:
                for table in tables:
                    for sql in statements(self.connection.vendor, table):
                        cursor.execute(sql)

    Operations.execute_sql_flush = flush
    yield
    Operations.execute_sql_flush = original
