"""Editing a draft: indicators, cut-offs, floors. Every save is one change that the core accepted whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kondusif.errors import RecipeError
from kondusif.measure import edit
from kondusif.measure.recipe import Recipe
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election import clock
from kondusif_web.election.queries import current_operation
from kondusif_web.instrument import actions, forms, queries, wording


def draft_of(request: HttpRequest, instrumen: str, nomor: int) -> queries.Version:
    """The draft to work on, for who may. Raises NotAllowed, Http404."""
    require(request.user, "draft_instrument")
    return queries.draft(request.user, instrumen, str(nomor))


def save(request: HttpRequest, found: queries.Version, change: Callable[[Recipe], Recipe], what: str) -> None:
    """One change by the action. Raises RecipeError; Conflict when somebody changed the draft meanwhile."""
    actions.change_draft(
        draft=found.row.pk if found.row else None,
        change=change,
        what=what,
        by=request.user,
        now=clock.now(current_operation()),
        seen=request.POST.get("dilihat"),
    )


def page(request: HttpRequest, found: queries.Version, title: object, form: Any, **more: Any) -> HttpResponse:
    log_read(request, "instrument")
    context = {"v": found, "judul": title, "form": form} | more
    return render(request, "instrument/isian.html", context, status=422 if form.errors else 200)


@login_required
def tambah(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """An indicator of one's own."""
    found = draft_of(request, instrumen, nomor)
    form = forms.Butir(request.POST or None, recipe=found.recipe)
    if request.method == "POST" and form.is_valid():
        id = edit.next_id(found.recipe, form.cleaned_data["dimension"])
        try:
            made = form.indicator(id)
            save(request, found, lambda r: edit.with_indicator(r, made, new=True), f"add {id}")
        except RecipeError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Butir %s ditambahkan. Atur bobotnya bila perlu.") % id)
            return redirect("instrument:versi", instrumen, nomor)
    return page(request, found, _("Tambah butir"), form)


@login_required
def butir(request: HttpRequest, instrumen: str, nomor: int, item: str) -> HttpResponse:
    """One indicator of a draft."""
    found = draft_of(request, instrumen, nomor)
    of = found.recipe.by_id.get(item)
    if of is None:
        raise Http404
    form = forms.Butir(request.POST or None, recipe=found.recipe, of=of)
    if request.method == "POST" and form.is_valid():
        try:
            made = form.indicator(item)
            save(request, found, lambda r: edit.with_indicator(r, made, new=False), f"change {item}")
        except RecipeError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Butir %s disimpan.") % item)
            return redirect("instrument:versi", instrumen, nomor)
    return page(request, found, _("Butir %s") % item, form, cabut=item)


@require_POST
@login_required
def cabut(request: HttpRequest, instrumen: str, nomor: int, item: str) -> HttpResponse:
    """Take an indicator out of a draft; answers to it are kept and unused."""
    found = draft_of(request, instrumen, nomor)
    try:
        save(request, found, lambda r: edit.without_indicator(r, item), f"remove {item}")
    except RecipeError as error:
        messages.error(request, wording.refusal(error))
    else:
        messages.success(request, _("Butir %s dicabut. Jawabannya tetap tersimpan, tidak dipakai.") % item)
    return redirect("instrument:versi", instrumen, nomor)


@login_required
def batas(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Cut-offs, provisional threshold, nearness."""
    found = draft_of(request, instrumen, nomor)
    form = forms.Rules(request.POST or None, initial=forms.Rules.of(found.recipe))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def change(recipe: Recipe) -> Recipe:
            return edit.with_rules(
                recipe,
                cuts=(given["bawah"], given["atas"]),
                provisional_below=given["provisional_below"] / 100,
                near=given["near"],
            )

        try:
            save(request, found, change, "rules")
        except RecipeError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Batas kelas disimpan."))
            return redirect("instrument:versi", instrumen, nomor)
    return page(request, found, _("Batas kelas"), form)


@login_required
def lantai_baru(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """A floor of one's own."""
    return _floor(request, draft_of(request, instrumen, nomor), "")


@login_required
def lantai(request: HttpRequest, instrumen: str, nomor: int, lantai: str) -> HttpResponse:
    """One floor of a draft."""
    return _floor(request, draft_of(request, instrumen, nomor), lantai)


def _floor(request: HttpRequest, found: queries.Version, name: str) -> HttpResponse:
    of = next((f for f in found.recipe.floors if f.id == name), None)
    if name and of is None:
        raise Http404
    labels = current_operation().labels
    form = forms.Lantai(request.POST or None, recipe=found.recipe, labels=labels, of=of)
    if request.method == "POST" and form.is_valid():
        floor = form.floor()
        try:
            save(request, found, lambda r: edit.with_floor(r, floor, before=name), f"floor {floor.id}")
        except RecipeError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Lantai %s disimpan.") % floor.id)
            return redirect("instrument:versi", found.kode, found.nomor)
    title = _("Lantai %s") % name if name else _("Tambah lantai")
    return page(request, found, title, form, hapus_lantai=name)


@require_POST
@login_required
def hapus_lantai(request: HttpRequest, instrumen: str, nomor: int, lantai: str) -> HttpResponse:
    """A floor taken out of a draft."""
    found = draft_of(request, instrumen, nomor)
    try:
        save(request, found, lambda r: edit.without_floor(r, lantai), f"remove floor {lantai}")
    except RecipeError as error:
        messages.error(request, wording.refusal(error))
    else:
        messages.success(request, _("Lantai %s dihapus dari draf.") % lantai)
    return redirect("instrument:versi", instrumen, nomor)
