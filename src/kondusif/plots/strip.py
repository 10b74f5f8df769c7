"""Every unit as one mark on the axis of scores, with the cut-offs between classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.look import (
    INK_2,
    LINE,
    MARGIN,
    Page,
    Scale,
    Sheet,
    comma,
    cut_offs,
    drawn,
    highest_first,
    shorten,
    style_of,
    width_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOT = 0.125  # inches


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
def class_strip(data: Strip, sheet: Sheet, scale: Scale | None = None, *, named: int = 6) -> Figure:
    """One mark per unit, stacked where they meet; the ``named`` highest in words."""
    scale = scale or Scale()
    order = highest_first(data.units, data.scores)
    here = sorted(order)
    scale = _wide_enough(scale, data.scores[here])
    groups = sorted({data.groups[k] for k in here}) if data.groups else [""]
    left = 0.45 if len(groups) == 1 else min(max(width_of(g, 8) for g in groups), 1.8) + 0.55
    width = 9.0
    inch = (width - left - MARGIN - 0.15) / (scale.high - scale.low)
    lanes = {
        g: _lanes(data, [k for k in here if not data.groups or data.groups[k] == g], inch) for g in groups
    }
    tall = {g: DOT * max((n + 1 for n in lane.values()), default=1) + 0.14 for g, lane in lanes.items()}
    roof = 0.08
    page = Page(width, sum(tall.values()) + roof + 0.5 + 0.25, _said(data, sheet, order, named))
    high = sum(tall.values()) + roof
    axes = page.axes(left, page.floor + 0.5, width - left - MARGIN - 0.15, high)
    axes.set(xlim=(scale.low, scale.high), ylim=(0, high))
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=3)
    floor = high - roof
    for group in groups:
        floor -= tall[group]
        if len(groups) > 1:
            page.text(left - 0.12, page.floor + 0.5 + floor + DOT, shorten(group, 1.8, 8), ha="right")
            axes.axhline(floor, color=LINE, linewidth=0.6, zorder=0)
        for k, lane in lanes[group].items():
            _dot(axes, float(data.scores[k]), floor + DOT * (lane + 0.75), data.levels[k], len(scale.labels))
    cut_offs(page, axes, scale.cuts, page.floor + 0.5 + high + 0.09, zorder=0)
    _legend(page, scale, [data.levels[k] for k in here], page.floor + 0.1)
    return page.figure


def _wide_enough(scale: Scale, scores: NDArray[np.float64]) -> Scale:
    """No mark outside the axis."""
    if not scores.size:
        return scale
    return replace(scale, low=min(scale.low, float(scores.min())), high=max(scale.high, float(scores.max())))


def _said(data: Strip, sheet: Sheet, order: list[int], named: int) -> Sheet:
    names = ", ".join(f"{data.units[k]} ({comma(float(data.scores[k]))})" for k in order[:named])
    silent = len(data.units) - len(order)
    return sheet.saying(
        f"Tertinggi: {names}." if names else "",
        f"{silent} satuan tanpa skor tidak digambar." if silent else "",
    )


def _lanes(data: Strip, units: list[int], inch: float) -> dict[int, int]:
    """The lowest free lane of each unit, from the lowest score up."""
    found: dict[int, int] = {}
    last: list[float] = []
    for k in sorted(units, key=lambda u: (float(data.scores[u]), data.units[u])):
        x = float(data.scores[k]) * inch
        lane = next((n for n, edge in enumerate(last) if x - edge >= DOT), len(last))
        last[lane : lane + 1] = [x]
        found[k] = lane
    return found


def _dot(axes: Axes, x: float, y: float, level: int, of: int) -> None:
    style = style_of(level, of)
    axes.plot(
        x,
        y,
        style.marker,
        markersize=7.2,
        markerfacecolor=style.face,
        markeredgecolor=style.edge,
        markeredgewidth=0.9,
        clip_on=False,
    )


def _legend(page: Page, scale: Scale, levels: list[int], y: float) -> None:
    """Shape, number, name and how many, for every class; in a row at ``y`` inches."""
    of = len(scale.labels)
    entries = [(k, f"{k} {scale.name(k)} ({levels.count(k)})") for k in range(1, of + 1)]
    if levels.count(0):
        entries.append((0, f"{scale.name(0)} ({levels.count(0)})"))
    x = MARGIN + 0.06
    for level, text in entries:
        page.mark(x, y, style_of(level, of), 8)
        page.text(x + 0.13, y, text, color=INK_2)
        x += 0.38 + width_of(text, 8)
