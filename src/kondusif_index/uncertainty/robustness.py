"""What a recipe asks about a finished build: how firm it is, and what matters most (method 8.13, 8.14)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kondusif_index.pipeline import Build
from kondusif_index.uncertainty.leave_one_out import LeaveOneOut, leave_group_out, leave_one_out
from kondusif_index.uncertainty.monte_carlo import MonteCarlo, monte_carlo
from kondusif_index.uncertainty.perturbation import WeightDraws
from kondusif_index.uncertainty.sobol import Indices, drivers


@dataclass(frozen=True)
class Robustness:
    """What was found of what the recipe asks; None where it does not ask."""

    monte_carlo: MonteCarlo | None = None
    drivers: Indices | None = None
    leave_one_out: LeaveOneOut | None = None
    leave_group_out: LeaveOneOut | None = None


def assess_robustness(built: Build, given: Path | None = None, decimal: str = "") -> Robustness:
    """Everything that the recipe asks about a build.

    ``given``: the table of weights to draw from; ``decimal``: the mark that parts its decimals.
    """
    recipe = built.recipe
    table = None if given is None else WeightDraws.read(given, decimal)
    return Robustness(
        monte_carlo(built, table) if recipe.uncertainty else None,
        drivers(built) if recipe.sobol else None,
        leave_one_out(built) if recipe.leave_one_out else None,
        leave_group_out(built) if recipe.leave_one_out else None,
    )
