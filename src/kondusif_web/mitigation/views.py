"""Ask, call, show: the register of actions, one action, its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.errors import Conflict
from kondusif.measure import mitigation as core
from kondusif.measure.mitigation import MitigationError
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.mitigation import actions, edits, forms, queries, wording
from kondusif_web.mitigation.page import one, register
from kondusif_web.pages.texts import TextRefused


@require_GET
@login_required
def daftar(request: HttpRequest) -> HttpResponse:
    """Every action the person may see; by village, owner, or late only."""
    require(request.member, "see_mitigation")
    log_read(request, "mitigation")
    chosen = {name: request.GET.get(name, "").strip() for name in ("desa", "pemilik", "lewat")}
    found = register(
        request.operation,
        request.member,
        desa=chosen["desa"],
        owner=chosen["pemilik"],
        late=chosen["lewat"] == "1",
    )
    return render(request, "mitigation/daftar.html", found)


@login_required
def baru(request: HttpRequest) -> HttpResponse:
    """The form of a new action; a link may bring village, item and answer to reach."""
    require(request.member, "mitigation_write")
    operation = request.operation
    recipe = recipe_of(operation.recipe)
    if request.method != "POST":
        form = forms.ActionForm(user=request.member, recipe=recipe, initial=_brought(request))
        return render(request, "mitigation/baru.html", {"form": form})
    form = forms.ActionForm(request.POST, user=request.member, recipe=recipe)
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.offer_mitigation(
                operation=operation,
                id=data["id"],
                text=data["text"],
                desa=list(data["villages"]),
                factors=form.factors(),
                due=data["due"],
                mine=data["mine"],
                by=request.member,
                now=clock_now(operation),
            )
            messages.success(request, _("Tindakan tercatat."))
            return redirect("mitigation:tindakan", request.operation.kode, row.pk)
        except TextRefused as refused:
            refused.into(form)
        except MitigationError as refused:
            _beside(form, refused)
    return render(request, "mitigation/baru.html", {"form": form}, status=422)


def _brought(request: HttpRequest) -> dict[str, Any]:
    """What the link names, where this person may see the village."""
    kode = request.GET.get("desa", "")
    visible = desa_visible_to(request.operation, request.member)
    found: dict[str, Any] = {"butir_1": request.GET.get("butir", "")}
    found["villages"] = list(visible.filter(kode=kode, memilih=True))
    try:
        found["sasaran_1"] = float(request.GET.get("sasaran", ""))
    except ValueError:
        found["sasaran_1"] = None
    return found


def _line(request: HttpRequest, key: UUID) -> queries.Line:
    require(request.member, "see_mitigation")
    found = queries.lines(request.operation, request.member, key=key)
    if not found:
        raise Http404
    return found[0]


@require_GET
@login_required
def tindakan(request: HttpRequest, mitigation: UUID) -> HttpResponse:
    """One action: factors, what was expected, what was seen after."""
    line = _line(request, mitigation)
    log_read(request, "mitigation", line.row.kode)
    return render(request, "mitigation/tindakan.html", one(request.member, line))


@login_required
def sunting(request: HttpRequest, mitigation: UUID) -> HttpResponse:
    """Edit an open action; what stood before stays on its page."""
    line = _line(request, mitigation)
    everywhere = list(line.row.factors.values_list("desa__kode", flat=True).distinct())
    for kode in everywhere:
        require(request.member, "mitigation_write", kode)
    core.check_editable(core.Status(line.row.status))
    operation = request.operation
    recipe = recipe_of(operation.recipe)
    form = forms.EditForm(request.POST or None, row=line.row, user=request.member, recipe=recipe)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            edits.change_mitigation(
                operation=operation,
                mitigation=line.row,
                id=data["id"],
                text=data["text"],
                due=form.due(),
                factors=form.factors(),
                owner=edits.Owner(data["owner"]),
                seen=data["dilihat"],
                by=request.member,
                now=clock_now(operation),
            )
            return _done(request, line, _("Suntingan disimpan. Isi sebelumnya ada di riwayat di bawah."))
        except TextRefused as refused:
            refused.into(form)
        except Conflict:
            messages.error(request, _("Tidak disimpan: sejak halaman ini dibuka, orang lain menyuntingnya."))
            return redirect("mitigation:tindakan", request.operation.kode, line.row.pk)
        except MitigationError as refused:
            _beside(form, refused)
    log_read(request, "mitigation", line.row.kode)
    context = {"form": form, "r": line.row}
    return render(request, "mitigation/sunting.html", context, status=422 if form.errors else 200)


def _beside(form: forms.ActionForm, refused: MitigationError) -> None:
    """Put a refusal at the factor it speaks of."""
    data = form.cleaned_data
    at = next((n for n in forms.FACTORS if data.get(f"butir_{n}") == refused.facts.get("item")), None)
    field = f"sasaran_{at}"
    form.add_error(field if field in form.fields else None, wording.refused(refused.facts))


VERBS = ("tanggung", "selesai", "batal", "kunjungan")


@require_POST
@login_required
def ubah(request: HttpRequest, mitigation: UUID, verb: str) -> HttpResponse:
    """Own it, finish it, drop it with a reason, or count a visit as its activity."""
    if verb not in VERBS:
        raise Http404
    line = _line(request, mitigation)
    who: dict[str, Any] = {
        "operation": request.operation,
        "mitigation": line.row,
        "by": request.member,
        "now": clock_now(request.operation),
    }
    if verb == "tanggung":
        actions.own_mitigation(**who)
        return _done(request, line, _("Anda menanggung tindakan ini."))
    if verb == "selesai":
        actions.finish_mitigation(**who)
        return _done(request, line, _("Tindakan dicatat selesai. Ukur lagi untuk melihat sesudahnya."))
    if verb == "kunjungan":
        form: Any = forms.VisitForm(
            request.POST,
            user=request.member,
            visits=queries.linkable(request.operation, request.member, line),
        )
        if form.is_valid():
            actions.link_visit(**who, visit=form.cleaned_data["visit"])
            return _done(request, line, _("Kunjungan dicatat sebagai kegiatan tindakan ini."))
        return render(request, "mitigation/tindakan.html", one(request.member, line, taut=form), status=422)
    form = forms.DropForm(request.POST, user=request.member)
    if form.is_valid():
        try:
            actions.drop_mitigation(**who, reason=form.cleaned_data["reason"])
            return _done(request, line, _("Tindakan dibatalkan, dengan alasannya."))
        except TextRefused as refused:
            refused.into(form)
    return render(request, "mitigation/tindakan.html", one(request.member, line, batal=form), status=422)


def _done(request: HttpRequest, line: queries.Line, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("mitigation:tindakan", request.operation.kode, line.row.pk)
