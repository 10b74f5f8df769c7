"""Normalisations that are straight lines: goalposts, min-max, z-score (method 8.7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif_index.blocks import THREADS, WORTH, bounds, in_threads
from kondusif_index.data import Data, Why
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.normalise import LINEAR, ROUNDING, LinearNormalising, Normalising, Scale
from kondusif_index.steps.normalise import posts as ends_of
from kondusif_index.tree import Column, Matrix, Node

TILE = 8  # rows taken as one, so that numpy's inner loops are long


@dataclass(frozen=True)
class LinearNormalisation:
    """``slope * (clip(x, low, high) - origin) + base`` per indicator; every field ``(n_indicators,)``.

    ``fills``: of every indicator nothing lies below its ``origin``, or counts as it. ``ends``: what no value
    of any indicator leaves, and so no mean of them, whatever rounding does; infinite where nothing holds it.
    """

    slope: Column
    origin: Column
    base: Column
    low: Column
    high: Column
    fills: bool = False
    ends: tuple[float, float] = (-np.inf, np.inf)

    @cached_property
    def clips(self) -> bool:
        return bool(np.isfinite(self.low).any() or np.isfinite(self.high).any())

    @cached_property
    def _tiles(self) -> tuple[Column, Column, Column]:
        return np.tile(self.origin, TILE), np.tile(self.low, TILE), np.tile(self.high, TILE)

    def zeroed(self, x: Matrix, here: NDArray[np.bool_] | None = None) -> Matrix:
        """``clip(x) - origin``, new; 0 where not ``here``. Without ``here`` nothing may be missing."""
        wide, (origin, low, high) = x, (self.origin, self.low, self.high)
        if len(x) % TILE == 0 and x.flags.c_contiguous:
            wide, (origin, low, high) = x.reshape(len(x) // TILE, -1), self._tiles
        out: Matrix
        if not self.clips and not (self.fills and here is not None):
            out = np.subtract(wide, origin)
        else:
            out = np.fmax(wide, origin if self.fills else low)  # fmax passes NaN by
            if self.clips:
                np.minimum(out, high, out=out)
            np.subtract(out, origin, out=out)
        out = out.reshape(x.shape)
        if here is not None and not self.fills:
            np.copyto(out, 0.0, where=~here)
        return out


def why_not_linear(
    recipe: IndexRecipe,
    data: Data | None = None,
    done: Collection[str] = (),
    normalising: LinearNormalising | None = None,
) -> str | None:
    """Why one linear sweep may not serve in place of the steps that are not ``done``; None where it may.

    ``data``: the answers that it would sweep, where cells may not apply. ``normalising`` replaces the
    recipe's own.
    """
    tree, how = recipe.tree, recipe.aggregate
    if others := [name for name, _ in recipe.steps if name not in ("normalise", *done)]:
        return f"{others[0]}: this step is not linear"
    if curved := [code for code, mean in how.means(tree).items() if not mean.linear]:
        return f"aggregate: the mean of {curved[0]} is not arithmetic"
    scale = normalising or recipe.normalise
    if curved := [node.code for node in tree.leaves if not _is_linear(scale.of(node.code), node)]:
        return f"normalise: {curved[0]} is not on a linear scale (goalposts, minmax, zscore)"
    counted = any(how.least(tree).values()) and not how.count_not_applicable
    if counted and data is not None and (data.why == Why.NOT_APPLICABLE).any():
        return "aggregate.min_available: some indicators do not apply, and are not to be counted as missing"
    return None


def _is_linear(scale: Scale, node: Node) -> bool:
    if scale.method == "goalposts":
        return node.transform is None
    return scale.method in (None, *LINEAR)


def linear_normalisation(
    values: Matrix, leaves: Sequence[Node], how: Normalising | LinearNormalising, threads: int = THREADS
) -> LinearNormalisation:
    """The straight line of every indicator, all of them on linear scales (``why_not_linear``).

    A column with one value only gets the middle of its scale, zscore its mean. Raises ``RecipeError`` naming
    the indicators without goalposts.
    """
    settings = LinearSettings(leaves, how)
    if not settings.by_range:
        return settings.given
    return settings.lines(*spread(values, settings.by_moments, threads))


class LinearSettings:
    """Settings of linear normalisations as columns ``(n_indicators,)``; ``lines`` adds what was seen.

    Raises ``RecipeError`` naming an indicator without goalposts.
    """

    def __init__(self, leaves: Sequence[Node], how: Normalising | LinearNormalising) -> None:
        each = [how.of(node.code) for node in leaves]
        method = np.array([one.method or "none" for one in each])
        self._is = {name: method == name for name in (*LINEAR, "none")}
        posts = [ends_of(n) if m == "goalposts" else (0.0, 0.0) for m, n in zip(method, leaves, strict=True)]
        self.lo, self.hi = np.array(posts, dtype=np.float64).reshape(-1, 2).T
        self.bottom, self.top = np.array([one.scale for one in each], dtype=np.float64).reshape(-1, 2).T
        self.mean, self.sd = np.array([(one.mean or 0.0, one.sd or 1.0) for one in each]).reshape(-1, 2).T
        self.direction = np.array([float(n.direction) for n in leaves])
        self.by_moments = bool(self._is["zscore"].any())
        self.by_range = self.by_moments or bool((self._is["minmax"] | self._is["dist2max"]).any())
        goalposts = self._is["goalposts"]
        clamped = goalposts & np.array([bool(one.clamp) for one in each])
        self.low, self.high = np.where(clamped, self.lo, -np.inf), np.where(clamped, self.hi, np.inf)
        self.fills = bool(clamped[goalposts].all()) and not self._is["none"].any()
        held = clamped | self._is["minmax"] | self._is["dist2max"]
        within = held.all() and len(held) > 0
        self.ends = (float(self.bottom.min()), float(self.top.max())) if within else (-np.inf, np.inf)

    @cached_property
    def given(self) -> LinearNormalisation:
        """The lines where nothing need be seen of the data (not ``by_range``): the same in every draw."""
        return self.lines()

    def lines(
        self,
        least: Column | None = None,
        most: Column | None = None,
        mean: Column | None = None,
        sd: Column | None = None,
    ) -> LinearNormalisation:
        """``least`` and ``most`` as ``by_range`` asks, ``mean`` and ``sd`` (n - 1) as ``by_moments``."""
        a, b, none = self.lo, self.hi, self._is["none"]
        if least is not None and most is not None:
            posts = self._is["goalposts"] | none
            a, b = np.where(posts, a, least), np.where(posts, b, most)
        least_gap = ROUNDING * np.maximum(np.abs(a), np.abs(b))  # as ``normalise.flat``, of what was seen
        rises = b - a > np.where(self._is["goalposts"], 0.0, least_gap)
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = np.where(rises, self.direction * (self.top - self.bottom) / (b - a), 0.0)
            base = np.where(self.direction > 0, self.bottom, self.top)
            base = np.where(rises, base, (self.bottom + self.top) / 2)
            if mean is not None and sd is not None and self.by_moments:
                z = self._is["zscore"]
                slope = np.where(z & rises, self.direction * self.sd / sd, slope)
                base = np.where(z, np.where(rises, self.mean + slope * (a - mean), self.mean), base)
        if none.any():
            slope, base = np.where(none, 1.0, slope), np.where(none, 0.0, base)
        return LinearNormalisation(
            slope, np.where(np.isnan(a), 0.0, a), base, self.low, self.high, self.fills, self.ends
        )


def spread(values: Matrix, moments: bool = True, threads: int = THREADS) -> tuple[Column, ...]:
    """Least, greatest, mean and sd (n - 1) of what is there of every column; NaN where nothing is.

    One pass over blocks of rows; mean and sd only with ``moments``.
    Blocks are merged in their order (Chan, Golub and LeVeque 1983), so the result never depends on threads.
    """
    n, m = values.shape
    blocks = list(bounds(n, m))
    seen = np.zeros((len(blocks), 5, m))  # count, least, most, mean, sum of squares about it

    def work(block: int) -> None:
        start, stop = blocks[block]
        seen[block] = _block_spread(values[start:stop], moments)

    in_threads(len(blocks), work, threads if n * m >= WORTH else 1)
    count, mean, square = np.zeros(m), np.zeros(m), np.zeros(m)
    for k, _, _, centre, within in seen if moments else ():
        whole, gap = np.maximum(count + k, 1), centre - mean
        mean += np.where(k > 0, gap * k / whole, 0.0)
        square += np.where(k > 0, within + gap**2 * count * k / whole, 0.0)
        count += k
    count = seen[:, 0].sum(axis=0)
    least, most = seen[:, 1].min(axis=0, initial=np.inf), seen[:, 2].max(axis=0, initial=-np.inf)
    none = count == 0
    least[none], most[none], mean[none] = np.nan, np.nan, np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.where(count > 1, np.sqrt(square / (count - 1)), np.nan)
    return least, most, mean, sd


def _block_spread(x: Matrix, moments: bool) -> Matrix:
    n, m = x.shape
    out = np.zeros((5, m))
    wide = x.reshape(n // TILE, -1) if n % TILE == 0 and x.flags.c_contiguous else x
    out[1] = np.fmin.reduce(wide, axis=0, initial=np.inf).reshape(-1, m).min(axis=0)
    out[2] = np.fmax.reduce(wide, axis=0, initial=-np.inf).reshape(-1, m).max(axis=0)
    here, ones = np.equal(x, x), np.ones(n)
    whole = bool(here.all())
    out[0] = n if whole else ones @ here.astype(np.float64)
    if moments:
        filled = x if whole else np.where(here, x, 0.0)
        out[3] = (ones @ filled) / np.maximum(out[0], 1)
        away = filled - out[3]
        if not whole:
            np.copyto(away, 0.0, where=~here)
        out[4] = np.einsum("ij,ij->j", away, away)
    return out
