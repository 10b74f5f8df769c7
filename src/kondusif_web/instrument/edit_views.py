"""Editing a draft: indicators, cut-offs, floors. Every save is one change that the core accepted whole.

Each form can be looked at before it is saved: what would differ is reckoned from the form as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kondusif.instrument import edit
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.instrument import actions, forms, queries, told
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.actions import Attempt, done, failed

Change = Callable[[Recipe], Recipe]
LOOK = "pratinjau"  # in a form: look at what would differ, save nothing


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, its name in the book, and what the person is told when it is saved."""

    change: Change
    what: str
    said: str


def draft_of(request: HttpRequest, instrumen: str, nomor: int) -> queries.Version:
    """The draft to work on, for who may. Raises NotAllowed, Http404."""
    require(request.member, "draft_instrument")
    return queries.draft(request.operation, request.member, instrumen, str(nomor))


def save(request: HttpRequest, found: queries.Version, change: Change, what: str) -> None:
    """One change by the action. Raises RecipeError; Conflict when somebody changed the draft meanwhile."""
    actions.change_draft(
        draft=found.row.pk if found.row else None,
        change=change,
        what=what,
        by=request.member,
        now=server_now(),
        seen=request.POST.get("dilihat"),
    )


def work(
    request: HttpRequest,
    found: queries.Version,
    title: object,
    form: Any,
    made: Callable[[], Edit],
    *,
    template: str = "instrument/isian.html",
    **more: Any,
) -> HttpResponse:
    """The page of one form: empty, looked at, refused beside its field, or saved.

    ``made`` turns the valid form into an edit and may raise RecipeError. A script asks for the look alone
    and gets a part of the page; without one the whole page comes back, nothing saved.
    """
    looking = LOOK in request.POST
    after: Recipe | None = None
    attempt = Attempt(form)
    if attempt.ready:
        with attempt:
            this = made()
            if not looking:
                save(request, found, this.change, this.what)
                return done(request, this.said, "instrument:versi", found.kode, found.nomor)
            after = this.change(found.recipe)
    log_read(request, "instrument")
    context = {"v": found, "judul": title, "form": form, "dilihat": looking} | more
    context["galat"] = list(dict.fromkeys(_said(form))) if looking else []
    if after is not None:
        context |= told.context(found.recipe, after)
        context["ada_beda"] = True
    if looking and request.headers.get("HX-Request"):
        return render(request, "instrument/_pratinjau.html", context)
    return render(request, template, context, status=attempt.status)


def take_out(request: HttpRequest, found: queries.Version, this: Edit) -> HttpResponse:
    """Something taken out of a draft, or the reason why it stays; back to the draft either way."""
    attempt = Attempt()
    with attempt:
        save(request, found, this.change, this.what)
        return done(request, this.said, "instrument:versi", found.kode, found.nomor)
    return failed(request, attempt.why, "instrument:versi", found.kode, found.nomor)


def _said(form: Any) -> Iterator[str]:
    """Errors with the label of their field, for a look at the form apart from its fields."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        yield from (f"{label}: {e}" if label else str(e) for e in errors)


def tambah(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """An indicator of one's own."""
    found = draft_of(request, instrumen, nomor)
    form = forms.Butir(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        id = edit.next_id(
            found.recipe, form.cleaned_data["dimension"], queries.known_items(request.operation)
        )
        indicator = form.indicator(id)
        return Edit(
            lambda r: edit.with_indicator(r, indicator, new=True),
            f"add {id}",
            _("Butir %s ditambahkan. Atur bobot dan perannya bila perlu.") % id,
        )

    return work(request, found, _("Tambah butir"), form, made)


def butir(request: HttpRequest, instrumen: str, nomor: int, item: str) -> HttpResponse:
    """One indicator of a draft."""
    found = draft_of(request, instrumen, nomor)
    of = found.recipe.by_id.get(item)
    if of is None:
        raise Http404
    form = forms.Butir(request.POST or None, recipe=found.recipe, of=of)

    def made() -> Edit:
        indicator = form.indicator(item)
        return Edit(
            lambda r: edit.with_indicator(r, indicator, new=False),
            f"change {item}",
            _("Butir %s disimpan.") % item,
        )

    gone = told.without(found.recipe, lambda r: edit.without_indicator(r, item))
    return work(request, found, _("Butir %s") % item, form, made, cabut_butir=item, bila_cabut=gone)


@require_POST
def cabut(request: HttpRequest, instrumen: str, nomor: int, item: str) -> HttpResponse:
    """Take an indicator out of a draft; answers to it are kept and unused."""
    gone = Edit(
        lambda r: edit.without_indicator(r, item),
        f"remove {item}",
        _("Butir %s dicabut. Jawabannya tetap tersimpan, tidak dipakai.") % item,
    )
    return take_out(request, draft_of(request, instrumen, nomor), gone)


def batas(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Cut-offs, provisional threshold, nearness."""
    found = draft_of(request, instrumen, nomor)
    form = forms.Rules(request.POST or None, initial=forms.Rules.of(found.recipe))

    def made() -> Edit:
        given = form.cleaned_data
        return Edit(
            lambda r: edit.with_rules(
                r,
                cuts=(given["bawah"], given["atas"]),
                provisional_below=given["provisional_below"] / 100,
                near=given["near"],
            ),
            "rules",
            _("Batas kelas disimpan."),
        )

    return work(request, found, _("Batas kelas"), form, made)


def lantai_baru(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """A floor of one's own."""
    return _floor(request, draft_of(request, instrumen, nomor), "")


def lantai(request: HttpRequest, instrumen: str, nomor: int, lantai: str) -> HttpResponse:
    """One floor of a draft."""
    return _floor(request, draft_of(request, instrumen, nomor), lantai)


def _floor(request: HttpRequest, found: queries.Version, name: str) -> HttpResponse:
    of = next((f for f in found.recipe.floors if f.id == name), None)
    if name and of is None:
        raise Http404
    labels = request.operation.labels
    form = forms.Lantai(request.POST or None, recipe=found.recipe, labels=labels, of=of)

    def made() -> Edit:
        floor = form.floor()
        return Edit(
            lambda r: edit.with_floor(r, floor, before=name),
            f"floor {floor.id}",
            _("Lantai %s disimpan.") % floor.id,
        )

    title = _("Lantai %s") % name if name else _("Tambah lantai")
    return work(request, found, title, form, made, hapus_lantai=name)


@require_POST
def hapus_lantai(request: HttpRequest, instrumen: str, nomor: int, lantai: str) -> HttpResponse:
    """A floor taken out of a draft."""
    gone = Edit(
        lambda r: edit.without_floor(r, lantai),
        f"remove floor {lantai}",
        _("Lantai %s dihapus dari draf.") % lantai,
    )
    return take_out(request, draft_of(request, instrumen, nomor), gone)
