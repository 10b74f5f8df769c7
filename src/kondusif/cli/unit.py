"""``kondusif unit``: one unit on one page, from a folder of ``kondusif measure --out`` and its data."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from math import isnan
from pathlib import Path

from kondusif.cli.sheet import SheetSection, as_html, as_markdown
from kondusif.cli.terminal import Result, UsageError
from kondusif.cli.wording import koma
from kondusif.errors import ImportRefused, Problem
from kondusif.instrument.catalogue import catalogue
from kondusif.places import official
from kondusif.plots.folder import Folder
from kondusif.plots.style import MARK
from kondusif.words import table
from kondusif_index.audit.roll_up import PROVISIONAL
from kondusif_index.explain.change import ChangePart, ScoreBasis, ScoreChange, score_change
from kondusif_index.explain.counterfactual import Counterfactual, CounterfactualReason
from kondusif_index.explain.unit import IndicatorPoints, Standing, UnitProfile, scale_input, unit_profile
from kondusif_index.index import build
from kondusif_index.pipeline import Build
from kondusif_index.results import Trait
from kondusif_index.rounding import DECIMALS
from kondusif_index.tables.columns import UNIT, read_result
from kondusif_index.tables.read import text_of

SHOWN, CHANGES = 8, 6  # indicators by their points, and reasons of a change; the rest is one row
GROUPS, MISSING = 6, 24  # groups and indicators without an answer that one page has room for
LARGE = 1e6  # from here on numbers are told whole, thousands apart
NEAR = 2.0  # points from a cut-off within which a class is said to be close to changing; RULES 8
WRITERS = {".html": as_html, ".md": as_markdown}


def unit_report(options: Namespace) -> Result:
    """Score, class, firmness, what makes them, ranks in groups, what would change the class, what changed."""
    if options.out and options.out.suffix.lower() not in WRITERS:
        raise UsageError(f"--out {options.out.name}: pakai .html atau .md")
    if bool(options.before) != bool(options.before_data):
        raise UsageError("--before dan --before-data disebut bersama-sama")
    built = _built(options.folder, options.data, options.last, options.decimal)
    found = unit_profile(built, _known(built, options.unit))
    firm = _uncertainty(options.folder, found.unit)
    change = None
    if options.before:
        before = _built(options.before, options.before_data, None, options.decimal)
        change = score_change(_basis(before), _basis(built), _known(before, found.unit))
    mark = MARK if Folder(options.folder).illustrative else ""
    title = f"Laporan satuan {found.unit}"
    sections = list(_sections(built, found, firm, change, options))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        text = WRITERS[options.out.suffix.lower()](title, mark, sections)
        options.out.write_text(text, encoding="utf-8")
    lines = [f"Ditulis: {options.out}"] if options.out else as_markdown(title, mark, sections).splitlines()
    document = asdict(found) | {"mark": mark, "change": asdict(change) if change else None}
    return Result(document, lines)


def _built(folder: Path, data: Path, last: Path | None, decimal: str | None) -> Build:
    """The build that a folder holds, made again. Raises ``ImportRefused`` where the data are others."""
    for name in ("build.json", "recipe.toml"):
        if not (folder / name).is_file():
            expected = "hasil `kondusif measure --out`"
            raise ImportRefused([Problem(str(folder / name), "", None, "", "tidak ada", expected)])
    built = build(folder / "recipe.toml", data, last=last, indicators=catalogue(), decimal=decimal or "")
    manifest = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    if built.raw.digest != manifest.get("data"):
        expected = f"tabel yang dihitung di {folder.name}"
        raise ImportRefused([Problem(data.name, "", None, "", "data lain", expected)])
    return built


def _known(built: Build, unit: str) -> str:
    """The unit of this code, whatever the spelling of it."""
    if unit in built.units:
        return unit
    if same := [known for known in built.units if official(known) == official(unit)]:
        return same[0]
    if unit in built.raw.units:
        raise UsageError(f"--unit {unit}: disaring oleh [screen], tanpa skor")
    near = ", ".join(get_close_matches(unit, built.units, 3)) or ", ".join(built.units[:3])
    raise UsageError(f"--unit {unit}: tidak ada di hasil ini; misalnya {near}")


def _basis(built: Build) -> ScoreBasis:
    return ScoreBasis(built.normalised, built.weighted, built.recipe.aggregate, scale_input(built))


def _uncertainty(folder: Path, unit: str) -> Mapping[str, str]:
    """The row of a unit in ``uncertainty.csv``, where the recipe asked for it."""
    path = folder / "uncertainty.csv"
    rows = read_result(path).rows(UNIT) if path.exists() else []
    return next((row for row in rows if text_of(row[UNIT]) == unit), {})


def _sections(
    built: Build, found: UnitProfile, firm: Mapping[str, str], change: ScoreChange | None, options: Namespace
) -> Iterator[SheetSection]:
    yield SheetSection("Ringkasan", ("", ""), tuple(_summary(built, found, firm)))
    if found.groups:
        places = tuple((s.code, s.name, _place(s)) for s in found.groups)
        head = ("Kelompok", "Nama", "Peringkat")
        yield SheetSection("Peringkat dalam kelompok", head, _first(places, GROUPS), half=True)
    if found.aggregates:
        rows = tuple((s.code, s.name, koma(_or_none(s.score)), _place(s)) for s in found.aggregates)
        head_of_four = ("Kode", "Nama", "Skor", "Peringkat")
        yield SheetSection("Unsur", head_of_four, _first(rows, SHOWN), half=True)
    yield SheetSection(
        "Yang membentuk skor",
        ("Kode", "Indikator", "Nilai", "Skala", "Poin"),
        tuple(_points(found.parts)),
        "Poin semua indikator berjumlah skor." if found.parts else "Tidak ada skor.",
    )
    if ends := _ends(found):
        head_of_ends = ("Kode", "Indikator", "Nilai", "Peringkat")
        yield SheetSection("Paling tinggi dan paling rendah", head_of_ends, ends, half=True)
    if built.classed is not None:
        notes = [_other(found.lower, built, "turun"), _other(found.higher, built, "naik")]
        note = (
            " Nilai yang dipakai ada pada satuan lain; batas kelas tetap; kelas minimum tidak ikut berubah."
        )
        yield SheetSection("Yang akan mengubah kelas", (), (), " ".join(notes) + note, half=True)
    if change is not None:
        yield _changed(change, built, options.before.name)
    if found.missing:
        said = table("why_missing")
        some = [f"{code} ({said[why.name.lower()]})" for code, why in found.missing[:MISSING]]
        more = f" dan {len(found.missing) - MISSING} lainnya" if len(found.missing) > MISSING else ""
        listed = f"{len(found.missing)} indikator: {', '.join(some)}{more}."
        yield SheetSection("Tanpa jawaban", (), (), listed)
    recipe = f"Instrumen {built.recipe.kode}/{built.recipe.version}, {built.recipe.digest[:12]}"
    yield SheetSection("Sumber", (), (), f"{options.folder.name}, {options.data.name}. {recipe}.")


def _summary(built: Build, found: UnitProfile, firm: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    place = f" (peringkat {_place(found.overall)}; 1 yang tertinggi)" if found.overall.rank else ""
    yield "Skor", koma(_or_none(found.score)) + place
    if built.classed is not None:
        yield "Kelas", _class(built, found)
        yield "Ketegasan", _firmness(found, firm)
    shares = [name for name in firm if name.startswith("q") and firm[name]]
    if len(shares) > 1:
        low, high = (float(firm[name]) for name in (shares[0], shares[-1]))
        between = f"{_share(shares[0][1:])} sampai {_share(shares[-1][1:])} hitungan ulang"
        yield "Rentang skor", f"{koma(low)} sampai {koma(high)} ({between})"
    weak = f"; sementara di bawah {koma(100 * PROVISIONAL, 0)} %" if _provisional(found) else ""
    yield "Cakupan", f"{koma(100 * found.coverage, 0)} % bobot terjawab, mutu {found.grade}{weak}"


def _provisional(found: UnitProfile) -> bool:
    return round(found.coverage, DECIMALS) < PROVISIONAL


def _class(built: Build, found: UnitProfile) -> str:
    if not found.level:
        return "belum ada kelas"
    assert built.classed is not None
    of = f"{found.label} ({found.level} dari {len(built.classed.labels)})"
    if found.floors and found.level > found.by_score:
        alone = found.by_score or "tidak ada"
        return f"{of}; kelas minimum karena {', '.join(found.floors)}, menurut skor {alone}"
    return of


def _firmness(found: UnitProfile, firm: Mapping[str, str]) -> str:
    """By the draws where there are any, else by the distance to the next cut-off (RULES 8)."""
    words = table("firmness")
    if not found.level:
        return words["tanpa_kelas"]
    if _provisional(found):
        return words["sementara"]
    away = "" if isnan(found.distance) else f"; {koma(found.distance)} poin dari batas terdekat"
    if firm.get("firmness"):
        chance = firm.get(f"p_{found.level}")
        said = f" (peluang kelas ini {koma(100 * float(chance), 0)} %)" if chance else ""
        return words.get(firm["firmness"], firm["firmness"]) + said + away
    if found.level > found.by_score:
        return words["lantai"]
    if found.distance < NEAR:
        return words["di_ambang_naik" if found.nearest > 0 else "di_ambang_turun"] + away
    return words["tetap"] + away


def _points(parts: tuple[IndicatorPoints, ...]) -> Iterator[tuple[str, ...]]:
    for p in parts[:SHOWN]:
        value = f"{_number(p.value)} {p.unit}".strip()
        yield p.code, p.name, value, koma(_or_none(p.scaled), 1), koma(p.points)
    if rest := parts[SHOWN:]:
        yield f"{len(rest)} lainnya", "", "", "", koma(sum(p.points for p in rest))


def _ends(found: UnitProfile) -> tuple[tuple[str, ...], ...]:
    """What ranks highest on the index, then what ranks lowest; one of few indicators stands once."""
    listed = dict.fromkeys([*found.strengths, *found.weaknesses])
    return tuple(map(_trait, listed))


def _trait(t: Trait) -> tuple[str, ...]:
    return t.code, t.name, f"{_number(t.value)} {t.unit}".strip(), f"{t.rank} dari {t.among}"


def _other(found: Counterfactual | None, built: Build, way: str) -> str:
    if found is None or found.reason is CounterfactualReason.NO_SCORE:
        return ""
    if found.reason is CounterfactualReason.NO_CLASS:
        return f"Kelas tidak dapat {way} lagi."
    if found.steps is None:
        return f"Untuk {way} satu kelas: tidak terjangkau dengan nilai yang ada pada satuan lain."
    assert built.classed is not None
    moves = ", ".join(f"{s.code} dari {_number(s.before)} menjadi {_number(s.after)}" for s in found.steps)
    to = f"{koma(found.after)}, {built.classed.labels[found.level - 1]}"
    fewest = "" if found.fewest else " (mungkin ada yang lebih sedikit)"
    return f"Untuk {way} satu kelas cukup {len(found.steps)} indikator{fewest}: {moves}; skor menjadi {to}."


def _changed(change: ScoreChange, built: Build, since: str) -> SheetSection:
    said = f"Dari {koma(change.before)} menjadi {koma(change.after)} ({_signed(change.difference)} poin)"
    rows = tuple(_change(p, built) for p in change.parts[:CHANGES])
    if rest := change.parts[CHANGES:]:
        rows += ((f"{len(rest)} lainnya", "", "", _signed(sum(p.points for p in rest))),)
    head = ("Kode", "Sebab", "Dari, menjadi", "Poin")
    return SheetSection(f"Perubahan sejak {since}", head, rows, f"{said}; poin berjumlah selisihnya.")


def _change(p: ChangePart, built: Build) -> tuple[str, ...]:
    name = built.tree.by_code[p.code].name if p.code in built.tree.by_code else ""
    why = table("change_causes")[p.cause.value]
    ends = " → ".join("–" if x is None else _number(x) for x in (p.before, p.after))
    return p.code, f"{why} {name}".strip(), ends, _signed(p.points)


def _first(rows: tuple[tuple[str, ...], ...], most: int) -> tuple[tuple[str, ...], ...]:
    """What one page has room for, and how many more there are."""
    if len(rows) <= most:
        return rows
    return (*rows[:most], (f"{len(rows) - most} lainnya", *[""] * (len(rows[0]) - 1)))


def _place(s: Standing) -> str:
    return f"{s.rank} dari {s.among}" if s.rank else "tanpa peringkat"


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace(".", ",")


def _number(value: float) -> str:
    """As it was given, to six digits; a large one whole."""
    if isnan(value):
        return "–"
    return koma(value, 0) if abs(value) >= LARGE else f"{value:.6g}".replace(".", ",")


def _share(text: str) -> str:
    return f"{100 * float(text):.3g} %".replace(".", ",")


def _or_none(value: float) -> float | None:
    return None if isnan(value) else value
