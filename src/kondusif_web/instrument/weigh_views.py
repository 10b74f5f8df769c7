"""Weights of a draft: as numbers, or by comparing two at a time, with several judges (method 8.8)."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kondusif.instrument import edit, pairwise
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.access import log_read
from kondusif_web.instrument import actions, facts, forms, queries, wording
from kondusif_web.instrument.edit_views import draft_of, save
from kondusif_web.instrument.models import Comparison
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, carry_out, done

ALL = "dimensi"  # in an address: the dimensions themselves


def parent_of(recipe: Recipe, induk: str) -> str:
    """The parent an address names. Raises Http404 for an unknown dimension."""
    parent = "" if induk == ALL else induk
    if parent and parent not in recipe.dimension_weights:
        raise Http404
    return parent


def rows_of(recipe: Recipe, parent: str, weights: Mapping[str, float | None]) -> Context:
    """Weights with their shares, and their sum: what stands beside the numbers while they are typed."""
    known = [w for w in weights.values() if w is not None]
    total = fsum(known)
    good = len(known) == len(weights) and all(w > 0 for w in known)
    whole = recipe.dimension_weights.get(parent, 1.0)
    shares = {code: (w or 0.0) / total if good else None for code, w in weights.items()}
    return {
        "baris": [
            {
                "kode": code,
                "nama": wording.item_name(recipe, code),
                "bagian": share,
                "seluruh": None if share is None else whole * share,
            }
            for code, share in shares.items()
        ],
        "total": wording.angka(round(total, 6)),
        "harus_satu": not parent,
        "pas": not parent and abs(total - 1) <= 1e-9,
        "utuh": good,
    }


def bobot(request: HttpRequest, instrumen: str, nomor: int, induk: str) -> HttpResponse:
    """Weights under one parent as numbers, and the judges who compared them."""
    found = draft_of(request, instrumen, nomor)
    parent = parent_of(found.recipe, induk)
    weights = edit.weights_under(found.recipe, parent)
    form = forms.WeightsForm(request.POST or None, weights=weights)
    attempt = Attempt(form)
    if attempt.ready:
        with attempt:
            save(request, found, lambda r: edit.with_weights(r, parent, attempt.data), f"weights {induk}")
            return done(request, _("Bobot disimpan."), "instrument:bobot", instrumen, nomor, induk)
    log_read(request, "instrument")
    shown = {c: form.cleaned_data.get(c) for c in weights} if form.is_bound and form.is_valid() else weights
    context = rows_of(found.recipe, parent, shown) | {
        "v": found,
        "form": form,
        "induk": induk,
        "judul": _title(found.recipe, parent),
        "hakim": queries.judges(found.row, found.recipe, parent),
        "isian": [(form[b], wording.item_name(found.recipe, b)) for b in weights],
        "butuh_banding": len(weights) > 1,
    }
    return render(request, "instrument/bobot.html", context, status=attempt.status)


def _title(recipe: Recipe, parent: str) -> str:
    return wording.item_name(recipe, parent) if parent else _("Dimensi")


@require_POST
def jumlah(request: HttpRequest, instrumen: str, nomor: int, induk: str) -> HttpResponse:
    """Sum and shares of numbers being typed; saves nothing."""
    found = draft_of(request, instrumen, nomor)
    parent = parent_of(found.recipe, induk)
    codes = edit.codes_under(found.recipe, parent)
    form = forms.WeightsForm(request.POST, weights=dict.fromkeys(codes, 0.0))
    form.is_valid()
    context = rows_of(found.recipe, parent, {code: form.cleaned_data.get(code) for code in codes})
    return render(request, "instrument/_jumlah.html", context)


def banding(request: HttpRequest, instrumen: str, nomor: int, induk: str) -> HttpResponse:
    """One judge compares two at a time. ``periksa`` looks without saving, for who has no script."""
    found = draft_of(request, instrumen, nomor)
    parent = parent_of(found.recipe, induk)
    codes = edit.codes_under(found.recipe, parent)
    before = found.row.comparisons.filter(parent=parent, judge=request.GET.get("hakim", "")).first()
    form = forms.ComparisonForm(
        request.POST or None,
        codes=codes,
        said=facts.judgements_of(before) if before else {},
        initial={"hakim": before.judge if before else request.member.jabatan},
    )
    attempt = Attempt(form)
    if attempt.ready and "periksa" not in request.POST:
        judge = attempt.data["hakim"]
        with attempt:
            actions.compare(
                draft=found.row.pk,
                parent=parent,
                judge=judge,
                judgements=form.judgements(),
                by=request.member,
                now=server_now(),
            )
            said = _("Perbandingan %s disimpan.") % judge
            return done(request, said, "instrument:bobot", instrumen, nomor, induk)
    log_read(request, "instrument")
    context = result_of(found.recipe, codes, form.judgements() if form.is_bound else form.said) | {
        "v": found,
        "form": form,
        "induk": induk,
        "judul": _title(found.recipe, parent),
        "pasangan": [
            (form[f"{a}/{b}"], a, wording.item_name(found.recipe, a), b, wording.item_name(found.recipe, b))
            for a, b in form.pairs
        ],
    }
    return render(request, "instrument/banding.html", context, status=attempt.status)


def result_of(recipe: Recipe, codes: tuple[str, ...], said: dict[pairwise.Pair, float]) -> Context:
    """Weights, consistency and the worst judgement; or how many pairs are still open."""
    left = pairwise.missing(codes, said)
    if left:
        return {"sisa": len(left), "semua": len(pairwise.pairs(codes)), "hasil": None}
    judged = pairwise.judge(codes, {p: said[p] for p in pairwise.pairs(codes)})
    most = max(judged.weights.values())
    worst = judged.worst
    return {
        "sisa": 0,
        "hasil": judged,
        "batas_cr": pairwise.ACCEPTED,
        "bobot": [
            (code, wording.item_name(recipe, code), w, 100 * w / most) for code, w in judged.weights.items()
        ],
        "sesat": worst
        and {
            "a": worst.pair[0],
            "b": worst.pair[1],
            "kata": wording.ratio(worst.said),
            "maksud": wording.ratio(worst.implied),
        },
    }


@require_POST
def periksa(request: HttpRequest, instrumen: str, nomor: int, induk: str) -> HttpResponse:
    """Weights and consistency of judgements being made; saves nothing."""
    found = draft_of(request, instrumen, nomor)
    codes = edit.codes_under(found.recipe, parent_of(found.recipe, induk))
    form = forms.ComparisonForm(request.POST, codes=codes)
    form.is_valid()
    return render(request, "instrument/_hasil.html", result_of(found.recipe, codes, form.judgements()))


@require_POST
def pakai(request: HttpRequest, instrumen: str, nomor: int, induk: str) -> HttpResponse:
    """The weights of all judges together into the draft."""
    found = draft_of(request, instrumen, nomor)
    parent = parent_of(found.recipe, induk)
    return carry_out(
        request,
        lambda: actions.take_comparisons(
            draft=found.row.pk, parent=parent, by=request.member, now=server_now()
        ),
        _("Bobot dari perbandingan dipakai dalam draf."),
        "instrument:bobot",
        instrumen,
        nomor,
        induk,
    )


@require_POST
def hapus(request: HttpRequest, instrumen: str, nomor: int, lembar: str) -> HttpResponse:
    """One judge's comparison out of the draft."""
    found = draft_of(request, instrumen, nomor)
    row = get_object_or_404(Comparison, pk=lembar, instrument=found.row)
    induk = row.parent or ALL
    actions.remove_comparison(comparison=row.pk, by=request.member, now=server_now())
    said = _("Perbandingan %s dihapus.") % row.judge
    return done(request, said, "instrument:bobot", instrumen, nomor, induk)
