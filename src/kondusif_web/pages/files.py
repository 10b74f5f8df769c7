"""The response of one file: its type, a safe name, never cached, with its line in the access log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import PurePath
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from kondusif.files.write import write_tables
from kondusif_web.accounts.access import log_read

Response = TypeVar("Response", bound=HttpResponseBase)
MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/x-ndjson; charset=utf-8",
    ".toml": "application/toml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
}
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def public_file(content: bytes | str, name: str) -> HttpResponse:
    """A file that everybody may have, to keep."""
    return _named(HttpResponse(content, content_type=_media(name)), name)


def file_response(
    request: HttpRequest,
    content: bytes | str | Iterator[str],
    name: str,
    *,
    read: str,
    kode: str = "",
    media: str = "",
) -> HttpResponseBase:
    """A file for who may read it, to keep and not to show; ``read`` and ``kode`` name it in the access log.

    Text that comes line by line is streamed. ``media``: the type where the ending does not tell it.
    """
    log_read(request, read, kode)
    kind = media or _media(name)
    whole = isinstance(content, bytes | str)
    response: HttpResponseBase = (
        HttpResponse(content, content_type=kind)
        if whole
        else StreamingHttpResponse(content, content_type=kind)
    )
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _named(response, name)


def workbook_response(
    request: HttpRequest,
    sheets: Mapping[str, Sequence[Mapping[str, object]]],
    name: str,
    *,
    title: str,
    note: str,
    read: str,
) -> HttpResponseBase:
    """Tables as one workbook of the operation, for who may read it; see :func:`file_response`."""
    target = BytesIO()
    write_tables(target, sheets, title, latihan=request.operation.mark, note=note)
    return file_response(request, target.getvalue(), name, read=read)


def _media(name: str) -> str:
    return MEDIA.get(PurePath(name).suffix, "application/octet-stream")


def _named(response: Response, name: str) -> Response:
    response["Content-Disposition"] = content_disposition_header(True, UNSAFE.sub("-", name))
    response["X-Content-Type-Options"] = "nosniff"
    return response
