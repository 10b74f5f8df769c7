"""Ask, call, show: the versions of the instrument and what becomes of each.

A version is the office's, so its moments are the server's and not the clock of a drill; what comes into force
does so by the operation's clock.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.instrument import actions, facts, forms, queries, wording
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, carry_out, done, given
from kondusif_web.pages.files import file_response
from kondusif_web.pages.wording import nama_dimensi


@require_GET
def daftar(request: HttpRequest) -> HttpResponse:
    """Every version: the one in force, drafts, published and retired ones."""
    require(request.member, "see_instrument")
    return _list(request, None)


def _list(request: HttpRequest, form: forms.StartForm | None, status: int = 200) -> HttpResponse:
    operation = request.operation
    log_read(request, "instrument")
    every = queries.versions(operation, request.member)
    keys = [v.key for v in every if not v.draft]
    at = next((v for v in every if v.in_force), None)
    initial = {"sumber": at.key if at else keys[0], "kode": at.kode if at else facts.OURS.kode}
    context = {
        "versi": every,
        "orang_versi": queries.titles(operation, (who for v in every for who in v.accounts)),
        "berlaku": at,
        "draf": [v for v in every if v.draft],
        "riwayat": queries.history(operation)[:20],
        "form": form or forms.StartForm(keys=keys, initial=initial),
        "keadaan": wording.STATES,
    }
    return render(request, "instrument/daftar.html", context, status=status)


@require_POST
def mulai(request: HttpRequest) -> HttpResponse:
    """A draft from a published version, or from the product's own."""
    require(request.member, "draft_instrument")
    keys = [v.key for v in queries.versions(request.operation, request.member) if not v.draft]
    attempt = Attempt(forms.StartForm(request.POST, keys=keys))
    if attempt.ready:
        data = attempt.data
        with attempt:
            row = actions.start_draft(
                source=data["sumber"], kode=data["kode"], by=request.member, now=server_now()
            )
            said = _("Draf %s dimulai. Yang berlaku tidak berubah.") % row.key
            return done(request, said, "instrument:versi", row.kode, row.version)
    return _list(request, attempt.form, status=attempt.status)


def _found(request: HttpRequest, instrumen: str, nomor: int) -> queries.Version:
    return queries.version(request.operation, request.member, instrumen, str(nomor))


@require_GET
def versi(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """One version in full; a draft with its links to edit."""
    require(request.member, "see_instrument")
    found = _found(request, instrumen, nomor)
    log_read(request, "instrument")
    operation, recipe, row = request.operation, found.recipe, found.row
    context = {
        "v": found,
        "row": row,
        "orang_versi": queries.titles(operation, found.accounts),
        "resep": recipe,
        "keadaan": wording.STATES[found.state],
        "sunting": found.draft and may(request.member, "draft_instrument"),
        "sendiri": row is not None and row.drill == operation.drill,
        "perancang": found.draft and queries.worked_on(request.member, row),
        "alasan": forms.VersionReasonForm(),
        "banding": row.comparisons.count() if row else 0,
        "dimensi": _dimensions(found),
        "lantai": [(f, wording.FLOORS.get(f.id, f.id), wording.floor(recipe, f)) for f in recipe.floors],
        "batas": [wording.angka(c) for c in recipe.cuts],
        "near": wording.angka(recipe.near),
        "pakai": queries.history(operation).filter(key=found.key)[:5],
    }
    return render(request, "instrument/versi.html", context)


def _dimensions(found: queries.Version) -> list[Context]:
    """Dimensions with their weight and items in words."""
    recipe = found.recipe
    rows = {
        i.id: {
            "i": i,
            "bagian": recipe.shares[i.id],
            "transform": wording.transform(i.transform),
            "rentang": wording.goalposts(i),
            "tahap": wording.STAGES[i.first_stage],
            "segar": wording.fresh(i.fresh_days),
            "bobot": wording.angka(i.weight),
        }
        for i in recipe.indicators
    }
    return [
        {
            "kode": d,
            "nama": nama_dimensi(recipe, d),
            "bobot": weight,
            "butir": [rows[i.id] for i in recipe.indicators if i.dimension == d],
        }
        for d, weight in recipe.dimension_weights.items()
    ]


@require_GET
def toml(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponseBase:
    """The whole recipe as the command line reads it: ``kondusif measure --recipe``."""
    require(request.member, "see_instrument")
    found = _found(request, instrumen, nomor)
    text = found.row.text if found.row else found.recipe.to_toml()
    return file_response(request, text, f"{found.kode}-{found.nomor}.toml", read="instrument")


@require_POST
def buang(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """Throw a draft away."""
    require(request.member, "draft_instrument")
    row = queries.draft(request.operation, request.member, instrumen, str(nomor)).row
    actions.discard_draft(draft=row.pk, by=request.member, now=server_now())
    return done(request, _("Draf %s dibuang.") % row.key, "instrument:daftar")


@require_POST
def terbitkan(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """The second person publishes the draft as it was seen."""
    require(request.member, "publish_instrument")
    row = queries.draft(request.operation, request.member, instrumen, str(nomor)).row
    return carry_out(
        request,
        lambda: actions.publish_instrument(
            draft=row.pk,
            reason=request.POST.get("alasan", ""),
            seen=request.POST.get("dilihat", ""),
            by=request.member,
            now=server_now(),
        ),
        _("%s terbit dan tidak dapat diubah lagi.") % row.key,
        "instrument:versi",
        instrumen,
        nomor,
        refused=_("Tidak diterbitkan. Alasan: %s"),
    )


@require_POST
def pensiun(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """A published version that may no longer come into force."""
    require(request.member, "publish_instrument")
    found = _found(request, instrumen, nomor)
    if found.row is None or found.drill != request.operation.drill:
        raise Http404
    return carry_out(
        request,
        lambda: actions.retire_instrument(
            instrument=found.row.pk,
            reason=request.POST.get("alasan", ""),
            by=request.member,
            now=server_now(),
        ),
        _("%s dipensiunkan.") % found.key,
        "instrument:versi",
        instrumen,
        nomor,
        refused=_("Tidak dipensiunkan. Alasan: %s"),
    )


@require_POST
def berlakukan(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """The Kapolres puts a published version in force for the operation."""
    require(request.member, "enforce_instrument")
    key = f"{instrumen}/{nomor}"
    reason = request.POST.get("alasan", "")
    return carry_out(
        request,
        lambda: actions.enforce_instrument(key=key, reason=reason, **given(request)),
        _("%s berlaku. Kelas yang sudah terbit tetap; hitung ulang di halaman Pemetaan kerawanan.") % key,
        "instrument:versi",
        instrumen,
        nomor,
        refused=_("Tidak diberlakukan. Alasan: %s"),
    )
