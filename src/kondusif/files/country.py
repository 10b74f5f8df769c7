"""A whole country in one Parquet file: read and written in row groups, never held as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif_index import fast
from kondusif_index.blocks import THREADS
from kondusif_index.linear import LinearNormalisation, LinearSettings, why_not_linear
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.classify import level_of

ROWS = 1 << 16  # units at a time: about 25 MB of answers of 45 indicators


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
    unit: str = "uCode",
    rows: int = ROWS,
    threads: int = THREADS,
) -> CountryAssessed:
    """From raw answers to classes and contributions, file to file (method 8.7, 8.9, 8.11, 8.12).

    ``source`` has a column ``unit`` and one per indicator, empty or NaN for missing. ``target`` gets
    ``unit``, the score of every aggregate, ``class`` (1 the lowest, 0 none), ``coverage`` (share of weight
    that is answered) and ``part_CODE`` per indicator: what it adds to the top's score. Refuses a file without
    the columns, and a recipe that needs more than one linear sweep, its own weights and fixed classes.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    tree, cuts = recipe.tree, _cuts(recipe)
    codes = list(tree.leaf_codes)
    answers = pl.scan_parquet(source)
    _check_columns(source, answers.collect_schema().names(), [unit, *codes])
    scale, by = _normalisation(answers, recipe), fast.tree_weights(tree, recipe.aggregate.least(tree))
    counts = np.zeros(len(cuts) + 2, dtype=np.int64)
    shares = by.shares[:, -1]  # the top is the last in level order too

    def assessed() -> Iterator[Any]:
        start = 0
        while (part := answers.slice(start, rows).select(unit, *codes).collect()).height:
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
                    unit: part[unit],
                    **{code: scores[:, k] for k, code in enumerate(by.codes)},
                    "class": level.astype(np.int8),
                    "coverage": (~np.isnan(values)) @ shares,
                    **{f"part_{code}": parts[:, k] for k, code in enumerate(codes)},
                }
            )

    schema: dict[str, Any] = {
        unit: answers.collect_schema()[unit],
        **dict.fromkeys(by.codes, pl.Float64),
        "class": pl.Int8,
    }
    schema |= {"coverage": pl.Float64, **{f"part_{c}": pl.Float64 for c in codes}}
    stream = register_io_source(lambda *_: assessed(), schema=schema)
    stream.sink_parquet(target, row_group_size=rows)
    return CountryAssessed(int(counts.sum()), tuple(counts.tolist()))


def _cuts(recipe: IndexRecipe) -> tuple[float, ...]:
    """Lower edges of classes 2, 3, ..., after every refusal that the recipe alone decides."""
    if why := why_not_linear(recipe):
        raise RecipeError(f"a whole country is assessed in one sweep; {why}")
    if recipe.weigh.method != "direct":
        raise RecipeError(
            f"weigh.method: {recipe.weigh.method}; a whole country takes the tree's own weights"
        )
    if recipe.classes is None or recipe.classes.scheme != "fixed":
        raise RecipeError("classes.scheme: a whole country needs fixed cuts")
    if lost := [floor.item for floor in recipe.floors if floor.level > recipe.classes.classes]:
        raise RecipeError(f"floor on {lost[0]}: there is no such class", key="floors")
    return recipe.classes.cuts


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


def _check_columns(source: Path, found: Sequence[str], wanted: Sequence[str]) -> None:
    if lacking := [c for c in wanted if c not in found]:
        raise ImportRefused(
            [Problem(source.name, "", None, c, "tidak ada", f"kolom bernama {c}") for c in lacking]
        )
