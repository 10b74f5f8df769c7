"""Heat maps: indicators of every unit, and correlations between indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.style import (
    ACTION,
    INK,
    LINE_STRONG,
    MARGIN,
    PAPER,
    SHUT,
    Caption,
    comma,
    drawn,
    legend,
    natural,
    page,
    shorten,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RISING = (PAPER, "#b9d3e0", "#4a86a6", ACTION, "#06222f")
TWO_WAY = (SHUT, "#d98a76", PAPER, "#8ab3c9", ACTION)
LETTER = 0.06  # inches, about one letter of a label


@dataclass(frozen=True)
class Heat:
    """``values`` (n_units, n_codes) on one scale ``low``..``high``, NaN for missing. ``groups`` names what
    each code belongs to, or is empty; ``order`` ranks the units (highest first), or is None."""

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: NDArray[np.float64]
    groups: tuple[str, ...] = ()
    order: NDArray[np.float64] | None = None
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.units), len(self.codes)):
            raise RecipeError("heat: values, units and codes do not fit together")
        if len(self.groups) not in (0, len(self.codes)):
            raise RecipeError(f"heat: {len(self.groups)} groups for {len(self.codes)} codes")
        if not self.low < self.high:
            raise RecipeError("heat: the scale must rise")


@drawn
def heat_map(data: Heat, caption: Caption, *, most: int | None = 60) -> Figure:
    """Rows units, the highest first, columns indicators, dark is high; a missing cell is crossed out."""
    weight = np.zeros(len(data.units)) if data.order is None else np.nan_to_num(data.order, nan=-np.inf)
    order = sorted(range(len(data.units)), key=lambda k: (-float(weight[k]), natural(data.units[k])))
    shown = order[:most]
    if len(shown) < len(order):
        first = "tertinggi" if data.order is not None else "pertama"
        caption = caption.add(f"{len(shown)} {first} dari {len(order)} satuan.")
    data = replace(data, units=tuple(data.units[k] for k in shown), values=data.values[shown])
    column, row = min(max(8.0 / max(len(data.codes), 1), 0.17), 0.9), 0.2 if len(shown) <= 60 else 0.15
    figure, axes = _table(data, caption, (column, row), RISING)
    if column > 0.42:
        _numbers(axes, data.values, (data.values - data.low) / (data.high - data.low) > 0.55, 1)
    legend(axes, ["tidak ada nilai"])
    return figure


@drawn
def correlation_map(data: Heat, caption: Caption) -> Figure:
    """Correlations of -1 to 1: blue and plain where two indicators go together, brown where they pull apart;
    with a number in each cell, or where cells are small a minus."""
    cell = min(max(7.5 / max(len(data.codes), 1), 0.15), 0.6)
    figure, axes = _table(data, caption, (cell, cell), TWO_WAY)
    axes.set_aspect("equal", anchor="W")
    dark = np.abs(data.values) > 0.55
    labels = ["tidak ada nilai"]
    if cell >= 0.34:
        _numbers(axes, data.values, dark, 2)
    else:
        labels.append("berlawanan arah (−0,2 ke bawah)")
        rows, columns = np.nonzero(data.values <= -0.2)
        inks = np.where(dark[rows, columns], PAPER, INK)
        axes.scatter(columns, rows, s=(30 * cell) ** 2, c=inks, marker="_", linewidths=0.8)
        axes.plot([], [], "_", color=INK, label=labels[-1])
    legend(axes, labels)
    return figure


def _table(
    data: Heat, caption: Caption, cell: tuple[float, float], colours: Sequence[str]
) -> tuple[Figure, Axes]:
    """The frame of both: cells of about these inches, names at two sides, groups over the codes."""
    from matplotlib.colors import LinearSegmentedColormap

    rows, columns = data.values.shape
    longest = max(map(len, data.codes), default=0)
    beside = min(max(map(len, data.units), default=0), 32)
    width = max(cell[0] * columns + LETTER * beside + 2 * MARGIN, 6.0)
    height = cell[1] * max(rows, 1) + LETTER * longest + 1.1
    figure, axes = page(width, height, caption)
    ramp = axes.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        np.ma.masked_invalid(data.values),
        cmap=LinearSegmentedColormap.from_list("", colours),
        vmin=data.low,
        vmax=data.high,
        edgecolors="#e8ecea",
        linewidth=0.3,
    )
    gaps = np.nonzero(np.isnan(data.values))
    axes.plot(*gaps[::-1], "x", color=LINE_STRONG, markersize=min(36 * min(cell), 8), label="tidak ada nilai")
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(max(rows, 1) - 0.5, -0.5))
    axes.spines[:].set_visible(True)
    axes.xaxis.tick_top()
    axes.set_xticks(range(columns), data.codes, rotation=90)
    axes.set_yticks(range(rows), [shorten(unit) for unit in data.units])
    axes.tick_params(labelsize=min(7.5, 43 * cell[1]))
    _groups(axes, data, cell[0], LETTER * longest)
    ends = [data.low, data.high]
    place: dict[str, Any] = {"location": "bottom", "anchor": (0, 1), "shrink": 0.3, "aspect": 14, "pad": 0.01}
    bar = figure.colorbar(ramp, ax=axes, ticks=ends, **place)
    bar.ax.set_xticklabels([f"{end:g}".replace("-", "−").replace(".", ",") for end in ends])
    return figure, axes


def _groups(axes: Axes, data: Heat, column: float, up: float) -> None:
    """The name of each group over its codes, ``up`` inches above the axes, with a line between."""
    for group in dict.fromkeys(data.groups):
        first, many = data.groups.index(group), data.groups.count(group)
        name = shorten(group, max(int(column * many / 0.075), 2))
        place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        middle, above = (first + (many - 1) / 2, 1), (0, 72 * up + 8)
        axes.annotate(name, middle, above, **place, ha="center", va="bottom", weight="bold")
        if first:
            axes.axvline(first - 0.5, color=INK, linewidth=1.0)
        if first and data.units == data.codes:
            axes.axhline(first - 0.5, color=INK, linewidth=1.0)


def _numbers(axes: Axes, values: NDArray[np.float64], dark: NDArray[np.bool_], digits: int) -> None:
    """The value in each cell, on a dark one in the colour of paper."""
    for i, j in np.argwhere(~np.isnan(values)):
        ink = PAPER if dark[i, j] else INK
        axes.text(j, i, comma(float(values[i, j]), digits), size=6.5, ha="center", va="center", color=ink)
