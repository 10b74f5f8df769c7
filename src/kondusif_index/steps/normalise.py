"""Every indicator on one scale, more being higher on the index (method 8.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from kondusif_index.data import Data, StepResult
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Ends, Positive, Settings, check, filled, refuse_unknown
from kondusif_index.tree import Column, Matrix, Node, Tree

Method = Literal[
    "goalposts", "instrument", "minmax", "zscore", "rank", "prank", "borda", "fracmax", "dist2max",
    "dist2ref", "dist2targ", "scaled", "custom",
]  # fmt: skip
LinearMethod = Literal["goalposts", "minmax", "dist2max", "zscore"]
METHODS: tuple[Method, ...] = get_args(Method)
LINEAR: tuple[LinearMethod, ...] = get_args(LinearMethod)
ROUNDING = 8 * np.finfo(np.float64).eps  # two columns of rates that are equal but for rounding are equal
Ties = Literal["min", "average", "max"]
Turn = Literal["mirror", "sign"]


@dataclass(frozen=True, slots=True)
class Scale(Settings):
    """How one column is normalised; what is not given is taken from ``Normalising``, which explains it.

    ``points`` only for method custom: answer and value on the scale, answers rising; straight lines between,
    level outside; the direction of the node is not applied, the points say it.
    """

    method: Method | None = None
    scale: Ends | None = None
    clamp: bool | None = None
    mean: float | None = None
    sd: Positive | None = None
    ties: Ties | None = None
    bounds: Ends | None = None
    reference: str | None = None
    cap: bool | None = None
    turn: Turn | None = None
    points: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        check(self)
        answers = [x for x, _ in self.points]
        if self.points and (len(answers) < 2 or any(b <= a for a, b in pairwise(answers))):
            raise RecipeError(f"points: found {self.points}, expected two or more with rising answers")


@dataclass(frozen=True)
class Normalising(Settings):
    """How columns come to one scale.

    ``method``     goalposts: fixed ends ``lo`` and ``hi`` of the node, or its transform where it has one;
                   instrument: the transform of every node; minmax, zscore, rank, prank (percentile rank),
                   borda, fracmax (share of the maximum), dist2max, dist2ref, dist2targ (distance to the
                   maximum, a reference unit, ``target`` of the node): from the data; scaled: one pair of
                   ``bounds`` for all, not clamped; custom: ``points``, in ``each`` only.
    ``scale``      what a share of 0 and 1 become. zscore, rank, borda and custom do not use it.
    ``clamp``      goalposts: beyond a post counts as the post.
    ``mean, sd``   zscore: of the finished column.
    ``ties``       rank, prank, borda: equal values take the lowest place ("min"), the middle ("average") or
                   the highest ("max").
    ``bounds``     scaled: answers that become the ends of ``scale``.
    ``reference``  dist2ref: the unit that has a share of 1.
    ``cap``        dist2ref, dist2targ: beyond the reference or target counts as it.
    ``turn``       a column of direction -1 is "mirror"ed (fracmax 1 - x / max, scaled from the other end) or
                   takes the "sign" of its direction before the formula, as COINr does. Alike elsewhere.
    ``each``       other settings for single indicators.
    """

    method: Method = "goalposts"
    scale: Ends = (0.0, 100.0)
    clamp: bool = True
    mean: float = 0.0
    sd: Positive = 1.0
    ties: Ties = "min"
    bounds: Ends = (0.0, 100.0)
    reference: str = ""
    cap: bool = True
    turn: Turn = "mirror"
    each: Mapping[str, Scale] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self)
        for code, own in self.each.items():
            method = own.method or self.method
            if bool(own.points) != (method == "custom"):
                raise RecipeError(f"each.{code}: custom needs points, and only custom has them", code=code)
        if self.method == "custom":
            raise RecipeError("method: custom is per indicator; give its points in each")

    def of(self, code: str) -> Scale:
        """All settings of one indicator, none left open."""
        return filled(self.each[code], self) if code in self.each else self._shared

    @cached_property
    def _shared(self) -> Scale:
        return filled(Scale(), self)


@dataclass(frozen=True, slots=True)
class LinearNormalising(Settings):
    """One linear normalisation for all indicators.

    ``method`` goalposts (``lo`` and ``hi`` of the node, beyond them clamped), minmax, zscore, or none: the
    columns are on one scale already, direction included. ``scale`` is what a share of 0 and 1 become;
    ``mean`` and ``sd`` are those of the finished column of zscore.
    """

    method: Literal[LinearMethod, "none"] = "goalposts"
    scale: Ends = (0.0, 100.0)
    clamp: bool = True
    mean: float = 50.0
    sd: Positive = 10.0

    @property
    def each(self) -> Mapping[str, Scale]:
        return {}

    def of(self, code: str) -> Scale:
        """As settings of one indicator; without a method where the column stays as it is."""
        method = None if self.method == "none" else self.method
        return Scale(method, self.scale, self.clamp, self.mean, self.sd)


def normalise(data: Data, tree: Tree, how: Normalising | LinearNormalising) -> StepResult:
    """All indicators of ``tree`` on their scales (method 8.7); missing stays missing, nothing else is.

    A column without a difference gets what its formula gives, or, where that is a division by zero, the
    middle of its scale (zscore its mean), and is named in ``warnings``. Raises ``RecipeError`` naming the
    indicators that lack goalposts, transform, target, reference or a maximum above 0, or that a treatment
    took out of the unit in which their ends were given.
    """
    refuse_unknown("each", how.each, tree.leaf_codes)
    _refuse_stale_ends(data, how)
    data = data if data.codes == tree.leaf_codes else data.of(tree.leaf_codes)
    alike: dict[Scale, list[int]] = {}
    for k, node in enumerate(tree.leaves):
        alike.setdefault(how.of(node.code), []).append(k)
    values, warnings = np.empty_like(data.values), {}
    for one, columns in alike.items():
        nodes = [tree.leaves[k] for k in columns]
        part = data.values if len(alike) == 1 else data.values[:, columns]
        done = _scaled(part, nodes, data.units, one)
        warnings.update(_settle(part, done, nodes, one))
        if len(alike) == 1:
            values = done
        else:
            values[:, columns] = done
    said = tuple(warnings[code] for code in tree.leaf_codes if code in warnings)
    return StepResult(data.with_values(values), said)


def _refuse_stale_ends(data: Data, how: Normalising | LinearNormalising) -> None:
    """A column in logarithms no longer fits ends that were given in its own unit."""
    own = ("goalposts", "instrument", "scaled", "dist2targ", "custom")
    if bad := [code for code in data.rescaled if how.of(code).method in own]:
        raise RecipeError(
            f"{', '.join(bad)}: treated into another unit, so goalposts, targets and given ends do not fit; "
            "skip the treatment there, or normalise from the data (minmax, zscore, rank ...)",
            codes=bad,
        )


def _scaled(x: Matrix, nodes: Sequence[Node], units: Sequence[str], how: Scale) -> Matrix:
    """Columns of one kind on their scale, ``(n, k)``; NaN where missing or divided by zero."""
    method, (low, high) = how.method, how.scale or (0.0, 1.0)
    if method is None:  # on the scale already, direction included
        return x.copy()
    if method == "custom":
        answers, ends = np.array(how.points).T
        return np.where(np.isnan(x), np.nan, np.interp(x, answers, ends))
    signs = np.array([float(n.direction) for n in nodes])
    turned = x if (signs > 0).all() else x * signs
    if method == "zscore":
        return (how.mean or 0.0) + (how.sd or 0.0) * zscore(turned)
    if method in ("rank", "borda"):
        return _rank(turned, how.ties) - (method == "borda")
    share = _share(x, turned, nodes, units, how)
    share *= high - low
    share += low
    return share


def _share(x: Matrix, turned: Matrix, nodes: Sequence[Node], units: Sequence[str], how: Scale) -> Matrix:
    """0 at the low end, 1 at the high end; beyond where the method lets it."""
    match how.method:
        case "minmax" | "dist2max":
            return _between(turned, *ends(turned))
        case "prank":
            n: Column = (~np.isnan(turned)).sum(axis=0).astype(np.float64)
            return _over(_rank(turned, how.ties) - 1.0, n - 1.0)
        case "fracmax":
            return _fracmax(x, turned, nodes, how)
        case "scaled":
            a, b = how.bounds or (0.0, 1.0)
            back = np.array([n.direction < 0 and how.turn == "mirror" for n in nodes])
            return _between(turned, np.where(back, -b, a), np.where(back, -a, b))
        case "dist2ref":
            at = turned[_reference(turned, nodes, units, how)]
            share = 1.0 - _over(at - turned, at - ends(turned)[0])
        case "dist2targ":
            share = _dist2targ(turned, nodes)
        case _:
            return _goalposts(x, turned, nodes, how)
    return np.minimum(share, 1.0) if how.cap else share


def _goalposts(x: Matrix, turned: Matrix, nodes: Sequence[Node], how: Scale) -> Matrix:
    own = [how.method == "instrument" or n.transform is not None for n in nodes]
    lacking = [
        n.code
        for n, has in zip(nodes, own, strict=True)
        if not has and (n.lo is None or n.hi is None or not n.lo < n.hi)
    ]
    if lacking:
        raise RecipeError(
            f"goalposts missing or not rising: {', '.join(lacking)}; give goalpost_lower below "
            "goalpost_upper (lo and hi in a recipe), or use another method in each",
            codes=lacking,
        )
    pairs = [(0.0, 1.0) if has else posts(n) for n, has in zip(nodes, own, strict=True)]
    lo, hi = np.array([p if n.direction > 0 else (-p[1], -p[0]) for p, n in zip(pairs, nodes, strict=True)]).T
    share = _between(turned, lo, hi)
    if how.clamp:
        np.clip(share, 0.0, 1.0, out=share)
    for k, (node, has) in enumerate(zip(nodes, own, strict=True)):
        if has:
            share[:, k] = instrument(x[:, k], node)
    return share


def _fracmax(x: Matrix, turned: Matrix, nodes: Sequence[Node], how: Scale) -> Matrix:
    mirror = how.turn == "mirror"
    low, top = ends(x if mirror else turned)
    bad = [
        n.code for n, a, b in zip(nodes, low, top, strict=True) if a < b and (b <= 0 if mirror else b == 0)
    ]
    if bad:
        raise RecipeError(
            f"fracmax: no maximum above 0 in {', '.join(bad)}; choose another method for them in each",
            codes=bad,
        )
    if not mirror:
        return _over(turned, top)
    share = _over(x, top)
    back = np.array([n.direction < 0 for n in nodes])
    return np.where(back, 1.0 - share, share)


def _reference(turned: Matrix, nodes: Sequence[Node], units: Sequence[str], how: Scale) -> int:
    if how.reference not in units:
        raise RecipeError(
            f"reference: no such unit: {how.reference!r}; dist2ref needs one", unit=how.reference
        )
    row = list(units).index(how.reference or "")
    gaps = np.isnan(turned)
    silent_here = gaps[row] & ~np.logical_and.reduce(
        gaps, axis=0
    )  # a column that nobody answered stays missing
    if silent := [nodes[k].code for k in np.flatnonzero(silent_here).tolist()]:
        raise RecipeError(
            f"reference {how.reference} has no value in {', '.join(silent)}; impute, or choose another unit",
            unit=how.reference,
            codes=silent,
        )
    return row


def _dist2targ(turned: Matrix, nodes: Sequence[Node]) -> Matrix:
    if lacking := [n.code for n in nodes if n.target is None]:
        raise RecipeError(f"dist2targ: no target: {', '.join(lacking)}", codes=lacking)
    target: Column = np.array([n.direction * (n.target or 0.0) for n in nodes])
    low, _ = ends(turned)
    share = _between(turned, low, target)
    share[:, target <= low] = np.nan  # all are there already: no distance to share out
    return share


def _settle(x: Matrix, done: Matrix, nodes: Sequence[Node], how: Scale) -> dict[str, str]:
    """Fill, in place, what the formula left open; say of every such or level column what it got."""
    said: dict[str, str] = {}
    same, seen = flat(x), ~np.isnan(x)
    some: NDArray[np.bool_] = np.logical_or.reduce(seen, axis=0)
    open_: NDArray[np.bool_] = np.logical_or.reduce(np.isnan(done) & seen, axis=0)
    low, high = how.scale or (0.0, 1.0)
    for k in np.flatnonzero(same | open_ | ~some | (how.method == "fracmax" and how.turn == "sign")).tolist():
        node, here = nodes[k], seen[:, k]
        relative = how.method in ("minmax", "dist2max", "dist2ref", "zscore")
        if not some[k]:
            said[node.code] = f"{node.code}: no value at all; left missing"
        elif (same[k] and relative) or open_[k]:
            met = not same[k] or how.method == "dist2targ"
            value = (how.mean or 0.0) if how.method == "zscore" else high if met else (low + high) / 2
            done[here, k] = value
            why = f"nobody is below the {'target' if how.method == 'dist2targ' else 'reference'}"
            said[node.code] = f"{node.code}: {why if met else 'one value only'}; all get {value:g}"
        elif same[k] and how.method not in ("goalposts", "instrument", "custom", "scaled"):
            said[node.code] = f"{node.code}: one value only; all get {done[here, k][0]:g}"
        elif how.method == "fracmax" and how.turn == "sign" and np.nanmax(x[:, k] * node.direction) < 0:
            said[node.code] = f'{node.code}: fracmax by sign turns the order round; use turn = "mirror"'
    done += 0.0  # no negative zero
    return said


def _between(x: Matrix, low: Column, high: Column) -> Matrix:
    """(x - low) / (high - low), beyond 0 and 1 where x is beyond the ends."""
    return _over(x - low, high - low)


def _rank(x: Matrix, ties: str | None) -> Matrix:
    """1 for the lowest; equal values share the lowest ("min"), middle or highest ("max") place."""
    found = rankdata(x, method=ties or "min", axis=0, nan_policy="omit")
    return np.asarray(found, dtype=np.float64)


def ends(x: Matrix) -> tuple[Column, Column]:
    """Lowest and highest value of each column; NaN where it has none."""
    return np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)


def flat(x: Matrix) -> NDArray[np.bool_]:
    """Columns with a value but without a difference (beyond rounding)."""
    low, high = ends(x)
    return np.asarray(high - low <= ROUNDING * np.maximum(np.abs(low), np.abs(high)))


def zscore(x: Matrix) -> Matrix:
    """(x - mean) / sd, sd with n - 1; sums over sorted columns, so that the order of units changes no bit."""
    ordered = np.sort(np.ascontiguousarray(x.T), axis=1)
    gaps = np.isnan(ordered)
    n = ordered.shape[1] - gaps.sum(axis=1)
    mean = np.where(gaps, 0.0, ordered).sum(axis=1) / np.maximum(n, 1)
    off = np.where(gaps, 0.0, ordered - mean[:, None])
    size = np.frexp(np.abs(off).max(axis=1, initial=0.0))[1]
    off = np.ldexp(off, -size[:, None])  # exact, and no square overflows or vanishes
    sd = np.ldexp(np.sqrt((off * off).sum(axis=1) / np.maximum(n - 1, 1)), size)
    return _over(x - mean, sd)


def instrument(x: Column, node: Node) -> Column:
    """The transform of the instrument on its goalposts, 0 calm to 1 worst (method 1.1); never outside."""
    how = node.transform
    if how is None:
        raise RecipeError(f"{node.code}: no transform given", code=node.code)
    lo, hi = posts(node) if how.has_range else (0.0, 1.0)
    if how.kind == "log_clamp" and lo <= 0:
        raise RecipeError(f"{node.code}: a log range starts above 0, found {lo:g}", code=node.code)
    return how.risks(x, lo, hi)


def posts(node: Node) -> tuple[float, float]:
    """Goalposts of an indicator. Raises ``RecipeError`` where they are missing or do not rise."""
    if node.lo is None or node.hi is None or not node.lo < node.hi:
        raise RecipeError(
            f"{node.code}: goalposts missing or not rising ({node.lo} to {node.hi}); give lo "
            "and hi, or choose another method for it",
            code=node.code,
        )
    return node.lo, node.hi


def _over(part: Matrix, whole: Column) -> Matrix:
    """Divide, NaN where there is nothing to divide by."""
    out: Matrix = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return out
