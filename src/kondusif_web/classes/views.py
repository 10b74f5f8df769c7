"""Ask, call, show: measuring, publishing, overriding."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.files.write import write_template
from kondusif.places import desa_of
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, may_at, require
from kondusif_web.answers.facts import stage_of
from kondusif_web.classes import actions, forms, queries, wording
from kondusif_web.classes.drafts import calmed_in
from kondusif_web.classes.sheet import before_after
from kondusif_web.election import clock
from kondusif_web.instrument.facts import recipe_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
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
    calmed = calmed_in(operation, request.member, drawn, last)
    drafts = [
        before_after(last.get(row.desa.kode), row, operation.labels)
        | {"turun_sendiri": calmed.get(row.desa.kode, ())}
        for row in drawn
    ]
    recipe, now = recipe_of(operation.recipe), clock.now(operation)
    context: dict[str, Any] = {
        "baris": queries.measure_rows(operation, request.member),
        "draf": drafts,
        "siap_terbit": any(d["baru"] for d in drafts),
        "tahap": wording.STAGES[stage_of(operation, now)],
        "resep": recipe,
        "form": forms.Upload(),
        "penetapan": [
            (row, queries.override_state(row, now))
            for row in queries.overrides_visible_to(operation, request.member)[:20]
        ],
        "boleh": {
            deed: may(request.member, deed)
            for deed in ("import_answers", "publish_class", "override_class", "export_measure")
        },
    }
    return render(request, "classes/ukur.html", context, status=status)


@login_required
@require_GET
def templat(request: HttpRequest) -> HttpResponse:
    """The workbook to fill, with the indicators of the instrument in force; it holds nothing of any place."""
    require(request.member, "import_answers")
    target = BytesIO()
    write_template(target, recipe_of(request.operation.recipe).by_id)
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="templat-kondusif.xlsx"'
    return response


@login_required
def asal(request: HttpRequest, kode: str, nomor: int) -> HttpResponse:
    """Where every number of a published assessment came from."""
    require(request.member, "see_answers", kode)
    found = queries.origin_of(request.operation, request.member, kode, nomor)
    if found is None:
        raise Http404
    log_read(request, "answers", kode)
    return render(request, "classes/asal.html", {"asal": found, "desa": found.desa})


@login_required
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
    if request.method == "POST" and form.is_valid():
        now = clock.now(operation)
        made = actions.override_class(
            operation=operation,
            place=place,
            human=form.cleaned_data["kelas"],
            reason=form.cleaned_data["alasan"],
            until=now + timedelta(hours=form.cleaned_data["jam"]),
            by=request.member,
            now=now,
        )
        if queries.waits_for_second(made, now):
            messages.warning(request, _("Dicatat. Menurunkan kelas baru berlaku setelah orang kedua setuju."))
        else:
            messages.success(request, _("Kelas menurut komandan berlaku."))
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
        status=422 if form.errors else 200,
    )


@require_POST
@login_required
def setuju(request: HttpRequest, pk: str) -> HttpResponse:
    """The second person of a downward override."""
    operation = request.operation
    row = get_object_or_404(queries.overrides_visible_to(operation, request.member), pk=pk)
    actions.confirm_override(
        operation=operation, override=row.pk, by=request.member, now=clock.now(operation)
    )
    messages.success(request, _("Penetapan disetujui dan berlaku."))
    back = "classes:ukur" if may_at(request.member, "see_answers", row.place) else "situation:papan"
    return redirect(back, operation.kode)
