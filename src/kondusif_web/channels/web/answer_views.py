"""The answer form, and assessing and publishing the classes: ask, call, show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kondusif.answers.check import Fault
from kondusif.errors import Conflict
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, may_at, require
from kondusif_web.answers import forms, queries, questions
from kondusif_web.answers.actions import Receipt, take_answers
from kondusif_web.answers.checks import AnswersRefused
from kondusif_web.answers.facts import FORM, today
from kondusif_web.classes.actions import assess_operation, publish_assessments
from kondusif_web.classes.round_views import frame, with_forms
from kondusif_web.classes.views import measuring_page
from kondusif_web.dialogue.measuring import take_dialogue
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.actions import done, given
from kondusif_web.reports.queries import last_votes


@require_http_methods(["GET", "POST"])
def jawab(request: HttpRequest, tempat: str) -> HttpResponse:
    """The items that a village or station owes in this round; one section is sent at a time."""
    require(request.member, "answer_items", tempat)
    faults: tuple[Fault, ...] = ()
    get_object_or_404(queries.voting(request.operation, None), kode=desa_of(tempat))
    if request.method == "POST":
        form = _sent(request, tempat)
        if form.is_valid():
            try:
                return _taken(request, tempat, _take(request, form))
            except AnswersRefused as refused:
                faults = refused.faults
    return _form_page(request, tempat, faults)


def _sent(request: HttpRequest, place: str) -> forms.SectionForm:
    """The section that was sent, read without looking up what is owed."""
    ticked = any(name.endswith("-last") for name in request.POST)
    last = last_votes(request.operation, place, request.member) if ticked else {}
    section = request.POST.get("bagian", "")
    held = forms.may_hold(recipe_of(request.operation.recipe), place, section, last)
    return _section(request, place, section, held)


def _section(
    request: HttpRequest, place: str, section: str, held: Sequence[questions.FormQuestion]
) -> forms.SectionForm:
    """One section as a form, filled where it was sent."""
    sent = request.method == "POST" and section == request.POST.get("bagian")
    return forms.SectionForm(
        request.POST if sent else None,
        questions=held,
        today=today(request.operation, request.operation.now()),
        section=section,
        place=place,
        rater=request.member.username,
    )


def _take(request: HttpRequest, form: forms.SectionForm) -> Receipt:
    return take_answers(
        answers=form.answers, asked=form.asked, channel=FORM, file="formulir", **given(request)
    )


def _taken(request: HttpRequest, place: str, taken: Receipt) -> HttpResponse:
    """Tell what was taken, and on which items this person now differs from another."""
    text = ngettext("%(n)d isian diterima", "%(n)d isian diterima", taken.new) % {"n": taken.new}
    if taken.same:
        text += ", " + _("%(n)d sudah ada") % {"n": taken.same}
    messages.success(request, text + ".")
    if met := queries.contested_by(request.operation, request.member, place):
        messages.warning(
            request,
            _("Berbeda dari penilai lain, masuk penilaian bersama: %(butir)s.") % {"butir": ", ".join(met)},
        )
    return redirect("web:jawab", request.operation.kode, place)


def _form_page(request: HttpRequest, place: str, faults: Iterable[Fault]) -> HttpResponse:
    """What is asked of a place, and what this person answered there; with ``faults`` of what was sent."""
    operation, member, now = request.operation, request.member, request.operation.now()
    sent = request.POST.get("bagian", "") if request.method == "POST" else ""
    everything = bool(sent) or "semua" in request.GET
    last = last_votes(operation, place, member)
    sheet = questions.questionnaire(operation, member, place, now, everything=everything, last=last)
    if sheet is None:
        raise Http404
    filled = {s.kode: _section(request, place, s.kode, s.questions) for s in sheet.sections}
    if (refused := filled.get(sent)) is not None and refused.is_valid():
        refused.refuse(faults)
    log_read(request, "rounds.form", place)
    village = get_object_or_404(operation.desa, kode=desa_of(place))
    context = frame(
        operation,
        desa=village,
        tempat=place,
        tps=village.tps.filter(kode=place).first(),
        semua_tps=village.tps.all() if may_at(member, "answer_items", village.kode) else [],
        lembar=sheet,
        bagian=[(s, filled[s.kode], s.kode == sent) for s in sheet.sections],
        semua=everything,
        jawaban=with_forms(queries.answer_rows(operation, member, place, own=True)),
        boleh={"see_answers": may_at(member, "see_answers", place)},
    )
    return render(request, "web/jawab.html", context, status=422 if refused is not None else 200)


@require_POST
def hitung(request: HttpRequest) -> HttpResponse:
    """Every voting village afresh, as drafts, on what visits, pledges and commitments say now (RULES 7)."""
    who = given(request)
    with transaction.atomic():
        take_dialogue(**who)
        drafts = assess_operation(**who)
    said = _("%(n)d desa dihitung sebagai draf. Periksa, lalu terbitkan.") % {"n": len(drafts)}
    return done(request, said, "classes:ukur")


@require_POST
def terbitkan(request: HttpRequest) -> HttpResponse:
    """The drafts as they were seen; refused where answers or the dialogue say more by now."""
    who = given(request)
    try:
        with transaction.atomic():
            take_dialogue(**who)
            rows = publish_assessments(seen=request.POST.getlist("draf"), **who)
    except Conflict:
        told = (
            _("Tidak diterbitkan."),
            _("Sejak Anda lihat, jawaban atau catatan dialog masuk, hari atau draf berganti."),
            _("Hitung, periksa, lalu terbitkan."),
        )
        messages.error(request, " ".join(told))
        return measuring_page(request, status=409)
    said = _("Kelas %(n)d desa diterbitkan.") % {"n": len(rows)}
    if may(request.member, "make_plan"):
        said += " " + _("Langkah berikut: susun rencana di halaman Rencana pengamanan.")
    return done(request, said, "classes:ukur")
