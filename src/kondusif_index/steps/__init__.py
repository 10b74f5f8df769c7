"""The steps on data: one row each, which ``pipeline.run_steps`` runs in the order of the recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kondusif_index.data import Data, StepResult
from kondusif_index.steps.denominate import denominate
from kondusif_index.steps.impute import impute
from kondusif_index.steps.normalise import normalise
from kondusif_index.steps.screen import Screening, screen
from kondusif_index.steps.treat import treat
from kondusif_index.tree import Tree


@dataclass(frozen=True)
class Context:
    """What a step may look at beside data, tree and settings.

    ``last``: answers of the last election. ``kept``: the units that an earlier run kept, to which a later one
    screens too; None in a build.
    """

    last: Data | None = None
    kept: tuple[str, ...] | None = None


Step = Callable[[Data, Tree, Any, Context], StepResult]


def _screen(data: Data, tree: Tree, how: Screening, context: Context) -> StepResult:
    if context.kept is not None:
        return StepResult(data.only(context.kept))
    return screen(data, tree, how)


STEPS: Mapping[str, Step] = {
    "denominate": lambda data, tree, how, _: denominate(data, tree, how),
    "screen": _screen,
    "impute": lambda data, tree, how, context: impute(data, tree, how, context.last),
    "treat": lambda data, tree, how, _: treat(data, tree, how),
    "normalise": lambda data, tree, how, _: normalise(data, tree, how),
}
