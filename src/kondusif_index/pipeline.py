"""Runs a recipe over a table: one step after the other, every stage kept (method 8.3).

>>> from kondusif_index.tree import Node
>>> tree = Tree((Node("a", "T", leaf=True), Node("b", "T", leaf=True), Node("T")))
>>> data = Data(("u", "v"), ("a", "b"), np.array([[0.0, 4.0], [10.0, np.nan]]))
>>> built = build(IndexRecipe(normalise=Normalising("minmax")), data, tree)
>>> built.score.tolist(), built.coverage.tolist()
([25.0, 100.0], [1.0, 0.5])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.explain.contributions import Contributions, contributions
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregated, aggregate
from kondusif_index.steps.classify import Classed, classify
from kondusif_index.steps.denominate import divided
from kondusif_index.steps.impute import Imputed, impute
from kondusif_index.steps.normalise import Normalising, normalise
from kondusif_index.steps.screen import Screened, screen
from kondusif_index.steps.treat import Treated, treat
from kondusif_index.steps.weigh import Weighed, weigh
from kondusif_index.tree import Column, Tree

__all__ = ["Build", "Normalising", "build"]
GRADES = ((0.95, "A"), (0.85, "B"), (0.70, "C"), (0.0, "D"))  # least coverage of each grade [P]


@dataclass(frozen=True)
class Build:
    """A recipe run over data. Columns are ``(n_units,)`` in the order of ``units``.

    ``stages``: the data after each step that ran, by its name, in that order; ``raw`` before all of them.
    ``weights``: of every code but the top, relative inside its parent. ``coverage``: weighted share, 0..1, of
    the applicable indicators that were answered, whatever was filled later; ``grade`` A to D from it.
    ``levels``: classes with floors counted, 0 for none; ``floors`` the floors that fired, by unit.
    """

    recipe: IndexRecipe
    tree: Tree
    raw: Data
    stages: Mapping[str, Data]
    weighed: Weighed
    aggregated: Aggregated
    coverage: Column
    screened: Screened | None = None
    imputed: Imputed | None = None
    treated: Treated | None = None
    classed: Classed | None = None
    levels: NDArray[np.int64] | None = None
    floors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        return self.aggregated.units

    @property
    def weights(self) -> Mapping[str, float]:
        return self.weighed.weights

    @cached_property
    def weighted(self) -> Tree:
        """The tree with the weights that were found."""
        return self.tree.weighted(self.weights)

    @property
    def normalised(self) -> Data:
        return self.stages["normalise"]

    @property
    def scores(self) -> Mapping[str, Column]:
        """Every aggregate's score by code."""
        return self.aggregated.by_code

    @property
    def score(self) -> Column:
        """The top's score."""
        return self.aggregated.top

    @cached_property
    def contributions(self) -> Contributions:
        """Points of each indicator; they sum to the score (method 8.12)."""
        return contributions(self.normalised, self.tree, self.recipe.aggregate, self.weights)

    @cached_property
    def grade(self) -> tuple[str, ...]:
        return tuple(next(g for least, g in GRADES if c >= least) for c in self.coverage)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What a later run needs to give the same bits: digests, version, seeds."""
        shaken, sobol = self.recipe.uncertainty, self.recipe.sobol
        return {
            "kode": self.recipe.kode,
            "version": self.recipe.version,
            "recipe": self.recipe.digest,
            "data": self.raw.digest,
            "kondusif": version("kondusif"),
            "numpy": np.__version__,
            "seed": {"uncertainty": getattr(shaken, "seed", None), "sobol": getattr(sobol, "seed", None)},
            "units": len(self.units),
            "indicators": len(self.tree.leaves),
            "removed": list(self.screened.removed) if self.screened else [],
            "warnings": list(self.warnings),
        }


def build(recipe: IndexRecipe, data: Data, tree: Tree | None = None, *, last: Data | None = None) -> Build:
    """Run ``recipe`` over ``data``; ``tree`` where the recipe holds no hierarchy of its own.

    ``last``: answers of the last election, for imputation by them. Raises ``RecipeError`` from whichever step
    refuses, naming the step's setting or the codes.
    """
    recipe = recipe if tree is None else recipe.on(tree)
    tree = recipe.tree
    recipe.check_codes()
    raw = data
    now = data.of(tree.leaf_codes)
    stages: dict[str, Data] = {}
    warnings: list[str] = []
    screened: Screened | None = None
    imputed: Imputed | None = None
    treated: Treated | None = None
    answered = now
    for step in recipe.order:
        how = getattr(recipe, step)
        if how is None or (step == "impute" and how.stage == "normalised"):
            continue
        if step == "denominate":
            done = divided(now, tree, how)
            now, warnings = done.data, [*warnings, *done.warnings]
        elif step == "screen":
            screened = screen(now, tree, how)
            answered = answered.rows(
                [k for k, u in enumerate(answered.units) if u in set(screened.data.units)]
            )
            now = screened.data
        elif step == "impute":
            imputed = impute(now, tree, how, last)
            now = imputed.data
        elif step == "treat":
            treated = treat(now, tree, how)
            now, warnings = treated.data, [*warnings, *treated.warnings]
        else:
            _refuse_stale_ends(how, treated)
            scaled = normalise(now, tree, how)
            now, warnings = scaled.data, [*warnings, *scaled.warnings]
        stages[step] = now
    if recipe.impute is not None and recipe.impute.stage == "normalised":
        imputed = impute(now, tree, recipe.impute, last)
        stages["normalise"] = imputed.data
    return _gather(recipe, tree, raw, answered, stages, screened, imputed, treated, warnings)


def _refuse_stale_ends(how: Normalising, treated: Treated | None) -> None:
    """A column in logarithms no longer fits ends that were given in its own unit."""
    own = ("goalposts", "instrument", "scaled", "dist2targ", "custom")
    bad = [code for code in treated.rescaled if how.of(code).method in own] if treated else []
    if bad:
        raise RecipeError(
            f"{', '.join(bad)}: treated into another unit, so goalposts, targets and given ends do not fit; "
            "skip the treatment there, or normalise from the data (minmax, zscore, rank ...)",
            codes=bad,
        )


def _gather(
    recipe: IndexRecipe,
    tree: Tree,
    raw: Data,
    answered: Data,
    stages: Mapping[str, Data],
    screened: Screened | None,
    imputed: Imputed | None,
    treated: Treated | None,
    warnings: list[str],
) -> Build:
    normalised = stages["normalise"]
    weighed = weigh(normalised, tree, recipe.weigh)
    warnings += [str(remark) for remark in weighed.report.warnings]
    aggregated = aggregate(normalised, tree, recipe.aggregate, weighed.weights)
    classed = classify(aggregated.top, recipe.classes) if recipe.classes else None
    fired: dict[str, tuple[str, ...]] = {}
    levels = None
    if classed is not None:
        levels, fired = _floors(recipe, answered, classed)
    return Build(
        recipe=recipe,
        tree=tree,
        raw=raw,
        stages=stages,
        weighed=weighed,
        aggregated=aggregated,
        coverage=covered(answered, tree, weighed.weights),
        screened=screened,
        imputed=imputed,
        treated=treated,
        classed=classed,
        levels=levels,
        floors=fired,
        warnings=tuple(warnings),
    )


def covered(data: Data, tree: Tree, weights: Mapping[str, float]) -> Column:
    """Weighted share of applicable indicators that are answered, per unit, 0..1; 0 where none applies."""
    shares = tree.shares(weights)
    due, got = np.zeros(len(data.units)), np.zeros(len(data.units))
    for code in sorted(tree.leaf_codes):  # column by column, so that no order changes a bit
        why = data.why[:, data.at[code]]
        due += shares[code] * (why != Why.NOT_APPLICABLE)
        got += shares[code] * (why == Why.PRESENT)
    found: Column = np.divide(got, due, out=np.zeros(len(got)), where=due > 0)
    return np.minimum(found, 1.0)


def _floors(
    recipe: IndexRecipe, answered: Data, classed: Classed
) -> tuple[NDArray[np.int64], dict[str, tuple[str, ...]]]:
    """Levels with floors counted, and which fired. A floor also lifts a unit without a score."""
    levels = classed.levels.copy()
    fired: dict[str, list[str]] = {}
    for rule in recipe.floors:
        if rule.level > len(classed.labels):
            raise RecipeError(f"floor on {rule.item}: there is no class {rule.level}", key="floors")
        x = answered.column(rule.item)
        hit = x <= rule.at if rule.below else (x > rule.at if rule.above else x >= rule.at)
        levels[hit] = np.maximum(levels[hit], rule.level)
        for k in np.flatnonzero(hit):
            fired.setdefault(answered.units[k], []).append(rule.item)
    return levels, {unit: tuple(items) for unit, items in fired.items()}
