"""Units by rank: what each part adds to the score, and how sure the score is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.style import (
    GREYS,
    INK,
    LINE,
    PAPER,
    SHUT,
    Caption,
    ClassScale,
    comma,
    cut_offs,
    drawn,
    highest_first,
    legend,
    lightness,
    page,
    shorten,
    style_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Bars:
    """``values`` (n_units, n_parts) add up to ``scores`` (n_units,), NaN for none. ``levels`` are classes, 0
    for none, or empty. ``low`` and ``high`` bound each score, or are None. The order of units is free."""

    units: tuple[str, ...]
    parts: tuple[str, ...]
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    levels: tuple[int, ...] = ()
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        n = len(self.units)
        if self.values.shape != (n, len(self.parts)) or self.scores.shape != (n,):
            raise RecipeError("bars: values, scores and units do not fit together")
        if self.levels and len(self.levels) != n:
            raise RecipeError(f"bars: {len(self.levels)} classes for {n} units")


@drawn
def ranked_bars(
    data: Bars, caption: Caption, scale: ClassScale | None = None, *, most: int | None = 40
) -> Figure:
    """The highest ``most`` units (None: all), each a bar of its parts in grey; class by shape and number.

    A line over a bar runs from ``low`` to ``high``. Units without a score stand in words above.
    """
    scale = scale or ClassScale()
    order = highest_first(data.units, data.scores)
    shown = order[:most]
    silent = len(data.units) - len(order)
    caption = caption.add(
        f"{len(shown)} tertinggi dari {len(order)} satuan yang bernilai." if len(shown) < len(order) else "",
        f"{silent} satuan tanpa skor tidak digambar." if silent else "",
    )
    row = 0.26 if len(shown) <= 40 else 0.21
    figure, axes = page(9.0, row * max(len(shown), 1) + 1.0, caption)
    low, high = _ends(data, shown, scale)
    axes.set(xlim=(low, high), ylim=(max(len(shown), 1) - 0.5, -0.5))
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    _bars(axes, data, shown)
    _bounds(axes, data, shown)
    _labels(axes, data, shown, len(scale.labels))
    cut_offs(axes, scale.cuts)
    legend(axes, data.parts)
    return figure


def _ends(data: Bars, shown: list[int], scale: ClassScale) -> tuple[float, float]:
    """Both ends of the axis: all bars, bounds and cut-offs, and zero; no empty half to the right."""
    values = np.nan_to_num(data.values[shown])
    ends = [np.zeros(1), 1.06 * np.array(scale.cuts), data.scores[shown]]
    ends += [values.clip(max=0).sum(axis=1), values.clip(min=0).sum(axis=1)]
    ends += [bound[shown] for bound in (data.low, data.high) if bound is not None]
    low, high = float(np.nanmin(np.concatenate(ends))), float(np.nanmax(np.concatenate(ends)))
    if not high > low:
        return scale.low, scale.high
    room = 0.03 * (high - low)
    return low - room if low < 0 else 0.0, high + room


def _bars(axes: Axes, data: Bars, shown: list[int]) -> None:
    """One part after the other, negative ones to the left; a part is named where its name fits."""
    values = np.nan_to_num(data.values[shown])
    letter = (axes.get_xlim()[1] - axes.get_xlim()[0]) * 0.01
    for p, part in enumerate(data.parts):
        mine, before = values[:, p], values[:, :p]
        below, above = before.clip(max=0).sum(axis=1), before.clip(min=0).sum(axis=1)
        left, face = np.where(mine < 0, below, above), GREYS[p % len(GREYS)]
        bars = axes.barh(
            range(len(shown)),
            mine,
            left=left,
            height=0.68,
            color=face,
            edgecolor=PAPER,
            linewidth=0.6,
            label=part,
        )
        names = [part if abs(value) > letter * (len(part) + 1) else "" for value in mine]
        ink = PAPER if lightness(face) < 140 else INK
        axes.bar_label(bars, names, label_type="center", fontsize=6.5, color=ink)


def _bounds(axes: Axes, data: Bars, shown: list[int]) -> None:
    if data.low is None or data.high is None:
        return
    low, length = data.low[shown], (data.high - data.low)[shown]
    lines: dict[str, Any] = {"ecolor": SHUT, "elinewidth": 1.6, "capsize": 3, "zorder": 4}
    axes.errorbar(low, np.arange(len(shown)) + 0.34, xerr=[0 * length, length], fmt="none", **lines)


def _labels(axes: Axes, data: Bars, shown: list[int], of: int) -> None:
    """Rank and name, the class by shape and number, and at the other end the score."""
    names, beside = [], axes.get_yaxis_transform()
    for y, k in enumerate(shown):
        score = float(data.scores[k])
        rank = 1 + int((np.round(data.scores - score, 10) > 0).sum())
        names.append(f"{rank}   {shorten(data.units[k])}")
        axes.text(1.01, y, comma(score), transform=beside, va="center", weight="bold")
        if data.levels:
            style, number = style_of(data.levels[k], of), str(data.levels[k] or "-")
            axes.plot(-0.02, y, markersize=11, transform=beside, **style.dot)
            middle = y + 0.08 * (style.marker == "^")  # a triangle is wide below
            look: dict[str, Any] = {"size": 6.5, "ha": "center", "va": "center", "color": style.ink}
            axes.text(-0.02, middle, number, transform=beside, **look)
    axes.set_yticks(range(len(shown)), names)
    axes.tick_params(axis="y", pad=20 if data.levels else 4)
