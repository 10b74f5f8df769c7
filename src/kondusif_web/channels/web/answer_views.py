"""The answer form, joint review, evidence: ask, call, show. ``field`` brings what watches for bad news."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kondusif.measure.last_vote import Known
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.answers import answering as actions
from kondusif_web.answers import forms, queries, questions
from kondusif_web.answers.facts import today
from kondusif_web.answers.models import Review
from kondusif_web.classes.round_views import frame, with_forms
from kondusif_web.election import clock


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
        return redirect("web:jawab", request.operation.kode, tempat)
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
    return render(request, "web/jawab.html", context, status=422 if form is not None else 200)
