"""Stations to villages to kecamatan to kabupaten, along the official codes (method 8.16).

35.14.05.2001-03 lies in 35.14.05.2001, that in 35.14.05, that in 35.14, that in 35. What is added up
(units, weights, coverage, classes) is the same whether it is rolled up in steps or in one go. A unit without
a score adds nothing to a mean, takes away from the coverage and is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.results import DECIMALS
from kondusif_index.tree import Column


@dataclass(frozen=True)
class Rolling:
    """``provisional``: an area covered less than this (0-1) has a provisional mean. ``worst``: which end of
    the scale is the worst, ``high`` (an index of risk) or ``low``."""

    provisional: float = 0.7
    worst: str = "high"

    def __post_init__(self) -> None:
        if not (isfinite(self.provisional) and 0 <= self.provisional <= 1):
            raise RecipeError(f"provisional: found {self.provisional}, expected 0 to 1", key="provisional")
        if self.worst not in ("high", "low"):
            raise RecipeError(f"worst: found {self.worst!r}, expected high or low", key="worst")


@dataclass(frozen=True)
class Area:
    """What lies below one code. Of ``units``, ``scored`` have a score; ``weight`` and ``weight_scored`` are
    their voters. ``classes[k]`` counts units of class k; 0 is no class.

    ``mean`` is weighted by voters over the scored units whose voters are known, NaN where there are none.
    ``coverage`` (0-1) is weighted by voters; a unit without a score covers nothing. ``missing`` have no
    score, ``unweighted`` no voters (they count in ``worst`` and ``classes``, not in the mean).
    """

    code: str
    units: int
    scored: int
    weight: float
    weight_scored: float
    weighted: float
    covered: float
    worst: float
    worst_unit: str
    classes: tuple[int, ...]
    missing: tuple[str, ...]
    unweighted: tuple[str, ...]
    how: Rolling

    @property
    def mean(self) -> float:
        return self.weighted / self.weight_scored if self.weight_scored > 0 else np.nan

    @property
    def coverage(self) -> float:
        return self.covered / self.weight if self.weight > 0 else 0.0

    @property
    def provisional(self) -> bool:
        """Covered too little, or nobody knows how little: some unit has no voters."""
        return bool(self.unweighted) or round(self.coverage, DECIMALS) < self.how.provisional

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the units in each class, from class 0 (none); they sum to 1."""
        return tuple(n / self.units for n in self.classes)

    @property
    def highest(self) -> int:
        """The highest class below, 0 for none."""
        return max((k for k, n in enumerate(self.classes) if n), default=0)


