"""Ask, call, show: the board, villages, the book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read, log_sitting
from kondusif_web.accounts.roles import OFFICE, may, require
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.logbook import queries as book
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.actions import Attempt, done
from kondusif_web.pages.choices import tema_of
from kondusif_web.pages.files import file_response
from kondusif_web.reports.actions import confirm_gap
from kondusif_web.reports.forms import GapForm
from kondusif_web.situation import wall
from kondusif_web.situation.board import Board, board, strip
from kondusif_web.situation.page import village_page
from kondusif_web.situation.post import post_page
from kondusif_web.situation.villages import villages
from kondusif_web.situation.waiting import committee_facts
from kondusif_web.situation.wording import (
    CHIP,
    KINDS,
    SEVERITY,
    incident_name,
    place_name,
    subject_name,
    writers,
)

PER_PAGE = 50
OFFICE_CHAIN = "kantor"  # in an address; the chain of the office has no code
CODE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,64}"
)  # a row or a digest: in the JSONL, not on paper
CARDS = 4  # shown at once; the rest are one fold away
VILLAGES = 12  # on one page of the list
SILENT = 5  # posts named at once; the rest are one fold away


def papan(request: HttpRequest) -> HttpResponse:
    """The posko board; for those who do not see gates, their own beginning."""
    user, operation = request.member, request.operation
    if not may(user, "see_gates"):
        return _beranda(request, operation)
    log_sitting(request, "board")
    shown = board(operation, user, operation.now())
    if request.GET.get("dinding") == "1" or tema_of(request) == "dinding":
        return _wall(request, shown)
    context = _papan(operation, shown) | {
        "kartu": shown.kartu[:CARDS],
        "sisa_kartu": shown.kartu[CARDS:],
        "desa_per": VILLAGES,
        "diam": (shown.diam or ())[:SILENT],
        "sisa_diam": (shown.diam or ())[SILENT:],
    }
    return render(request, "situation/papan.html", context)


def _wall(request: HttpRequest, shown: Board) -> HttpResponse:
    """The same for everybody in the room: one page of the wall, and the address of the next."""
    context = _papan(request.operation, shown)
    pages = wall.wall_pages(shown, context["insiden"])
    held = wall.held(request.session, f"dinding/{request.operation.kode}", shown.kartu, server_now())
    number = wall.number_of(request.GET.get("halaman"), len(pages), held=held)
    following = 1 if held else number % len(pages) + 1
    context |= {
        "kartu": shown.kartu[: wall.CARDS],
        "lebih": len(shown.kartu[wall.CARDS :]),
        "halaman": pages[number - 1],
        "nomor": number,
        "semua": pages,
        "tahan": held,
        "berikut": following,
        "judul_berikut": pages[following - 1].judul,
        "detik": wall.SECONDS,
        "dinding": True,
        "tema": "dinding",
    }
    no_menu = dict.fromkeys(("menu", "menu_utama", "menu_bagian", "menu_bawah"), ())
    return render(request, "situation/dinding.html", context | no_menu)


def _papan(operation: Operation, shown: Board) -> dict[str, Any]:
    """What board and wall share."""
    names = {v.desa.kode: v.desa.nama for v in shown.desa}
    return {
        "papan": shown,
        "insiden": [
            {
                "judul": f"{incident_name(i.kind)}, {place_name(i.place, names)}",
                "sub": i.note,
                "kelas": CHIP[i.severity],
                "kata": SEVERITY[i.severity],
                "jam": i.occurred_at,
                "url": reverse("reports:insiden", args=[operation.kode, i.client_id]),
            }
            for i in shown.insiden or ()
        ],
        "dibuka": [{"desa": names.get(e.kode_desa, e.kode_desa), "at": e.occurred_at} for e in shown.dibuka],
    }


def _beranda(request: HttpRequest, operation: Operation) -> HttpResponse:
    """Field officer, committee, press officer, auditor: what is theirs."""
    user, now = request.member, operation.now()
    own = villages(operation, user, now) if may(user, "see_stages") else ()
    if own and may(user, "see_posture"):
        log_read(request, "home")
    names = {v.desa.kode: v.desa.nama for v in own}
    voting = [v.desa for v in own if v.desa.memilih]
    return render(
        request,
        "situation/beranda.html",
        {
            "sapa": operation.nama,
            "tahap": strip(election_of(operation), now),
            "pintu": _home_links(request),
            "desa": [v for v in own if v.desa.memilih],
            "menunggu": committee_facts(operation, voting, now) if may(user, "gate_fact_committee") else (),
            "pos_nama": place_name(user.post, names) if user.post else "",
        },
    )


# What a role does most comes first, by permission: its page and icon; the words stand in the template.
HOME_LINKS: Mapping[str, tuple[str, str]] = {
    "report": ("web:lapor", "lapor"),
    "answer_items": ("classes:putaran", "ulang"),
    "muster": ("posts:apel", "orang"),
    "gate_fact_committee": ("withdrawal:penarikan_list", "centang"),
    "see_dialogue": ("dialogue:dialog", "bicara"),
    "publish_public": ("public:terbit", "kabar"),
    "see_logbook": ("situation:buku", "buku"),
    "see_access": ("accounts:akses", "mata"),
    "manage_accounts": ("election:akun", "akun"),
    "drill": ("drill:latihan", "latihan"),
}


def _home_links(request: HttpRequest) -> list[dict[str, str]]:
    """The pages of the person's permissions in the operation and in the office."""
    out = []
    for permission, (page, ikon) in HOME_LINKS.items():
        office = permission in OFFICE
        if permission == "drill" and not request.operation.drill:
            continue
        if may(request.user if office else request.member, permission):
            url = reverse(page, args=[] if office else [request.operation.kode])
            out.append({"wewenang": permission, "ikon": ikon, "url": url})
    return out


