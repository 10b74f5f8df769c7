"""Every unit as one mark on the axis of scores, with the cut-offs between classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.look import (
    INK,
    INK_2,
    LINE,
    LINE_STRONG,
    MARGIN,
    Page,
    Scale,
    Sheet,
    comma,
    drawn,
    shorten,
    spread,
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
    """One mark per unit, stacked where they meet; the ``named`` highest by name (one strip only)."""
    scale = scale or Scale()
    here = [k for k in range(len(data.units)) if not np.isnan(data.scores[k])]
    groups = sorted({data.groups[k] for k in here}) if data.groups else [""]
    left = 0.45 if len(groups) == 1 else min(max(width_of(g, 8) for g in groups), 1.8) + 0.55
    width = 9.0
    inch = (width - left - MARGIN - 0.15) / (scale.high - scale.low)
    lanes = {
        g: _lanes(data, [k for k in here if not data.groups or data.groups[k] == g], inch) for g in groups
    }
    tall = {g: DOT * max((n + 1 for n in lane.values()), default=1) + 0.14 for g, lane in lanes.items()}
    roof = 0.75 if len(groups) == 1 and named else 0.12
    body = sum(tall.values()) + roof + 0.5 + 0.45
    silent = len(data.units) - len(here)
    if silent:
        sheet = replace(sheet, note=f"{sheet.note} {silent} satuan tanpa skor tidak digambar.".strip())
    page = Page(width, body, sheet)
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
    if len(groups) == 1 and named:
        _names(axes, data, here[:], lanes[groups[0]], named, high, inch, scale)
    _classes(page, axes, scale, high, left, inch, data, here)
    return page.figure


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


def _names(
    axes: Axes,
    data: Strip,
    here: list[int],
    lanes: dict[int, int],
    named: int,
    high: float,
    inch: float,
    scale: Scale,
) -> None:
    top = sorted(here, key=lambda k: (-float(data.scores[k]), data.units[k]))[:named]
    top = sorted(top, key=lambda k: (float(data.scores[k]), data.units[k]))
    texts = [f"{data.units[k]}  {comma(float(data.scores[k]))}" for k in top]
    need = max((width_of(t, 7) for t in texts), default=0.0) + 0.08
    rows = 3
    for row in range(rows):
        mine = list(range(row, len(top), rows))
        wish = [(float(data.scores[top[k]]) - scale.low) * inch for k in mine]
        places = spread(wish, need, need / 2, (scale.high - scale.low) * inch - need / 2)
        for k, place in zip(mine, places, strict=True):
            unit = top[k]
            y = high - 0.1 - 0.2 * row
            x = scale.low + place / inch
            dot = (float(data.scores[unit]), DOT * (lanes[unit] + 0.75) + 0.05)
            axes.plot([dot[0], x], [dot[1], y - 0.08], color=LINE_STRONG, linewidth=0.6, zorder=1)
            axes.text(
                x, y, texts[k], fontsize=7, ha="center", va="center", color=INK, backgroundcolor="#ffffff"
            )


def _classes(
    page: Page, axes: Axes, scale: Scale, high: float, left: float, inch: float, data: Strip, here: list[int]
) -> None:
    """Cut-offs as lines; a legend with the number of units below."""
    for cut in scale.cuts:
        axes.axvline(cut, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=0)
        x = left + (cut - scale.low) * inch
        page.text(x, page.floor + 0.5 + high + 0.09, f"{cut:g}".replace(".", ","), ha="center", weight="bold")
    legend(page, scale, [data.levels[k] for k in here], page.floor + 0.1)


def legend(page: Page, scale: Scale, levels: list[int], y: float) -> None:
    """Shape, number, name and how many, for every class; in a row at ``y`` inches."""
    from matplotlib.lines import Line2D

    of = len(scale.labels)
    entries = [(k, f"{k} {scale.name(k)} ({levels.count(k)})") for k in range(1, of + 1)]
    if levels.count(0):
        entries.append((0, f"{scale.name(0)} ({levels.count(0)})"))
    x = MARGIN + 0.06
    for level, text in entries:
        style = style_of(level, of)
        page.figure.add_artist(
            Line2D(
                [x / page.width],
                [y / page.height],
                marker=style.marker,
                markersize=8,
                markerfacecolor=style.face,
                markeredgecolor=style.edge,
                linestyle="none",
            )
        )
        page.text(x + 0.13, y, text, color=INK_2)
        x += 0.38 + width_of(text, 8)
