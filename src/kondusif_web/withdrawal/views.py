"""The withdrawal pages, and that of a resident with a code: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.operation import VillageAt
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.election.queries import village_of
from kondusif_web.pages.actions import Attempt, done, given
from kondusif_web.pages.wording import GATE_NAMES
from kondusif_web.withdrawal import actions, forms, page, queries, residents
from kondusif_web.words import speech


def _reader(user: Membership) -> None:
    """Whoever has any business with gates: seeing them, or stating facts for them."""
    permissions = [d for d in ("see_gates", "gate_fact_committee", "gate_fact") if may(user, d)]
    require(user, permissions[0] if permissions else "see_gates")


@require_GET
def penarikan_list(request: HttpRequest) -> HttpResponse:
    """Every village of the person's areas: posture, gates of the next step, earliest time."""
    _reader(request.member)
    operation = request.operation
    now = operation.now()
    rows = list(queries.villages(operation, request.member))
    full = may(request.member, "see_gates")
    if len(rows) == 1 and not full:
        return redirect("withdrawal:penarikan", operasi=request.operation.kode, kode=rows[0].kode)
    if full:
        log_read(request, "field.gates")
    context = {
        "full": full,
        "rows": _rows(operation, rows, now) if full else [{"desa": d} for d in rows],
        "requests": queries.waiting_requests(operation, request.member),
        "waivers": queries.waiting_waivers(operation, request.member),
        "nama": {d.kode: d.nama for d in rows},
    }
    return render(request, "withdrawal/penarikan_list.html", context)


def _rows(operation: Operation, rows: Iterable[Desa], now: datetime) -> list[dict[str, Any]]:
    """Each village with its class, its gate level and who makes it, its next step and what that needs."""
    own = classes.levels(operation, now)
    return [
        _row(v, own.get(v.desa.kode), operation.labels) for v in queries.villages_at(operation, rows, now)
    ]


def _row(village: VillageAt, own: int | None, labels: dict[str, str]) -> dict[str, Any]:
    step, say = village.step(), speech()
    needs = say.gate_list(tuple(g.gate for g in step.shut)) if step else ""
    follows = say.gate_level(village.governs, own, labels)
    return {"desa": village.desa, "v": village, "l": step, "needs": needs, "own": own, "follows": follows}


def _desa(request: HttpRequest, kode: str) -> Desa:
    """The operation's voting village, for somebody with business there."""
    _reader(request.member)
    row = queries.villages(request.operation, request.member).filter(kode=kode).first()
    if row is None:
        require(request.member, "see_gates" if may(request.member, "see_gates") else "gate_fact", kode)
        raise Http404
    return row


@require_GET
def penarikan(request: HttpRequest, kode: str) -> HttpResponse:
    """The verdict, every gate, the earliest time, and what this person can add or decide."""
    return _show(request, _desa(request, kode), Attempt())


def _show(request: HttpRequest, desa: Desa, attempt: Attempt, **more: Any) -> HttpResponse:
    context = page.build(desa, request.member, desa.operation.now(), request.GET.get("ke", ""))
    log_read(request, "field.gates" if context["p"]["full"] else "field.facts", desa.kode)
    context |= {"refused": attempt.why, "held": getattr(attempt.refused, "shut", ()), **more}
    return render(request, "withdrawal/penarikan.html", context, status=attempt.status)


def _try(
    request: HttpRequest, kode: str, attempt: Attempt, action: Callable[..., Any], said: str, **more: Any
) -> HttpResponse:
    """The action on this village, and its page: with what was done, or with what was refused."""
    desa = _desa(request, kode)
    if row := attempt.act(request, action, **more):
        return _done(request, kode, said % {"n": getattr(row, "number", 0)})
    return _show(request, desa, attempt)


@require_POST
def minta(request: HttpRequest, kode: str) -> HttpResponse:
    """Ask for a step down."""
    attempt, said = Attempt(forms.StepForm(request.POST)), _("Permintaan nomor %(n)02d diajukan.")
    return _try(request, kode, attempt, actions.request_withdrawal, said, desa=kode)


