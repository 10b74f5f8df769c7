"""Evidence: ask, call, show."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kondusif.errors import NotAllowed
from kondusif.places import desa_of
from kondusif_web.accounts.roles import may, may_at, require
from kondusif_web.answers import evidence as papers
from kondusif_web.answers import forms
from kondusif_web.answers.photos import ending_of
from kondusif_web.pages.files import file_response


@require_POST
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
            now=operation.now(),
        )
        messages.success(request, _("Bukti dilampirkan."))
    else:
        wrong = "; ".join(f"{name}: {e}" for name, found in form.errors.items() for e in found)
        messages.error(request, _("Bukti tidak disimpan. %(apa)s") % {"apa": wrong})
    return _back(request, answer.place)


def _back(request: HttpRequest, place: str) -> HttpResponse:
    if may_at(request.member, "see_answers", place) and request.POST.get("dari") == "desa":
        return redirect("classes:putaran_desa", request.operation.kode, desa_of(place))
    return redirect("web:jawab", request.operation.kode, place)


@require_POST
def unduh(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, to keep and not to show, logged each time. By POST, so that no link hands it on."""
    try:
        row, content = papers.file_of(operation=request.operation, evidence=pk, by=request.member)
    except LookupError:
        raise Http404 from None
    name = f"bukti-{row.answer.item}-{row.sha256[:12]}.{ending_of(row.type)}"
    return file_response(
        request, content, name, read="rounds.evidence", kode=row.answer.place, media=row.type
    )


@require_POST
def cabut(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a file away that should never have been kept."""
    operation = request.operation
    if not may(request.member, "run_rounds"):
        raise NotAllowed("role", permission="run_rounds")
    row = get_object_or_404(papers.evidence_visible_to(operation, request.member), pk=pk)
    papers.remove_file(
        operation=operation,
        evidence=row.pk,
        reason=request.POST.get("alasan", ""),
        by=request.member,
        now=operation.now(),
    )
    messages.success(request, _("Berkas dihapus; catatan bahwa pernah ada tetap tersimpan."))
    return redirect("classes:putaran_desa", request.operation.kode, desa_of(row.answer.place))
