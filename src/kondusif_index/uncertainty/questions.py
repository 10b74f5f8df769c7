"""What a recipe asks about a finished build: how firm it is, and what matters most (method 8.13, 8.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.linear import Straight
from kondusif_index.pipeline import Build
from kondusif_index.steps.aggregate import aggregate
from kondusif_index.steps.impute import impute
from kondusif_index.steps.normalise import Normalising, normalise
from kondusif_index.steps.treat import treat
from kondusif_index.tree import Column, Tree
from kondusif_index.uncertainty.drivers import drivers
from kondusif_index.uncertainty.leave_one_out import LeftOut, leave_one_out
from kondusif_index.uncertainty.monte_carlo import Shaken, shake
from kondusif_index.uncertainty.perturbation import WeightDraws
from kondusif_index.uncertainty.sobol import Indices


@dataclass(frozen=True)
class Asked:
    """Answers to what the recipe asks; None where it does not."""

    shaken: Shaken | None = None
    driven: Indices | None = None
    left_out: LeftOut | None = None


def ask(
    built: Build, folder: Path | None = None, last: Data | None = None, given: Path | None = None
) -> Asked:
    """Everything that the recipe asks about a build; ``given``: the table of weights, where it lies."""
    recipe = built.recipe
    return Asked(
        shaken(built, folder, last, given) if recipe.uncertainty else None,
        driven(built, last) if recipe.sobol else None,
        left_out(built) if recipe.leave_one_out else None,
    )


def shaken(
    built: Build, folder: Path | None = None, last: Data | None = None, table: Path | None = None
) -> Shaken:
    """The joint Monte Carlo that the recipe asks for, on the answers of the units that were kept.

    What is drawn goes through the recipe's own imputation, treatment, normalisation and means; where those
    are all linear, in one sweep. ``folder``: where the file of given weights lies; or ``table``, that
    file itself. Raises ``RecipeError`` where the recipe asks for none.
    """
    how = built.recipe.uncertainty
    if how is None:
        raise RecipeError("the recipe asks for no uncertainty: write [uncertainty]", key="uncertainty")
    given = None
    if how.weights.method == "given":
        if table is None and how.weights.file and folder is not None:
            table = folder / how.weights.file
        if table is None:
            raise RecipeError(
                "uncertainty.weights.file: name the table of draws", key="uncertainty.weights.file"
            )
        given = WeightDraws.read(table)
    tree, recipe = built.weighted, built.recipe

    def general(data: Data, weights: Mapping[str, float], alternative: int) -> Column:
        other = how.normalise[alternative - 1] if alternative else None
        return _rest(built, tree, data, weights, other, last)

    return shake(
        answers_of(built),
        tree,
        how,
        recipe.normalise,
        cuts=built.classed.cuts if built.classed else (),
        least=recipe.aggregate.least(tree),
        weights=given,
        last=last,
        general=general,
        straight=linear(built),
    )


def linear(built: Build) -> bool:
    """Whether nothing is filled or treated and every mean is arithmetic, so that one sweep serves."""
    means = built.recipe.aggregate.means(built.tree)
    plain = built.recipe.impute is None and built.recipe.treat is None
    return plain and all(m.method == "arithmetic" for m in means.values())


def driven(built: Build, last: Data | None = None) -> Indices:
    """What drives the index, where the recipe asks with ``[sobol]`` (method 8.14).

    Every run goes through the recipe's own steps; where those are all linear, by what changes alone.
    Raises ``RecipeError`` where the recipe asks for none.
    """
    how = built.recipe.sobol
    if how is None:
        raise RecipeError("the recipe asks for no drivers: write [sobol]", key="sobol")
    tree = built.weighted

    def general(data: Data, weights: Mapping[str, float], _: int) -> Column:
        return _rest(built, tree, data, weights, None, last)

    return drivers(
        answers_of(built),
        tree,
        how,
        built.recipe.normalise,
        cuts=built.classed.cuts if built.classed else (),
        least=built.recipe.aggregate.least(tree),
        general=general,
        straight=linear(built),
    )


def left_out(built: Build) -> LeftOut:
    """Scores without each indicator in turn, by the recipe's own steps (method 8.14)."""
    tree, data = built.weighted, answers_of(built)

    def general(other: Tree) -> Column:
        return _rest(built, other, data.of(other.leaf_codes), other.weights, None, None)

    return leave_one_out(
        data,
        tree,
        built.recipe.normalise,
        cuts=built.classed.cuts if built.classed else (),
        least=built.recipe.aggregate.least(tree),
        general=None if linear(built) else general,
    )


def answers_of(built: Build) -> Data:
    """Answers of the units that were kept, divided where the recipe divides, before anything was filled."""
    data = built.raw.of(built.tree.leaf_codes)
    for step in built.recipe.order:
        if step not in ("denominate", "screen") or step not in built.stages:
            break
        data = built.stages[step]
    if data.units != built.units:
        at = {u: k for k, u in enumerate(data.units)}
        data = data.rows([at[u] for u in built.units])
    return data


def _rest(
    built: Build,
    tree: Tree,
    data: Data,
    weights: Mapping[str, float],
    other: Straight | None,
    last: Data | None,
) -> Column:
    """Imputation, treatment, normalisation and means of the recipe, on other answers and weights."""
    recipe = built.recipe
    scale = recipe.normalise
    if other is not None:
        scale = Normalising(other.method, other.scale, other.clamp, other.mean, other.sd)
    for step in recipe.order:
        if step == "impute" and recipe.impute is not None and recipe.impute.stage == "raw":
            data = impute(data, tree, recipe.impute, last).data
        elif step == "treat" and recipe.treat is not None:
            data = treat(data, tree, recipe.treat).data
        elif step == "normalise":
            data = normalise(data, tree, scale).data
    if recipe.impute is not None and recipe.impute.stage == "normalised":
        data = impute(data, tree, recipe.impute, last).data
    return aggregate(data, tree, recipe.aggregate, weights).top


def narrow(found: Shaken) -> tuple[Column, Column]:
    """Lowest and highest quantile of each unit's score, for bands in a figure."""
    if len(found.quantiles) < 2:
        return np.full(len(found.units), np.nan), np.full(len(found.units), np.nan)
    return found.bands[0], found.bands[-1]
