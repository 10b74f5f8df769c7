"""Ask, call, show: the dialogue page and its forms. A form with errors comes back whole, with status 422."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue import actions, commitments, forms, queries
from kondusif_web.dialogue.models import Commitment, QuestionPart
from kondusif_web.dialogue.page import page
from kondusif_web.pages.actions import Attempt, done, given


@require_GET
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


def _form_view(
    name: str, action: Callable[..., object], said: object
) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one form of the page: what was sent is written, or comes back."""

    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        require(request.member, "dialogue_write")
        attempt = Attempt(forms.WRITTEN[name](request.POST, user=request.member))
        if attempt.act(request, action):
            return done(request, said, "dialogue:dialog")
        return _show(request, status=attempt.status, **{name: attempt.form})

    return view


pertemuan = _form_view("meeting_form", actions.record_meeting, _("Pertemuan tercatat."))
pertanyaan = _form_view(
    "question_form", actions.ask, _("Pertanyaan tercatat. Bagiannya terbuka sampai terjawab.")
)
komitmen = _form_view("commitment_form", commitments.offer_commitment, _("Janji tercatat."))
kunjungan = _form_view("visit_form", actions.record_visit, _("Kunjungan tercatat."))


@require_POST
def ikrar(request: HttpRequest) -> HttpResponse:
    require(request.member, "dialogue_write")
    attempt = Attempt(forms.PledgeForm(request.POST, user=request.member))
    if row := attempt.act(request, actions.sign_pledge):
        return done(request, gettext("Ikrar calon nomor %d tercatat.") % row.nomor, "dialogue:dialog")
    return _show(request, status=attempt.status, pledge_form=attempt.form)


@require_POST
def jawab(request: HttpRequest, part: UUID) -> HttpResponse:
    questions = queries.questions_visible_to(request.operation, request.member)
    row = get_object_or_404(QuestionPart, question__in=questions, pk=part)
    require(request.member, "dialogue_answer", row.question.desa.kode)
    attempt = Attempt(forms.AnswerForm(request.POST, user=request.member))
    if attempt.act(request, actions.answer_part, part=row):
        return done(request, _("Jawaban tercatat atas nama jabatan Anda."), "dialogue:dialog")
    return _show(request, status=attempt.status, answer_form=attempt.form, answer_part=row)


VERBS = {
    "tanggung": (None, commitments.own_commitment, _("Anda menanggung janji ini.")),
    "tepati": (None, commitments.keep_commitment, _("Janji dicatat dipenuhi.")),
    "pindah": (forms.MoveForm, commitments.move_commitment, _("Waktu janji dipindah, dengan alasannya.")),
    "langgar": (forms.CommitmentReasonForm, commitments.break_commitment, _("Janji dicatat tidak dipenuhi.")),
}


@require_POST
def ubah_komitmen(request: HttpRequest, commitment: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS or not may(request.member, "see_dialogue"):
        raise Http404
    row = get_object_or_404(Commitment, pk=commitment, operation=request.operation)
    form, action, said = VERBS[verb]
    if form is None:
        action(commitment=row, **given(request))
        return done(request, said, "dialogue:dialog")
    attempt = Attempt(form(request.POST, user=request.member))
    if attempt.act(request, action, commitment=row):
        return done(request, said, "dialogue:dialog")
    return _show(request, status=attempt.status, change_form=attempt.form, changed=row, verb=verb)
