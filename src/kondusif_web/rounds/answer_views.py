"""The answer form, joint review, evidence: ask, call, show. ``field`` brings what watches for bad news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.measure.last_vote import Known
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, may_at, require
from kondusif_web.election import clock
from kondusif_web.rounds import actions, forms, papers, queries, questions, wording
from kondusif_web.rounds.evidence import ending_of
from kondusif_web.rounds.models import Review
from kondusif_web.rounds.views import desa_page, frame, with_forms
from kondusif_web.vulnerability.facts import recipe_of, today


def answer_page(
    request: HttpRequest, tempat: str, take: Callable[..., actions.Taken], last: Mapping[str, Known]
) -> HttpResponse:
    """The items that a place owes in this round; one section is sent at a time.

    ``last``: what earlier operations know of the place, by item, offered beside the question.
    """
    require(request.member, "answer_items", tempat)
    operation = request.operation
    now = clock.now(operation)
    sent = request.POST.get("bagian", "") if request.method == "POST" else ""
    everything = bool(sent) or "semua" in request.GET
    sheet = questions.sheet(operation, request.member, tempat, now, everything=everything, last=last)
    if sheet is None:
        raise Http404
    day = today(operation, now)
    filled = {
        s.kode: forms.SectionForm(
            request.POST if s.kode == sent else None, questions=s.questions, today=day, section=s.kode
        )
        for s in sheet.sections
    }
    form = filled.get(sent)
    if form is not None and form.is_valid():
        done = take(operation=operation, place=tempat, told=form.told, by=request.member, now=now)
        text = ngettext("%(n)d isian diterima", "%(n)d isian diterima", done.new) % {"n": done.new}
        if done.same:
            text += ", " + _("%(n)d sudah ada") % {"n": done.same}
        messages.success(request, text + ".")
        mine = Review.objects.filter(operation=operation, place=tempat, state=Review.State.OPEN)
        if met := [r for r in mine if request.member.username in r.raters]:
            names = ", ".join(r.item for r in met)
            messages.warning(
                request,
                _("Berbeda dari penilai lain, masuk penilaian bersama: %(butir)s.") % {"butir": names},
            )
        return redirect("field:jawab", request.operation.kode, tempat)
    log_read(request, "rounds.form", tempat)
    village = get_object_or_404(operation.desa, kode=desa_of(tempat))
    context = frame(
        operation,
        desa=village,
        tempat=tempat,
        tps=village.tps.filter(kode=tempat).first(),
        semua_tps=village.tps.all() if may_at(request.member, "answer_items", village.kode) else [],
        lembar=sheet,
        bagian=[(s, filled[s.kode], s.kode == sent) for s in sheet.sections],
        semua=everything,
        jawaban=with_forms(queries.answer_rows(operation, request.member, tempat, own=True)),
        boleh={"see_answers": may_at(request.member, "see_answers", tempat)},
    )
    return render(request, "rounds/jawab.html", context, status=422 if form is not None else 200)


def settle_page(request: HttpRequest, pk: UUID, settle: Callable[..., Review]) -> HttpResponse:
    """The agreed value of a joint review."""
    operation = request.operation
    row = get_object_or_404(queries.reviews_visible_to(operation, request.member), pk=pk)
    require(request.member, "settle_review", row.place)
    indicator = recipe_of(operation.recipe).by_id.get(row.item)
    form = forms.SettleForm(request.POST, indicator=indicator, key=str(row.pk)[:8])
    if not form.is_valid():
        return desa_page(request, desa_of(row.place), form, row.pk, 422)
    value, word, given = form.agreed
    try:
        settle(
            operation=operation,
            review=row,
            value=value,
            word=word,
            given=given,
            reason=form.cleaned_data["alasan"],
            by=request.member,
            now=clock.now(operation),
        )
    except MoveRefused as refused:
        messages.error(request, wording.REFUSALS.get(str(refused), _("Belum dapat dilakukan.")))
    else:
        messages.success(request, _("Nilai yang disepakati dicatat; jawaban semula tetap tersimpan."))
    return redirect("rounds:desa", request.operation.kode, desa_of(row.place))


# ---------------------------------------------------------------- evidence


@require_POST
@login_required
def bukti(request: HttpRequest) -> HttpResponse:
    """Attach a document or file to an answer."""
    operation = request.operation
    form = forms.EvidenceForm(request.POST, request.FILES)
    answer = get_object_or_404(operation.answers, client_id=request.POST.get("jawaban", ""))
    require(request.member, "answer_items", answer.place)
    if form.is_valid():
        papers.attach_evidence(
            operation=operation,
            id=form.cleaned_data["id"],
            answer=answer.client_id,
            kind=form.cleaned_data["jenis"],
            number=form.cleaned_data["nomor"],
            dated=form.cleaned_data["tanggal"],
            content=form.content(),
            by=request.member,
            now=clock.now(operation),
        )
        messages.success(request, _("Bukti dilampirkan."))
    else:
        wrong = "; ".join(f"{name}: {e}" for name, found in form.errors.items() for e in found)
        messages.error(request, _("Bukti tidak disimpan. %(apa)s") % {"apa": wrong})
    return _back(request, answer.place)


def _back(request: HttpRequest, place: str) -> HttpResponse:
    if may_at(request.member, "see_answers", place) and request.POST.get("dari") == "desa":
        return redirect("rounds:desa", request.operation.kode, desa_of(place))
    return redirect("field:jawab", request.operation.kode, place)


@require_POST
@login_required
def unduh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file, to keep and not to show, logged each time. By POST, so that no link hands it on."""
    try:
        row, content = papers.file_of(operation=request.operation, evidence=pk, by=request.member)
    except LookupError:
        raise Http404 from None
    log_read(request, "rounds.evidence", row.answer.place)
    response = HttpResponse(content, content_type=row.type)
    name = f"bukti-{row.answer.item}-{row.sha256[:12]}.{ending_of(row.type)}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def cabut(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a file away that should never have been kept."""
    operation = request.operation
    if not may(request.member, "run_rounds"):
        raise NotAllowed("evidence", deed="run_rounds", why="role")
    row = get_object_or_404(papers.evidence_visible_to(operation, request.member), pk=pk)
    papers.remove_file(
        operation=operation,
        evidence=row.pk,
        reason=request.POST.get("alasan", ""),
        by=request.member,
        now=clock.now(operation),
    )
    messages.success(request, _("Berkas dihapus; catatan bahwa pernah ada tetap tersimpan."))
    return redirect("rounds:desa", request.operation.kode, desa_of(row.answer.place))
