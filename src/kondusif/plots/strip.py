"""Every unit as one mark on the axis of scores, with the cut-offs between classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.style import (
    LINE,
    Caption,
    ClassScale,
    comma,
    cut_offs,
    drawn,
    highest_first,
    legend,
    natural,
    page,
    shorten,
    style_of,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOT = 0.125  # inches, a mark and the air around it
LEAST = 4.0  # marks that a figure is high, so that its caption has room
WIDTH, AXIS = 9.0, 7.5  # inches: the figure, and about how much of it the axis has


@dataclass(frozen=True)
class Strip:
    """Scores (n_units,), NaN for none, and classes, 0 for none; ``groups`` makes one strip each, or is ()."""

    units: tuple[str, ...]
    scores: NDArray[np.float64]
    levels: tuple[int, ...]
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.units)
        if self.scores.shape != (n,) or len(self.levels) != n or len(self.groups) not in (0, n):
            raise RecipeError("strip: scores, classes, groups and units do not fit together")


@drawn
def class_strip(data: Strip, caption: Caption, scale: ClassScale | None = None, *, named: int = 6) -> Figure:
    """One mark per unit, stacked where they meet; the ``named`` highest in words. Groups as people count."""
    scale = scale or ClassScale()
    order = highest_first(data.units, data.scores)
    scores = data.scores[order].tolist()  # no mark outside the axis
    scale = replace(scale, low=min([scale.low, *scores]), high=max([scale.high, *scores]))
    names = ", ".join(f"{data.units[k]} ({comma(float(data.scores[k]))})" for k in order[:named])
    silent = len(data.units) - len(order)
    caption = caption.add(
        f"Tertinggi: {names}." if names else "",
        f"{silent} satuan tanpa skor tidak digambar." if silent else "",
    )
    height, floors, places = _stacked(data, order, (scale.high - scale.low) / AXIS * DOT)
    figure, axes = page(WIDTH, height * DOT + 0.8, caption)
    axes.set(xlim=(scale.low, scale.high), ylim=(0, height))
    axes.set_yticks([floor + 1 for floor in floors.values()], [shorten(group) for group in floors])
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=3)
    for floor in list(floors.values())[1:]:
        axes.axhline(floor, color=LINE, linewidth=0.6, zorder=0)
    counted = list(scale.counted([data.levels[k] for k in order]))
    for level, label in counted:
        mine = [k for k in order if data.levels[k] == level]
        look = style_of(level, len(scale.labels)).dot
        axes.plot(data.scores[mine], [places[k] for k in mine], markersize=7.2, label=label, **look)
    cut_offs(axes, scale.cuts)
    legend(axes, [label for _, label in counted])
    return figure


def _stacked(data: Strip, order: list[int], gap: float) -> tuple[float, dict[str, float], dict[int, float]]:
    """Height of all strips, the floor of each from below, and where each unit stands; all in marks."""
    height, floors = 0.0, {}
    places: dict[int, float] = {}
    for group in sorted({data.groups[k] if data.groups else "" for k in order}, key=natural, reverse=True):
        floors[group] = height
        mine = [k for k in order if not data.groups or data.groups[k] == group]
        lanes = _lanes(data, mine, gap)
        places |= {k: height + lane + 0.75 for k, lane in lanes.items()}
        height += max(lanes.values()) + 2
    return max(height, LEAST), floors, places


def _lanes(data: Strip, units: list[int], gap: float) -> dict[int, int]:
    """The lowest lane where each unit stands ``gap`` points from the last, from the lowest score up."""
    found: dict[int, int] = {}
    last: list[float] = []
    for k in sorted(units, key=lambda u: (float(data.scores[u]), data.units[u])):
        score = float(data.scores[k])
        lane = next((n for n, edge in enumerate(last) if score - edge >= gap), len(last))
        last[lane : lane + 1] = [score]
        found[k] = lane
    return found
