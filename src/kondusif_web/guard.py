"""One guard around every page: refusals of the core become pages, nothing restricted stays in a cache."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from kondusif.errors import Conflict, ImportRefused, KondusifError, MoveRefused, NotAllowed, PlanRefused
from kondusif.stages import ZONES
from kondusif.withdraw import GateState
from kondusif_web.accounts import access
from kondusif_web.accounts.wording import refusal
from kondusif_web.election.queries import NoOperation, operation_or_none
from kondusif_web.field.wording import REFUSALS, gate_words
from kondusif_web.look.wording import masalah

FREE = {"accounts:masuk", "accounts:keluar", "accounts:sandi", "bahasa"}  # open while a new password is due
STATUS: dict[type[Exception], int] = {
    NotAllowed: 403,
    Conflict: 409,
    MoveRefused: 409,
    PlanRefused: 409,
    ImportRefused: 422,
}


class Guard:
    """Password due, local time, no-store, and the one place where a refusal becomes a status and a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.must_change and _name(request) not in FREE:
            return redirect("accounts:sandi")
        # the public page reads one table only (RULES 22): the operation is asked for those signed in
        operation = operation_or_none() if request.user.is_authenticated else None
        with timezone.override(ZONES.get(operation.tz, operation.tz) if operation else None):
            response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NoOperation):
            return _page(request, 404, _("Belum ada operasi"), _("Perencana memulainya di halaman Operasi."))
        if not isinstance(error, KondusifError):
            return None
        if isinstance(error, NotAllowed):
            access.write(
                "denied",
                by=getattr(request.user, "username", ""),
                kode=str(error.facts.get("kode", "")),
                address=access.address(request),
                what=str(error.facts.get("deed", "")),
            )
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        title, why = refusal(error.code, str(error.facts.get("why", "")))
        why = REFUSALS.get(str(error), why)
        return _page(
            request,
            status,
            title,
            why,
            gerbang=[g for g in getattr(error, "shut", ()) if isinstance(g, GateState)],
            kata_gerbang=gate_words,
            butir=[masalah(p) for p in getattr(error, "problems", ())] or getattr(error, "violations", ()),
        )


def _page(request: HttpRequest, status: int, title: object, why: object, **more: object) -> HttpResponse:
    return render(request, "tolak.html", {"kata": {"judul": title, "kenapa": why}} | more, status=status)


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
