"""Reporting and incidents from a post: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kondusif.errors import MoveRefused
from kondusif.standby import Posture, report_due
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.models import Membership, Operation, Tps
from kondusif_web.election.queries import tps_visible_to
from kondusif_web.pages.texts import TextRefused
from kondusif_web.pages.wording import refusal
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


@login_required
@require_GET
def lapor(request: HttpRequest) -> HttpResponse:
    """One thumb, one column: Aman first; what was sent stands below."""
    require(request.member, "report")
    operation = request.operation
    now, pos = clock_now(operation), _post(request)
    posture = posts_queries.postures(operation).get(pos.desa.kode) if pos else None
    sent = list(reports_queries.reports_of(operation, request.member)[:8])
    names = _names(operation, request.member)
    last = reports_queries.last_report_at(operation, pos.kode) if pos else None
    due = report_due(Posture(posture.state), posture.since, last) if posture else None
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
        "notices": _notices(operation, request.member, now),
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


def _notices(operation: Operation, user: Membership, now: Any) -> list[dict[str, Any]]:
    names = {d.kode: d.nama for d in withdrawal_queries.villages(operation, user)}
    told = [n for n in withdrawal_queries.notices(operation, user, now) if n.kind == "village_reopened"]
    return [{"desa": names.get(n.desa, n.desa), "kode": n.desa, "at": n.at} for n in told[:3]]


def _send(
    request: HttpRequest, form: Any, do: Callable[[], Any], template: str, done: str, **context: Any
) -> HttpResponse:
    """Send it and go back to the post; what is refused stays on the page and can be mended."""
    status = 200
    if request.method == "POST":
        status = 400
        if form is None or form.is_valid():
            try:
                do()
            except TextRefused as refused:
                if form is not None:
                    refused.into(form)
                status = 422
            except MoveRefused as refused:
                context["refused"], status = refusal(refused), 409
            else:
                messages.success(request, done)
                return redirect(
                    f"{reverse('web:lapor', args=[request.operation.kode])}?pos={context['pos'].kode}"
                )
    return render(request, template, {"form": form, **context}, status=status)


def _at_post(request: HttpRequest) -> tuple[Operation, Tps | None]:
    require(request.member, "report")
    return request.operation, _post(request)


@login_required
@require_http_methods(["GET", "POST"])
def aman(request: HttpRequest, kind: str = "aman") -> HttpResponse:
    """The second tap: post, time, and what "aman" means. Also for arriving at the post."""
    operation, pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    form = forms.Sent(request.POST or None, initial={"pos": pos.kode})

    def do() -> None:
        actions.submit_report(
            operation=operation,
            id=form.cleaned_data["id"],
            kind=kind,
            place=pos.kode,
            by=request.member,
            now=clock_now(operation),
        )

    done = _("Diterima posko: %s.") % reports_wording.REPORTS[kind]
    return _send(request, form, do, "web/aman.html", done, pos=pos, kind=kind)


@login_required
@require_http_methods(["GET", "POST"])
def situasi(request: HttpRequest) -> HttpResponse:
    """People, mood, road: observations of items 9 to 11 at this post."""
    operation, pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    form = forms.Situation(request.POST or None, initial={"pos": pos.kode})

    def do() -> None:
        data = form.cleaned_data
        actions.submit_report(
            operation=operation,
            id=data["id"],
            kind="situasi",
            place=pos.kode,
            payload={q: data[q] for q in ("people", "mood", "road")},
            note=data["note"],
            by=request.member,
            now=clock_now(operation),
        )

    return _send(request, form, do, "web/situasi.html", _("Diterima posko: Situasi."), pos=pos)


@login_required
@require_http_methods(["GET", "POST"])
def insiden_baru(request: HttpRequest) -> HttpResponse:
    """An incident begins; help asked for now makes it red."""
    operation, pos = _at_post(request)
    if pos is None:
        return redirect("web:lapor", request.operation.kode)
    form = forms.IncidentForm(request.POST or None, initial={"pos": pos.kode})

    def do() -> None:
        data = form.cleaned_data
        actions.open_incident(
            operation=operation,
            id=data["id"],
            kind=data["kind"],
            place=pos.kode,
            help=data["help"],
            note=data["note"],
            by=request.member,
            now=clock_now(operation),
        )

    return _send(request, form, do, "web/insiden_baru.html", _("Diterima posko: Insiden."), pos=pos)
