"""Ask, call, show: the rounds, who owes what, the answer form, joint review, evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.classes.rounds import ROUND_MILESTONES
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, may_at, require
from kondusif_web.answers import facts, wording
from kondusif_web.answers import forms as answers_forms
from kondusif_web.answers import queries as answers_queries
from kondusif_web.answers.actions import settle_review
from kondusif_web.answers.checks import AnswersRefused
from kondusif_web.answers.ledgers import debt_rows
from kondusif_web.answers.models import Round
from kondusif_web.classes import forms, rounds
from kondusif_web.classes.wording import STAGES
from kondusif_web.election.actions import date_stage
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, carry_out, done, failed
from kondusif_web.pages.actions import given as who_and_when
from kondusif_web.pages.files import workbook_response
from kondusif_web.pages.templatetags.kondusif import tanggal


def _may_look(request: HttpRequest) -> None:
    """Who answers or who sees answers."""
    if not may(request.member, "answer_items"):
        require(request.member, "see_answers")


def frame(operation: Operation, **more: Any) -> Context:
    now = operation.now()
    return {
        "putaran": facts.running(operation),
        "nama_gerbang": {code: wording.milestone_name(code) for code in ROUND_MILESTONES},
        "tahap": STAGES[facts.asked_stage(operation, now)],
        "resep": recipe_of(operation.recipe),
    } | more


@require_GET
def putaran(request: HttpRequest) -> HttpResponse:
    """Every gate with its round; every village of the person with what it owes now."""
    _may_look(request)
    operation = request.operation
    log_read(request, "rounds")
    now = operation.now()
    context = frame(
        operation,
        gerbang=rounds.milestone_rows(operation, now),
        baris=rounds.village_rows(operation, request.member, now),
        pos=answers_queries.lone_stations(operation, request.member),
        terkunci=rounds.run_locked(operation, request.member),
    )
    return render(request, "classes/putaran.html", context)


@require_http_methods(["GET", "POST"])
def gerbang(request: HttpRequest, gerbang: str) -> HttpResponse:
    """One gate: what its round kept when it closed, or what is owed at its stage today; its actual date."""
    require(request.member, "see_answers")
    operation = request.operation
    now = operation.now()
    row = next((r for r in rounds.milestone_rows(operation, now) if r.gate.code == gerbang), None)
    if row is None:
        raise Http404
    form = forms.MilestoneDateForm(request.POST or None, gate=gerbang, election=election_of(operation))
    attempt = Attempt(form)
    if request.method == "POST":
        require(request.member, "import_answers")
    if attempt.ready:
        with attempt:
            date_stage(
                kode="inauguration" if gerbang == "pelantikan" else gerbang,
                at=attempt.data["pada"],
                source=attempt.data["sumber"],
                **who_and_when(request),
            )
            return done(
                request, _("Tanggal dicatat; putaran penilaian mengikutinya."), "classes:gerbang", gerbang
            )
    log_read(request, "rounds")
    closed = row.round is not None and row.round.closed_at is not None
    context = frame(
        operation,
        g=row,
        form=form if gerbang != "h1" and not closed and may(request.member, "import_answers") else None,
        beku=rounds.frozen_visible_to(operation, request.member, row.round) if closed else None,
        baris=[] if closed else rounds.village_rows(operation, request.member, now, row.gate.stage),
        tahap_gerbang=STAGES[row.gate.stage],
        penilai=answers_queries.agreement_rows(operation),
    )
    return render(request, "classes/gerbang.html", context, status=attempt.status)


def _change(request: HttpRequest, gerbang: str, act: Callable[..., Round], said: str) -> HttpResponse:
    message = said % {"nama": wording.milestone_name(gerbang)}  # the action refuses an unknown one
    return carry_out(request, lambda: act(gate=gerbang, **who_and_when(request)), message, "classes:putaran")


@require_POST
def buka(request: HttpRequest, gerbang: str) -> HttpResponse:
    """Open the round of a gate."""
    return _change(request, gerbang, rounds.open_round, _("Putaran '%(nama)s' dibuka."))


@require_POST
def tutup(request: HttpRequest, gerbang: str) -> HttpResponse:
    """Close it; the classes published by now are kept with it."""
    done = _(
        "Putaran '%(nama)s' ditutup. "
        "Kelas yang terbit dan daftar jawaban yang belum masuk disimpan bersamanya."
    )
    return _change(request, gerbang, rounds.close_round, done)


def _filters(request: HttpRequest) -> dict[str, str]:
    return {"kecamatan": request.GET.get("kecamatan", ""), "owner": request.GET.get("dari", "")}


@require_GET
def tagihan(request: HttpRequest) -> HttpResponse:
    """Who still owes which answers, to print."""
    require(request.member, "see_answers")
    operation = request.operation
    log_read(request, "rounds.owed")
    now = operation.now()
    everything = debt_rows(operation, request.member, now)
    chosen = _filters(request)
    rows = [
        r
        for r in everything
        if chosen["kecamatan"] in ("", r["kecamatan"]) and chosen["owner"] in ("", r["owner"])
    ]
    context = frame(
        operation,
        baris=rows,
        kecamatan=sorted({r["kecamatan"] for r in everything}),
        pemilik=sorted({r["owner"] for r in everything}),
        pilih=chosen,
        kueri=request.GET.urlencode(),
    )
    return render(request, "classes/tagihan.html", context)


@require_GET
def tagihan_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook."""
    require(request.member, "see_answers")
    operation = request.operation
    now = operation.now()
    rows = [
        {
            "kecamatan": r["kecamatan"],
            "ditanyakan kepada": r["owner"],
            "desa": r["desa"],
            "TPS": r["tps"],
            "kode": r["place"],
            "butir": r["item"],
            "yang ditanyakan": r["name"],
            "keadaan": str(r["look"][1]),
            "jawaban terakhir": r["last"],
        }
        for r in debt_rows(operation, request.member, now, **_filters(request))
    ]
    return workbook_response(
        request,
        {"belum masuk": rows},
        "jawaban-belum-masuk.xlsx",
        title=_("Jawaban yang belum masuk, %(operasi)s") % {"operasi": operation.nama},
        note=_("Per %(hari)s, %(n)d jawaban") % {"hari": tanggal(now), "n": len(rows)},
        read="rounds.owed",
    )


