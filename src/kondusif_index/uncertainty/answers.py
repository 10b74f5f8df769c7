"""Answers as they might have been: what is missing drawn or not, what is there a little off (method 8.13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.settings import refuse_unknown
from kondusif_index.tree import Column, Matrix, Node, Tree
from kondusif_index.uncertainty.perturbation import KINDS, Perturbation

Places = NDArray[np.intp]


@dataclass(frozen=True)
class DrawnGaps:
    """Flat ``places`` that take an answer out of ``pool``, each from its ``first`` on, ``size`` long."""

    places: Places
    pool: Column
    first: Places
    size: Places

    def draw(self, rng: np.random.Generator) -> Column:
        chance: Column = rng.random(self.places.shape)
        return self.pool[self.first + (chance * self.size).astype(np.intp)]

    @classmethod
    def of(cls, values: Matrix, open_: NDArray[np.bool_], labels: NDArray[np.str_]) -> DrawnGaps:
        """Answers of units with the same label stand in; of all units where none of those answered."""
        pools: dict[tuple[int, str], tuple[int, Column]] = {}
        cells: list[tuple[int, int, int]] = []
        length = 0
        for row, unit in np.argwhere(open_).tolist():
            key = (row, str(labels[unit]))
            if key not in pools:
                seen = ~np.isnan(values[row])
                same = seen & (labels == labels[unit])
                pools[key] = length, np.sort(values[row, same if same.any() else seen])
                length += pools[key][1].size
            first, found = pools[key]
            if found.size:
                cells.append((row * values.shape[1] + unit, first, found.size))
        places, starts, sizes = np.array(cells, np.intp).reshape(-1, 3).T
        pool = np.concatenate([np.zeros(0), *(found for _, found in pools.values())])
        return cls(places, pool, starts, sizes)


class PerturbedAnswers:
    """Rows are indicators: measures, counts, yes/no, categories, then those without noise; columns are units.

    ``values`` has 0 where missing (``gone``, flat places; ``present`` is 0 there and 1 elsewhere, None when
    nothing is missing). ``stand_in`` are places of answers of the same row, ``count`` how many each row has.
    ``order``: columns of the data in the order of the rows. ``noisy`` rows have a standard deviation ``sd``;
    of those the last ``whole`` are counts; then ``binary`` rows of yes/no and a row of categories for each of
    ``labels`` have a chance ``flip``. ``reach`` ``(rows, 3)`` is the lowest and highest answer that may be,
    and the range that an sd is a share of. ``gaps`` are drawn anew each time.
    """

    def __init__(self, data: Data, tree: Tree, how: Perturbation, last: Data | None) -> None:
        """``data`` holds the indicators of ``tree`` in its order."""
        for name in ("by_code", "agreement", "kinds", "source_of"):
            refuse_unknown(f"noise.{name}", getattr(how.noise, name), tree.leaf_codes)
        leaves = tree.leaves
        seen = [x[~np.isnan(x)] for x in data.values.T]
        kinds = [_kind(node, x, how) for node, x in zip(leaves, seen, strict=True)]
        amount = [how.noise.of(n.code, kind) for n, kind in zip(leaves, kinds, strict=True)]
        place = [KINDS.index(k) if a > 0 else len(KINDS) for k, a in zip(kinds, amount, strict=True)]
        order = sorted(range(len(leaves)), key=lambda k: (place[k], leaves[k].code))
        nodes = [leaves[k] for k in order]
        self.order = np.array(order, dtype=np.intp)
        self.codes = tuple(node.code for node in nodes)
        measures, self.whole, self.binary, labelled = (place.count(k) for k in range(len(KINDS)))
        self.noisy = measures + self.whole
        flips = slice(self.noisy, self.noisy + self.binary + labelled)
        self.reach = np.array([_ends(leaves[k], seen[k]) for k in order]).reshape(-1, 3)
        noise = np.array(amount)[order][:, None]
        self.sd, self.flip = noise[: self.noisy] * self.reach[: self.noisy, 2:], noise[flips]
        self.labels = [np.unique(seen[k]) for k in order[flips][self.binary :]]
        self._place(*_filled(data, nodes, self.order, self.reach, how, last))

    def _place(self, values: Matrix, gaps: DrawnGaps) -> None:
        """Answers as given, what is missing among them, and what is drawn."""
        present = ~np.isnan(values)
        present.reshape(-1)[gaps.places] = True
        self.gaps, self.gone = gaps, np.flatnonzero(~present)
        self.values = np.nan_to_num(values, nan=0.0)
        self.present = present.astype(np.float64) if self.gone.size else None
        rows, n = self.gone // max(values.shape[1], 1), values.shape[1]
        self.stand_in = rows * n + present.argmax(axis=1)[rows]
        self.count = np.maximum(present.sum(axis=1), 1).astype(np.float64)

    @property
    def still(self) -> bool:
        """Whether every draw has the same answers."""
        return not (self.noisy or self.flip.size or self.gaps.places.size)

    def draw(self, rng: np.random.Generator, out: Matrix) -> None:
        """One set of answers into ``out``, the shape of ``values``; places ``gone`` hold anything."""
        q, b = self.noisy, self.noisy + self.binary
        out[:] = self.values
        if self.gaps.places.size:
            out.reshape(-1)[self.gaps.places] = self.gaps.draw(rng)
        if q:
            off = rng.standard_normal((q, out.shape[1]))
            off *= self.sd
            part = out[:q]
            part += off
            if self.whole:
                np.rint(out[q - self.whole : q], out=out[q - self.whole : q])
            np.maximum(part, self.reach[:q, :1], out=part)
            np.minimum(part, self.reach[:q, 1:2], out=part)
        if self.binary:
            part = out[q:b]
            other = rng.random(part.shape) < self.flip[: self.binary]
            np.abs(part - other, out=part)  # 1 - x where other, x elsewhere
        for k, labels in enumerate(self.labels):
            other = rng.random(out.shape[1]) < self.flip[self.binary + k]
            label: Column = rng.random(out.shape[1:]) * labels.size
            np.copyto(out[b + k], labels[label.astype(np.intp)], where=other)


def _kind(node: Node, x: Column, how: Perturbation) -> str:
    if node.code in how.noise.kinds:
        return how.noise.kinds[node.code]
    if node.transform is not None and node.transform.kind == "map":
        return "category"
    if node.transform is not None and node.transform.kind.startswith("boolean"):
        return "yes_no"
    if x.size and ((x == 0) | (x == 1)).all() and (node.hi is None or node.hi <= 1):
        return "yes_no"
    return "count" if x.size and (x == np.rint(x)).all() else "measure"


def _ends(node: Node, x: Column) -> tuple[float, float, float]:
    """Lowest and highest answer that noise may reach, and the range that an sd is a share of."""
    low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
    if node.lo is None or node.hi is None:
        return low, high, high - low
    return min(low, node.lo), max(high, node.hi), node.hi - node.lo


def _filled(
    data: Data, nodes: Sequence[Node], order: Places, reach: Matrix, how: Perturbation, last: Data | None
) -> tuple[Matrix, DrawnGaps]:
    """Answers ``(rows, units)``, cells with a fixed answer filled; and what is drawn anew each time."""
    values, why = data.values.T[order].copy(), data.why.T[order]
    open_ = np.isnan(values) & (why != Why.NOT_APPLICABLE)
    if how.missing in ("column", "group"):
        labels = data.group(how.group) if how.missing == "group" else ("",) * len(data.units)
        return values, DrawnGaps.of(values, open_, np.array(labels, dtype=np.str_))
    nothing = DrawnGaps(np.zeros(0, np.intp), np.zeros(0), np.zeros(0, np.intp), np.zeros(0, np.intp))
    if how.missing == "reweight" or not open_.any():
        return values, nothing
    worst = np.where([node.direction > 0 for node in nodes], reach[:, 1], reach[:, 0])
    filling = np.broadcast_to(worst[:, None], values.shape)
    if how.missing == "last":
        filling = np.where(np.isnan(known := _last(data, nodes, last)), filling, known)
    return np.where(open_, filling, values), nothing


def _last(data: Data, nodes: Sequence[Node], last: Data | None) -> Matrix:
    """Earlier answers, ``(indicators, units)``, NaN where none is known."""
    if last is None:
        raise RecipeError("missing = last needs the earlier answers")
    at = {unit: k for k, unit in enumerate(last.units)}
    out = np.full((len(nodes), len(data.units)), np.nan)
    for row, node in enumerate(nodes):
        if node.code in last.at:
            column = last.column(node.code)
            out[row] = [column[at[u]] if u in at else np.nan for u in data.units]
    return out
