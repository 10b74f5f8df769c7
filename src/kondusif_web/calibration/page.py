"""One table of outcomes as a page shows it: warnings, sentences, bars, and who moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kondusif.errors import MissingAnswers
from kondusif.learn import Calibration, Cut, Outcome, Rate, calibrate
from kondusif_web.calibration import wording
from kondusif_web.calibration.facts import Judged

WIDTH, EDGE = 200, 8  # of a drawn interval, in its own units
Names = Mapping[str, tuple[str, str]]  # code of a place: its name, code of its desa


@dataclass(frozen=True, slots=True)
class Bar:
    """A rate with its interval; coordinates as text, so that no locale puts a comma into them."""

    level: int | None
    rate: Rate
    low: str
    high: str
    at: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place by name; ``desa`` blank where it has no page here."""

    kode: str
    nama: str
    desa: str
    skor: float
    level: int
    kata: object


@dataclass(frozen=True, slots=True)
class Moved:
    """A suggested cut-off and the places that would change side, upwards or down."""

    cut: Cut
    antara: str
    naik: tuple[Place, ...]
    turun: tuple[Place, ...]

    @property
    def same(self) -> bool:
        return self.cut.suggested == self.cut.now


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a page says about one table; ``c`` None where nobody reported."""

    kunci: str
    judul: str
    satuan: str
    tempat: tuple[Place, ...]
    c: Calibration | None
    peringatan: tuple[str, ...] = ()
    kalimat: tuple[str, ...] = ()
    kelas: tuple[Bar, ...] = ()
    semua: Bar | None = None
    brier: str = ""
    urutan: str = ""
    luput: tuple[Place, ...] = ()
    tenang: tuple[Place, ...] = ()
    diam: tuple[Place, ...] = ()
    batas: tuple[Moved, ...] = ()
    tanpa_kelas: tuple[Judged, ...] = ()
    rinci: tuple[Judged, ...] = ()


def reading(
    kunci: str,
    judul: str,
    satuan: str,
    outcomes: Iterable[Outcome],
    cuts: tuple[float, float],
    *,
    names: Names,
    labels: Mapping[Any, Any],
    rinci: Iterable[Judged] = (),
) -> Reading:
    """``outcomes`` calibrated, each place by its name where ``names`` knows it."""
    rows = tuple(outcomes)
    rinci = tuple(rinci)
    unclassed = tuple(j for j in rinci if j.outcome is None)
    by_code = {o.place: _place(o, names) for o in rows}
    places = tuple(by_code.values())
    try:
        c = calibrate(rows, cuts)
    except MissingAnswers:
        return Reading(kunci, judul, satuan, places, None, tanpa_kelas=unclassed, rinci=rinci)
    return Reading(
        kunci=kunci,
        judul=judul,
        satuan=satuan,
        tempat=places,
        c=c,
        peringatan=tuple(wording.warnings(c, satuan)),
        kalimat=tuple(wording.says(c, satuan, labels)),
        kelas=tuple(bar(level, rate) for level, rate in c.by_level.items()),
        semua=bar(None, c.overall),
        brier=wording.brier(c),
        urutan=wording.ranking(c),
        luput=tuple(by_code[o.place] for o in c.missed),
        tenang=tuple(by_code[o.place] for o in c.quiet),
        diam=tuple(by_code[kode] for kode in c.unknown),
        batas=tuple(_moved(cut, by_code, labels) for cut in c.cuts),
        tanpa_kelas=unclassed,
        rinci=rinci,
    )


def _place(o: Outcome, names: Names) -> Place:
    nama, desa = names.get(o.place, (o.place, ""))
    return Place(o.place, nama, desa, o.score, o.level, wording.happened(o.severity))


def _moved(cut: Cut, places: Mapping[str, Place], labels: Mapping[Any, Any]) -> Moved:
    moved = [places[kode] for kode in cut.moved]
    up = tuple(p for p in moved if p.skor >= cut.suggested)
    return Moved(cut, wording.borders(cut, labels), up, tuple(p for p in moved if p.skor < cut.suggested))


def bar(level: int | None, rate: Rate) -> Bar:
    """``rate`` on an axis from 0 to 1, ``WIDTH`` wide."""
    return Bar(level, rate, _x(rate.low), _x(rate.high), "" if rate.rate is None else _x(rate.rate))


def _x(share: float) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * share:.1f}"
