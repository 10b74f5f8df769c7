"""Pages of a whole regency: what a page costs does not grow with the villages (bench/ has the times)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import SLOW
from tests.scale import regency
from tests.scale_pages import NAMES, pages, sign_in

LARGE = (125, 8) if SLOW else (31, 2)  # villages, stations in each
BYTES = 500_000  # of a page, uncompressed
FILES = (".xlsx", ".csv", ".jsonl", ".toml")  # are whole, whatever their size


def asked(client, path):
    """What a page answers, the statements it took, and its bytes."""
    connection.queries_log.clear()  # it ends at 9,000 statements
    with CaptureQueriesContext(connection) as sql:
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, len(sql), len(body)


@pytest.fixture
def pairs(db):
    """Two operations alike but for their size; the pages of each by name."""
    small, large = (
        regency(*size, kode=kode).operation for size, kode in (((3, 2), "kecil"), (LARGE, "besar"))
    )
    return {name: (path, dict(pages(large))[name]) for name, path in pages(small)}


def test_sql_of_a_page_does_not_grow_with_villages_and_no_page_is_long(pairs):
    grown, long, seen = [], [], set()
    for who in NAMES:
        client = sign_in(who)
        for name, (of_small, of_large) in pairs.items():
            status, few, _ = asked(client, of_small)
            if status != 200:
                continue
            seen.add(name)
            status, many, size = asked(client, of_large)
            if (status, many) != (200, few):
                grown.append((who, name, status, few, many))
            if size > BYTES and not of_large.endswith(FILES):
                long.append((who, name, size))
    assert grown == [] and long == []
    assert len(seen) > 45
