"""Ask, call, show: calibration after the vote, and past votes."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kondusif.errors import ImportRefused, Problem
from kondusif.files.history import COLUMNS, history_csv
from kondusif.learn import Outcome
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.calibration import actions, facts, forms, page, queries, wording
from kondusif_web.election.models import Operation
from kondusif_web.pages import Context
from kondusif_web.pages.actions import Attempt, done, given
from kondusif_web.pages.files import file_response, public_file

SHOWN = 10  # rows of a preview
SHEETS = ("desa", "tps")


@require_GET
def kalibrasi(request: HttpRequest) -> HttpResponse:
    """Class against incidents: of this operation, of past votes, or both."""
    require(request.member, "see_calibration")
    operation = request.operation
    log_read(request, "calibration")
    here = queries.current_vote(operation, request.member, operation.now())
    past = _past(request, "calibration")
    chosen = request.GET.get("data") or ("operasi" if here or not past.outcomes else "riwayat")
    if chosen not in wording.WHICH:
        raise Http404
    cuts = here.cuts if here else queries.cuts(operation)
    context: Context = {
        "pilihan": wording.WHICH.items(),
        "data": chosen,
        "sini": here,
        "buka": facts.poll_closes(operation),
        "riwayat": queries.newest_history(operation),
        "lalu": past,
        "lihat_lalu": len(past.outcomes),
        "lihat_riwayat": len(past.imported),
        "bacaan": _readings(operation, chosen, here, past, cuts),
        "batas": " ".join(f"{c:g}" for c in cuts),  # as the command line takes them
    }
    return render(request, "calibration/kalibrasi.html", context)


def _past(request: HttpRequest, what: str) -> queries.PastVotes:
    """Past votes, and a line in the access log for each operation that they were read from."""
    past = queries.past_votes(request.operation, request.member)
    for op, _rows in past.votes:
        log_read(request, what, operation=op.kode)
    return past


def _readings(
    operation: Operation,
    chosen: str,
    here: queries.CurrentVote | None,
    past: queries.PastVotes,
    cuts: tuple[float, float],
) -> list[Context]:
    names = (here.names if here else {}) | past.names
    common: Context = {"cuts": cuts, "names": names, "labels": operation.labels}
    if chosen == "operasi" and here:
        return [
            page.reading(
                "desa", _("Desa"), _("desa"), _outcomes(here.villages), rinci=here.villages, **common
            ),
            page.reading("tps", _("TPS"), _("TPS"), _outcomes(here.stations), rinci=here.stations, **common),
        ]
    if chosen == "riwayat" and past.outcomes:
        common["names"] = past.names
        title = _("Pemungutan yang lalu")
        return [page.reading("riwayat", title, _("tempat"), past.outcomes, **common)]
    if chosen == "keduanya" and here and past.outcomes:
        both = queries.together(_outcomes(here.villages), past.outcomes)
        title = _("Desa operasi ini dan pemungutan yang lalu")
        return [page.reading("gabung", title, _("tempat"), both, **common)]
    return []


def _outcomes(rows: Sequence[facts.PlaceRecord]) -> list[Outcome]:
    return [o for j in rows if (o := j.outcome) is not None]


@require_GET
def hasil(request: HttpRequest) -> HttpResponseBase:
    """The outcomes behind the figures, as ``kondusif learn`` reads them."""
    require(request.member, "see_calibration")
    operation = request.operation
    chosen, sheet = request.GET.get("data", "operasi"), request.GET.get("tempat", "desa")
    here = queries.current_vote(operation, request.member, operation.now())
    past = _past(request, "calibration.export")
    if chosen not in wording.WHICH or sheet not in SHEETS:
        raise Http404
    of_vote = _outcomes(here.villages if sheet == "desa" else here.stations) if here else []
    rows: Sequence[Outcome] = {
        "operasi": of_vote,
        "riwayat": past.outcomes,
        "keduanya": queries.together(of_vote, past.outcomes) if here and past.outcomes else (),
    }[chosen]
    if not rows:
        raise Http404
    name = f"kalibrasi-{chosen}-{sheet}.csv"
    return file_response(request, history_csv(rows), name, read="calibration.export")


@require_http_methods(["GET", "POST"])
def riwayat(request: HttpRequest) -> HttpResponse:
    """Past votes: what was imported, and a file shown before anything is taken."""
    require(request.member, "import_history")
    form = forms.HistoryFileForm(request.POST or None, request.FILES or None)
    attempt = Attempt(form)
    if not attempt.ready:
        return _history(request, form, status=attempt.status)
    file, source = attempt.data["berkas"], attempt.data["sumber"]
    try:
        found = actions.checked(
            operation=request.operation, source=file.read(), name=file.name, by=request.member
        )
    except ImportRefused as refused:
        return _history(request, form, refused.problems, status=422)
    return _history(request, forms.HistoryFileForm(), pratinjau=_preview(found, source))


def _preview(found: Sequence[Outcome], source: str) -> Context:
    """What would be taken, and the form that takes it."""
    return {
        "sumber": source,
        "tempat": len(found),
        "kelas": [(k, sum(o.level == k for o in found)) for k in (1, 2, 3)],
        "kejadian": [
            (word, sum(o.severity == s for o in found))
            for s, word in [*wording.HAPPENED.items(), (None, wording.UNHEARD)]
        ],
        "baris": [(o, wording.happened(o.severity)) for o in found[:SHOWN]],
        "sisa": max(len(found) - SHOWN, 0),
        "form": forms.HistoryConfirmForm(initial={"sumber": source, "isi": history_csv(found)}),
    }


def _history(
    request: HttpRequest,
    form: forms.HistoryFileForm,
    problems: Sequence[Problem] = (),
    *,
    pratinjau: Context | None = None,
    status: int = 200,
) -> HttpResponse:
    operation = request.operation
    log_read(request, "calibration.history")
    context = {
        "form": form,
        "masalah": problems,
        "pratinjau": pratinjau,
        "impor": queries.histories(operation, request.member),
        "kolom": COLUMNS,
    }
    return render(request, "calibration/riwayat.html", context, status=status)


@require_POST
def simpan(request: HttpRequest) -> HttpResponse:
    """Take what the preview showed."""
    require(request.member, "import_history")
    form = forms.HistoryConfirmForm(request.POST)
    if not form.is_valid():
        raise ImportRefused([Problem("riwayat", "", None, "", _("pratinjau tidak utuh"), _("unggah lagi"))])
    row = actions.import_history(
        text=form.cleaned_data["isi"], source=form.cleaned_data["sumber"], **given(request)
    )
    said = _("Riwayat %(n)d tempat dipakai. Instrumen dan kelas tidak berubah.") % {"n": row.places}
    return done(request, said, "calibration:kalibrasi")


@require_GET
def templat(request: HttpRequest) -> HttpResponse:
    """The table to fill; the rows show the form with made-up codes and are to be replaced."""
    require(request.member, "import_history")
    rows = [
        Outcome("99.01.01.2001/2019", 12.5, 1, 0),
        Outcome("99.01.01.2002/2019", 31.0, 2, 2),
        Outcome("99.01.01.2003/2019", 48.0, 3, None),
    ]
    return public_file(history_csv(rows), "templat-riwayat.csv")
