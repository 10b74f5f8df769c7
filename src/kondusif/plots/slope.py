"""Before and after: one line per unit."""

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
    Scale,
    Sheet,
    comma,
    drawn,
    shorten,
    spread,
    width_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Slope:
    """Scores (n_units,) at two times, NaN for none, and what the two times are called."""

    units: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    names: tuple[str, str] = ("Sebelum", "Sesudah")

    def __post_init__(self) -> None:
        if self.before.shape != (len(self.units),) or self.after.shape != (len(self.units),):
            raise RecipeError("slope: scores and units do not fit together")


@drawn
def before_after(data: Slope, sheet: Sheet, scale: Scale | None = None, *, named: int = 20) -> Figure:
    """The ``named`` largest movers by name: solid where the score rose, dashed where it fell; others pale.

    Units without a score at one of the times are counted in words, not drawn.
    """
    scale = scale or Scale()
    change = data.after - data.before
    both = [k for k in range(len(data.units)) if not np.isnan(change[k])]
    movers = sorted(both, key=lambda k: (-round(abs(float(change[k])), 10), data.units[k]))
    shown = movers if len(movers) <= named else [k for k in movers[:named] if change[k] != 0]
    rose, fell = sum(change[k] > 0 for k in both), sum(change[k] < 0 for k in both)
    said = f"{rose} naik, {fell} turun, {len(both) - rose - fell} tetap."
    if len(shown) < len(both):
        said += f" Bernama: {len(shown)} perubahan terbesar dari {len(both)} satuan."
    if silent := len(data.units) - len(both):
        said += f" {silent} satuan tanpa skor pada salah satu waktu."
    label = min(max((width_of(data.units[k], 7.5) for k in shown), default=1.0), 2.0)
    side = label + width_of("100,0", 7.5) + 0.3
    width, high = 8.4, min(max(4.2, 0.21 * len(shown) + 0.6), 9.0)
    page = Page(width, high + 0.75, sheet.saying(said))
    axes = page.axes(MARGIN + side, page.floor + 0.4, width - 2 * (MARGIN + side), high)
    values = np.concatenate([data.before[both], data.after[both]]) if both else np.array([0.0])
    low, top = float(values.min()), float(values.max())
    room = max((top - low) * 0.04, 0.5)
    low, top = max(low - room, scale.low) if low >= scale.low else low - room, top + room
    axes.set(xlim=(0, 1), ylim=(low, top))
    axes.set_xticks([])
    axes.set_yticks([])
    _frame(page, axes, data, scale, (low, top), high, side)
    for k in sorted(both, key=lambda u: u in shown):
        _line(axes, data, k, k in shown)
    _names(page, data, shown, (low, top), high, side)
    _legend(page)
    return page.figure


def _frame(
    page: Page, axes: Axes, data: Slope, scale: Scale, ends: tuple[float, float], high: float, side: float
) -> None:
    for x in (0, 1):
        axes.axvline(x, color=INK, linewidth=1.0, clip_on=False)
    for cut in scale.cuts:
        if ends[0] <= cut <= ends[1]:
            axes.axhline(cut, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
            text = f"batas {cut:g}".replace(".", ",")
            axes.text(
                0.5,
                cut,
                text,
                fontsize=7.5,
                ha="center",
                va="bottom",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
            )
    y = page.floor + 0.4 + high + 0.14
    page.text(MARGIN + side, y, data.names[0], ha="center", weight="bold", size=9)
    page.text(page.width - MARGIN - side, y, data.names[1], ha="center", weight="bold", size=9)


def _line(axes: Axes, data: Slope, k: int, named: bool) -> None:
    ends = [float(data.before[k]), float(data.after[k])]
    colour, width, dashes = LINE_STRONG, 0.6, "-"
    if named and ends[1] > ends[0]:
        colour, width = SHUT, 1.8
    elif named and ends[1] < ends[0]:
        colour, width, dashes = ACTION, 1.5, "--"
    axes.plot([0, 1], ends, color=colour, linewidth=width, linestyle=dashes, alpha=1 if named else 0.45)
    if named:
        axes.plot([0, 1], ends, "o", color=colour, markersize=4, clip_on=False, linestyle="none")


def _names(
    page: Page, data: Slope, shown: list[int], ends: tuple[float, float], high: float, side: float
) -> None:
    floor = page.floor + 0.4
    for scores, x, turn in (
        (data.before, MARGIN + side, -1),
        (data.after, page.width - MARGIN - side, 1),
    ):
        order = sorted(shown, key=lambda k: (float(scores[k]), data.units[k]))
        wish = [(float(scores[k]) - ends[0]) / (ends[1] - ends[0]) * high for k in order]
        places = spread(wish, 0.17, 0.0, high)
        for k, own, place in zip(order, wish, places, strict=True):
            ends_x, ends_y = (x + turn * 0.06, x + turn * 0.2), (floor + own, floor + place)
            page.line(ends_x, ends_y, color=LINE_STRONG, linewidth=0.6)
            number, name = comma(float(scores[k])), shorten(data.units[k], 2.0, 7.5)
            text = f"{name}  {number}" if turn < 0 else f"{number}  {name}"
            page.text(x + turn * 0.24, floor + place, text, size=7.5, ha="right" if turn < 0 else "left")


def _legend(page: Page) -> None:
    x, y = MARGIN, page.floor + 0.12
    for colour, dashed, text in (
        (SHUT, False, "skor naik"),
        (ACTION, True, "skor turun"),
        (LINE_STRONG, False, "tetap atau lainnya"),
    ):
        page.line((x, x + 0.35), (y, y), color=colour, linewidth=1.6, linestyle="--" if dashed else "-")
        page.text(x + 0.42, y, text, color=INK_2)
        x += 0.75 + width_of(text, 8)
