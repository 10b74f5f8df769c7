"""Units by rank: what each part adds to the score, and how sure the score is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.look import (
    GREYS,
    INK,
    INK_2,
    LINE,
    MARGIN,
    PAPER,
    SHUT,
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
def ranked_bars(data: Bars, sheet: Sheet, scale: Scale | None = None, *, most: int | None = 40) -> Figure:
    """The highest ``most`` units (None: all), each a bar of its parts in grey; class by shape and number.

    A line over a bar runs from ``low`` to ``high``. Units without a score stand in words below.
    """
    scale = scale or Scale()
    order = highest_first(data.units, data.scores)
    shown = order if most is None else order[:most]
    parts = list(range(len(data.parts)))
    row = 0.26 if len(shown) <= 40 else 0.21
    left = min(max((width_of(data.units[k], 8) for k in shown), default=1.0), 2.2) + 1.2
    width, right = 9.0, 0.85
    legend_rows = _legend_rows(data.parts, width - 2 * MARGIN)
    foot = 0.35 + 0.22 * len(legend_rows)
    page = Page(width, max(row * len(shown), row) + foot + 0.3, _said(data, sheet, len(shown), len(order)))
    high = max(row * len(shown), row)
    axes = page.axes(left, page.floor + foot, width - left - right, high)
    lowest, limit = _ends(data, shown, scale)
    axes.set(xlim=(lowest, limit), ylim=(max(len(shown), 1) - 0.5, -0.5))
    axes.set_yticks([])
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    inch = (width - left - right) / (limit - lowest)
    for y, k in enumerate(shown):
        _bar(axes, data, k, y, parts, inch)
        middle = page.floor + foot + high - (y + 0.5) * row
        rank = 1 + sum(round(float(data.scores[j] - data.scores[k]), 10) > 0 for j in order)
        page.text(MARGIN + 0.3, middle, str(rank), ha="right", color=INK_2, size=7.5)
        page.text(left - 0.38, middle, shorten(data.units[k], 2.2, 8), ha="right")
        page.text(width - MARGIN, middle, comma(float(data.scores[k])), ha="right", weight="bold")
        if data.levels:
            _shape(page, left - 0.2, middle, data.levels[k], len(scale.labels))
    cut_offs(page, axes, scale.cuts, page.floor + foot + high + 0.1, zorder=0.9)
    if scale.cuts:
        page.text(left - 0.38, page.floor + foot + high + 0.1, "Batas kelas", ha="right", color=INK_2)
    _legend(page, data.parts, legend_rows, page.floor + foot - 0.5)
    return page.figure


def _said(data: Bars, sheet: Sheet, shown: int, scored: int) -> Sheet:
    silent = len(data.units) - scored
    return sheet.saying(
        f"{shown} tertinggi dari {scored} satuan yang bernilai." if shown < scored else "",
        f"{silent} satuan tanpa skor tidak digambar." if silent else "",
    )


def _ends(data: Bars, shown: list[int], scale: Scale) -> tuple[float, float]:
    """Both ends of the axis: all bars, bands and cut-offs, and zero; no empty half to the right."""
    reach = [0.0, *(c * 1.06 for c in scale.cuts)]
    for k in shown:
        values = np.nan_to_num(data.values[k])
        reach += [float(data.scores[k]), float(values[values < 0].sum()), float(values[values > 0].sum())]
        reach += [float(x[k]) for x in (data.low, data.high) if x is not None and not np.isnan(x[k])]
    low, high = min(reach), max(reach)
    if not high > low:
        return scale.low, scale.high
    room = 0.03 * (high - low)
    return low - room if low < 0 else 0.0, high + room


def _bar(axes: Axes, data: Bars, k: int, y: int, parts: list[int], inch: float) -> None:
    up = down = 0.0
    for p in parts:
        value = float(data.values[k, p])
        if np.isnan(value) or value == 0:
            continue
        start = up if value > 0 else down
        face = GREYS[p % len(GREYS)]
        axes.barh(y, value, left=start, height=0.68, color=face, edgecolor=PAPER, linewidth=0.6)
        if abs(value) * inch > width_of(data.parts[p], 6.5) + 0.06:
            ink = PAPER if _dark(face) else INK
            axes.text(start + value / 2, y, data.parts[p], fontsize=6.5, color=ink, ha="center", va="center")
        if value > 0:
            up += value
        else:
            down += value
    if data.low is not None and data.high is not None and not np.isnan(data.low[k] + data.high[k]):
        ends = [float(data.low[k]), float(data.high[k])]
        axes.plot(ends, [y + 0.34, y + 0.34], color=SHUT, linewidth=1.6, solid_capstyle="butt", zorder=4)
        axes.plot(ends, [y + 0.34, y + 0.34], "|", color=SHUT, markersize=6, zorder=4)


def _dark(face: str) -> bool:
    red, green, blue = (int(face[k : k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _shape(page: Page, x: float, y: float, level: int, of: int) -> None:
    style = style_of(level, of)
    page.mark(x, y, style, 11, markeredgewidth=0.8)
    drop = 0.02 if style.marker == "^" else 0.0
    page.text(x, y - drop - 0.005, str(level) if level else "-", size=6.5, ha="center", color=style.ink)


def _legend_rows(parts: tuple[str, ...], width: float) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    used = 0.0
    for k, part in enumerate(parts):
        need = 0.4 + width_of(part, 8)
        if used + need > width and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append(k)
        used += need
    return rows


def _legend(page: Page, parts: tuple[str, ...], rows: list[list[int]], y: float) -> None:
    for line, row in enumerate(rows):
        x, at = MARGIN, y - 0.22 * line
        for k in row:
            face = GREYS[k % len(GREYS)]
            page.box(x, at - 0.06, 0.14, 0.12, facecolor=face, edgecolor=INK_2, linewidth=0.5)
            page.text(x + 0.2, at, parts[k])
            x += 0.4 + width_of(parts[k], 8)
