"""Static files are kept for long under the hash of what is in them; pages are sent compressed."""

import gzip
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from tests import requires

TEMPLATES = requires.ROOT / "src/kondusif_web/templates"
HASHED = "kondusif_web.pages.static.HashedFiles"


@pytest.fixture(autouse=True)
def hashed(settings):
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": HASHED}}


def test_an_address_names_the_hash_of_its_file_and_a_browser_keeps_it(client):
    url = staticfiles_storage.url("kondusif.css")
    assert re.fullmatch(r"/static/kondusif\.css\?v=[0-9a-f]{12}", url)
    kept = client.get(url).headers["Cache-Control"]
    assert "immutable" in kept and int(re.search(r"max-age=(\d+)", kept)[1]) >= 31_536_000


def test_two_files_have_two_hashes_and_none_where_there_is_no_file():
    marks = {staticfiles_storage.url(name) for name in ("kondusif.css", "halaman.css")}
    assert len({mark.partition("?v=")[2] for mark in marks}) == 2
    assert staticfiles_storage.url("tidak-ada.css") == "/static/tidak-ada.css"


@pytest.mark.parametrize("path", ["/masuk/", "/static/kondusif.css"])
def test_what_is_sent_is_compressed_for_who_can_read_it(client, db, path):
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert len(gzip.decompress(body)) > 2 * len(body)
    assert "Content-Encoding" not in client.get(path).headers


def test_the_same_page_is_never_sent_with_one_length(client, db):
    """Who guesses at a secret by the length of an answer (BREACH) reads noise."""
    lengths = {len(client.get("/masuk/", headers={"Accept-Encoding": "gzip"}).content) for _ in range(8)}
    assert len(lengths) > 1


def test_a_template_that_asks_htmx_for_something_loads_it():
    asking = {p.name: text for p in TEMPLATES.rglob("*.html") if "hx-" in (text := p.read_text("utf-8"))}
    assert asking and [name for name, text in asking.items() if "{% htmx_script %}" not in text] == []


def test_htmx_is_loaded_only_where_it_is_used(as_, op, people):
    kapolsek = as_("kapolsek")
    pages = ("/o/uji/", "/o/uji/desa/", "/o/uji/dialog/", "/o/uji/rencana/apel/", "/masuk/")
    assert all("htmx" not in kapolsek.get(path).content.decode() for path in pages)
