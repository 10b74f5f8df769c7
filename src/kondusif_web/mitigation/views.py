"""Ask, call, show: the register of actions, one action, its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from kondusif import mitigation as core
from kondusif.errors import Conflict
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.mitigation import actions, edits, forms, queries
from kondusif_web.mitigation.page import one, register
from kondusif_web.pages.actions import Attempt, done, failed, given


@require_GET
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


def baru(request: HttpRequest) -> HttpResponse:
    """The form of a new action; a link may bring village, item and answer to reach."""
    require(request.member, "mitigation_write")
    operation = request.operation
    recipe = recipe_of(operation.recipe)
    initial = None if request.method == "POST" else _brought(request)
    form = forms.ActionForm(request.POST or None, user=request.member, recipe=recipe, initial=initial)
    attempt = Attempt(form)
    if row := attempt.act(request, actions.offer_mitigation):
        return done(request, _("Tindakan tercatat."), "mitigation:tindakan", row.pk)
    return render(request, "mitigation/baru.html", {"form": form}, status=attempt.status)


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


def _line(request: HttpRequest, key: UUID) -> queries.MitigationLine:
    require(request.member, "see_mitigation")
    found = queries.lines(request.operation, request.member, key=key)
    if not found:
        raise Http404
    return found[0]


@require_GET
def tindakan(request: HttpRequest, mitigation: UUID) -> HttpResponse:
    """One action: factors, what was expected, what was seen after."""
    line = _line(request, mitigation)
    log_read(request, "mitigation", line.row.kode)
    return render(request, "mitigation/tindakan.html", one(request.member, line))


def sunting(request: HttpRequest, mitigation: UUID) -> HttpResponse:
    """Edit an open action; what stood before stays on its page."""
    line = _line(request, mitigation)
    everywhere = list(line.row.factors.values_list("desa__kode", flat=True).distinct())
    for kode in everywhere:
        require(request.member, "mitigation_write", kode)
    core.check_editable(core.MitigationStatus(line.row.status))
    operation = request.operation
    recipe = recipe_of(operation.recipe)
    form = forms.EditForm(request.POST or None, row=line.row, user=request.member, recipe=recipe)
    attempt = Attempt(form, conflicts=True)
    if attempt.act(request, edits.change_mitigation, mitigation=line.row):
        said = _("Suntingan disimpan. Isi sebelumnya ada di riwayat di bawah.")
        return done(request, said, "mitigation:tindakan", line.row.pk)
    if isinstance(attempt.refused, Conflict):
        return failed(request, attempt.why, "mitigation:tindakan", line.row.pk)
    log_read(request, "mitigation", line.row.kode)
    return render(request, "mitigation/sunting.html", {"form": form, "r": line.row}, status=attempt.status)


VERBS = {
    "tanggung": (actions.own_mitigation, _("Anda menanggung tindakan ini.")),
    "selesai": (
        actions.finish_mitigation,
        _("Tindakan dicatat selesai. Jawab dan hitung lagi untuk melihat keadaan sesudahnya."),
    ),
    "kunjungan": (actions.link_visit, _("Kunjungan dicatat sebagai kegiatan tindakan ini.")),
    "batal": (actions.drop_mitigation, _("Tindakan dibatalkan, dengan alasannya.")),
}


@require_POST
def ubah(request: HttpRequest, mitigation: UUID, verb: str) -> HttpResponse:
    """Own it, finish it, drop it with a reason, or count a visit as its activity."""
    if verb not in VERBS:
        raise Http404
    line = _line(request, mitigation)
    action, said = VERBS[verb]
    if verb in ("tanggung", "selesai"):
        action(mitigation=line.row, **given(request))
        return done(request, said, "mitigation:tindakan", line.row.pk)
    name, form = "batal", forms.DropForm(request.POST)
    if verb == "kunjungan":
        visits = queries.linkable(request.operation, request.member, line)
        name, form = "taut", forms.LinkVisitForm(request.POST, visits=visits)
    attempt = Attempt(form)
    if attempt.act(request, action, mitigation=line.row):
        return done(request, said, "mitigation:tindakan", line.row.pk)
    shown = one(request.member, line, **{name: form})
    return render(request, "mitigation/tindakan.html", shown, status=attempt.status)
