"""One guard around every page: the operation of its address and what is told in it, refusals as pages.

Nothing restricted is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone

from kondusif.errors import Conflict, KondusifError, NotAllowed
from kondusif.withdraw import GateState
from kondusif_web.accounts import access
from kondusif_web.election import cards
from kondusif_web.election.queries import membership
from kondusif_web.pages.actions import status_of
from kondusif_web.pages.wording import masalah, refusal, refusal_title

FREE = {"accounts:masuk", "accounts:keluar", "accounts:sandi", "bahasa"}  # open while a new password is due
READING = {"GET", "HEAD", "OPTIONS"}  # all that an archived operation takes; the book refuses it once more


class Guard:
    """Password due, local time, no-store, and the one place where a refusal becomes a status and a page.

    Who is signed in and asks for an operation without a place in it leaves a line in the access log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.must_change and _name(request) not in FREE:
            return redirect("accounts:sandi")
        request.operation, request.member = None, None
        if request.user.is_authenticated and cards.expired(request):
            logout(request)
            return redirect("accounts:masuk")
        with timezone.override(None):  # process_view sets the operation's zone inside
            response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Resolve ``/o/<kode>/``: the operation, and what this person is in it; else 404 as anywhere.

        A view without sign-in (``login_not_required``) resolves its own.
        """
        if not getattr(view, "login_required", True):
            return None
        if "operasi" not in kwargs:
            return self._outside_operations(request)
        kode = kwargs.pop("operasi")
        member = membership(request.user, kode)
        if member is None:
            _denied(request, operation=kode[:60], what="operation")
            raise Http404
        request.operation, request.member = member.operation, member
        timezone.activate(member.operation.zone)
        if member.operation.archived and request.method not in READING:
            archived = Conflict("archived", operation=kode)
            return self.process_exception(request, archived)
        return None

    def _outside_operations(self, request: HttpRequest) -> HttpResponse | None:
        """What a drill's card may not do: write where there is no drill (RULES 23)."""
        if request.method in READING or not cards.is_card(request):
            return None
        return self.process_exception(request, NotAllowed("card"))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, KondusifError):
            return None
        if isinstance(error, NotAllowed):
            _denied(
                request,
                operation=getattr(request.operation, "kode", ""),
                kode=str(error.facts.get("kode", "")),
                what=str(error.facts.get("permission", "")),
            )
        return _page(
            request,
            status_of(error),
            refusal_title(error),
            refusal(error),
            gerbang=[g for g in getattr(error, "shut", ()) if isinstance(g, GateState)],
            butir=[masalah(p) for p in getattr(error, "problems", ())] or getattr(error, "violations", ()),
        )


class ToldInOperation(SessionStorage):
    """What a page tells once after an action: on pages of its operation only, of the office anywhere.

    It waits in the session under the code of the operation whose page was asked, "" for the office.
    """

    office: list[Message] = []  # noqa: RUF012  replaced when messages are read

    @property
    def operation(self) -> str:
        return str(getattr(getattr(self.request, "operation", None), "kode", ""))

    def _key(self, operation: str) -> str:
        return f"{self.session_key}/{operation}" if operation else self.session_key

    def _read(self, operation: str) -> list[Message]:
        return self.deserialize_messages(self.request.session.get(self._key(operation))) or []

    def _get(self, *args: object, **kwargs: object) -> tuple[list[Message], bool]:
        if settings.SESSION_COOKIE_NAME not in self.request.COOKIES:
            return [], True  # nobody's session: a public page does not depend on it
        self.office = self._read("")
        return self.office + (self._read(self.operation) if self.operation else []), True

    def _store(
        self, messages: Iterable[Message], response: HttpResponse, *args: object, **kwargs: object
    ) -> list[Message]:
        """What waits is kept where it was said: messages of the office stay the office's."""
        kept: dict[str, list[Message]] = {"": [], self.operation: []}
        for message in messages:
            of_office = any(message is one for one in self.office)
            kept["" if of_office else self.operation].append(message)
        for operation, waiting in kept.items():
            if waiting:
                self.request.session[self._key(operation)] = self.serialize_messages(waiting)
            else:
                self.request.session.pop(self._key(operation), None)
        return []


def _denied(request: HttpRequest, *, operation: str, what: str, kode: str = "") -> None:
    access.write(
        "denied",
        by=getattr(request.user, "username", ""),
        operation=operation,
        kode=kode,
        address=access.address(request),
        what=what,
    )


def _page(request: HttpRequest, status: int, title: object, why: object, **more: object) -> HttpResponse:
    return render(request, "tolak.html", {"kata": {"judul": title, "kenapa": why}} | more, status=status)


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
