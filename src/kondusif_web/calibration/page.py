"""One table of outcomes as a page shows it: warnings, sentences, bars, and who moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kondusif.errors import MissingAnswers
from kondusif.learn import Cut, Outcome, Rate, calibrate
from kondusif_web.calibration import wording
from kondusif_web.calibration.facts import PlaceRecord
from kondusif_web.pages import Context
from kondusif_web.pages.wording import Labels

WIDTH, EDGE = 200, 8  # of a drawn interval, in its own units
Names = Mapping[str, tuple[str, str]]  # code of a place: its name, code of its desa


def reading(
    kunci: str,
    judul: str,
    satuan: str,
    outcomes: Iterable[Outcome],
    *,
    cuts: tuple[float, float],
    names: Names,
    labels: Labels,
    rinci: Iterable[PlaceRecord] = (),
) -> Context:
    """``outcomes`` calibrated, each place by its name where ``names`` knows it, for ``_bacaan.html``.

    ``c`` is the calibration; None where nobody reported.
    """
    rows, rinci = tuple(outcomes), tuple(rinci)
    by_code = {o.place: _place(o, names) for o in rows}
    found = {
        "kunci": kunci,
        "judul": judul,
        "c": None,
        "tanpa_kelas": [j for j in rinci if j.outcome is None],
        "rinci": rinci,
    }
    try:
        c = calibrate(rows, cuts)
    except MissingAnswers:
        return found
    return found | {
        "c": c,
        "peringatan": list(wording.warnings(c, satuan)),
        "kalimat": list(wording.says(c, satuan, labels)),
        "kelas": [_bar(level, rate) for level, rate in c.by_level.items()],
        "semua": _bar(None, c.overall),
        "brier": wording.brier(c),
        "urutan": wording.ranking(c),
        "luput": [by_code[o.place] for o in c.missed],
        "tenang": [by_code[o.place] for o in c.quiet],
        "diam": [by_code[kode] for kode in c.unknown],
        "batas": [_moved(cut, by_code, labels) for cut in c.cuts],
    }


def _place(o: Outcome, names: Names) -> Context:
    """One place by name; ``desa`` blank where it has no page here."""
    nama, desa = names.get(o.place, (o.place, ""))
    return {"nama": nama, "desa": desa, "skor": o.score, "kata": wording.happened(o.severity)}


def _moved(cut: Cut, places: Mapping[str, Context], labels: Labels) -> Context:
    """A suggested cut-off and the places that would change side, upwards or down."""
    moved = [places[kode] for kode in cut.moved]
    return {
        "cut": cut,
        "antara": wording.borders(cut, labels),
        "same": cut.suggested == cut.now,
        "naik": [p for p in moved if p["skor"] >= cut.suggested],
        "turun": [p for p in moved if p["skor"] < cut.suggested],
    }


def _bar(level: int | None, rate: Rate) -> Context:
    """A rate with its interval on an axis from 0 to 1, ``WIDTH`` wide; coordinates as text, so that no locale
    puts a comma into them."""
    at = "" if rate.rate is None else _x(rate.rate)
    return {"level": level, "rate": rate, "low": _x(rate.low), "high": _x(rate.high), "at": at}


def _x(share: float) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * share:.1f}"
