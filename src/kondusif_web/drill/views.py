"""The drill page: the clock, the buttons that move it forward, the steps to come and those just played."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kondusif.errors import MoveRefused
from kondusif.places import desa_of
from kondusif.stages import h
from kondusif_web.accounts.roles import require
from kondusif_web.drill import wording
from kondusif_web.drill.actions import StepRefused, advance, story
from kondusif_web.drill.script import StoryStep, marks
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Operation
from kondusif_web.situation.board import strip
from kondusif_web.situation.wording import writers

SHOWN = 8  # steps listed before and after the clock


@require_GET
def latihan(request: HttpRequest) -> HttpResponse:
    """Where the story stands and where the clock may go."""
    require(request.member, "drill")
    return _page(request, _drill(request))


@require_POST
def maju(request: HttpRequest) -> HttpResponse:
    """Move to the next step or to a mark. A refused step shows the page, 409, with the clock unmoved."""
    require(request.member, "drill")
    operation = _drill(request)
    now = operation.now()
    steps = story(operation)
    if request.POST.get("ke") == "langkah":
        to = next((s.at for s in steps if s.at > now), None)
    else:
        to = marks(election_of(operation)).get(request.POST.get("ke", ""))
    if to is None:
        return _page(request, operation, 400, _("Tidak ada waktu itu di depan."))
    if to <= now:
        return _page(request, operation, 409, _("Jam latihan hanya maju."))
    try:
        done = advance(
            operation=operation, until=to, by=request.member, pass_over=bool(request.POST.get("lewati"))
        )
    except StepRefused as refused:
        return _page(request, operation, 409, wording.refused(refused.step, _names(operation)), refused)
    n = len(done.played)
    messages.success(
        request, ngettext("%(n)d langkah dijalankan.", "%(n)d langkah dijalankan.", n) % {"n": n}
    )
    if done.refused:
        names = _names(operation)
        told = "; ".join(wording.action(r.step, names) for r in done.refused[:SHOWN])
        more = len(done.refused) - SHOWN
        rest = _(", dan %(n)d lagi") % {"n": more} if more > 0 else ""
        messages.warning(request, _("Dilewati karena ditolak: %(apa)s.") % {"apa": told + rest})
    return redirect("drill:latihan", request.operation.kode)


def _drill(request: HttpRequest) -> Operation:
    """The operation, which must be a drill: a real one has no clock to move (RULES 23)."""
    operation: Operation = request.operation
    if not operation.drill:
        raise MoveRefused("not_a_drill", operation=operation.kode)
    return operation


def _names(operation: Operation) -> dict[str, str]:
    return dict(operation.desa.values_list("kode", "nama"))


def _page(
    request: HttpRequest,
    operation: Operation,
    status: int = 200,
    why: str = "",
    refused: StepRefused | None = None,
) -> HttpResponse:
    now, names, steps = operation.now(), _names(operation), story(operation)
    who = writers(operation)

    def line(step: StoryStep) -> dict[str, Any]:
        return {"at": step.at, "apa": wording.action(step, names), "oleh": who.get(_by(step), _by(step))}

    election = election_of(operation)
    ahead = [s for s in steps if s.at > now]
    behind = [s for s in steps if s.at <= now]
    context = {
        "tahap": strip(election, now),
        "tanda": [
            {"kode": kode, "at": at, "h": h(election, at), "kata": wording.MARKS[kode], "lewat": at <= now}
            for kode, at in marks(election).items()
        ],
        "berikut": [line(s) for s in ahead[:SHOWN]],
        "sisa": max(len(ahead) - SHOWN, 0),
        "tadi": [line(s) for s in reversed(behind[-SHOWN:])],
        "jumlah": len(steps),
        "dijalankan": len(behind),
        "why": why,
        "sebab": wording.reason(refused.why) if refused else "",
        "gerbang": refused.shut if refused else (),
        "tujuan": request.POST.get("ke", "") if refused else "",
        "saat": refused.step.at if refused else None,
        "desa": _village(refused.step, names) if refused else "",
    }
    return render(request, "drill/latihan.html", context, status=status)


def _village(step: StoryStep, names: dict[str, str]) -> str:
    """Code of the village that a step is about, if it is about one."""
    place = wording.place(step)
    return desa_of(place) if place and desa_of(place) in names else ""


def _by(step: StoryStep) -> str:
    return step.row.get("oleh", "") if isinstance(step.row, dict) else ""
