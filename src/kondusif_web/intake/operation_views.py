"""An operation as a whole: begun, what it holds, run, closed, archived."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.classes.rounds import ROUND_MILESTONES
from kondusif.lifecycle import PHASE_MOVES, Phase
from kondusif.plan.pola import PATTERN_SETS
from kondusif.stages import PACKS
from kondusif_web.accounts.roles import may, require
from kondusif_web.election.actions import move_operation
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import colleagues, covers, desa_visible_to, tps_visible_to
from kondusif_web.intake import actions, facts, forms, wording
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.actions import Attempt, done, given
from kondusif_web.pages.wording import kata_inti
from kondusif_web.withdrawal.queries import voting_postures


@require_http_methods(["GET", "POST"])
def baru(request: HttpRequest) -> HttpResponse:
    """Begin an operation, with people of earlier ones: a page of the office."""
    require(request.user, "begin_operation")
    form = forms.NewOperation(request.POST or None, people=colleagues(request.user))
    attempt = Attempt(form, conflicts=True)
    if attempt.ready:
        with attempt:
            operation = actions.begin_operation(by=request.user, now=server_now(), **form.begun())
            said = _("Operasi dibuka. Langkah berikut: unggah desa dan TPS.")
            return done(request, said, "intake:berkas", operation.kode)
    return render(request, "intake/operasi_baru.html", {"form": form}, status=attempt.status)


@require_GET
def operasi(request: HttpRequest) -> HttpResponse:
    """What the operation holds in the person's areas, and where it may go."""
    _may_see(request.member)
    return _page(request)


def _may_see(member: Membership) -> None:
    if not may(member, "run_operation"):
        require(member, "manage_operation")


@require_POST
def gerak(request: HttpRequest) -> HttpResponse:
    """Run, close, open again or archive, with a reason."""
    require(request.member, "run_operation")
    attempt = Attempt(forms.MoveOperation(request.POST))
    if attempt.ready:
        to = Phase(attempt.data["ke"])
        with attempt:
            move_operation(
                to=to,
                postures=voting_postures(request.operation),
                reason=attempt.data["alasan"],
                **given(request),
            )
            return done(request, wording.MOVED[to], "intake:operasi")
    return _page(request, attempt)


def _page(request: HttpRequest, attempt: Attempt | None = None) -> HttpResponse:
    operation, member = request.operation, request.member
    attempt = attempt or Attempt()
    names = dict(operation.desa.values_list("kode", "nama"))
    refused = attempt.refused
    context = _holds(operation, member) | {
        "boleh_isi": may(member, "manage_operation") and not operation.archived,
        "langkah": _ways(operation, member, attempt.form),
        "ditolak": attempt.why if refused else "",
        "terbuka": [names[k] for k in refused.facts.get("desa", ()) if k in names] if refused else [],
    }
    return render(request, "intake/operasi.html", context, status=attempt.status)


def _ways(operation: Operation, member: Membership, form: forms.MoveOperation | None) -> list[dict[str, Any]]:
    """The moves that stand open from here, each with its form; none for who may not make them."""
    if not may(member, "run_operation") or not covers(member, operation):
        return []
    sent = form.data.get("ke") if form is not None else None
    return [
        {
            "kata": wording.MOVE[f"{operation.phase}.{to}"],
            "bantu": wording.MOVE_HELP.get(to, ""),
            "form": form if sent == to.value else forms.MoveOperation(initial={"ke": to.value}),
        }
        for to in PHASE_MOVES[Phase(operation.phase)]
    ]


def _holds(operation: Operation, member: Membership) -> dict[str, Any]:
    """What the operation holds in the person's areas."""
    desa = desa_visible_to(operation, member)
    voting = desa.filter(memilih=True)
    stages = list(operation.stage_dates.order_by("at"))
    for row in stages:
        row.kata = (
            kata_inti(ROUND_MILESTONES[row.kode][1])
            if row.kode in ROUND_MILESTONES
            else facts.TAHAP_WORDS.get(row.kode, row.kode)
        )
    return {
        "o": operation,
        "paket": kata_inti(PACKS[operation.rule_pack].nama),
        "pola": kata_inti(PATTERN_SETS[operation.pattern_set].nama),
        "desa": desa.count(),
        "memilih": voting.count(),
        "tps": tps_visible_to(operation, member).count(),
        "tanpa_tps": list(voting.exclude(pk__in=operation.tps.values("desa"))),
        "batas": desa.filter(boundary__isnull=False).count(),
        "unit": operation.units.count(),
        "tahap": stages,
        "labels": [(n, operation.labels.get(str(n), "")) for n in (1, 2, 3)],
    }