@require_GET
def desa(request: HttpRequest, kode: str) -> HttpResponse:
    """One village in the round: who owes which answers, what goes stale, reviews, answers and evidence."""
    require(request.member, "see_answers", kode)
    return desa_page(request, kode)


def desa_page(
    request: HttpRequest,
    kode: str,
    form: answers_forms.SettleForm | None = None,
    asked: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a village; ``form`` is a refused settlement of the review ``asked``."""
    operation = request.operation
    row = get_object_or_404(desa_visible_to(operation, request.member).filter(memilih=True), kode=kode)
    log_read(request, "rounds", kode)
    now, recipe = operation.now(), recipe_of(operation.recipe)
    shown = [r for r in rounds.village_rows(operation, request.member, now) if r["village"].desa.kode == kode]
    waiting = []
    for review in answers_queries.review_rows(operation, request.member, kode):
        empty = answers_forms.SettleForm(
            indicator=recipe.by_id.get(review["row"].item), key=str(review["row"].pk)[:8]
        )
        free = (
            may_at(request.member, "settle_review", kode)
            and request.member.username not in review["row"].raters
        )
        waiting.append((review, form if form and review["row"].pk == asked else empty, free))
    context = frame(
        operation,
        desa=row,
        b=shown[0],
        tagihan=debt_rows(operation, request.member, now, kode=kode),
        segera=[(wording.name_of(recipe, f.item), f) for f in shown[0]["village"].own.ending],
        tinjau=waiting,
        jawaban=with_forms(answers_queries.answer_rows(operation, request.member, kode, own=False)),
        dicoba=[
            (wording.name_of(recipe, n.item), n) for n in answers_queries.tried_rows(operation, kode)[:40]
        ],
        boleh={d: may_at(request.member, d, kode) for d in ("answer_items", "run_rounds", "see_class")},
    )
    return render(request, "classes/putaran_desa.html", context, status=status)


@require_POST
def bersama(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What raters agreed on in a joint review."""
    operation = request.operation
    row = get_object_or_404(answers_queries.reviews_visible_to(operation, request.member), pk=pk)
    require(request.member, "settle_review", row.place)
    indicator = recipe_of(operation.recipe).by_id.get(row.item)
    form = answers_forms.SettleForm(request.POST, indicator=indicator, key=str(row.pk)[:8])
    kode = desa_of(row.place)
    if not form.is_valid():
        return desa_page(request, kode, form, row.pk, 422)
    value, word, given = form.agreed
    attempt = Attempt()
    try:
        with attempt:
            settle_review(
                review=row.pk,
                value=value,
                word=word,
                given=given,
                reason=form.cleaned_data["alasan"],
                **who_and_when(request),
            )
            said = _("Nilai yang disepakati dicatat; jawaban semula tetap tersimpan.")
            return done(request, said, "classes:putaran_desa", kode)
    except AnswersRefused as refused:
        form.refuse(refused.faults)
        return desa_page(request, kode, form, row.pk, 422)
    return failed(request, attempt.why, "classes:putaran_desa", kode)


def with_forms(rows: list[Context]) -> list[tuple[Context, answers_forms.EvidenceForm]]:
    """Each answer with the form that adds evidence to it."""
    return [(r, answers_forms.EvidenceForm(key=str(n))) for n, r in enumerate(rows)]
