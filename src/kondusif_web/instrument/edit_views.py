"""Editing a draft: indicators, dimensions, roles, cut-offs, floors. Every save is one change that the core
accepted whole.

Each form can be looked at before it is saved: what would differ is worked out from the form as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from kondusif.errors import RecipeError
from kondusif.instrument import edit
from kondusif.instrument.catalogue import DIMENSIONS
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.instrument import actions, forms, queries, wording
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, carry_out, done
from kondusif_web.pages.wording import nama_dimensi, nama_pendamping

Change = Callable[[Recipe], Recipe]
LOOK = "pratinjau"  # in a form: look at what would differ, save nothing


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, its name in the book, and what the page says when it is saved."""

    change: Change
    name: str
    message: str


def draft_of(request: HttpRequest, instrumen: str, nomor: int) -> queries.Version:
    """The draft to work on, for who may. Raises NotAllowed, Http404."""
    require(request.member, "draft_instrument")
    return queries.draft(request.operation, request.member, instrumen, str(nomor))


def save(request: HttpRequest, found: queries.Version, change: Change, name: str) -> None:
    """One change by the action. Raises RecipeError; Conflict when somebody changed the draft meanwhile."""
    actions.change_draft(
        draft=found.row.pk,
        change=change,
        what=name,
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
    context = {"v": found, "judul": title, "form": form, "dilihat": looking} | more
    attempt = Attempt(form)
    if attempt.ready:
        with attempt:
            this = made()
            if not looking:
                save(request, found, this.change, this.name)
                return done(request, this.message, "instrument:versi", found.kode, found.nomor)
            context |= wording.differences(found.recipe, this.change(found.recipe)) | {"ada_beda": True}
    log_read(request, "instrument")
    if looking:
        context["galat"] = list(dict.fromkeys(_errors(form)))
        if request.headers.get("HX-Request"):
            return render(request, "instrument/_pratinjau.html", context)
    return render(request, template, context, status=attempt.status)


def _errors(form: Any) -> Iterator[str]:
    """Errors with the label of their field, for a look at the form apart from its fields."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        yield from (f"{label}: {e}" if label else str(e) for e in errors)


REMOVALS: dict[
    str, tuple[Callable[[Recipe, str], Recipe], str, str]
] = {  # what does it, its name, what is said
    "butir": (
        edit.without_indicator,
        "remove",
        _l("Indikator %s dicabut. Jawabannya tetap tersimpan, tidak dipakai."),
    ),
    "dimensi": (
        edit.without_dimension,
        "remove dimension",
        _l("Dimensi %s dicabut; bobot dimensi lain naik menurut perbandingannya."),
    ),
    "lantai": (edit.without_floor, "remove floor", _l("Kelas minimum %s dihapus dari draf.")),
}


@require_POST
def cabut(request: HttpRequest, instrumen: str, nomor: int, jenis: str, bagian: str) -> HttpResponse:
    """Something of ``REMOVALS`` taken out of a draft, or why it stays; answers are kept and unused."""
    found = draft_of(request, instrumen, nomor)
    without, name, message = REMOVALS[jenis]
    return carry_out(
        request,
        lambda: save(request, found, lambda r: without(r, bagian), f"{name} {bagian}"),
        message % bagian,
        "instrument:versi",
        found.kode,
        found.nomor,
    )


def _if_removed(recipe: Recipe, kind: str, code: str) -> Context | None:
    """What a removal would differ, for the page that offers it; None where the core refuses it."""
    try:
        return wording.differences(recipe, REMOVALS[kind][0](recipe, code))
    except RecipeError:
        return None


def butir(request: HttpRequest, instrumen: str, nomor: int, item: str = "") -> HttpResponse:
    """One indicator of a draft, or a new one of one's own."""
    found = draft_of(request, instrumen, nomor)
    of = found.recipe.by_id.get(item)
    if item and of is None:
        raise Http404
    form = forms.IndicatorForm(request.POST or None, recipe=found.recipe, of=of)

    def added() -> Edit:
        known = queries.known_items(request.operation)
        indicator = form.indicator(edit.next_id(found.recipe, form.cleaned_data["dimension"], known))
        return Edit(
            lambda r: edit.with_indicator(r, indicator, new=True),
            f"add {indicator.id}",
            _("Indikator %s ditambahkan. Atur bobot dan perannya bila perlu.") % indicator.id,
        )

    def changed() -> Edit:
        indicator = form.indicator(item)
        return Edit(
            lambda r: edit.with_indicator(r, indicator, new=False),
            f"change {item}",
            _("Indikator %s disimpan.") % item,
        )

    if of is None:
        return work(request, found, _("Tambah indikator"), form, added)
    gone = _if_removed(found.recipe, "butir", item)
    return work(request, found, _("Indikator %s") % item, form, changed, cabut_butir=item, bila_cabut=gone)


def batas(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Cut-offs, provisional threshold, nearness."""
    found = draft_of(request, instrumen, nomor)
    form = forms.RulesForm(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        rules = form.rules()
        return Edit(lambda r: edit.with_rules(r, **rules), "rules", _("Batas kelas disimpan."))

    return work(request, found, _("Batas kelas"), form, made)


def lantai(request: HttpRequest, instrumen: str, nomor: int, lantai: str = "") -> HttpResponse:
    """One floor of a draft, or a new one of one's own."""
    found = draft_of(request, instrumen, nomor)
    of = next((f for f in found.recipe.floors if f.id == lantai), None)
    if lantai and of is None:
        raise Http404
    labels = request.operation.labels
    form = forms.FloorForm(request.POST or None, recipe=found.recipe, labels=labels, of=of)

    def made() -> Edit:
        floor = form.floor()
        return Edit(
            lambda r: edit.with_floor(r, floor, before=lantai),
            f"floor {floor.id}",
            _("Kelas minimum %s disimpan.") % floor.id,
        )

    title = _("Kelas minimum %s") % lantai if lantai else _("Tambah kelas minimum")
    return work(request, found, title, form, made, hapus_lantai=lantai)


def dimensi_baru(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """A dimension of one's own with its first indicator."""
    found = draft_of(request, instrumen, nomor)
    form = forms.DimensionForm(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        known = queries.known_items(request.operation)
        letter = edit.next_dimension(found.recipe, {item[:1] for item in known})
        first = form.indicator(edit.next_id(found.recipe, letter, known))
        given = form.cleaned_data
        return Edit(
            lambda r: edit.with_dimension(r, first, name=given["name"], weight=given["share"]),
            f"add dimension {letter}",
            _("Dimensi %(huruf)s ditambahkan dengan indikator %(butir)s.")
            % {"huruf": letter, "butir": first.id},
        )

    return work(request, found, _("Tambah dimensi"), form, made)


def dimensi(request: HttpRequest, instrumen: str, nomor: int, huruf: str) -> HttpResponse:
    """One dimension of a draft: its name where it is one's own, and the way to take it out."""
    found = draft_of(request, instrumen, nomor)
    own = huruf not in DIMENSIONS
    if huruf not in found.recipe.dimension_weights or (not own and request.method == "POST"):
        raise Http404
    form = forms.DimensionNameForm(request.POST or None, initial={"name": found.recipe.name_of(huruf)})

    def made() -> Edit:
        name = form.cleaned_data["name"]
        return Edit(
            lambda r: edit.with_dimension_name(r, huruf, name),
            f"name dimension {huruf}",
            _("Nama dimensi %s disimpan.") % huruf,
        )

    inside = {i.id for i in found.recipe.indicators if i.dimension == huruf}
    return work(
        request,
        found,
        f"{huruf} · {nama_dimensi(found.recipe, huruf)}",
        form,
        made,
        cabut_dimensi=huruf,
        butir_dimensi=len(inside),
        lantai_dimensi=[f.id for f in found.recipe.floors if f.item in inside],
        tanpa_isian=not own,
        bila_cabut=_if_removed(found.recipe, "dimensi", huruf),
    )


def peran(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Which items stations answer, which size no force, and which yes or no stands beside a count."""
    found = draft_of(request, instrumen, nomor)
    form = forms.ItemRolesForm(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        roles = form.roles()
        return Edit(lambda r: edit.with_roles(r, **roles), "roles", _("Peran indikator disimpan."))

    rows = _role_rows(found.recipe, form)
    return work(
        request, found, _("Peran indikator"), form, made, template="instrument/peran.html", kelompok=rows
    )


def _role_rows(recipe: Recipe, form: forms.ItemRolesForm) -> list[Context]:
    """Items by dimension with what is ticked; companions with the floors that use them."""
    own, out = form.chosen("tps_items"), form.chosen("force_without") | set(form.locked)
    rows = {
        i.id: {
            "i": i,
            "tps": i.level == edit.TPS,
            "sendiri": i.id in own,
            "lepas": i.id in out,
            "terkunci": i.id in form.locked,
            "pendamping": [
                {
                    "kata": nama_pendamping(recipe, c.id),
                    "lantai": [f.id for f in recipe.floors if f.companion == c.id],
                }
                for c in i.companions
            ],
        }
        for i in recipe.indicators
    }
    return [
        {
            "kode": d,
            "nama": nama_dimensi(recipe, d),
            "butir": [rows[i.id] for i in recipe.indicators if i.dimension == d],
        }
        for d in recipe.dimension_weights
    ]
