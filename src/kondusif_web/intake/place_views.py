"""Villages and stations one by one: those in use, those retired, and the way from one to the other."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.errors import MoveRefused
from kondusif.places import desa_of
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Desa, Operation, Tps
from kondusif_web.election.queries import (
    desa_visible_to,
    retired_visible_to,
    tps_visible_to,
)
from kondusif_web.election.retire import codes_of, restore_place
from kondusif_web.intake import forms
from kondusif_web.intake.dependents import dependents, retire_unused
from kondusif_web.pages.actions import Attempt, done, failed, given


@require_GET
def tempat(request: HttpRequest) -> HttpResponse:
    """Every place in use in the person's areas, and what was retired."""
    require(request.member, "manage_operation")
    operation, member = request.operation, request.member
    stations: dict[int, list[Tps]] = {}
    for tps in tps_visible_to(operation, member):
        stations.setdefault(tps.desa_id, []).append(tps)
    context = {
        "desa": [(d, stations.get(d.pk, [])) for d in desa_visible_to(operation, member).order_by("kode")],
        "pensiun": [(row, _name(operation, row.kode)) for row in retired_visible_to(operation, member)],
    }
    return render(request, "intake/tempat.html", context)


def _name(operation: Operation, kode: str) -> str:
    """Of a place in use or retired; the manager ``objects`` would leave out the latter."""
    rows = Desa._base_manager.filter(operation=operation, kode=desa_of(kode))
    desa = rows.values_list("nama", flat=True).first() or ""
    return desa if kode == desa_of(kode) else f"TPS {kode.partition('-')[2]} {desa}"


@require_http_methods(["GET", "POST"])
def pensiunkan(request: HttpRequest, kode: str) -> HttpResponse:
    """What rests on a place; where nothing does, the form that retires it."""
    require(request.member, "manage_operation", kode)
    operation = request.operation
    try:
        kodes = codes_of(operation, kode)
    except MoveRefused:
        raise Http404 from None
    attempt = Attempt(forms.RetireForm(request.POST or None))
    if attempt.ready:
        with attempt:
            retire_unused(kode=kode, reason=attempt.data["alasan"], **given(request))
            said = _("%(nama)s dipensiunkan. Catatannya tetap ada.") % {"nama": _name(operation, kode)}
            return done(request, said, "intake:tempat")
    context = {
        "kode": kode,
        "nama": _name(operation, kode),
        "tps": [k for k in kodes if k != kode],
        "gantung": attempt.refused.facts.get("dependents", ())
        if attempt.refused
        else dependents(operation, kodes),
        "form": attempt.form,
    }
    return render(request, "intake/pensiunkan.html", context, status=attempt.status)


@require_POST
def pulihkan(request: HttpRequest, kode: str) -> HttpResponse:
    """Into use again."""
    attempt = Attempt()
    with attempt:
        restore_place(kode=kode, **given(request))
        said = _("%(nama)s dipakai lagi.") % {"nama": _name(request.operation, kode)}
        return done(request, said, "intake:tempat")
    return failed(request, attempt.why, "intake:tempat")
