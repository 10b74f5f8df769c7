"""The shape of a draft: its dimensions, and what its items are used for beside the score."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kondusif.instrument import edit
from kondusif.instrument.dimensions import DIMENSIONS
from kondusif.instrument.recipe import Recipe
from kondusif_web.instrument import queries, shape_forms, told
from kondusif_web.instrument.edit_views import Edit, draft_of, take_out, work
from kondusif_web.pages.wording import nama_dimensi, nama_pendamping


def dimensi_baru(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """A dimension of one's own with its first indicator."""
    found = draft_of(request, instrumen, nomor)
    form = shape_forms.Dimensi(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        known = queries.known_items(request.operation)
        letter = edit.next_dimension(found.recipe, {item[:1] for item in known})
        first = form.indicator(edit.next_id(found.recipe, letter, known))
        given = form.cleaned_data
        return Edit(
            lambda r: edit.with_dimension(r, first, name=given["name"], weight=given["share"]),
            f"add dimension {letter}",
            _("Dimensi %(huruf)s ditambahkan dengan butir %(butir)s.") % {"huruf": letter, "butir": first.id},
        )

    return work(request, found, _("Tambah dimensi"), form, made)


def dimensi(request: HttpRequest, instrumen: str, nomor: int, huruf: str) -> HttpResponse:
    """One dimension of a draft: its name where it is one's own, and the way to take it out."""
    found = draft_of(request, instrumen, nomor)
    if huruf not in found.recipe.dimension_weights:
        raise Http404
    own = huruf not in DIMENSIONS
    form = shape_forms.NamaDimensi(request.POST or None, initial={"name": found.recipe.name_of(huruf)})
    if not own and request.method == "POST":
        raise Http404

    def made() -> Edit:
        name = form.cleaned_data["name"]
        return Edit(
            lambda r: edit.with_dimension_name(r, huruf, name),
            f"name dimension {huruf}",
            _("Nama dimensi %s disimpan.") % huruf,
        )

    gone = {i.id for i in found.recipe.indicators if i.dimension == huruf}
    more: dict[str, Any] = {
        "cabut_dimensi": huruf,
        "butir_dimensi": len(gone),
        "lantai_dimensi": [f.id for f in found.recipe.floors if f.item in gone],
        "tanpa_isian": not own,
        "bila_cabut": told.without(found.recipe, lambda r: edit.without_dimension(r, huruf)),
    }
    title = f"{huruf} · {nama_dimensi(found.recipe, huruf)}"
    return work(request, found, title, form, made, **more)


@require_POST
def cabut_dimensi(request: HttpRequest, instrumen: str, nomor: int, huruf: str) -> HttpResponse:
    """A dimension taken out of a draft with its items; answers are kept and unused."""
    gone = Edit(
        lambda r: edit.without_dimension(r, huruf),
        f"remove dimension {huruf}",
        _("Dimensi %s dicabut; bobot dimensi lain naik menurut perbandingannya.") % huruf,
    )
    return take_out(request, draft_of(request, instrumen, nomor), gone)


def peran(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Which items stations answer, which size no force, and which yes or no stands beside a count."""
    found = draft_of(request, instrumen, nomor)
    form = shape_forms.Peran(request.POST or None, recipe=found.recipe)

    def made() -> Edit:
        roles = form.roles()
        return Edit(lambda r: edit.with_roles(r, **roles), "roles", _("Peran butir disimpan."))

    rows = _rows(found.recipe, form)
    return work(request, found, _("Peran butir"), form, made, template="instrument/peran.html", kelompok=rows)


def _rows(recipe: Recipe, form: shape_forms.Peran) -> list[dict[str, Any]]:
    """Items by dimension with what is ticked; companions with the floors that use them."""
    own, out = form.chosen("tps_items"), form.chosen("force_without") | set(form.locked)
    return [
        {
            "kode": d,
            "nama": nama_dimensi(recipe, d),
            "butir": [
                {
                    "i": i,
                    "tps": i.level == edit.TPS,
                    "sendiri": i.id in own,
                    "lepas": i.id in out,
                    "terkunci": i.id in form.locked,
                    "pendamping": _companions(recipe, i.id),
                }
                for i in recipe.indicators
                if i.dimension == d
            ],
        }
        for d in recipe.dimension_weights
    ]


def _companions(recipe: Recipe, item: str) -> list[dict[str, Any]]:
    return [
        {
            "kata": nama_pendamping(recipe, c.id),
            "lantai": [f.id for f in recipe.floors if f.companion == c.id],
        }
        for c in recipe.by_id[item].companions
    ]
