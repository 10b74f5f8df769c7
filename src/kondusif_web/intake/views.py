"""Ask, call, show: files that come, with preview and confirmation; boundaries."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.errors import Conflict, ImportRefused
from kondusif.files.changes import State
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.election.models import Operation
from kondusif_web.election.queries import (
    boundaries,
    desa_visible_to,
)
from kondusif_web.intake import actions, forms, page, wording
from kondusif_web.intake.maps import preview_map
from kondusif_web.intake.models import Pending
from kondusif_web.intake.plans import Plan, plan_file
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.wording import refusal

# ---------------------------------------------------------------- files


@require_GET
def berkas(request: HttpRequest) -> HttpResponse:
    """Where a file comes in; with ``?periksa=``, what the waiting file would do."""
    require(request.member, "manage_operation")
    operation, now = request.operation, server_now()
    if not (wanted := request.GET.get("periksa")):
        return _files(request, operation, forms.Upload())
    try:
        pending = actions.waiting(pk=_uuid(wanted), kind="berkas", by=request.member, now=now)
        plan = plan_file(
            bytes(pending.raw), pending.name, operation=operation, by=request.member, now=operation.now()
        )
    except Conflict as gone:
        return _files(request, operation, forms.Upload(), told=refusal(gone), status=409)
    except ImportRefused as refused:
        return _files(request, operation, forms.Upload(), problems=refused.problems, status=422)
    return _preview(request, operation, plan, pending)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Conflict("expired") from error


def _files(
    request: HttpRequest,
    operation: Operation,
    form: forms.Upload,
    *,
    problems: Any = (),
    told: object = "",
    status: int = 200,
) -> HttpResponse:
    waiting = Pending.objects.filter(member=request.member, kind="berkas", expires_at__gt=server_now())
    context = {
        "form": form,
        "masalah": problems,
        "kabar": told,
        "menunggu": waiting.defer("raw"),
    }
    return render(request, "intake/berkas.html", context, status=status)


def _preview(
    request: HttpRequest,
    operation: Operation,
    plan: Plan,
    pending: Pending | None,
    *,
    told: object = "",
    status: int = 200,
) -> HttpResponse:
    log_read(request, "intake")
    context = page.shown(plan, operation, request.member) | {
        "plan": plan,
        "pending": pending,
        "masalah": plan.problems,
        "kabar": told,
        "boleh": pending is not None and not plan.problems and not plan.empty,
    }
    return render(request, "intake/periksa.html", context, status=status)


@require_POST
def unggah(request: HttpRequest) -> HttpResponse:
    """A file comes in: every problem named, or kept and shown. Nothing is applied here."""
    require(request.member, "import_answers")
    operation = request.operation
    form = forms.Upload(request.POST, request.FILES)
    if not form.is_valid():
        return _files(request, operation, form, status=422)
    file = form.cleaned_data["berkas"]
    raw = file.read()
    try:
        plan = plan_file(raw, file.name, operation=operation, by=request.member, now=operation.now())
    except ImportRefused as refused:
        return _files(request, operation, form, problems=refused.problems, status=422)
    if plan.problems:
        clash = any(a.state is State.REFUSED for a in plan.answers)  # an id with other content (RULES 26)
        return _preview(request, operation, plan, None, status=409 if clash else 422)
    pending = actions.keep(kind="berkas", name=file.name, raw=raw, by=request.member, now=server_now())
    return redirect(f"{reverse('intake:berkas', args=[request.operation.kode])}?periksa={pending.pk}")


@require_POST
def terapkan(request: HttpRequest) -> HttpResponse:
    """Apply the waiting file as it was shown; another effect by now is shown again."""
    require(request.member, "import_answers")
    operation, now = request.operation, server_now()
    try:
        pending = actions.waiting(
            pk=_uuid(request.POST.get("berkas", "")), kind="berkas", by=request.member, now=now
        )
    except Conflict as gone:
        return _files(request, operation, forms.Upload(), told=refusal(gone), status=409)
    at = operation.now()
    try:
        done = actions.apply_file(
            operation=operation,
            pending=pending,
            seal=request.POST.get("segel", ""),
            by=request.member,
            now=at,
        )
    except (Conflict, ImportRefused):
        return _again(request, operation, pending, at)
    _say(request, done)
    to = "classes:ukur" if done.answers or done.same else "intake:operasi"
    return redirect(to, operation.kode)


def _again(request: HttpRequest, operation: Operation, pending: Pending, at: Any) -> HttpResponse:
    """What the file would do now."""
    try:
        plan = plan_file(bytes(pending.raw), pending.name, operation=operation, by=request.member, now=at)
    except ImportRefused as refused:
        return _files(
            request,
            operation,
            forms.Upload(),
            problems=refused.problems,
            told=_changed(),
            status=409,
        )
    return _preview(request, operation, plan, pending, told=_changed(), status=409)


def _changed() -> str:
    return refusal(Conflict("changed"))


def _say(request: HttpRequest, done: actions.Applied) -> None:
    parts = []
    if done.rows:
        parts.append(_("%(n)d baris tempat dan kekuatan diterapkan") % {"n": done.rows})
    if done.answers or done.same:
        text = ngettext("%(n)d jawaban baru diterima", "%(n)d jawaban baru diterima", done.answers)
        parts.append(text % {"n": done.answers})
    if done.same:
        parts.append(_("%(n)d sudah ada") % {"n": done.same})
    told = ", ".join(parts) + "."
    if done.answers:
        told += " " + _("Hitung untuk melihat akibatnya pada kelas.")
    messages.success(request, told)


@require_POST
def buang(request: HttpRequest) -> HttpResponse:
    """Do not apply the waiting file."""
    require(request.member, "import_answers")
    pk = request.POST.get("berkas", "")
    with suppress(Conflict):  # it waits no longer: what was wanted
        actions.drop(pk=_uuid(pk), by=request.member)
    messages.success(request, _("Berkas dibuang. Tidak ada yang diubah."))
    to = "intake:batas" if request.POST.get("ke") == "batas" else "intake:berkas"
    return redirect(to, request.operation.kode)


# ---------------------------------------------------------------- boundaries


@require_http_methods(["GET", "POST"])
def batas(request: HttpRequest) -> HttpResponse:
    """Boundaries as they stand; a file that comes; with ``?periksa=``, what it would draw."""
    require(request.member, "manage_operation")
    operation = request.operation
    if request.method == "POST":
        return _take_boundaries(request, operation)
    if not (wanted := request.GET.get("periksa")):
        return _boundaries(request, operation, forms.UploadBoundaries())
    try:
        pending = actions.waiting(pk=_uuid(wanted), kind="batas", by=request.member, now=server_now())
        return _boundaries_seen(request, operation, pending)
    except Conflict as gone:
        return _boundaries(request, operation, forms.UploadBoundaries(), told=refusal(gone), status=409)


def _take_boundaries(request: HttpRequest, operation: Operation) -> HttpResponse:
    form = forms.UploadBoundaries(request.POST, request.FILES)
    if not form.is_valid():
        return _boundaries(request, operation, form, status=422)
    file, options = form.cleaned_data["berkas"], {k: form.cleaned_data[k] for k in ("sumber", "sifat")}
    raw = file.read()
    try:
        actions.look_at_boundaries(
            raw, file.name, operation=operation, by=request.member, code_property=options["sifat"]
        )
    except ImportRefused as refused:
        return _boundaries(request, operation, form, problems=refused.problems, status=422)
    pending = actions.keep(
        kind="batas", name=file.name, raw=raw, by=request.member, now=server_now(), options=options
    )
    return redirect(f"{reverse('intake:batas', args=[request.operation.kode])}?periksa={pending.pk}")


def _boundaries(
    request: HttpRequest,
    operation: Operation,
    form: forms.UploadBoundaries,
    *,
    problems: Any = (),
    told: object = "",
    status: int = 200,
) -> HttpResponse:
    there, ours = boundaries(operation), desa_visible_to(operation, request.member).order_by("nama")
    context = {
        "form": form,
        "masalah": problems,
        "kabar": told,
        "ada": [there[d.kode] for d in ours if d.kode in there],
        "belum": [d for d in ours if d.kode not in there],
    }
    return render(request, "intake/batas.html", context, status=status)


def _boundaries_seen(
    request: HttpRequest, operation: Operation, pending: Pending, *, told: object = "", status: int = 200
) -> HttpResponse:
    try:
        found = actions.look_at_boundaries(
            bytes(pending.raw),
            pending.name,
            operation=operation,
            by=request.member,
            code_property=pending.options.get("sifat", ""),
        )
    except ImportRefused as refused:
        return _boundaries(
            request, operation, forms.UploadBoundaries(), problems=refused.problems, told=told, status=422
        )
    desa = {d.kode: d for d in operation.desa.all()}
    there = boundaries(operation)
    context = {
        "found": found,
        "pending": pending,
        "segel": actions.seal_of(found),
        "kabar": told,
        "baris": [
            (desa[k], o.corners, wording.STATES[State.CHANGED if k in there else State.NEW])
            for k, o in found.outlines.items()
        ],
        "tanpa": [desa[k] for k in found.without],
        "catatan": [(desa[k], wording.REMARKS[what], detail) for k, what, detail in found.remarks],
        "bidang": preview_map(operation, found, pending.options["sumber"]),
        "boleh": may(request.member, "manage_operation"),
    }
    return render(request, "intake/batas_periksa.html", context, status=status)


@require_POST
def batas_terapkan(request: HttpRequest) -> HttpResponse:
    """Draw the villages by the waiting file as it was shown."""
    require(request.member, "manage_operation")
    operation, now = request.operation, server_now()
    try:
        pending = actions.waiting(
            pk=_uuid(request.POST.get("berkas", "")), kind="batas", by=request.member, now=now
        )
    except Conflict as gone:
        return _boundaries(request, operation, forms.UploadBoundaries(), told=refusal(gone), status=409)
    try:
        rows = actions.apply_boundaries(
            operation=operation,
            pending=pending,
            seal=request.POST.get("segel", ""),
            by=request.member,
            now=operation.now(),
        )
    except (Conflict, ImportRefused):
        return _boundaries_seen(request, operation, pending, told=_changed(), status=409)
    messages.success(request, _("Batas %(n)d desa diterapkan; peta menggambarnya.") % {"n": len(rows)})
    return redirect("intake:batas", request.operation.kode)
