"""Two versions of the instrument side by side, and what that does to every village."""

from __future__ import annotations

from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kondusif.files.write import write_tables
from kondusif.instrument.difference import difference
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.classes import effect
from kondusif_web.election.models import Operation
from kondusif_web.instrument import queries as instruments
from kondusif_web.instrument import told
from kondusif_web.pages.wording import nama_butir

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def akibat(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """The page: what differs, and which villages move."""
    operation, before, after = _sides(request, instrumen, nomor)
    log_read(request, "instrument.effect")
    rows = effect.effects(operation, request.member, before.recipe, after.recipe)
    context = {
        "v": after,
        "lawan": before,
        "pilihan": [v for v in instruments.versions(operation, request.member) if v.key != after.key],
        "baris": rows,
        "berpindah": sum(row.effect.moved for row in rows),
        "naik": sum(row.effect.moved and (row.after or 0) > (row.before or 0) for row in rows),
        "tps": sum(len(row.effect.stations) for row in rows),
        **told.context(before.recipe, after.recipe),
    }
    return render(request, "classes/akibat.html", context)


@login_required
@require_GET
def unduh(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponse:
    """The same as a workbook: villages, items, differences."""
    operation, before, after = _sides(request, instrumen, nomor)
    log_read(request, "instrument.effect")
    rows = effect.effects(operation, request.member, before.recipe, after.recipe)
    target = BytesIO()
    write_tables(
        target,
        {
            "desa": effect.village_sheet(rows),
            "butir": effect.item_sheet(rows),
            "perbedaan": _difference_sheet(before, after),
        },
        title=f"Akibat instrumen {after.key} dibanding {before.key}",
        latihan=_mark(operation),
        note=f"{before.key} {before.digest[:12]}; {after.key} {after.digest[:12]}",
    )
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    name = f"akibat-{after.kode}-{after.nomor}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sides(
    request: HttpRequest, instrumen: str, nomor: int
) -> tuple[Operation, instruments.Version, instruments.Version]:
    """The version on the page and the one beside it: ``dengan``, else the one in force, else its source."""
    require(request.member, "see_instrument")
    require(request.member, "see_answers")
    operation = request.operation
    after = instruments.version(operation, request.member, instrumen, str(nomor))
    other = request.GET.get("dengan") or instruments.key_in_force(operation)
    if other == after.key and after.row is not None:
        other = after.row.source
    first, _, second = other.rpartition("/")
    if not first or not second.isdigit():
        raise Http404
    return operation, instruments.version(operation, request.member, first, second), after


def _mark(operation: Operation) -> str:
    if operation.illustrative:
        return "LATIHAN - DATA ILUSTRATIF"
    return "LATIHAN" if operation.drill else ""


def _difference_sheet(before: instruments.Version, after: instruments.Version) -> list[dict[str, object]]:
    found = difference(before.recipe, after.recipe)
    rows: list[dict[str, object]] = [
        {"bagian": str(group["judul"]), "kode": row["kode"], "nama": row["nama"], "apa": str(row["apa"])}
        | {"sekarang": row["dari"], "dengan versi ini": row["ke"]}
        for group in told.groups(before.recipe, after.recipe)
        for row in group["baris"]
    ]
    for what, items in (("butir baru", found.added), ("butir dicabut", found.removed)):
        rows += [
            {
                "bagian": what,
                "kode": i.id,
                "nama": nama_butir(i),
                "apa": "",
                "sekarang": "",
                "dengan versi ini": "",
            }
            for i in items
        ]
    return rows
