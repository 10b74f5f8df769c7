"""Ask, call, show: what leaves the house."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kondusif.errors import ExtraMissing
from kondusif.files.formats import FORMATS, export_bytes
from kondusif.words import OWN
from kondusif_web.accounts.roles import require
from kondusif_web.intake.tables import measure_export
from kondusif_web.pages.files import file_response
from kondusif_web.words import language


@require_GET
def ekspor(request: HttpRequest) -> HttpResponse:
    """What can be had, in which form."""
    require(request.member, "export_measure")
    return _page(request)


def _page(request: HttpRequest, notice: str = "", command: str = "") -> HttpResponse:
    operation = request.operation
    context = {
        "bentuk": [(f.kode, f.name, f.note.get(language(), f.note[OWN])) for f in FORMATS.values()],
        "tanda": operation.mark,
        "wilayah": request.member.prefixes,
        "kabar": notice,
        "perintah": command,
    }
    return render(request, "intake/ekspor.html", context)


@require_GET
def unduh(request: HttpRequest, bentuk: str) -> HttpResponseBase:
    """Everything measured in the person's areas, as one file."""
    require(request.member, "export_measure")
    operation = request.operation
    if bentuk not in FORMATS:
        raise Http404
    export = measure_export(operation, request.member, operation.now())
    if FORMATS[bentuk].maps and not export.mapped:
        return _page(request, _("Belum ada desa atau TPS dengan titik atau batas, jadi tidak ada peta."))
    try:
        raw = export_bytes(export, bentuk)
    except ExtraMissing as missing:
        notice = _(
            "Bentuk ini memerlukan pustaka tambahan di komputer kantor. Minta administrator menjalankan:"
        )
        return _page(request, notice, str(missing.facts["command"]))
    way, mark = FORMATS[bentuk], "-LATIHAN" if export.mark else ""
    name = f"{export.name}{mark}.{way.ending}"
    return file_response(request, raw, name, read="measure.export", media=way.media)
