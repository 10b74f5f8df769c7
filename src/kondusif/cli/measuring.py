"""``kondusif measure`` on tables: a folder of every step, or one Parquet file for a whole country."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from kondusif.cli.terminal import Result, UsageError, progress
from kondusif.cli.wording import koma
from kondusif.files.country import LARGE, assess_country, units_of, why_not_streamed, words_among
from kondusif.instrument.catalogue import catalogue
from kondusif.sentences.engine import engine_text
from kondusif_index.index import read_recipe, run_files
from kondusif_index.recipe import IndexRecipe

CELL = 105  # bytes that a build of 823,236 units and 45 indicators held for each answer


def measure_tables(options: Namespace) -> Result:
    """An index from tables. Raises ``UsageError`` on half the options."""
    if not (options.data and options.recipe and options.out):
        raise UsageError(
            "indeks dari tabel memerlukan --data, --recipe dan --out bersama-sama, biasanya juga --meta"
        )
    if options.out.suffix.lower() == ".parquet":
        return _measure_country(options)
    if options.data.suffix.lower() == ".parquet":
        _point_to_streaming(options)
    built = run_files(
        options.data,
        options.meta,
        options.recipe,
        options.out,
        last=options.last,
        indicators=catalogue(),
        decimal=options.decimal or "",
        progress=lambda step: progress(f"{step} ..."),
    )
    for warning in built.warnings:
        progress(f"perhatikan: {engine_text(warning, prose=True)}")
    document = built.manifest | {"out": str(options.out)}
    return Result(document, [f"{len(built.units)} satuan dihitung: {options.out}"])


def _measure_country(options: Namespace) -> Result:
    if options.data.suffix.lower() != ".parquet":
        raise UsageError(f"--out {options.out.name} dibuat dari --data berkas Parquet")
    if options.last:
        raise UsageError("--last tidak dipakai bila --out berkas Parquet")
    recipe = _recipe(options)
    progress("menghitung ...")
    found = assess_country(options.data, options.out, recipe)
    names = recipe.classes.names if recipe.classes else ()
    counts = dict(zip(("tanpa kelas", *names), found.classes, strict=True))
    document = {"units": found.units, "classes": counts, "recipe": recipe.digest, "out": str(options.out)}
    lines = [f"{koma(found.units, 0)} satuan dihitung: {options.out}"]
    lines += [f"  {name}: {koma(n, 0)}" for name, n in counts.items() if n or name != "tanpa kelas"]
    return Result(document, lines)


def _recipe(options: Namespace) -> IndexRecipe:
    return read_recipe(options.recipe, options.meta, indicators=catalogue(), decimal=options.decimal or "")


def _point_to_streaming(options: Namespace) -> None:
    """A large file is not held in memory by mistake: another way is named, or why there is none."""
    if (units := units_of(options.data)) < LARGE:
        return
    recipe = _recipe(options)
    said = f"{koma(units, 0)} satuan"
    words = words_among(options.data, recipe)
    why = "--last" if options.last else why_not_streamed(recipe) or (words and f"kolom {words} memuat teks")
    if not why:
        target = Path(options.out).with_suffix(".parquet")
        raise UsageError(
            f"{said}: tulis --out {target}, satu berkas Parquet yang dihitung bagian demi bagian; "
            f"folder untuk kurang dari {koma(LARGE, 0)} satuan"
        )
    size = units * len(recipe.tree.leaves) * CELL / 1e9
    progress(f"perhatikan: {said} dihitung di memori, sekitar {koma(size, 1)} GB: {engine_text(why)}")
