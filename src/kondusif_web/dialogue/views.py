"""Ask, call, show: the dialogue page and its forms. A form with errors comes back whole, with status 422."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.dialogue import CommitmentStatus, Topic
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue import actions, forms, queries
from kondusif_web.dialogue.models import Commitment, QuestionPart
from kondusif_web.dialogue.page import page
from kondusif_web.dialogue.speakers import title_of
from kondusif_web.pages.actions import Attempt, done, given


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


def _done(request: HttpRequest, said: str) -> HttpResponse:
    return done(request, said, "dialogue:dialog")


@require_POST
@login_required
def pertemuan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.MeetingForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
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
                **given(request),
            )
            return _done(request, _("Pertemuan tercatat."))
    return _show(request, status=attempt.status, meeting_form=attempt.form)


@require_POST
@login_required
def pertanyaan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.QuestionForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.ask(
                id=data["id"],
                meeting=data["meeting"],
                kode=f"t-{str(data['id'])[:8]}",
                desa=data["desa"],
                role=data["role"],
                text=data["text"],
                parts=data["parts"],
                **given(request),
            )
            return _done(request, _("Pertanyaan tercatat. Bagiannya terbuka sampai terjawab."))
    return _show(request, status=attempt.status, question_form=attempt.form)


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
    attempt = Attempt(forms.AnswerForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.answer_part(
                id=data["id"],
                part=row,
                text=data["text"],
                closes=data["closes"],
                **given(request),
            )
            return _done(request, _("Jawaban tercatat atas nama jabatan Anda."))
    return _show(request, status=attempt.status, answer_form=attempt.form, answer_part=row)


@require_POST
@login_required
def komitmen(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.CommitmentForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.offer_commitment(
                id=data["id"],
                kode=f"k-{str(data['id'])[:8]}",
                text=data["text"],
                topic=Topic(data["topic"]),
                levels=data["levels"],
                owner=title_of(request.member) if data["mine"] else "",
                due=data["due"],
                **given(request),
            )
            return _done(request, _("Janji tercatat."))
    return _show(request, status=attempt.status, commitment_form=attempt.form)


VERBS = {
    "tanggung": CommitmentStatus.OWNED,
    "tepati": CommitmentStatus.KEPT,
    "pindah": CommitmentStatus.MOVED,
    "langgar": CommitmentStatus.BROKEN,
}


@require_POST
@login_required
def ubah_komitmen(request: HttpRequest, commitment: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS or not may(request.member, "see_dialogue"):
        raise Http404
    row = get_object_or_404(Commitment, pk=commitment, operation=request.operation)
    who = {"commitment": row} | given(request)
    if verb == "tanggung":
        actions.own_commitment(**who)
        return _done(request, _("Anda menanggung janji ini."))
    if verb == "tepati":
        actions.keep_commitment(**who)
        return _done(request, _("Janji dicatat dipenuhi."))
    moves = verb == "pindah"
    attempt = Attempt((forms.MoveForm if moves else forms.ReasonForm)(request.POST, user=request.member))
    if attempt.ready:
        with attempt:
            if moves:
                actions.move_commitment(**who, due=attempt.data["due"], reason=attempt.data["reason"])
                return _done(request, _("Waktu janji dipindah, dengan alasannya."))
            actions.break_commitment(**who, reason=attempt.data["reason"])
            return _done(request, _("Janji dicatat tidak dipenuhi."))
    return _show(request, status=attempt.status, change_form=attempt.form, changed=row, verb=verb)


@require_POST
@login_required
def ikrar(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.PledgeForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.sign_pledge(
                desa=data["desa"], nomor=data["nomor"], state=data["state"], on=data["on"], **given(request)
            )
            return _done(request, _("Ikrar calon nomor %d tercatat.") % data["nomor"])
    return _show(request, status=attempt.status, pledge_form=attempt.form)


@require_POST
@login_required
def kunjungan(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.VisitForm(request.POST, user=request.member))
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.record_visit(**data, **given(request))
            return _done(request, _("Kunjungan tercatat."))
    return _show(request, status=attempt.status, visit_form=attempt.form)
