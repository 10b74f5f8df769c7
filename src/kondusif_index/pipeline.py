"""Runs a recipe over a table: one step after the other, every stage kept (method 8.3).

>>> from kondusif_index.tree import Node
>>> tree = Tree((Node("a", "T", leaf=True), Node("b", "T", leaf=True), Node("T")))
>>> data = Data(("u", "v"), ("a", "b"), np.array([[0.0, 4.0], [10.0, np.nan]]))
>>> built = build(IndexRecipe(normalise=Normalising("minmax")), data, tree)
>>> built.score.tolist(), built.coverage.tolist()
([25.0, 100.0], [1.0, 0.5])
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, StepResult, Why
from kondusif_index.errors import RecipeError
from kondusif_index.explain.contributions import Contributions, contributions
from kondusif_index.recipe import IndexRecipe
from kondusif_index.rounding import DECIMALS
from kondusif_index.steps import STEPS, Context
from kondusif_index.steps.aggregate import Aggregated, aggregate
from kondusif_index.steps.classify import Classed, classify
from kondusif_index.steps.impute import Imputed
from kondusif_index.steps.normalise import LinearNormalising, Normalising
from kondusif_index.steps.screen import Screened
from kondusif_index.steps.treat import Treated
from kondusif_index.steps.weigh import Weighed, weigh
from kondusif_index.tree import Column, Tree

__all__ = ["Build", "Normalising", "build"]
GRADES = ((0.95, "A"), (0.85, "B"), (0.70, "C"), (0.0, "D"))  # least coverage of each grade [P]


@dataclass(frozen=True)
class Build:
    """A recipe run over data. Columns are ``(n_units,)`` in the order of ``units``.

    ``stages``: the data after each step that ran, by its name, in that order; ``raw`` before all of them.
    ``last``: the answers of the last election, where given. ``weights``: of every code but the top, relative
    inside its parent. ``coverage``: weighted share, 0..1, of the applicable indicators that were answered,
    whatever was filled later; ``grade`` A to D from it. ``levels``: classes with floors counted, 0 for none;
    ``floors`` the floors that fired, by unit.
    """

    recipe: IndexRecipe
    tree: Tree
    raw: Data
    last: Data | None
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

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Labels of every group column, of the units that were kept."""
        return self.raw.only(self.units).groups

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
        return tuple(next(g for least, g in GRADES if round(c, DECIMALS) >= least) for c in self.coverage)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What a later run needs to give the same bits: digests, version, seeds."""
        varied, sobol = self.recipe.uncertainty, self.recipe.sobol
        return {
            "kode": self.recipe.kode,
            "version": self.recipe.version,
            "recipe": self.recipe.digest,
            "data": self.raw.digest,
            "kondusif": version("kondusif"),
            "numpy": np.__version__,
            "seed": {"uncertainty": getattr(varied, "seed", None), "sobol": getattr(sobol, "seed", None)},
            "units": len(self.units),
            "indicators": len(self.tree.leaves),
            "removed": list(self.screened.removed) if self.screened else [],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class StepsRun:
    """``stages``: the data after each step that ran, by its name, in that order; what each step reported."""

    stages: Mapping[str, Data]
    reports: Mapping[str, Any]

    @property
    def normalised(self) -> Data:
        return self.stages["normalise"]

    @property
    def warnings(self) -> list[str]:
        return [warning for report in self.reports.values() for warning in report.warnings]


def run_steps(
    recipe: IndexRecipe,
    data: Data,
    context: Context,
    done: Collection[str] = (),
    normalising: LinearNormalising | None = None,
) -> StepsRun:
    """The steps of ``recipe`` on ``data``, one after the other: the only place where they are run.

    ``data`` is what the steps in ``done`` left (by default none ran). ``normalising`` replaces the recipe's
    own. Raises ``RecipeError`` from whichever step refuses.
    """
    stages: dict[str, Data] = {}
    reports: dict[str, StepResult] = {}
    for name, how in recipe.steps:
        if name in done:
            continue
        if name == "normalise" and normalising is not None:
            how = normalising
        reports[name] = STEPS[name](data, recipe.tree, how, context)
        data = reports[name].data
        stages["normalise" if "normalise" in stages else name] = data
    return StepsRun(stages, reports)


def build(recipe: IndexRecipe, data: Data, tree: Tree | None = None, *, last: Data | None = None) -> Build:
    """Run ``recipe`` over ``data``; ``tree`` where the recipe holds no hierarchy of its own.

    ``last``: answers of the last election, for imputation by them. Raises ``RecipeError`` from whichever step
    refuses, naming the step's setting or the codes.
    """
    recipe = recipe if tree is None else recipe.on(tree)
    tree = recipe.tree
    recipe.check_codes()
    answered = data.of(tree.leaf_codes)
    run = run_steps(recipe, answered, Context(last))
    weighed = weigh(run.normalised, tree, recipe.weigh)
    aggregated = aggregate(run.normalised, tree, recipe.aggregate, weighed.weights)
    answered = answered.only(run.normalised.units)
    classed = classify(aggregated.top, recipe.classes) if recipe.classes else None
    levels, fired = (None, {}) if classed is None else _floors(recipe, answered, classed)
    return Build(
        recipe=recipe,
        tree=tree,
        raw=data,
        last=last,
        stages=run.stages,
        weighed=weighed,
        aggregated=aggregated,
        coverage=covered(answered, tree, weighed.weights),
        screened=run.reports.get("screen"),
        imputed=run.reports.get("impute"),
        treated=run.reports.get("treat"),
        classed=classed,
        levels=levels,
        floors=fired,
        warnings=(*run.warnings, *map(str, weighed.report.warnings)),
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
    for floor in recipe.floors:
        if floor.level > len(classed.labels):
            raise RecipeError(f"floor on {floor.item}: there is no class {floor.level}", key="floors")
        hit = floor.fires(answered.column(floor.item))
        levels[hit] = np.maximum(levels[hit], floor.level)
        for k in np.flatnonzero(hit):
            fired.setdefault(answered.units[k], []).append(floor.item)
    return levels, {unit: tuple(items) for unit, items in fired.items()}