@require_POST
def putuskan(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """Approve or refuse a request."""
    if request.POST.get("action") != "tolak":
        said = _("Permintaan nomor %(n)02d disetujui.")
        return _try(request, kode, Attempt(), actions.approve_withdrawal, said, id=pk)
    reason, said = request.POST.get("reason", ""), _("Permintaan nomor %(n)02d ditolak.")
    return _try(request, kode, Attempt(), actions.refuse_withdrawal, said, id=pk, reason=reason)


@require_POST
def fakta(request: HttpRequest, kode: str) -> HttpResponse:
    """Answer one checklist item."""
    desa, attempt = _desa(request, kode), Attempt(forms.FactForm(request.POST))
    if row := attempt.act(request, residents.state_fact, desa=kode):
        return _done(request, kode, _("Fakta dicatat: %s.") % GATE_NAMES[str(row.item)])
    return _show(request, desa, attempt)


@require_POST
def kecualikan(request: HttpRequest, kode: str) -> HttpResponse:
    """Ask for a waiver of one gate."""
    attempt = Attempt(forms.WaiverForm(request.POST))
    said = _("Pengecualian diminta. Perlu orang kedua dan Kapolres.")
    return _try(request, kode, attempt, actions.request_waiver, said, desa=kode)


@require_POST
def tanda(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """Sign a waiver, as the second person or as the Kapolres."""
    action, said = actions.second_waiver, _("Tanda tangan orang kedua dicatat.")
    if request.POST.get("action") == "setujui":
        action, said = actions.approve_waiver, _("Pengecualian disetujui.")
    return _try(request, kode, Attempt(), action, said, id=pk)


@require_POST
def postur(request: HttpRequest, kode: str) -> HttpResponse:
    """Move by order, before the ladder begins."""
    to = request.POST.get("to", "")
    return _try(
        request, kode, Attempt(), actions.move_posture, _("Status pengamanan diubah."), desa=kode, to=to
    )


@require_POST
def sengketa(request: HttpRequest, kode: str) -> HttpResponse:
    """Record an objection, its decision, or that there is none."""
    attempt, said = Attempt(forms.DisputeForm(request.POST)), _("Keadaan sengketa dicatat.")
    return _try(request, kode, attempt, actions.record_dispute, said, desa=kode)


@require_POST
def kode_warga(request: HttpRequest, kode: str) -> HttpResponse:
    """Make a code for a resident (shown once), or log one more try to reach them."""
    desa = _desa(request, kode)
    if request.POST.get("action") != "upaya":
        _code, text = residents.make_resident_code(desa=kode, **given(request))
        return _show(request, desa, Attempt(), code_text=text)
    codes = queries.codes_of(desa.operation, kode)
    code = next((c for c in codes if str(c.pk) == request.POST.get("id")), None)
    if code is None:
        raise Http404
    row = residents.log_attempt(id=code.pk, **given(request))
    return _done(request, kode, _("Upaya ke-%(n)d dicatat.") % {"n": row.attempts})


def _done(request: HttpRequest, kode: str, said: str) -> HttpResponse:
    return done(request, said, "withdrawal:penarikan", kode)


@login_not_required  # a code opens it, not a membership
@require_http_methods(["GET", "POST"])
def kode_jawab(request: HttpRequest, operasi: str, code: str) -> HttpResponse:
    """The resident's page: confirm, or not yet. It knows no name, no number, no posture.

    An unknown code and an unknown operation get one answer (RULES 36); a known one shows a drill as a drill,
    and of an archived operation that nothing is asked any more.
    """
    row = residents.find_code(operasi, code)
    if row is None:
        return render(request, "withdrawal/kode.html", {"known": False}, status=404)
    request.operation = row.operation
    timezone.activate(election_of(row.operation).zone)
    answered = {"ya": True, "belum": False}.get(request.POST.get("jawab", ""))
    if answered is not None:  # a POST that says neither is nobody's word
        residents.answer_by_code(
            operation=row.operation, code=code, confirmed=answered, now=row.operation.now()
        )
    context = {"known": True, "desa": village_of(row.operation, row.desa), "answered": answered}
    response = render(request, "withdrawal/kode.html", context)
    response["Cache-Control"] = "no-store"
    return response
