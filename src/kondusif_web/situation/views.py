"""Ask, call, show: the board, villages, the book."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode

from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.queries import current_operation, desa_visible_to
from kondusif_web.logbook import queries as book

PER_PAGE = 50


@login_required
def papan(request: HttpRequest) -> HttpResponse:
    """The posko board."""
    return render(request, "situation/papan.html", {})


@login_required
def desa_list(request: HttpRequest) -> HttpResponse:
    """Villages of the person's areas."""
    require(request.user, "see_stages")
    return render(request, "situation/desa_list.html", {"desa": desa_visible_to(request.user)})


@login_required
def desa(request: HttpRequest, kode: str) -> HttpResponse:
    """One village."""
    require(request.user, "see_stages", kode)
    row = get_object_or_404(desa_visible_to(request.user), kode=kode)
    return render(request, "situation/desa.html", {"desa": row})


@login_required
def buku(request: HttpRequest) -> HttpResponse:
    """The book, newest first, with its head."""
    require(request.user, "see_logbook")
    log_read(request, "logbook")
    kind, kode, day = (request.GET.get(name, "").strip() for name in ("jenis", "desa", "hari"))
    rows = book.filtered(kind=kind, kode_desa=kode, day=day)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "situation/buku.html",
        {
            "page": page,
            "head": book.head(),
            "kinds": book.kinds(),
            "jenis": kind,
            "kode": kode,
            "hari_saring": day,
            "saring": urlencode({"jenis": kind, "desa": kode, "hari": day}) + "&",
        },
    )


@login_required
def buku_jsonl(request: HttpRequest) -> StreamingHttpResponse:
    """The whole book as JSON lines, for ``kondusif logbook verify``."""
    require(request.user, "see_logbook")
    log_read(request, "logbook.export")
    name = current_operation().kode
    response = StreamingHttpResponse(
        (line + "\n" for line in book.lines()), content_type="application/x-ndjson; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="buku-{name}.jsonl"'
    return response
