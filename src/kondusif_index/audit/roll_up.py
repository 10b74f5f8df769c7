"""Stations to villages to kecamatan to kabupaten, along the official codes (method 8.16).

35.14.05.2001-03 lies in 35.14.05.2001, that in 35.14.05, that in 35.14, that in 35. A unit without a score
adds nothing to a mean, takes away from the coverage and is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.rounding import DECIMALS
from kondusif_index.tree import Column

PROVISIONAL = 0.70  # an area covered less has a provisional mean; RULES 1


@dataclass(frozen=True)
class Area:
    """What lies below one code. Of ``units``, ``scored`` have a score. ``classes[k]`` counts units of class
    k; 0 is no class.

    ``mean`` is weighted by voters over the scored units whose voters are known, NaN where there are none.
    ``coverage`` (0-1) is weighted by voters; a unit without a score covers nothing. ``worst`` is the highest
    score. ``missing`` have no score, ``unweighted`` no voters (they count in ``worst`` and ``classes``, not
    in the mean).
    """

    code: str
    units: int
    scored: int
    mean: float
    coverage: float
    worst: float
    worst_unit: str
    classes: tuple[int, ...]
    missing: tuple[str, ...]
    unweighted: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Covered too little, or nobody knows how little: some unit has no voters."""
        return bool(self.unweighted) or round(self.coverage, DECIMALS) < PROVISIONAL


def parent_area(code: str) -> str:
    """The place that a place lies in, empty above a province.

    >>> parent_area("35.14.05.2001-03"), parent_area("35.14.05.2001"), parent_area("35.14"), parent_area("35")
    ('35.14.05.2001', '35.14.05', '35', '')
    """
    village, dash, _ = code.rpartition("-")
    return village if dash else code.rpartition(".")[0]


def depth(code: str) -> int:
    """1 province, 2 kabupaten, 3 kecamatan, 4 village, 5 station."""
    return code.count(".") + code.count("-") + 1


def roll_up(
    units: Sequence[str],
    scores: Column,
    *,
    to: int,
    weights: Column | None = None,
    coverage: Column | None = None,
    levels: Sequence[int] | None = None,
) -> tuple[Area, ...]:
    """Units straight to the areas of a depth (``depth``: 4 village, 3 kecamatan, 2 kabupaten), by code.

    All columns are (n_units,), in the order of ``units``: scores NaN for none; ``weights`` voters, NaN for
    not known, by default 1 each; ``coverage`` 0-1 of each score (NaN covers nothing), by default 1;
    ``levels`` classes, 0 none.
    Raises ``RecipeError`` naming a unit that stands twice, lies above another or above ``to``, a negative
    weight, or a coverage outside 0-1.
    """
    n = len(units)
    score = _column("scores", scores, n)
    weight = np.ones(n) if weights is None else _column("weights", weights, n)
    cover = np.ones(n) if coverage is None else _column("coverage", coverage, n)
    level = np.zeros(n, dtype=np.int64) if levels is None else np.asarray(levels, dtype=np.int64)
    if level.shape != (n,):
        raise RecipeError(f"levels are {level.shape}, for {n} units")
    _refuse_places(units, to)
    _refuse_cells(units, weight, cover, level)
    below: dict[str, list[int]] = {}
    for k in sorted(range(n), key=lambda k: units[k]):  # row order changes no bit
        code = units[k]
        while depth(code) > to:
            code = parent_area(code)
        below.setdefault(code, []).append(k)
    many = int(level.max(initial=0)) + 1
    areas = []
    for code, at in sorted(below.items()):
        classes = np.bincount(level[at], minlength=many)
        areas.append(_area(code, np.array(units)[at], score[at], weight[at], cover[at], classes))
    return tuple(areas)


def _area(
    code: str,
    units: NDArray[np.str_],
    score: Column,
    weight: Column,
    cover: Column,
    classes: NDArray[np.int64],
) -> Area:
    """Units sorted by code, so that of equally bad ones the first is named."""
    here, known = ~np.isnan(score), ~np.isnan(weight)
    both = here & known
    worst = score == np.max(score, where=here, initial=-np.inf)
    counted = both & (weight > 0)
    mean = _share((weight * score)[counted].sum(), weight[counted].sum(), np.nan)
    return Area(
        code=code,
        units=len(units),
        scored=int(here.sum()),
        mean=float(np.clip(mean, *_range(score[counted]))),
        coverage=min(_share((weight * np.nan_to_num(cover))[both].sum(), weight[known].sum(), 0.0), 1.0),
        worst=float(next(iter(score[worst]), np.nan)),
        worst_unit=str(next(iter(units[worst]), "")),
        classes=tuple(classes.tolist()),
        missing=tuple(units[~here].tolist()),
        unweighted=tuple(units[~known].tolist()),
    )


def _range(scores: Column) -> tuple[float, float]:
    """What no mean of them leaves."""
    return scores.min(initial=np.inf), scores.max(initial=-np.inf)


def _share(part: float, whole: float, otherwise: float) -> float:
    return float(part / whole) if whole > 0 else otherwise


def _column(name: str, column: Column, n: int) -> Column:
    found = np.asarray(column, dtype=np.float64)
    if found.shape != (n,):
        raise RecipeError(f"{name} are {found.shape}, for {n} units")
    if np.isinf(found).any():
        raise RecipeError(f"{name}: not a finite number")
    return found


def _refuse_places(units: Sequence[str], to: int) -> None:
    if twice := sorted(u for u, count in Counter(units).items() if count > 1):
        raise RecipeError(f"units stand twice: {', '.join(twice)}", units=twice)
    known = set(units)
    for unit in units:
        if not unit or depth(unit) < to:
            raise RecipeError(f"{unit or 'a unit without a code'}: lies above depth {to}", unit=unit)
        higher = parent_area(unit)
        while higher:
            if higher in known:
                raise RecipeError(f"{unit}: counted twice, for {higher} is a unit too", unit=unit)
            higher = parent_area(higher)


def _refuse_cells(units: Sequence[str], weight: Column, cover: Column, level: NDArray[np.int64]) -> None:
    for name, bad in (
        ("weight below 0", weight < 0),
        ("coverage outside 0-1", (cover < 0) | (cover > 1)),
        ("class below 0", level < 0),
    ):
        if bad.any():
            unit = units[int(np.argmax(bad))]
            raise RecipeError(f"{unit}: {name}", unit=unit)
