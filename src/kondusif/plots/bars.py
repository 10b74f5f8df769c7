"""Units by rank: what each part adds to the score, and how sure the score is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.style import (
    INK,
    LINE,
    PAPER,
    PARTS,
    SHUT,
    Caption,
    ClassScale,
    comma,
    cut_offs,
    drawn,
    highest_first,
    legend,
    legend_height,
    lightness,
    page,
    part_style,
    shorten,
    style_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 9.0  # inches
BOUNDS = "Garis di tepi bawah batang: di antara kedua ujungnya skor jatuh bila bobot dan jawaban meleset."
SHORT = 3  # letters of a name that stands in nearly every bar


@dataclass(frozen=True)
class Bars:
    """``values`` (n_units, n_parts) add up to ``scores`` (n_units,), NaN for none. ``levels`` are classes, 0
    for none, or empty. ``low`` and ``high`` bound each score, or are None; ``band`` says what they are. The
    order of units is free."""

    units: tuple[str, ...]
    parts: tuple[str, ...]
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    levels: tuple[int, ...] = ()
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    band: str = "rentang skor"

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
    """The highest ``most`` units (None: all), each a bar of its parts; class by shape and number.

    Parts differ by hatch and lightness, are named where the name fits and by their number in the legend
    otherwise; above ``PARTS`` the smallest are one. A line over a bar runs from ``low`` to ``high``. Units
    without a score, and those below, stand in words above.
    """
    scale, data = scale or ClassScale(), _fewer(data)
    order = highest_first(data.units, data.scores)
    shown = order[:most]
    silent = len(data.units) - len(order)
    caption = caption.add(
        _rest(data, order, len(shown)),
        f"{silent} satuan tanpa skor tidak digambar." if silent else "",
    )
    row = 0.26 if len(shown) <= 40 else 0.21
    banded = [data.band] if data.low is not None and data.high is not None else []
    labels = [*_keyed(data.parts), *banded]
    height = row * max(len(shown), 1) + 0.7 + legend_height(WIDTH, labels)
    figure, axes = page(WIDTH, height, caption.add(BOUNDS if banded else ""))
    low, high = _ends(data, shown, scale)
    axes.set(xlim=(low, high), ylim=(max(len(shown), 1) - 0.5, -0.5))
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    _bars(axes, data, shown)
    _bounds(axes, data, shown)
    _labels(axes, data, shown, len(scale.labels))
    cut_offs(axes, scale.cuts, front=True)
    legend(axes, labels)
    return figure


def _fewer(data: Bars) -> Bars:
    """The same with its smallest parts as one, where there are more than can be told apart."""
    if len(data.parts) <= PARTS:
        return data
    size = np.nansum(np.abs(data.values), axis=0)
    large = sorted(sorted(range(len(size)), key=lambda k: -float(size[k]))[: PARTS - 1])
    small = [k for k in range(len(size)) if k not in large]
    rest = np.nansum(data.values[:, small], axis=1)
    names = (*(data.parts[k] for k in large), f"{len(small)} lainnya")
    return replace(data, parts=names, values=np.column_stack([data.values[:, large], rest]))


def _rest(data: Bars, order: list[int], shown: int) -> str:
    """How many are drawn, and where the others lie."""
    if shown >= len(order):
        return ""
    others = sorted(float(data.scores[k]) for k in order[shown:])
    where = (
        f"antara {comma(others[0])} dan {comma(others[-1])}" if len(others) > 1 else f"di {comma(others[0])}"
    )
    return f"{shown} tertinggi dari {len(order)} satuan yang bernilai; {len(others)} lainnya {where}."


def _keyed(parts: tuple[str, ...]) -> list[str]:
    """Parts as the legend names them: with a number, where their names are too long for a bar."""
    if max(map(len, parts), default=0) <= SHORT:
        return list(parts)
    return [f"{k}  {part}" for k, part in enumerate(parts, start=1)]


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
    """One part after the other, negative ones to the left; named where its name, or its number, fits."""
    from matplotlib.patheffects import withStroke

    values = np.nan_to_num(data.values[shown])
    letter = (axes.get_xlim()[1] - axes.get_xlim()[0]) * 0.01
    for p, part in enumerate(data.parts):
        mine, before = values[:, p], values[:, :p]
        below, above = before.clip(max=0).sum(axis=1), before.clip(min=0).sum(axis=1)
        left, (face, hatch) = np.where(mine < 0, below, above), part_style(p)
        ink = PAPER if lightness(face) < 140 else INK
        bars = axes.barh(
            range(len(shown)),
            mine,
            left=left,
            height=0.68,
            facecolor=face,
            hatch=hatch,
            edgecolor=ink,
            linewidth=0.4,
            label=part,
        )
        said = dict.fromkeys((part, str(p + 1)) if max(map(len, data.parts)) > SHORT else (part,))
        names = [next((s for s in said if abs(x) > letter * (len(s) + 1)), "") for x in mine]
        edge = [withStroke(linewidth=2.2, foreground=face)]
        axes.bar_label(bars, names, label_type="center", fontsize=6.5, color=ink, path_effects=edge)


def _bounds(axes: Axes, data: Bars, shown: list[int]) -> None:
    if data.low is None or data.high is None:
        return
    low, length = data.low[shown], (data.high - data.low)[shown]
    lines: dict[str, Any] = {"ecolor": SHUT, "elinewidth": 1.6, "capsize": 3, "zorder": 4}
    axes.errorbar(
        low, np.arange(len(shown)) + 0.34, xerr=[0 * length, length], fmt="none", label=data.band, **lines
    )


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
