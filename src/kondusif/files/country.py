"""A whole country in one Parquet file: read and written in row groups, never held as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif_index import fast
from kondusif_index.blocks import THREADS
from kondusif_index.linear import Lines, Normaliser, ask
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Tree

ROWS = 1 << 16  # units at a time: about 25 MB of answers of 45 indicators


@dataclass(frozen=True)
class Assessed:
    """How many units were read, and how many are in each class: none first, then the lowest."""

    units: int
    classes: tuple[int, ...]


def assess_country(
    source: Path,
    target: Path,
    tree: Tree,
    how: Normaliser,
    *,
    cuts: Sequence[float],
    unit: str = "uCode",
    least: float | Mapping[str, float] = 0.0,
    weights: Mapping[str, float] | None = None,
    rows: int = ROWS,
    threads: int = THREADS,
) -> Assessed:
    """From raw answers to classes and contributions, file to file (method 8.7, 8.9, 8.11, 8.12).

    ``source`` has a column ``unit`` and one per indicator, empty or NaN for missing. ``target`` gets
    ``unit``, the score of every aggregate, ``class`` (1 the lowest, 0 none), ``coverage`` (share of weight
    that is answered) and ``part_CODE`` per indicator: what it adds to the top's score. ``cuts`` are the lower
    edges of classes 2, 3, ... Refuses a file without the columns, and what is not linear.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    if not all(a < b for a, b in pairwise(cuts)):
        raise RecipeError(f"cuts: found {list(cuts)}, expected rising numbers")
    codes = list(tree.leaf_codes)
    answers = pl.scan_parquet(source)
    _check_columns(source, answers.collect_schema().names(), [unit, *codes])
    straight, by = _lines(answers, tree, how), fast.plan(tree, weights, least)
    counts = np.zeros(len(cuts) + 2, dtype=np.int64)
    shares = by.shares[:, -1]  # the top is the last in level order too

    def assessed() -> Iterator[Any]:
        start = 0
        while (part := answers.slice(start, rows).select(unit, *codes).collect()).height:
            start += part.height
            values = np.ascontiguousarray(part.select(codes).cast(pl.Float64).to_numpy())
            scores, parts = fast.contributions(values, straight, by, threads)
            top = scores[:, -1]
            level = level_of(top, cuts)
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
    return Assessed(int(counts.sum()), tuple(counts.tolist()))


def _lines(answers: Any, tree: Tree, how: Normaliser) -> Lines:
    """The straight line of every indicator; what is needed of the columns is gathered as the file streams."""
    import polars as pl

    asked = ask(tree.leaves, how)
    if asked is None:
        raise RecipeError("a whole country is assessed in one sweep: goalposts, minmax or zscore only")
    if not asked.by_range:
        return asked.lines()
    clean = [pl.col(c).cast(pl.Float64).fill_nan(None) for c in tree.leaf_codes]
    sums = [
        ("least", "min"),
        ("most", "max"),
        *((("mean", "mean"), ("sd", "std")) if asked.by_moments else ()),
    ]
    wanted = [getattr(c, f)().name.prefix(f"{name}|") for name, f in sums for c in clean]
    row = answers.select(wanted).collect(engine="streaming").row(0, named=True)
    seen = {
        name: np.array([row[f"{name}|{c}"] for c in tree.leaf_codes], dtype=np.float64) for name, _ in sums
    }
    return asked.lines(seen["least"], seen["most"], seen.get("mean"), seen.get("sd"))


def _check_columns(source: Path, found: Sequence[str], wanted: Sequence[str]) -> None:
    if lacking := [c for c in wanted if c not in found]:
        raise ImportRefused(
            [Problem(source.name, "", None, c, "tidak ada", f"kolom bernama {c}") for c in lacking]
        )
