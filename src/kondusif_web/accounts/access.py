"""The access log: a second append-only chain, read by the auditor (RULES 21)."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from kondusif_web.accounts.models import AccessEntry
from kondusif_web.logbook.actions import append
from kondusif_web.logbook.clock import server_now


def log_read(request: HttpRequest, what: str, kode: str = "", *, operation: str = "") -> None:
    """One line for a page or export of restricted data. ``what`` is a code such as ``plan.plotting``.

    ``operation``: the code of another operation that the page reads from; else it is the page's own.
    """
    write(
        "read",
        by=getattr(request.user, "username", ""),
        operation=operation or getattr(getattr(request, "operation", None), "kode", ""),
        kode=kode,
        what=what,
        address=address(request),
    )


def log_sitting(request: HttpRequest, what: str) -> None:
    """One line a sitting for a page that renews itself (RULES 21): a sign-in, at most as long as it holds."""
    key = f"dibaca/{what}/{getattr(getattr(request, 'operation', None), 'kode', '')}"
    now = server_now().timestamp()
    if not 0 <= now - request.session.get(key, 0) < settings.SESSION_COOKIE_AGE:
        log_read(request, what)
        request.session[key] = now


@transaction.atomic
def write(
    kind: str, *, by: str, operation: str = "", kode: str = "", address: str = "", **payload: object
) -> AccessEntry:
    """A line of any access kind: read, denied, signed_in, signed_out, sign_in_refused.

    One chain for the whole office; ``operation`` says in which one something was read.
    """
    return append(
        AccessEntry,
        kind,
        at=server_now(),
        by=by,
        kode_desa=kode,
        subject=str(payload.get("what", "")),
        payload=payload | {"from": address} | ({"operation": operation} if operation else {}),
    )


def address(request: HttpRequest) -> str:
    """The peer's address. Behind a proxy this is the proxy's: its own log has the rest."""
    return request.META.get("REMOTE_ADDR", "")
