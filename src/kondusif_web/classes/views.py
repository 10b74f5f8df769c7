"""Ask, call, show: measuring, overriding, where a class comes from, what another instrument would do."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.files.write import write_template
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.answers.facts import stage_of
from kondusif_web.classes import actions, effect, forms, queries, wording
from kondusif_web.classes.history import downgraded_in
from kondusif_web.classes.sheet import before_after
from kondusif_web.election.models import Operation
from kondusif_web.instrument import queries as instruments
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.instrument.wording import differences
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, done, given
from kondusif_web.pages.files import public_file, workbook_response
from kondusif_web.pages.wording import nama_butir


def ukur(request: HttpRequest) -> HttpResponse:
    """Coverage per village, what is drafted, what is published."""
    require(request.member, "see_answers")
    return measuring_page(request)


def measuring_page(request: HttpRequest, status: int = 200) -> HttpResponse:
    """The page of measuring, also beside a refusal."""
    operation = request.operation
    log_read(request, "answers")
    last = queries.latest(operation)
    drawn = list(queries.drafts_visible_to(operation, request.member).order_by("desa__kode"))
    downgraded = downgraded_in(operation, request.member, drawn, last)
    drafts = [
        before_after(last.get(row.desa.kode), row, operation.labels)
        | {"turun_sendiri": downgraded.get(row.desa.kode, ())}
        for row in drawn
    ]
    recipe, now = recipe_of(operation.recipe), operation.now()
    context: Context = {
        "baris": queries.measure_rows(operation, request.member),
        "draf": drafts,
        "siap_terbit": any(d["baru"] for d in drafts),
        "tahap": wording.STAGES[stage_of(operation, now)],
        "resep": recipe,
        "form": forms.AnswerFileForm(),
        "penetapan": [
            (row, queries.override_state(row, now))
            for row in queries.overrides_visible_to(operation, request.member)[:20]
        ],
    }
    return render(request, "classes/ukur.html", context, status=status)


@require_GET
def templat(request: HttpRequest) -> HttpResponse:
    """The workbook to fill, with the indicators of the instrument in force; it holds nothing of any place."""
    require(request.member, "import_answers")
    target = BytesIO()
    write_template(target, recipe_of(request.operation.recipe).by_id)
    return public_file(target.getvalue(), "templat-kondusif.xlsx")


def asal(request: HttpRequest, kode: str, nomor: int) -> HttpResponse:
    """Where every number of a published assessment came from."""
    require(request.member, "see_answers", kode)
    found = queries.origin_of(request.operation, request.member, kode, nomor)
    if found is None:
        raise Http404
    log_read(request, "answers", kode)
    return render(request, "classes/asal.html", {"asal": found, "desa": found["row"].desa})


def penetapan(request: HttpRequest, place: str) -> HttpResponse:
    """The commander's class of a village or station, beside the machine's."""
    require(request.member, "override_class", place)
    operation = request.operation
    rows = queries.visible_to(operation, request.member).filter(desa__kode=desa_of(place))
    row = rows.order_by("-number").first()
    machine = queries.machine_level(row, place) if row else None
    if row is None or machine is None:
        raise Http404
    log_read(request, "class", place)
    form = forms.OverrideForm(request.POST or None, machine=machine, labels=operation.labels)
    attempt = Attempt(form)
    if attempt.ready:
        data, who = attempt.data, given(request)
        until = who["now"] + timedelta(hours=data["jam"])
        with attempt:
            made = actions.override_class(
                place=place, human=data["kelas"], reason=data["alasan"], until=until, **who
            )
            if not queries.waits_for_second(made, who["now"]):
                return done(request, _("Kelas menurut komandan berlaku."), "classes:ukur")
            messages.warning(request, _("Dicatat. Menurunkan kelas baru berlaku setelah orang kedua setuju."))
            return redirect("classes:ukur", request.operation.kode)
    tps = row.desa.tps.filter(kode=place).first()
    return render(
        request,
        "classes/penetapan.html",
        {
            "form": form,
            "desa": row.desa,
            "tps": tps,
            "semua_tps": [] if tps else row.desa.tps.all(),
            "machine": machine,
            "place": place,
        },
        status=attempt.status,
    )


@require_POST
def setuju(request: HttpRequest, pk: str) -> HttpResponse:
    """The second person of a downward override."""
    operation = request.operation
    row = get_object_or_404(queries.overrides_visible_to(operation, request.member), pk=pk)
    actions.confirm_override(operation=operation, override=row.pk, by=request.member, now=operation.now())
    messages.success(request, _("Penetapan disetujui dan berlaku."))
    back = "classes:ukur" if may_at(request.member, "see_answers", row.place) else "situation:papan"
    return redirect(back, operation.kode)


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
        "berpindah": sum(row["effect"].moved for row in rows),
        "naik": sum(row["effect"].moved and (row["after"] or 0) > (row["before"] or 0) for row in rows),
        "tps": sum(len(row["effect"].stations) for row in rows),
        **differences(before.recipe, after.recipe),
    }
    return render(request, "classes/akibat.html", context)


@require_GET
def akibat_xlsx(request: HttpRequest, instrumen: str, nomor: int) -> HttpResponseBase:
    """The same as a workbook: villages, items, differences."""
    operation, before, after = _sides(request, instrumen, nomor)
    rows = effect.effects(operation, request.member, before.recipe, after.recipe)
    return workbook_response(
        request,
        {
            "desa": effect.village_sheet(rows, operation.labels),
            "butir": effect.item_sheet(rows),
            "perbedaan": _difference_sheet(before, after),
        },
        f"akibat-{after.kode}-{after.nomor}.xlsx",
        title=f"Akibat instrumen {after.key} dibanding {before.key}",
        note=f"{before.key} {before.recipe.digest[:12]}; {after.key} {after.recipe.digest[:12]}",
        read="instrument.effect",
    )


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


def _difference_sheet(before: instruments.Version, after: instruments.Version) -> list[dict[str, object]]:
    found = differences(before.recipe, after.recipe)
    rows = [
        {"bagian": group["judul"]} | {key: line[key] for key in ("kode", "nama", "apa", "dari", "ke")}
        for group in found["beda"]
        for line in group["baris"]
    ]
    for title, items in (("indikator baru", found["tambah"]), ("indikator dicabut", found["cabut"])):
        rows += [
            {"bagian": title, "kode": i.id, "nama": nama_butir(i), "apa": "", "dari": "", "ke": ""}
            for i in items
        ]
    heads = {"dari": "sekarang", "ke": "dengan versi ini"}
    return [{heads.get(key, key): str(value) for key, value in row.items()} for row in rows]
