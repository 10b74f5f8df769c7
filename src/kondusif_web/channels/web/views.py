"""Reporting and incidents from a post: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kondusif.standby import Posture
from kondusif.withdraw.silence import report_due
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation, Tps
from kondusif_web.election.queries import tps_visible_to
from kondusif_web.pages.actions import Attempt, given
from kondusif_web.posts import queries as posts_queries
from kondusif_web.reports import actions, forms
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports import wording as reports_wording
from kondusif_web.withdrawal import queries as withdrawal_queries


def _posts(operation: Operation, user: Membership) -> list[Tps]:
    """Stations this person may report from; their own post alone when they hold one."""
    rows = tps_visible_to(operation, user).filter(desa__memilih=True)
    own = rows.filter(kode=user.post) if user.post else rows.none()
    return list(own if own.exists() else rows)


def _post(request: HttpRequest) -> Tps | None:
    """The post this report speaks for: the asked one, or the only one."""
    posts = _posts(request.operation, request.member)
    asked = request.POST.get("pos") or request.GET.get("pos")
    if asked:
        require(request.member, "report", asked)
        return tps_visible_to(request.operation, request.member).filter(kode=asked).first()
    return posts[0] if len(posts) == 1 else None


@require_GET
def lapor(request: HttpRequest) -> HttpResponse:
    """One thumb, one column: Aman first; what was sent stands below."""
    require(request.member, "report")
    operation = request.operation
    now, pos = operation.now(), _post(request)
    posture = posts_queries.postures(operation).get(pos.desa.kode) if pos else None
    sent = list(reports_queries.reports_of(operation, request.member)[:8])
    names = _names(operation, request.member)
    last = reports_queries.last_report_at(operation, pos.kode) if pos else None
    due = report_due(Posture(posture.state), posture.since, last, operation.tz) if posture else None
    context = {
        "pos": pos,
        "posts": _posts(operation, request.member),
        "sent": [(r, reports_wording.REPORTS[r.kind], names.get(r.place, r.place)) for r in sent],
        "incidents": [
            (
                i,
                reports_wording.KINDS[i.kind],
                names.get(i.place, i.place),
                reports_wording.SEVERITY[i.severity],
            )
            for i in reports_queries.open_incidents(operation, request.member)
        ],
        "notices": _notices(operation, request.member, names),
        "due_at": due,
        "late": bool(due and due < now),
    }
    if context["incidents"] or context["notices"]:
        log_read(request, "field.incidents", pos.kode if pos else "")
    return render(request, "web/lapor.html", context)


def _names(operation: Operation, user: Membership) -> dict[str, str]:
    """Stations and villages of the person's areas by code."""
    rows = withdrawal_queries.villages(operation, user)
    return {d.kode: d.nama for d in rows} | {t.kode: str(t) for t in tps_visible_to(operation, user)}


def _notices(operation: Operation, user: Membership, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest villages that bad news brought back to stand-by."""
    lines = withdrawal_queries.reopenings(operation, user, operation.now())[:3]
    return [{"desa": names.get(e.kode_desa, e.kode_desa), "at": e.occurred_at} for e in lines]


def _silence(request: HttpRequest, pos: Tps) -> datetime | None:
    """Since when the post was silent, where its report should say whether anything happened meanwhile."""
    gaps = reports_queries.gaps_at(request.operation, pos.kode, request.operation.now())
    return min((gap.since for gap in gaps if not gap.said), default=None)


def _others(request: HttpRequest, pos: Tps) -> list[tuple[str, str]]:
    """The other stations of the village, for who holds none of them and goes round."""
    posts = _posts(request.operation, request.member)
    if request.member.post in {tps.kode for tps in posts}:
        return []
    return [(tps.kode, str(tps)) for tps in posts if tps.desa_id == pos.desa_id and tps.kode != pos.kode]


def _attempt(request: HttpRequest, form: Callable[..., forms.SubmissionForm], pos: Tps) -> Attempt:
    """The form as sent, or empty for this post."""
    return Attempt(form(request.POST or None, initial={"pos": pos.kode}))


def _sent(request: HttpRequest, pos: Tps, said: object) -> HttpResponse:
    """Back to the post, which says that it arrived."""
    messages.success(request, _("Diterima posko: %s.") % said)
    return redirect(f"{reverse('web:lapor', args=[request.operation.kode])}?pos={pos.kode}")


def _again(request: HttpRequest, template: str, pos: Tps, attempt: Attempt, **more: Any) -> HttpResponse:
    """The form; what was refused stays on it and can be mended."""
    refused = attempt.why if attempt.refused else ""
    context = {"form": attempt.form, "pos": pos, "refused": refused, **more}
    return render(request, template, context, status=attempt.status)


def _at_post(request: HttpRequest) -> Tps | None:
    require(request.member, "report")
    return _post(request)


@require_http_methods(["GET", "POST"])
def aman(request: HttpRequest, kind: str = "aman") -> HttpResponse:
    """The second tap: post, time, and what "aman" means. Also for arriving at the post."""
    pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    attempt = _attempt(request, forms.ReportForm, pos)
    if attempt.ready:
        sent = {name: attempt.data[name] for name in ("id", "gap")}
        with attempt:
            actions.submit_report(kind=kind, place=pos.kode, **sent, **given(request))
            return _sent(request, pos, reports_wording.REPORTS[kind])
    return _again(request, "web/aman.html", pos, attempt, kind=kind, diam=_silence(request, pos))


@require_http_methods(["GET", "POST"])
def situasi(request: HttpRequest) -> HttpResponse:
    """People, mood, road: observations of items 9 to 11 at this post."""
    pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    others = _others(request, pos)
    attempt = _attempt(request, partial(forms.SituationForm, others=others), pos)
    if attempt.ready:
        data = attempt.data
        with attempt:
            actions.submit_report(
                id=data["id"],
                kind="situasi",
                place=pos.kode,
                payload={question: data[question] for question in reports_wording.SITUATION},
                note=data["note"],
                gap=data["gap"],
                seen=data["seen"],
                **given(request),
            )
            return _sent(request, pos, reports_wording.REPORTS["situasi"])
    return _again(request, "web/situasi.html", pos, attempt, diam=_silence(request, pos), lain=others)


@require_http_methods(["GET", "POST"])
def insiden_baru(request: HttpRequest) -> HttpResponse:
    """An incident begins; help asked for now makes it red."""
    pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    attempt = _attempt(request, forms.IncidentForm, pos)
    if attempt.ready:
        told = {name: attempt.data[name] for name in ("id", "kind", "help", "note")}
        with attempt:
            actions.open_incident(place=pos.kode, **told, **given(request))
            return _sent(request, pos, _("Insiden"))
    return _again(request, "web/insiden_baru.html", pos, attempt)
