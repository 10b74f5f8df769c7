"""In English the pages are English: on the example after the vote, as several people see it.

What people typed and what the operation calls things stays as written, so everything that stands in the
database is left out before Indonesian function words are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import resolve

from kondusif_web.accounts.actions import change_password, one_time_password
from kondusif_web.accounts.models import User
from kondusif_web.drill.actions import load_sample, play_until
from kondusif_web.election.models import Operation
from kondusif_web.pages.choices import LANGUAGE
from tests import cast, requires
from tests.examples import load_example

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Function words that Indonesian cannot do without, and English does not have.
TELLTALE = re.compile(
    r"\b(yang|dan|untuk|belum|dengan|tidak|dari|sudah|pada|karena|akan|adalah|oleh|atau|bila|setelah|sebelum"
    r"|sampai|semua|juga|harus|dapat|bukan|hanya|lagi|kurang|lebih|paling|ini|itu|ada|jam|hari|orang)\b",
    re.IGNORECASE,
)
# Terms of art, and what a workbook or a command must be given letter by letter.
AS_THEY_ARE = (
    "Kurang Rawan",
    "LATIHAN - DATA ILUSTRATIF",
    "Bahasa Indonesia",
    "tidak ada (none)",  # a word of the history file
)
NOT_SAID = {"code", "script", "textarea"}  # what stands in a field is somebody's own words
SAID = {"aria-label", "title", "alt", "placeholder", "data-n", "data-putus"}
PEOPLE = (
    "perencana",
    "kapolsek",
    "kapolres",
    "petugas1",
    "camat",
    "panitia.lemahbang",
    "humas",
    "auditor",
    "admin",
)
LIVE = "sungguhan"  # code of a live operation beside the drill
ALIKE = 2  # pages of one kind read per person


class Reader(HTMLParser):
    """Every text a person is told on a page, and the links from it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in NOT_SAID
        self.texts += [value for name, value in attrs if name in SAID and value]
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in NOT_SAID

    def handle_data(self, data: str) -> None:
        if not self.code and data.strip():
            self.texts.append(" ".join(data.split()))


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)


def typed() -> list[str]:
    """Every text in the database that holds an Indonesian word, the longest first."""
    found = set(AS_THEY_ARE)
    for model in apps.get_models():
        if model.__module__.startswith("kondusif_web.") and model._meta.model_name != "item":
            for row in model.objects.values_list():
                found |= {text for value in row for text in leaves(value) if TELLTALE.search(text)}
    return sorted(found, key=len, reverse=True)


def public(path: str) -> bool:
    """Pages that have a language in their address."""
    return resolve(path).view_name.startswith(("publik", "public:publik", "public:kalender"))


def pages(browser: Client, *first: str) -> Iterator[tuple[str, Reader]]:
    """Breadth first along the links, a few pages of each kind."""
    waiting, seen, kinds = [*first], {*first}, {}
    while waiting:
        path = waiting.pop(0)
        kind = resolve(urlsplit(path).path).view_name
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > ALIKE:
            continue
        answer = browser.get(path)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        page = Reader(answer.content.decode())
        yield path, page
        for link in page.links:
            there = urljoin(path, link).partition("#")[0]
            if not there.startswith("/") or there.startswith("/static/") or there in seen:
                continue
            if not public(urlsplit(there).path):
                seen.add(there)
                waiting.append(there)


@pytest.fixture
def after_the_vote(db):
    """The drill on the day after; its code. Beside it stands a live operation of the same people."""
    requires.english()
    now = datetime.fromisoformat("2023-10-11T14:05+07:00")
    load_sample(now=cast.NOW)
    operation = Operation.objects.get()
    play_until(operation=operation, until=now, by=None)
    for user in User.objects.all():  # else the live operation would ask each of them first
        change_password(user=user, password=one_time_password(), now=cast.NOW)
    load_example(now=cast.NOW, kode=LIVE, drill=False)
    return operation.kode


def test_no_page_mixes_indonesian_in(after_the_vote):
    own = typed()
    mixed, read = {}, set()
    for person in PEOPLE:
        browser = Client()
        browser.force_login(User.objects.get(username=person))
        browser.cookies[LANGUAGE] = "en"
        for path, page in pages(browser, f"/o/{after_the_vote}/", "/", "/akun/", "/lapor/"):
            read.add(resolve(urlsplit(path).path).view_name)
            for text in page.texts:
                left = text.removeprefix("LATIHAN · ")
                if "…" in left and any(written.startswith(left.partition("…")[0]) for written in own):
                    continue  # somebody's words, cut short
                if TELLTALE.search(left):
                    for written in own:
                        left = left.replace(written, "")
                if word := TELLTALE.search(left):
                    mixed.setdefault(left, f"{person} {path}: {word[0]}")
    assert len(read) > 25, "the walk has found its pages"
    assert mixed == {}, "\n".join(f"{text}: {where}" for text, where in mixed.items())


def test_the_public_page_is_english_but_for_what_was_said_at_the_dialogue(after_the_vote):
    own = typed()
    browser = Client()
    browser.force_login(User.objects.get(username="humas"))
    assert browser.post(f"/o/{after_the_vote}/publik/terbit/").status_code == 302
    for path in (f"/o/{after_the_vote}/publik/en/", "/publik/en/", "/masuk/"):
        stranger = Client()
        stranger.cookies[LANGUAGE] = "en"
        for text in Reader(stranger.get(path).content.decode()).texts:
            for written in own:
                text = text.replace(written, "")
            assert not TELLTALE.search(text), text
