"""``kondusif learn``: class against incidents, in the terminal."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from kondusif.cli.terminal import Result, UsageError
from kondusif.cli.wording import LABELS, koma
from kondusif.files.history import read_history
from kondusif.instrument.published import default_recipe
from kondusif.learn import MISS_COSTS, Calibration, Rate, calibrate
from kondusif.words import table

HAPPENED = table("happened")


def learn(options: Namespace) -> Result:
    first, second = options.cuts or default_recipe().cuts
    if not 0 < first < second < 100:
        raise UsageError("--cuts: dua batas yang naik di antara 0 dan 100")
    got = calibrate(read_history(options.source), (first, second))
    return Result(asdict(got), lines(got))


def lines(got: Calibration) -> Iterator[str]:
    """Every figure with its interval; what cannot be told says so."""
    yield f"{got.places} tempat dengan laporan; {len(got.unknown)} tanpa laporan, bukan berarti aman."
    yield "Tempat dengan kejadian, menurut kelas:"
    for level, rate in got.by_level.items():
        yield f"  {LABELS[level]:<13} {_rate(rate)}"
    yield f"  {'semua':<13} {_rate(got.overall)}"
    yield f"Skor Brier {koma(got.brier, 3)} (tanpa kelas {koma(got.brier_base, 3)}; 0 sempurna)"
    if got.auc is None or got.auc_low is None or got.auc_high is None:
        yield "AUC tidak dapat dihitung: semua tempat berakhir sama."
    else:
        within = f"{koma(got.auc_low)} sampai {koma(got.auc_high)}"
        yield f"AUC {koma(got.auc)} (95 %: {within}; 0,5 seperti undian)"
    for o in got.missed:
        yield f"Terlewat: {o.place}, skor {koma(o.score)}, kejadian {HAPPENED[str(o.severity or 0)].lower()}"
    for cut in got.cuts:
        yield (
            f"Batas {cut.between[0]}-{cut.between[1]}: {koma(cut.now)} kini, {koma(cut.suggested)} saran "
            f"(95 %: {koma(cut.low)} sampai {koma(cut.high)}); terlewat {cut.misses_now} -> {cut.misses}, "
            f"terlalu tinggi {cut.alarms_now} -> {cut.alarms}; {len(cut.moved)} tempat berpindah"
        )
    yield f"Satu yang terlewat ditimbang {koma(MISS_COSTS, 0)} kali terlalu tinggi."
    yield "Saran tidak diterapkan dengan sendirinya."


def _rate(rate: Rate) -> str:
    if rate.rate is None:
        return "tidak ada tempat"
    return (
        f"{rate.hit} dari {rate.n} ({koma(100 * rate.rate, 0)} %; "
        f"95 %: {koma(100 * rate.low, 0)} sampai {koma(100 * rate.high, 0)} %)"
    )
