"""Answers as they might have been: what is missing drawn or not, what is there a little off (method 8.13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix, Node, Tree
from kondusif_index.uncertainty.perturbation import KINDS, Perturbation

Places = NDArray[np.intp]


@dataclass(frozen=True)
class PerturbedAnswers:
    """Rows are indicators: measures, counts, yes/no, categories, then those without noise; columns are units.

    ``values`` has 0 where missing (``gone``, flat places; ``present`` is 0 there and 1 elsewhere, None when
    nothing is missing). ``stand_in`` are places of answers of the same row, ``count`` how many each row has.
    ``noisy`` rows have a standard deviation; of those the last ``whole`` are counts; then ``binary`` rows of
    yes/no and ``labelled`` rows of categories have a chance ``flip``. ``reach`` ``(rows, 3)`` is the lowest
    and highest answer that may be, and the range that an sd is a share of. ``drawn`` places take an answer
    out of ``pool``, from ``first`` on, ``size`` long.
    """

    codes: tuple[str, ...]
    order: Places
    values: Matrix
    present: Matrix | None
    gone: Places
    stand_in: Places
    count: Column
    noisy: int
    whole: int
    binary: int
    labelled: int
    sd: Matrix
    flip: Matrix
    reach: Matrix
    labels: tuple[Column, ...]
    drawn: Places
    pool: Column
    first: Places
    size: Column

    @property
    def still(self) -> bool:
        """Whether every draw has the same answers."""
        return not (self.noisy or self.binary or self.labelled or self.drawn.size)

    def draw(self, rng: np.random.Generator, out: Matrix) -> None:
        """One set of answers into ``out``, the shape of ``values``; places ``gone`` hold anything."""
        q, b = self.noisy, self.noisy + self.binary
        out[:] = self.values
        if self.drawn.size:
            chance: Column = rng.random(self.drawn.shape)
            out.reshape(-1)[self.drawn] = self.pool[self.first + (chance * self.size).astype(np.intp)]
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

    @classmethod
    def of(cls, data: Data, tree: Tree, how: Perturbation, last: Data | None) -> PerturbedAnswers:
        """``data`` holds the indicators of ``tree`` in its order."""
        _refuse_unknown(tree, how)
        leaves = tree.leaves
        seen = [x[~np.isnan(x)] for x in data.values.T]
        kinds = [_kind(node, x, how) for node, x in zip(leaves, seen, strict=True)]
        amount = [how.noise.of(n.code, kind) for n, kind in zip(leaves, kinds, strict=True)]
        place = [KINDS.index(k) if a > 0 else len(KINDS) for k, a in zip(kinds, amount, strict=True)]
        order = np.array(sorted(range(len(leaves)), key=lambda k: (place[k], leaves[k].code)), dtype=np.intp)
        counts = [place.count(k) for k in range(len(KINDS))]
        ends = np.array([_ends(n, x) for n, x in zip(leaves, seen, strict=True)]).reshape(-1, 3)[order]
        values = data.values.T[order].copy()
        why = data.why.T[order]
        values, drawn = _filled(values, why, [leaves[k] for k in order], ends, data, how, last)
        missing = np.isnan(values)
        filled = np.zeros(values.shape, dtype=bool)
        places, pool, first, size = drawn
        filled.reshape(-1)[places] = True
        gone = np.flatnonzero(missing & ~filled)
        present = ~missing | filled
        values[missing] = 0.0
        n = values.shape[1]
        stand_in = (gone // n) * n + present.argmax(axis=1)[gone // n]
        q = counts[0] + counts[1]
        spread = np.array(amount)[order][:, None]
        return cls(
            tuple(leaves[k].code for k in order),
            order,
            values,
            present.astype(np.float64) if gone.size else None,
            gone,
            stand_in,
            np.maximum(present.sum(axis=1), 1).astype(np.float64),
            q,
            counts[1],
            counts[2],
            counts[3],
            spread[:q] * ends[:q, 2:],
            spread[q : q + counts[2] + counts[3]],
            ends,
            tuple(np.unique(seen[k]) for k in order[q + counts[2] : q + counts[2] + counts[3]]),
            places,
            pool,
            first,
            size,
        )


def _refuse_unknown(tree: Tree, how: Perturbation) -> None:
    noise = how.noise
    for name, codes in (
        ("by_code", noise.by_code),
        ("agreement", noise.agreement),
        ("kinds", noise.kinds),
        ("source_of", noise.source_of),
    ):
        if unknown := sorted(set(codes) - set(tree.leaf_codes)):
            raise RecipeError(f"noise.{name}: no such indicator: {', '.join(unknown)}", codes=unknown)


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
    values: Matrix,
    why: NDArray[np.uint8],
    nodes: Sequence[Node],
    ends: Matrix,
    data: Data,
    how: Perturbation,
    last: Data | None,
) -> tuple[Matrix, tuple[Places, Column, Places, Column]]:
    """Cells with a fixed answer filled, and what is drawn anew each time: places, pool, first, size."""
    nothing = np.zeros(0, np.intp), np.zeros(0), np.zeros(0, np.intp), np.zeros(0)
    open_ = np.isnan(values) & (why != Why.NOT_APPLICABLE)
    if how.missing == "reweight" or not open_.any():
        return values, nothing
    if how.missing in ("worst", "last"):
        worst = np.array([ends[k, 1] if n.direction > 0 else ends[k, 0] for k, n in enumerate(nodes)])
        filling = np.broadcast_to(worst[:, None], values.shape)
        if how.missing == "last":
            filling = np.where(np.isnan(known := _last(data, nodes, last)), filling, known)
        return np.where(open_, filling, values), nothing
    labels = data.group(how.group) if how.missing == "group" else ("",) * values.shape[1]
    pool: list[float] = []
    held: dict[tuple[int, str], tuple[int, int]] = {}
    places, first, size = [], [], []
    for row, unit in np.argwhere(open_):
        key = (int(row), labels[unit])
        if key not in held:
            same = np.array([label == labels[unit] for label in labels])
            found = np.sort(values[row, same & ~np.isnan(values[row])])
            if not found.size:  # nobody in the group answered: all units stand in
                found = np.sort(values[row, ~np.isnan(values[row])])
            held[key] = (len(pool), found.size)
            pool += found.tolist()
        if held[key][1]:
            places.append(int(row) * values.shape[1] + int(unit))
            first.append(held[key][0])
            size.append(held[key][1])
    return values, (
        np.array(places, np.intp),
        np.array(pool),
        np.array(first, np.intp),
        np.array(size, np.float64),
    )


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
