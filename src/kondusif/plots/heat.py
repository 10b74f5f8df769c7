"""Tables as fields of ink: indicators of every unit, and correlations between indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.look import (
    ACTION,
    INK,
    INK_2,
    LINE_STRONG,
    MARGIN,
    PAPER,
    SHUT,
    Page,
    Sheet,
    comma,
    drawn,
    shorten,
    width_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure


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


@dataclass(frozen=True)
class Field:
    """Correlations (n_codes, n_codes), -1..1, NaN for none."""

    codes: tuple[str, ...]
    r: NDArray[np.float64]
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.r.shape != (len(self.codes), len(self.codes)):
            raise RecipeError("correlations and codes do not fit together")
        if len(self.groups) not in (0, len(self.codes)):
            raise RecipeError(f"correlations: {len(self.groups)} groups for {len(self.codes)} codes")


@drawn
def heat_map(data: Heat, sheet: Sheet, *, most: int | None = 60) -> Figure:
    """Rows units, the highest first, columns indicators, dark is high; a missing cell is crossed out."""
    weight = np.zeros(len(data.units)) if data.order is None else np.nan_to_num(data.order, nan=-np.inf)
    order = sorted(range(len(data.units)), key=lambda k: (-float(weight[k]), data.units[k]))
    shown = order if most is None else order[:most]
    if len(shown) < len(order):
        said = "tertinggi" if data.order is not None else "pertama"
        sheet = sheet.saying(f"{len(shown)} {said} dari {len(order)} satuan.")
    values = data.values[shown]
    columns = len(data.codes)
    left = min(max((width_of(data.units[k], 7.5) for k in shown), default=1.0), 2.0) + MARGIN + 0.1
    cell = min(max((9.6 - left - MARGIN) / max(columns, 1), 0.17), 0.9)
    width = max(left + cell * columns + MARGIN, 6.0)
    row = 0.2 if len(shown) <= 60 else 0.15
    head = 0.15 + max((width_of(c, 7.5) for c in data.codes), default=0.3) + (0.25 if data.groups else 0)
    high = max(row * len(shown), row)
    page = Page(width, high + head + 0.6, sheet)
    axes = page.axes(left, page.floor + 0.6, cell * columns, high)
    _field(axes, values, _ink_map(), data.low, data.high)
    _missing(axes, values)
    if cell > 0.42:
        _figures(axes, values, data.low, data.high)
    for y, k in enumerate(shown):
        page.text(
            left - 0.08,
            page.floor + 0.6 + high - (y + 0.5) * row,
            shorten(data.units[k], 2.0, 7.5),
            size=7.5 if row >= 0.18 else 6.5,
            ha="right",
        )
    _heads(page, axes, data.codes, data.groups, left, page.floor + 0.6 + high, cell, len(shown))
    _ramp(page, _ink_map(), (comma(data.low, 0), comma(data.high, 0)), page.floor + 0.25, left)
    return page.figure


@drawn
def correlation_map(data: Field, sheet: Sheet) -> Figure:
    """Blue and plain where two indicators go together, brown with a minus where they pull apart."""
    n = len(data.codes)
    left = min(max((width_of(c, 7.5) for c in data.codes), default=0.5), 2.0) + MARGIN + 0.1
    cell = min(max((8.6 - left - MARGIN) / max(n, 1), 0.15), 0.6)
    width = max(left + cell * n + MARGIN, 6.0)
    head = 0.15 + max((width_of(c, 7.5) for c in data.codes), default=0.3) + (0.25 if data.groups else 0)
    page = Page(width, cell * n + head + 0.6, sheet)
    axes = page.axes(left, page.floor + 0.6, cell * n, cell * n)
    _field(axes, data.r, _two_way(), -1.0, 1.0)
    _missing(axes, data.r)
    for i, j in np.argwhere(~np.isnan(data.r)):
        r = float(data.r[i, j])
        ink = PAPER if abs(r) > 0.55 else INK
        if cell >= 0.34:
            axes.text(j, i, comma(r, 2), fontsize=6.5, ha="center", va="center", color=ink)
        elif r <= -0.2:
            axes.text(j, i, "−", fontsize=min(cell * 30, 8), ha="center", va="center", color=ink)
    for y, code in enumerate(data.codes):
        page.text(
            left - 0.08,
            page.floor + 0.6 + cell * (n - y - 0.5),
            shorten(code, 2.0, 7.5),
            size=min(7.5, cell * 45),
            ha="right",
        )
    _heads(page, axes, data.codes, data.groups, left, page.floor + 0.6 + cell * n, cell, n)
    _ramp(page, _two_way(), ("−1", "1"), page.floor + 0.25, left)
    if cell < 0.34:
        page.text(left + 3.6, page.floor + 0.315, "−  berlawanan arah (−0,2 ke bawah)", color=INK_2)
    return page.figure


def _ink_map() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("tinta", [PAPER, "#b9d3e0", "#4a86a6", ACTION, "#06222f"])


def _two_way() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("dua", [SHUT, "#d98a76", PAPER, "#8ab3c9", ACTION])


def _field(axes: Axes, values: NDArray[np.float64], colours: Colormap, low: float, high: float) -> None:
    rows, columns = values.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5,
        np.arange(rows + 1) - 0.5,
        np.ma.masked_invalid(values),
        cmap=colours,
        vmin=low,
        vmax=high,
        edgecolors="#e8ecea",
        linewidth=0.3,
    )
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(max(rows, 1) - 0.5, -0.5))
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)


def _missing(axes: Axes, values: NDArray[np.float64]) -> None:
    gaps = np.argwhere(np.isnan(values))
    for ends in ((-0.3, 0.3), (0.3, -0.3)):
        x = [v for _, j in gaps for v in (j - 0.3, j + 0.3, np.nan)]
        y = [v for i, _ in gaps for v in (i + ends[0], i + ends[1], np.nan)]
        axes.plot(x, y, color=LINE_STRONG, linewidth=0.7)


def _figures(axes: Axes, values: NDArray[np.float64], low: float, high: float) -> None:
    for i, j in np.argwhere(~np.isnan(values)):
        share = (float(values[i, j]) - low) / (high - low)
        ink = PAPER if share > 0.55 else INK
        axes.text(j, i, comma(float(values[i, j])), fontsize=7, ha="center", va="center", color=ink)


def _heads(
    page: Page,
    axes: Axes,
    codes: tuple[str, ...],
    groups: tuple[str, ...],
    left: float,
    top: float,
    cell: float,
    rows: int,
) -> None:
    """Codes upright over their columns; groups over them, with a line between."""
    for k, code in enumerate(codes):
        page.text(left + (k + 0.5) * cell, top + 0.06, code, size=7.5, rotation=90, va="bottom", ha="center")
    up = top + 0.14 + max((width_of(c, 7.5) for c in codes), default=0.3)
    for group in dict.fromkeys(groups):
        mine = [k for k, g in enumerate(groups) if g == group]
        middle = left + (mine[0] + mine[-1] + 1) * cell / 2
        page.text(middle, up + 0.08, shorten(group, cell * len(mine), 8), ha="center", weight="bold")
        if mine[0]:
            axes.axvline(mine[0] - 0.5, color=INK, linewidth=1.0)
            if rows == len(codes):
                axes.axhline(mine[0] - 0.5, color=INK, linewidth=1.0)


def _ramp(page: Page, colours: Colormap, ends: tuple[str, str], y: float, left: float) -> None:
    axes = page.axes(left, y, 1.8, 0.13)
    axes.imshow(np.linspace(0, 1, 64)[None, :], aspect="auto", cmap=colours, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
    page.text(left - 0.08, y + 0.065, ends[0], ha="right", color=INK_2)
    page.text(left + 1.88, y + 0.065, ends[1], ha="left", color=INK_2)
    page.text(left + 2.35, y + 0.065, "×", size=10, color=LINE_STRONG)
    page.text(left + 2.5, y + 0.065, "tidak ada nilai", color=INK_2)
