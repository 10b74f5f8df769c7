"""How much each child counts in its parent: one settings table, one function; method 8.8.

Weights come back relative inside each parent and sum to 1 there. Which parents a method covers is said by
``level`` or ``parents``; the others keep the tree's own weights. A code whose weight is 0 in the tree takes
no part and keeps 0 under every method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

import numpy as np

from kondusif_index.audit.correlations import in_order
from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Limit, Settings, Whole, check, refuse_unknown
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.weights import ChildWeights, Remark
from kondusif_index.weights.balanced import balanced_weights, mean_of_answered
from kondusif_index.weights.elicited import BestToWorst, Judgements, elicited_weights
from kondusif_index.weights.statistical import statistical_weights

Judged = Literal["budget", "ahp", "bwm"]
Measured = Literal["entropy", "critic", "merec", "pca", "balance"]
Method = Literal["direct", "equal", Judged, Measured]
JUDGED: tuple[Judged, ...] = get_args(Judged)
MEASURED: tuple[Measured, ...] = get_args(Measured)
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True)
class Weighing(Settings):
    """How to weigh; every choice has the default that a careful analyst expects.

    ``method``      direct (the tree's weights), equal, budget, ahp, bwm, entropy, critic, merec, pca, balance
    ``level``       only children of this level (1: indicators); 0: wherever the method has something to say
    ``parents``     only children of these aggregates; not together with ``level``
    ``over``        "parent": the numbers of each parent's children are looked at apart; "all": all codes of
                    ``level`` (0: all indicators) at once, and every aggregate above counts as much as what
                    is under it, so that the shares in the top are the weights found (measured methods only)
    ``budget``      expert -> code -> points; an expert who speaks on a parent gives 100 to its children
    ``tolerance``   by how much an expert's points may miss 100
    ``centre``      "mean" or "median" of the experts (budget) or of the judges' weights (bwm)
    ``ahp``         parent -> judge -> "A>B" = 3 or "1/3" for every pair; or ``codes`` and a row per code
    ``joined``      several AHP judges: geometric mean of "judgements" or of "weights"
    ``consistency`` above this ratio (CR) a judge is warned about, with the worst judgement
    ``bwm``         parent -> judge -> best, worst, over (best over each), above (each over worst)
    ``model``       BWM "linear", or "ratio" (three codes at most)
    ``loadings``    PCA "signed": a negative loading is refused; "square": its square is the weight
    ``objective``   balance: "equal" influence of every child; "direct": influence in proportion to the tree's
                    weights; "infomax": the largest mean correlation with the parent
    """

    method: Method = "direct"
    level: Whole = 0
    parents: tuple[str, ...] = ()
    over: Literal["parent", "all"] = "parent"
    budget: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tolerance: Annotated[float, Limit(lambda x: 0 <= x < 5, "0 to 5 points")] = 0.05
    centre: Literal["mean", "median"] = "mean"
    ahp: Mapping[str, Mapping[str, Judgements]] = field(default_factory=dict)
    joined: Literal["judgements", "weights"] = "judgements"
    consistency: Annotated[float, Limit(lambda x: 0 < x <= 1, "0 to 1")] = 0.10
    bwm: Mapping[str, Mapping[str, BestToWorst]] = field(default_factory=dict)
    model: Literal["linear", "ratio"] = "linear"
    loadings: Literal["signed", "square"] = "signed"
    objective: Literal["equal", "direct", "infomax"] = "equal"

    def __post_init__(self) -> None:
        check(self)
        if self.level and self.parents:
            raise RecipeError("level and parents: give one of them", key="level")
        if len(set(self.parents)) != len(self.parents):
            raise RecipeError("parents: one stands twice", key="parents")
        for name in JUDGED:
            if bool(getattr(self, name)) != (self.method == name):
                given = "is missing" if self.method == name else f"is given, but method is {self.method}"
                raise RecipeError(f"{name}: {given}", key=name)
        if self.over == "all" and (self.method not in MEASURED or self.parents):
            raise RecipeError(
                f"over: all goes with {', '.join(MEASURED)} and a level, not with parents", key="over"
            )


@dataclass(frozen=True)
class WeighingReport:
    """What was done: the parents covered, plain diagnostics of each (JSON-ready), and the remarks."""

    method: str
    covered: tuple[str, ...]
    parents: Mapping[str, Mapping[str, object]]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True)
class Weighed:
    """``weights`` of every code but the top, relative inside its parent, where they sum to 1."""

    weights: Mapping[str, float]
    report: WeighingReport


def weigh(data: Data, tree: Tree, how: Weighing) -> Weighed:
    """Weights for normalised ``data`` (higher = higher on the index).

    Where a measured method covers children that are aggregates, their columns are taken from ``data`` when it
    has them, else they are the mean of what is answered below, with the weights found there. Neither the
    order of rows nor of columns changes a bit of the result.

    Raises ``RecipeError``: a parent or level that does not exist, judgements that do not fit the tree, values
    that the method cannot take, a negative PCA loading, children that cancel out.
    """
    weights = _within(tree, tree.weights)
    covered = _covered(tree, how)
    if how.over == "all":
        return _over_all(data, tree, how, weights)
    notes: list[Remark] = []
    found: dict[str, Mapping[str, object]] = {}
    columns = _Columns(data, tree, weights)
    for parent in tree.upward:
        codes = taking_part(tree, parent)
        if parent not in covered:
            continue
        child = _child_weights(how, parent, codes, columns, weights)
        weights.update(dict.fromkeys((n.code for n in tree.children[parent]), 0.0))
        weights.update(zip(codes, child.weights.tolist(), strict=True))
        found[parent] = child.facts
        notes += child.remarks
    return Weighed(weights, WeighingReport(how.method, covered, found, _sorted(notes)))


def _child_weights(
    how: Weighing, parent: str, codes: tuple[str, ...], columns: _Columns, aim: Mapping[str, float]
) -> ChildWeights:
    """Of the children ``codes`` of one parent; ``aim`` says what influence a balance aims at."""
    if how.method == "equal":
        return ChildWeights(np.full(len(codes), 1 / len(codes)), {})
    if how.method in JUDGED:
        return elicited_weights(how, parent, codes)
    if how.method == "balance":
        return balanced_weights(how, parent, codes, columns.of(codes), np.array([aim[c] for c in codes]))
    return statistical_weights(how, parent, codes, columns.of(codes))


def _sorted(notes: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(notes, key=lambda note: (note.parent, note.code, note.text)))


def taking_part(tree: Tree, parent: str) -> tuple[str, ...]:
    """Children whose weight in the tree is above 0, sorted: the order of columns never matters."""
    return tuple(sorted(n.code for n in tree.children[parent] if n.weight > 0))


def _within(tree: Tree, weights: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for parent in tree.upward:
        codes = sorted(n.code for n in tree.children[parent])
        whole = sum(weights[c] for c in codes)
        found.update({c: weights[c] / whole for c in codes})
    return found


def _covered(tree: Tree, how: Weighing) -> tuple[str, ...]:
    refuse_unknown("parents", how.parents, tree.children, "aggregate")
    if how.level and how.level >= tree.depth:
        raise RecipeError(f"level: found {how.level}, expected 1 to {tree.depth - 1}", key="level")
    if how.method == "direct":
        return ()
    given = {"ahp": how.ahp, "bwm": how.bwm, "budget": _by_parent(tree, how)}.get(how.method)
    if given is None or how.level or how.parents:
        chosen = [
            p
            for p in tree.upward
            if (p in how.parents if how.parents else how.level in (0, tree.level[p] - 1))
        ]
    else:
        chosen = [p for p in tree.upward if p in given]
    if given is not None:
        if unknown := sorted(set(given) - set(chosen)):
            raise RecipeError(f"{how.method}: not among the parents: {', '.join(unknown)}", codes=unknown)
        if lacking := sorted(set(chosen) - set(given)):
            raise RecipeError(f"{how.method}: nobody judged {', '.join(lacking)}", codes=lacking)
    return tuple(sorted(chosen))


def _by_parent(tree: Tree, how: Weighing) -> dict[str, dict[str, dict[str, float]]]:
    """Budget points as parent -> expert -> code -> points."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for expert, points in how.budget.items():
        for code, given in points.items():
            if code not in tree.by_code or code == tree.top:
                raise RecipeError(f"budget.{expert}: no such code: {code}", expert=expert, code=code)
            found.setdefault(tree.by_code[code].parent, {}).setdefault(expert, {})[code] = given
    for parent, experts in found.items():
        codes = taking_part(tree, parent)
        for expert, points in experts.items():
            if odd := sorted(set(points) ^ set(codes)):
                raise RecipeError(
                    f"budget.{expert}: points for exactly {', '.join(codes)} are expected under {parent}; "
                    f"differs: {', '.join(odd)}",
                    expert=expert,
                    codes=odd,
                )
    return found


def _over_all(
    data: Data,
    tree: Tree,
    how: Weighing,
    weights: dict[str, float],
) -> Weighed:
    """Weights over all codes of a level; every aggregate above then counts what is under it."""
    shares = tree.shares(weights)
    cut = set(tree.at_level(how.level)) if how.level else set(tree.leaf_codes)
    if ragged := [c for c in tree.leaf_codes if len(cut.intersection(tree.path(c))) != 1]:
        raise RecipeError(
            f"over: not every indicator has a code of level {how.level} above it: {', '.join(ragged)}",
            codes=ragged,
        )
    codes = tuple(sorted(c for c in cut if shares[c] > 0))
    child = _child_weights(how, tree.top, codes, _Columns(data, tree, weights), shares)
    overall = dict(zip(codes, child.weights.tolist(), strict=True))
    mass = dict.fromkeys(cut, 0.0) | overall
    for parent in tree.upward:
        kids = sorted(n.code for n in tree.children[parent])
        if not all(k in mass for k in kids):
            continue
        mass[parent] = sum(mass[k] for k in kids)
        if mass[parent] > 0:  # otherwise nothing under it counts, and its own weight is 0
            weights.update({k: mass[k] / mass[parent] for k in kids})
    report = WeighingReport(
        how.method, (tree.top,), {tree.top: {**child.facts, "overall": overall}}, _sorted(child.remarks)
    )
    return Weighed(weights, report)


class _Columns:
    """Columns of codes, rows sorted by unit; an aggregate's is made when first asked for."""

    def __init__(self, data: Data, tree: Tree, weights: Mapping[str, float]) -> None:
        self.data, self.tree, self.weights = in_order(data), tree, weights
        self.made: dict[str, Column] = {}

    def of(self, codes: tuple[str, ...]) -> Matrix:
        return np.column_stack([self.column(c) for c in codes])

    def column(self, code: str) -> Column:
        if code in self.data.at:
            return self.data.column(code)
        if self.tree.by_code[code].leaf:
            self.data.of([code])  # raises, naming it
        if code not in self.made:
            kids = tuple(c for c in taking_part(self.tree, code) if self.weights[c] > 0)
            share = np.array([self.weights[c] for c in kids])
            self.made[code] = mean_of_answered(self.of(kids), share)
        return self.made[code]
