"""Ask, call, show: the dialogue page and its forms. A form with errors comes back whole, with status 422."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif import dialogue as core
from kondusif.errors import NotAllowed
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue import actions, commitments, corrections, forms, queries
from kondusif_web.dialogue.models import Commitment, Correction, Meeting, Question, QuestionPart
from kondusif_web.dialogue.page import may_write, page, preview
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


def _require_writer(request: HttpRequest, form: str) -> None:
    if not may_write(request.member, form):
        raise NotAllowed("role", permission="dialogue_write")


def _form_view(
    name: str, action: Callable[..., object], said: object
) -> Callable[[HttpRequest], HttpResponse]:
    """The view of one form of the page: what was sent is written, or comes back."""

    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        _require_writer(request, name)
        attempt = Attempt(forms.WRITTEN[name](request.POST, user=request.member))
        if attempt.act(request, action):
            return done(request, said, "dialogue:dialog")
        return _show(request, status=attempt.status, **{name: attempt.form})

    return view


pertemuan = _form_view("meeting_form", actions.record_meeting, _("Pertemuan tercatat."))
pertanyaan = _form_view(
    "question_form", actions.ask, _("Pertanyaan tercatat. Bagiannya terbuka sampai terjawab.")
)

kunjungan = _form_view("visit_form", actions.record_visit, _("Kunjungan tercatat."))


@require_POST
def komitmen(request: HttpRequest) -> HttpResponse:
    """A promise, first as it will read and what it will answer, then saved (RULES 10)."""
    _require_writer(request, "commitment_form")
    attempt = Attempt(forms.CommitmentForm(request.POST, user=request.member))
    if attempt.ready and SAVE not in request.POST and BACK not in request.POST:
        with attempt:
            promised = commitments.drafted(**attempt.data, **given(request))
            return _preview(
                request, promised, attempt.form, reverse("dialogue:komitmen", args=[request.operation.kode])
            )
    elif BACK not in request.POST and attempt.act(request, commitments.offer_commitment):
        return done(request, _("Janji tercatat."), "dialogue:dialog")
    return _show(request, status=attempt.status, commitment_form=attempt.form)


SAVE, BACK = "simpan", "ubah"  # names of the buttons under what was shown


def _preview(request: HttpRequest, promised: core.Commitment, form: Form, to: str) -> HttpResponse:
    shown = preview(request.operation, request.member, promised)
    return render(request, "dialogue/lihat.html", shown | {"form": form, "aksi": to})


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
    "tanggung": (forms.TakeForm, commitments.own_commitment, _("Anda menanggung janji ini.")),
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
    if verb == "tanggung" and SAVE not in request.POST:
        return _take(request, row, attempt)
    if attempt.act(request, action, commitment=row):
        return done(request, said, "dialogue:dialog")
    return _show(request, status=attempt.status, change_form=attempt.form, changed=row, verb=verb)


def _take(request: HttpRequest, row: Commitment, attempt: Attempt) -> HttpResponse:
    """First for which classes, then what taking it on will answer."""
    if BACK not in request.POST and attempt.ready:
        with attempt:
            promised = commitments.taken(row, request.member, attempt.data["levels"])
            to = reverse("dialogue:ubah_komitmen", args=[request.operation.kode, row.pk, "tanggung"])
            return _preview(request, promised, attempt.form, to)
    form = attempt.form if "named" in request.POST else forms.TakeForm(user=request.member)
    return _show(
        request,
        status=attempt.status if form.is_bound else 200,
        change_form=form,
        changed=row,
        verb="tanggung",
    )


CORRECTED = {"pertemuan": Meeting, "pertanyaan": Question, "janji": Commitment}


@require_http_methods(["GET", "POST"])
def betulkan(request: HttpRequest, jenis: str, pk: UUID) -> HttpResponse:
    """A record of the dialogue as it should have been; of a promise first what it would answer."""
    if jenis not in CORRECTED or not may(request.member, "see_dialogue"):
        raise Http404
    row = get_object_or_404(CORRECTED[jenis]._default_manager.filter(operation=request.operation), pk=pk)
    corrections.require_corrector(request.member, row)
    to = reverse("dialogue:betulkan", args=[request.operation.kode, jenis, pk])
    sent = request.POST if request.method == "POST" else None
    attempt = Attempt(forms.correction_form(row, request.member, sent))
    if attempt.ready and BACK not in request.POST:
        facts = corrections.given_facts(row, attempt.data)
        if isinstance(row, Commitment) and SAVE not in request.POST:
            return _preview(request, corrections.promise_after(row, facts), attempt.form, to)
        with attempt:
            key, why = attempt.data["id"], attempt.data["reason"]
            made = corrections.correct(row=row, facts=facts, reason=why, id=key, **given(request))
            return done(request, WAITS if made.waits else _("Pembetulan tercatat."), "dialogue:dialog")
    shown = {"form": attempt.form, "aksi": to, "baris": row, "jenis": jenis}
    return render(request, "dialogue/betulkan.html", shown, status=attempt.status)


WAITS = _("Pembetulan ini mengurangi catatan; berlaku setelah disetujui orang lain.")


@require_POST
def setujui(request: HttpRequest, correction: UUID) -> HttpResponse:
    require(request.member, "see_dialogue")
    made = get_object_or_404(Correction, pk=correction, operation=request.operation)
    corrections.confirm_correction(correction=made, **given(request))
    return done(request, _("Pembetulan disetujui dan berlaku."), "dialogue:dialog")
