"""A whole country in one Parquet file: read and written in row groups, never held as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif.files.export import missing
from kondusif_index import fast
from kondusif_index.blocks import THREADS
from kondusif_index.linear import LinearNormalisation, LinearSettings, why_not_linear
from kondusif_index.output import MARKS
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.classify import level_of
from kondusif_index.tables.columns import UNIT
from kondusif_index.tables.numbers import LARGEST
from kondusif_index.tables.parquet import whole_parquet
from kondusif_index.tables.read import show

ROWS = 1 << 16  # units at a time: about 25 MB of answers of 45 indicators
LARGE = 100_000  # units from which `kondusif measure` asks for this way
MOST = 20  # problems of one kind that are named
ANALYSES = ("outrank", "audit", "uncertainty", "sobol", "leave_one_out")  # need all units at once


@dataclass(frozen=True)
class CountryAssessed:
    """How many units were read, and how many are in each class: none first, then the lowest."""

    units: int
    classes: tuple[int, ...]


def assess_country(
    source: Path,
    target: Path,
    recipe: IndexRecipe,
    *,
    rows: int = ROWS,
    threads: int = THREADS,
) -> CountryAssessed:
    """From raw answers to classes and contributions, file to file (method 8.7, 8.9, 8.11, 8.12).

    ``source`` has a column ``uCode`` and one of numbers per indicator, empty or NaN for missing. ``target``
    gets ``uCode``, the score of every aggregate, ``class`` (1 the lowest, 0 none), ``coverage`` (share of
    weight that is answered), ``part_CODE`` per indicator: what it adds to the top's score, and the columns
    that say a row is made up. It is written whole or not at all, with the recipe in its metadata.

    Raises ``ImportRefused`` naming every lacking column and bad cell, ``RecipeError`` where
    ``why_not_streamed`` has a reason or ``target`` is ``source``, ``ExtraMissing`` without polars.
    """
    if why := why_not_streamed(recipe):
        raise RecipeError(f"a whole country is assessed in one sweep; {why}")
    if target.resolve() == source.resolve():
        raise RecipeError(f"{target.name}: is read by this run; choose another --out", file=target.name)
    with whole_parquet(source):
        answers = _scanned(source)
        _check_columns(source, answers, recipe.tree.leaf_codes)
        _check_cells(source, answers, recipe.tree.leaf_codes)
    pl = _polars()
    target.parent.mkdir(parents=True, exist_ok=True)
    if answers.collect_schema()[UNIT].is_float():  # as a spreadsheet or pandas keeps whole numbers
        answers = answers.with_columns(pl.col(UNIT).cast(pl.Int64))
    with TemporaryDirectory(prefix=".kondusif-", dir=target.parent) as folder:
        part = Path(folder) / target.name
        found = _assess(answers, part, recipe, rows, threads)
        os.replace(part, target)
    return found


def units_of(source: Path) -> int:
    """Rows of a Parquet file, by its footer. Raises ``ImportRefused`` where it is none."""
    pl = _polars()
    with whole_parquet(source):
        return int(_scanned(source).select(pl.len()).collect().item())


def why_not_streamed(recipe: IndexRecipe) -> str | None:
    """Why a recipe needs all units at once; None where one linear sweep with fixed classes serves."""
    classes, asked = recipe.classes, [name for name in ANALYSES if getattr(recipe, name)]
    if why := why_not_linear(recipe):
        return why
    if recipe.weigh.method != "direct":
        return f"weigh.method: {recipe.weigh.method}; a whole country takes the tree's own weights"
    if asked:
        return f"{asked[0]}: needs all units at once"
    if classes is None or classes.scheme != "fixed":
        return "classes.scheme: a whole country needs fixed cuts"
    if lost := [floor.item for floor in recipe.floors if floor.level > classes.classes]:
        return f"floor on {lost[0]}: there is no such class"
    if taken := sorted({*recipe.tree.upward} & {UNIT, "class", "coverage", *MARKS}):
        return f"codes stand twice: {taken[0]}"
    return None


def words_among(source: Path, recipe: IndexRecipe) -> str:
    """The first indicator whose column holds words, "" where there is none: a whole country needs numbers."""
    with whole_parquet(source):
        kinds = _scanned(source).collect_schema()
    return next((c for c in recipe.tree.leaf_codes if c in kinds and not _numeric(kinds[c])), "")


def _numeric(kind: Any) -> bool:
    import polars as pl

    return bool(kind.is_numeric() or kind == pl.Null)


def _assess(answers: Any, target: Path, recipe: IndexRecipe, rows: int, threads: int) -> CountryAssessed:
    import polars as pl
    from polars.io.plugins import register_io_source

    tree, cuts = recipe.tree, recipe.classes.cuts if recipe.classes else ()
    codes, found = list(tree.leaf_codes), answers.collect_schema()
    marks = [name for name in MARKS if name in found.names()]
    scale, by = _normalisation(answers, recipe), fast.tree_weights(tree, recipe.aggregate.least(tree))
    counts = np.zeros(len(cuts) + 2, dtype=np.int64)
    shares = by.shares[:, -1]  # the top is the last in level order too

    def assessed() -> Iterator[Any]:
        start = 0
        while (part := answers.slice(start, rows).select(UNIT, *codes, *marks).collect()).height:
            start += part.height
            values = np.ascontiguousarray(part.select(codes).cast(pl.Float64).to_numpy())
            scores, parts = fast.contributions(values, scale, by, threads)
            level = level_of(scores[:, -1], cuts)
            for floor in recipe.floors:
                hit = floor.fires(values[:, codes.index(floor.item)])
                level[hit] = np.maximum(level[hit], floor.level)
            counts[:] += np.bincount(level, minlength=len(counts))
            yield pl.DataFrame(
                {
                    UNIT: part[UNIT],
                    **{code: scores[:, k] for k, code in enumerate(by.codes)},
                    "class": level.astype(np.int8),
                    "coverage": (~np.isnan(values)) @ shares,
                    **{f"part_{code}": parts[:, k] for k, code in enumerate(codes)},
                    **{name: part[name] for name in marks},
                }
            )

    schema: dict[str, Any] = {UNIT: found[UNIT], **dict.fromkeys(by.codes, pl.Float64), "class": pl.Int8}
    schema |= {"coverage": pl.Float64, **{f"part_{c}": pl.Float64 for c in codes}}
    schema |= {name: found[name] for name in marks}
    stream = register_io_source(lambda *_: assessed(), schema=schema)
    about = {"kondusif.recipe": recipe.to_toml(), "kondusif.recipe.digest": recipe.digest}
    stream.sink_parquet(target, row_group_size=rows, metadata=about)
    return CountryAssessed(int(counts.sum()), tuple(counts.tolist()))


def _normalisation(answers: Any, recipe: IndexRecipe) -> LinearNormalisation:
    """The straight line of every indicator; what is needed of the columns is gathered as the file streams."""
    import polars as pl

    codes = recipe.tree.leaf_codes
    settings = LinearSettings(recipe.tree.leaves, recipe.normalise)
    if not settings.by_range:
        return settings.given
    clean = [pl.col(c).cast(pl.Float64).fill_nan(None) for c in codes]
    sums = ["min", "max", *(["mean", "std"] if settings.by_moments else [])]
    wanted = [getattr(c, f)().name.prefix(f"{f}|") for f in sums for c in clean]
    row = answers.select(wanted).collect(engine="streaming").row(0, named=True)
    return settings.lines(*(np.array([row[f"{f}|{c}"] for c in codes], dtype=np.float64) for f in sums))


def _scanned(source: Path) -> Any:
    pl = _polars()
    if not source.is_file():
        raise ImportRefused([Problem(str(source), "", None, "", "tidak ada", "berkas Parquet")])
    return pl.scan_parquet(source, glob=False)


def _polars() -> Any:
    try:
        import polars
    except ImportError:
        raise missing("Parquet", "big") from None
    return polars


def _check_columns(source: Path, answers: Any, codes: Sequence[str]) -> None:
    """A code is text or a whole number, an answer a number."""
    import polars as pl

    kinds = answers.collect_schema()
    wanted = [UNIT, *codes]
    problems = [
        Problem(source.name, "", None, c, "tidak ada", f"kolom bernama {c}") for c in wanted if c not in kinds
    ]
    if UNIT in kinds and not (
        kinds[UNIT] in (pl.String, pl.Categorical, pl.Enum) or kinds[UNIT].is_numeric()
    ):
        said = "teks, misalnya 35.14.05.2001, atau bilangan bulat"
        problems.append(Problem(source.name, "", None, UNIT, str(kinds[UNIT]), said))
    for code in codes:
        if code in kinds and not _numeric(kinds[code]):
            filled = answers.select(pl.col(code)).with_row_index().filter(pl.col(code).is_not_null())
            first = filled.head(1).collect()
            row = int(first["index"][0]) + 1 if first.height else None
            cell = f" ({show(first.row(0)[1])})" if first.height else ""
            said = "kolom bilangan, kosong bila tidak dijawab"
            problems.append(Problem(source.name, "", row, code, f"{kinds[code]}{cell}", said))
    if problems:
        raise ImportRefused(problems)


def _check_cells(source: Path, answers: Any, codes: Sequence[str]) -> None:
    """One sweep tells whether anything is wrong; only then is it looked up where."""
    import polars as pl

    unit = pl.col(UNIT).cast(pl.String).str.strip_chars()
    wrong = {UNIT: unit.is_null() | (unit == "") | unit.str.contains(r"\p{C}")}
    if answers.collect_schema()[UNIT].is_float():
        broken = pl.col(UNIT).is_finite() & (pl.col(UNIT).round() == pl.col(UNIT))
        wrong[UNIT] = ~broken.fill_null(False)
    for code in codes:
        value = pl.col(code).cast(pl.Float64).fill_nan(None)
        wrong[code] = (value.abs() > LARGEST).fill_null(False)
    sums = [bad.any().alias(name) for name, bad in wrong.items()]
    seen = answers.select(*sums, units=pl.len(), codes=unit.n_unique()).rename({"units": "|n", "codes": "|u"})
    row = seen.collect(engine="streaming").row(0, named=True)
    if not row["|n"]:
        raise ImportRefused([Problem(source.name, "", None, "", "tidak ada baris", "sedikitnya satu satuan")])
    problems = list(_named(source, answers, {n: bad for n, bad in wrong.items() if row[n]}))
    if not row[UNIT] and row["|u"] < row["|n"]:
        problems += _named(source, answers, {UNIT: ~unit.is_first_distinct()})
    if problems:
        raise ImportRefused(problems)


def _named(source: Path, answers: Any, wrong: dict[str, Any]) -> Iterable[Problem]:
    """The first bad cells of each column, by row."""
    import polars as pl

    for name, bad in wrong.items():
        said = "kode yang unik" if name == UNIT else f"bilangan sampai {LARGEST:g}"
        found = answers.select(pl.col(name)).with_row_index().filter(bad).head(MOST).collect()
        for k, cell in found.iter_rows():
            shown = repr(cell) if isinstance(cell, str) and not cell.isprintable() else cell
            yield Problem(source.name, "", k + 1, name, str(shown or "kosong"), said)
