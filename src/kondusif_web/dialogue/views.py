"""Ask, call, show: the dialogue page and its forms. A form with errors comes back whole, with status 422."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.dialogue import Status, Topic
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.classes.views import publish, reckon
from kondusif_web.dialogue import actions, forms, queries
from kondusif_web.dialogue.models import Commitment, QuestionPart
from kondusif_web.dialogue.page import page
from kondusif_web.dialogue.speakers import title_of
from kondusif_web.election.clock import now as clock_now
from kondusif_web.pages.texts import TextRefused


@require_GET
@login_required
def dialog(request: HttpRequest) -> HttpResponse:
    """Open parts first, then every meeting, commitments, pledges, visits."""
    require(request.member, "see_dialogue")
    if may(request.member, "see_class"):
        log_read(request, "dialogue")  # dates per village tell classes apart (RULES 21)
    return _show(request)


def _show(request: HttpRequest, *, status: int = 200, **bound: Any) -> HttpResponse:
    return render(
        request, "dialogue/dialog.html", page(request.operation, request.member, **bound), status=status
    )


def _common(request: HttpRequest) -> dict[str, Any]:
    """What every action is given."""
    operation = request.operation
    return {"operation": operation, "by": request.member, "now": clock_now(operation)}


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("dialogue:dialog", request.operation.kode)


@require_POST
@login_required
def pertemuan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    form = forms.MeetingForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_meeting(
                id=data["id"],
                kode=f"dialog-{data['at']:%Y%m%d-%H%M}",
                title=data["title"],
                at=data["at"],
                place=data["place"],
                host=data["host"],
                desa=list(data["villages"]),
                participants=data["participants"],
                messages=data["messages"],
                **_common(request),
            )
            return _done(request, _("Pertemuan tercatat."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, meeting_form=form)


@require_POST
@login_required
def pertanyaan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    form = forms.QuestionForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.ask(
                id=data["id"],
                meeting=data["meeting"],
                kode=f"t-{str(data['id'])[:8]}",
                desa=data["desa"],
                role=data["role"],
                text=data["text"],
                parts=data["parts"],
                **_common(request),
            )
            return _done(request, _("Pertanyaan tercatat. Bagiannya terbuka sampai terjawab."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, question_form=form)


@require_POST
@login_required
def jawab(request: HttpRequest, part: UUID) -> HttpResponse:
    row = get_object_or_404(
        QuestionPart.objects.filter(
            question__in=queries.questions_visible_to(request.operation, request.member)
        ),
        pk=part,
    )
    require(request.member, "dialogue_answer", row.question.desa.kode)
    form = forms.AnswerForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer_part(
                id=data["id"],
                part=row,
                text=data["text"],
                closes=data["closes"],
                **_common(request),
            )
            return _done(request, _("Jawaban tercatat atas nama jabatan Anda."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, answer_form=form, answer_part=row)


@require_POST
@login_required
def komitmen(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    form = forms.CommitmentForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.offer_commitment(
                id=data["id"],
                kode=f"k-{str(data['id'])[:8]}",
                text=data["text"],
                topic=Topic(data["topic"]),
                levels=data["levels"],
                owner=title_of(request.member) if data["mine"] else "",
                due=data["due"],
                **_common(request),
            )
            return _done(request, _("Janji tercatat."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, commitment_form=form)


@require_POST
@login_required
def hitung(request: HttpRequest) -> HttpResponse:
    """As ``vulnerability.views.reckon``, on what visits, pledges and commitments say now (RULES 7)."""
    return reckon(request, actions.assess_operation)


@require_POST
@login_required
def terbitkan(request: HttpRequest) -> HttpResponse:
    """As ``vulnerability.views.publish``, refused where the dialogue says more than the drafts know."""
    return publish(request, actions.publish_assessments)


VERBS = {"tanggung": Status.OWNED, "tepati": Status.KEPT, "pindah": Status.MOVED, "langgar": Status.BROKEN}


@require_POST
@login_required
def ubah_komitmen(request: HttpRequest, commitment: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS or not may(request.member, "see_dialogue"):
        raise Http404
    row = get_object_or_404(Commitment, pk=commitment, operation=request.operation)
    who = {"commitment": row} | _common(request)
    if verb == "tanggung":
        actions.own_commitment(**who)
        return _done(request, _("Anda menanggung janji ini."))
    if verb == "tepati":
        actions.keep_commitment(**who)
        return _done(request, _("Janji dicatat dipenuhi."))
    form_of = forms.MoveForm if verb == "pindah" else forms.ReasonForm
    form = form_of(request.POST, user=request.member)
    if form.is_valid():
        try:
            if verb == "pindah":
                actions.move_commitment(
                    **who, due=form.cleaned_data["due"], reason=form.cleaned_data["reason"]
                )
                return _done(request, _("Waktu janji dipindah, dengan alasannya."))
            actions.break_commitment(**who, reason=form.cleaned_data["reason"])
            return _done(request, _("Janji dicatat tidak dipenuhi."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, change_form=form, changed=row, verb=verb)


@require_POST
@login_required
def ikrar(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    form = forms.PledgeForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        if not any(line.nomor == data["nomor"] for line in queries.pledges(data["desa"])):
            form.add_error("nomor", _("Tidak ada calon dengan nomor ini di desa itu."))
        else:
            actions.sign_pledge(
                desa=data["desa"],
                nomor=data["nomor"],
                state=data["state"],
                on=data["on"],
                **_common(request),
            )
            return _done(request, _("Ikrar calon nomor %d tercatat.") % data["nomor"])
    return _show(request, status=422, pledge_form=form)


@require_POST
@login_required
def kunjungan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    form = forms.VisitForm(request.POST, user=request.member)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.record_visit(**data, **_common(request))
            return _done(request, _("Kunjungan tercatat."))
        except TextRefused as refused:
            refused.into(form)
    return _show(request, status=422, visit_form=form)