def above(code: str) -> str:
    """The place that a place lies in, empty above a province.

    >>> above("35.14.05.2001-03"), above("35.14.05.2001"), above("35.14"), above("35")
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
    how: Rolling | None = None,
) -> tuple[Area, ...]:
    """Units straight to the areas of a depth (``depth``: 4 village, 3 kecamatan, 2 kabupaten), by code.

    All columns are (n_units,), in the order of ``units``: scores NaN for none; ``weights`` voters, NaN for
    not known, by default 1 each; ``coverage`` 0-1 of each score (NaN covers nothing), by default 1;
    ``levels`` classes, 0 none.
    Raises ``RecipeError`` naming a unit that stands twice, lies above another or above ``to``, a negative
    weight, or a coverage outside 0-1.
    """
    how = how or Rolling()
    n = len(units)
    score = _column("scores", scores, n)
    weight = np.ones(n) if weights is None else _column("weights", weights, n)
    cover = np.ones(n) if coverage is None else _column("coverage", coverage, n)
    level = np.zeros(n, dtype=np.int64) if levels is None else np.asarray(levels, dtype=np.int64)
    if level.shape != (n,):
        raise RecipeError(f"levels are {level.shape}, for {n} units")
    _refuse(units, to, weight, cover, level)
    order = np.array(sorted(range(n), key=units.__getitem__), dtype=np.intp)  # row order changes no bit
    below: dict[str, list[int]] = {}
    for k in order:
        code = units[k]
        while depth(code) > to:
            code = above(code)
        below.setdefault(code, []).append(int(k))
    many = int(level.max(initial=0)) + 1
    return tuple(
        _area(code, [units[k] for k in at], score[at], weight[at], cover[at], level[at], many, how)
        for code, at in sorted(below.items())
    )


def step_up(areas: Iterable[Area]) -> tuple[Area, ...]:
    """Areas of one depth to those one above: villages to kecamatan. Raises ``RecipeError`` above a province.

    Sums, coverage, classes, worst and lists are those of ``roll_up`` in one go.
    """
    below: dict[str, list[Area]] = {}
    for area in sorted(areas, key=lambda a: a.code):
        if not above(area.code):
            raise RecipeError(f"{area.code}: nothing stands above a province", code=area.code)
        below.setdefault(above(area.code), []).append(area)
    return tuple(_merged(code, parts) for code, parts in sorted(below.items()))


def _merged(code: str, parts: Sequence[Area]) -> Area:
    how = parts[0].how
    if any(p.how != how for p in parts):
        raise RecipeError(f"{code}: its parts were rolled up by different settings", code=code)
    many = max(len(p.classes) for p in parts)
    found = [(p.worst, p.worst_unit) for p in parts if p.worst_unit]
    worst, worst_unit = _worst(found, how) if found else (np.nan, "")
    return Area(
        code=code,
        units=sum(p.units for p in parts),
        scored=sum(p.scored for p in parts),
        weight=sum(p.weight for p in parts),
        weight_scored=sum(p.weight_scored for p in parts),
        weighted=sum(p.weighted for p in parts),
        covered=sum(p.covered for p in parts),
        worst=worst,
        worst_unit=worst_unit,
        classes=tuple(sum(p.classes[k] for p in parts if k < len(p.classes)) for k in range(many)),
        missing=tuple(u for p in parts for u in p.missing),
        unweighted=tuple(u for p in parts for u in p.unweighted),
        how=how,
    )


def _area(
    code: str,
    units: Sequence[str],
    score: Column,
    weight: Column,
    cover: Column,
    level: NDArray[np.int64],
    many: int,
    how: Rolling,
) -> Area:
    here, known = ~np.isnan(score), ~np.isnan(weight)
    both = here & known
    scored = [(float(score[k]), units[k]) for k in np.flatnonzero(here).tolist()]
    worst, worst_unit = _worst(scored, how) if scored else (np.nan, "")
    return Area(
        code=code,
        units=len(units),
        scored=int(here.sum()),
        weight=float(weight[known].sum()),
        weight_scored=float(weight[both].sum()),
        weighted=float((weight[both] * score[both]).sum()),
        covered=float((weight[both] * np.nan_to_num(cover[both])).sum()),
        worst=worst,
        worst_unit=worst_unit,
        classes=tuple(int(c) for c in np.bincount(level, minlength=many)),
        missing=tuple(units[k] for k in np.flatnonzero(~here).tolist()),
        unweighted=tuple(units[k] for k in np.flatnonzero(~known).tolist()),
        how=how,
    )


def _worst(found: Sequence[tuple[float, str]], how: Rolling) -> tuple[float, str]:
    """The worst score and, of equal ones, the first unit by code."""
    sign = -1.0 if how.worst == "high" else 1.0
    return min(found, key=lambda f: (sign * f[0], f[1]))


def _column(name: str, column: Column, n: int) -> Column:
    found = np.asarray(column, dtype=np.float64)
    if found.shape != (n,):
        raise RecipeError(f"{name} are {found.shape}, for {n} units")
    if np.isinf(found).any():
        raise RecipeError(f"{name}: not a finite number")
    return found


def _refuse(units: Sequence[str], to: int, weight: Column, cover: Column, level: NDArray[np.int64]) -> None:
    known = set(units)
    if len(known) != len(units):
        twice = sorted({u for u in units if units.count(u) > 1})
        raise RecipeError(f"units stand twice: {', '.join(twice)}", units=twice)
    for unit in units:
        if not unit or depth(unit) < to:
            raise RecipeError(f"{unit or 'a unit without a code'}: lies above depth {to}", unit=unit)
        higher = above(unit)
        while higher:
            if higher in known:
                raise RecipeError(f"{unit}: counted twice, for {higher} is a unit too", unit=unit)
            higher = above(higher)
    for name, bad in (
        ("weight below 0", weight < 0),
        ("coverage outside 0-1", (cover < 0) | (cover > 1)),
        ("class below 0", level < 0),
    ):
        if bad.any():
            unit = units[int(np.argmax(bad))]
            raise RecipeError(f"{unit}: {name}", unit=unit)
