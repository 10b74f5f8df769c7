"""The view of one action, once: validate, act, and show what was refused where the person wrote it.

::

    attempt = Attempt(forms.VisitForm(request.POST, user=request.member))
    if attempt.act(request, actions.record_visit):
        return done(request, _("Kunjungan tercatat."), "dialogue:dialog")
    return _page(request, status=attempt.status, visit_form=attempt.form)

What is not refused here (not allowed, a file with problems, other content) becomes a page of the guard.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kondusif.errors import Conflict, ImportRefused, KondusifError, MoveRefused, NotAllowed, PlanRefused
from kondusif_web.pages.texts import TextRefused
from kondusif_web.pages.wording import refusal

Row = TypeVar("Row")
STATUS: dict[type[KondusifError], int] = {
    NotAllowed: 403,
    Conflict: 409,
    MoveRefused: 409,
    PlanRefused: 409,
}
UNFIT = 422  # what was sent does not fit; it comes back whole
GUARDED = (NotAllowed, ImportRefused)


def status_of(error: KondusifError) -> int:
    """The HTTP status of a refusal: 403, 409, else 422."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), UNFIT)


class Attempt:
    """One action tried from a page, with its form where it has one.

    Inside ``with`` a refusal is kept as ``refused``, put beside its field, and what follows shows the page.
    ``conflicts``: of a Conflict too, which otherwise has a page of its own, so that nobody sends again over
    what another wrote meanwhile.
    """

    def __init__(self, form: Any = None, *, conflicts: bool = False) -> None:
        self.form = form
        self.guarded = GUARDED if conflicts else (*GUARDED, Conflict)
        self.refused: KondusifError | None = None

    @property
    def ready(self) -> bool:
        """Sent, and of the right shape."""
        return self.form is None or (self.form.is_bound and self.form.is_valid())

    @property
    def data(self) -> dict[str, Any]:
        """What was sent, cleaned."""
        return {} if self.form is None else self.form.cleaned_data

    def act(self, request: HttpRequest, action: Callable[..., Row], **more: Any) -> Row | None:
        """What the action of an operation wrote, with what was sent and ``more``; None where nothing was."""
        if not self.ready:
            return None
        with self:
            return action(**self.data, **more, **given(request))
        return None

    @property
    def status(self) -> int:
        """200 while nothing was refused, 422 where a field says what; else that of the refusal."""
        wrong = self.form.errors if self.form is not None else {}
        if self.refused is None or any(name in self.form.fields for name in wrong):
            return UNFIT if wrong else 200
        return status_of(self.refused)

    @property
    def why(self) -> str:
        """Everything that was refused, as one text; "" for nothing."""
        if self.refused is not None:
            return refusal(self.refused)
        if self.form is None or not self.form.errors:
            return ""
        return " ".join(str(e) for errors in self.form.errors.values() for e in errors) or _(
            "Isian belum lengkap."
        )

    def __enter__(self) -> Attempt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, KondusifError) or isinstance(error, self.guarded):
            return False
        self.refused = error
        if self.form is not None:
            refuse(self.form, error)
        return True


def refuse(form: forms.Form, error: KondusifError) -> None:
    """A refusal beside the field it names, else above the form."""
    if isinstance(error, TextRefused):
        for name, (reason, facts) in error.fields.items():
            form.add_error(
                name if name in form.fields else None, refusal(TextRefused.of(name, reason, **facts))
            )
        return
    form.add_error(_field(form, error), refusal(error))


def _field(form: Any, error: KondusifError) -> str | None:
    """The form may know better (``field_of``) which of its fields an error speaks of."""
    own = form.field_of(error) if hasattr(form, "field_of") else None
    names = (own, error.facts.get("field"), error.facts.get("indicator"))
    return next((str(name) for name in names if name in form.fields), None)


def given(request: HttpRequest) -> dict[str, Any]:
    """What every action of an operation is given: the operation, who, and when by its clock."""
    return {"operation": request.operation, "by": request.member, "now": request.operation.now()}


def done(request: HttpRequest, said: object, to: str, *args: object) -> HttpResponse:
    """Back to a page of the operation, which tells what was done; without one to a page of the office."""
    messages.success(request, str(said))
    return _back(request, to, args)


def failed(request: HttpRequest, why: object, to: str, *args: object) -> HttpResponse:
    """Back to a page that has no place for the refusal: it tells it above."""
    messages.error(request, str(why))
    return _back(request, to, args)


def carry_out(
    request: HttpRequest, act: Callable[[], object], said: object, to: str, *args: object, refused: str = "%s"
) -> HttpResponse:
    """The view of one action without a form: done or refused, the page ``to`` tells it."""
    attempt = Attempt()
    with attempt:
        act()
        return done(request, said, to, *args)
    return failed(request, refused % attempt.why, to, *args)


def _back(request: HttpRequest, to: str, args: tuple[object, ...]) -> HttpResponse:
    return redirect(to, *((request.operation.kode, *args) if request.operation else args))