def desa_list(request: HttpRequest) -> HttpResponse:
    """Villages of the person's areas."""
    require(request.member, "see_stages")
    operation = request.operation
    rows = villages(operation, request.member, operation.now())
    if may(request.member, "see_posture"):
        log_read(request, "desa.list")
    return render(
        request,
        "situation/desa_list.html",
        {
            "memilih": [v for v in rows if v.desa.memilih],
            "lain": [v for v in rows if not v.desa.memilih],
        },
    )


def desa(request: HttpRequest, kode: str) -> HttpResponse:
    """One village: class and why, posture, gates, plan, promises; each for those who may see it."""
    operation = request.operation
    row = get_object_or_404(operation.desa, kode=kode)
    require(request.member, "see_stages", kode)
    get_object_or_404(desa_visible_to(operation, request.member), pk=row.pk)
    if may(request.member, "see_posture"):
        log_read(request, "desa", kode)
    return render(
        request, "situation/desa.html", village_page(operation, request.member, row, operation.now())
    )


def pos(request: HttpRequest, kode: str) -> HttpResponse:
    """One post: when it last spoke and what it said, who stands there, whom to call; a silence confirmed."""
    require(request.member, "incident_manage", kode)
    operation = request.operation
    get_object_or_404(desa_visible_to(operation, request.member), kode=desa_of(kode), memilih=True)
    attempt = Attempt(GapForm(request.POST)) if request.method == "POST" else Attempt()
    if attempt.form is not None and attempt.act(request, confirm_gap):
        return done(request, _("Tercatat: selama pos ini diam tidak terjadi apa-apa."), "situation:pos", kode)
    log_read(request, "post", kode)
    shown = post_page(operation, request.member, kode, operation.now())
    if shown is None:
        raise Http404
    stated = shown["pernyataan"]
    form = attempt.form or GapForm(initial={"id": stated.client_id if stated else None})
    again = {"form": form, "refused": attempt.why, "sendiri": stated and stated.observer == request.member}
    return render(request, "situation/pos.html", shown | again, status=attempt.status)


def _chain(request: HttpRequest) -> str:
    """The chain that is asked for: ``?rantai=kantor`` is the office's (``""``), for the auditor alone."""
    if request.GET.get("rantai") == OFFICE_CHAIN:
        require(request.user, "see_access")
        return ""
    require(request.member, "see_logbook")
    return str(request.operation.kode)


def _of_chain(chain: str) -> dict[str, str]:
    return {} if chain else {"rantai": OFFICE_CHAIN}


def buku(request: HttpRequest) -> HttpResponse:
    """The book of the operation, or of the office for who may see it; newest first, with its head."""
    chain = _chain(request)
    log_read(request, "logbook")
    kind, kode, day = (request.GET.get(name, "").strip() for name in ("jenis", "desa", "hari"))
    rows = book.filtered(chain, kind=kind, kode_desa=kode, day=day)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    operation = request.operation
    who = writers(operation)
    places = Desa._base_manager.filter(operation=operation)  # the book tells of retired ones too
    names = dict(places.values_list("kode", "nama"))
    for line in page:
        line.kata = KINDS.get(line.kind, line.kind)
        line.siapa = who.get(line.by, line.by)
        line.tempat = place_name(line.kode_desa, names) if line.kode_desa else ""
        line.tentang = "" if CODE.fullmatch(line.subject) else subject_name(line.subject, names, who)
    return render(
        request,
        "situation/buku.html",
        {
            "page": page,
            "head": book.head(chain),
            "kinds": [(k, KINDS.get(k, k)) for k in book.kinds(chain)],
            "rantai": "" if chain else OFFICE_CHAIN,
            "lihat_kantor": may(request.user, "see_access"),
            "jenis": kind,
            "kode": kode,
            "desa": sorted(names.items(), key=lambda item: item[1]),
            "hari_saring": day,
            "saring": urlencode(_of_chain(chain) | {"jenis": kind, "desa": kode, "hari": day}) + "&",
        },
    )


def buku_jsonl(request: HttpRequest) -> HttpResponseBase:
    """One whole chain as JSON lines, for ``kondusif logbook verify``."""
    chain = _chain(request)
    text = (line + "\n" for line in book.lines(chain))
    return file_response(request, text, f"buku-{chain or OFFICE_CHAIN}.jsonl", read="logbook.export")
