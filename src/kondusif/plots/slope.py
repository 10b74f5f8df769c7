"""Before and after: one line per unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.plots.style import (
    ACTION,
    CUT,
    LINE_STRONG,
    PAPER,
    SHUT,
    Caption,
    ClassScale,
    comma,
    drawn,
    legend,
    natural,
    page,
    shorten,
    spread,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES: dict[str, dict[str, Any]] = {
    "skor naik": {"color": SHUT, "linewidth": 1.8, "marker": "o"},
    "skor turun": {"color": ACTION, "linewidth": 1.5, "linestyle": "--", "marker": "o"},
    "tetap atau lainnya": {"color": LINE_STRONG, "linewidth": 0.6, "alpha": 0.45},
}


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
def before_after(
    data: Slope, caption: Caption, scale: ClassScale | None = None, *, named: int = 20
) -> Figure:
    """The ``named`` largest movers by name: solid where the score rose, dashed where it fell; others pale.

    Units without a score at one of the times are counted in words, not drawn.
    """
    scale = scale or ClassScale()
    change = data.after - data.before
    both = np.flatnonzero(~np.isnan(change)).tolist()
    movers = sorted(both, key=lambda k: (-round(abs(float(change[k])), 10), natural(data.units[k])))
    shown = movers if len(movers) <= named else [k for k in movers[:named] if change[k] != 0]
    height = min(max(4.2, 0.21 * len(shown) + 0.6), 9.0)
    figure, axes = page(8.4, height + 0.7, caption.add(*_notes(data, both, len(shown))))
    low, high = _ends(np.append(data.before[both], data.after[both]), scale)
    axes.set(xlim=(0, 1), ylim=(low, high))
    axes.xaxis.tick_top()
    axes.set_xticks([0, 1], data.names, weight="bold", size=9)
    axes.set_yticks([])
    axes.spines[["left", "right"]].set_visible(True)
    _cut_offs(axes, scale)
    for kind, look in LINES.items():
        axes.plot([], [], label=kind, **look)
    for k in sorted(both, key=shown.__contains__):
        kind = _kind(float(change[k])) if k in shown else "tetap atau lainnya"
        axes.plot([0, 1], [data.before[k], data.after[k]], markersize=4, clip_on=False, **LINES[kind])
    gap = 0.17 * (high - low) / height
    _names(axes, data, shown, gap, before=True)
    _names(axes, data, shown, gap, before=False)
    legend(axes, list(LINES))
    return figure


def _kind(change: float) -> str:
    if change == 0:
        return "tetap atau lainnya"
    return "skor naik" if change > 0 else "skor turun"


def _notes(data: Slope, both: list[int], shown: int) -> Iterator[str]:
    change = (data.after - data.before)[both]
    rose, fell = int((change > 0).sum()), int((change < 0).sum())
    yield f"{rose} naik, {fell} turun, {len(both) - rose - fell} tetap."
    if shown < len(both):
        yield f"Bernama: {shown} perubahan terbesar dari {len(both)} satuan."
    if silent := len(data.units) - len(both):
        yield f"{silent} satuan tanpa skor pada salah satu waktu."


def _ends(values: NDArray[np.float64], scale: ClassScale) -> tuple[float, float]:
    """Both ends of the axis: all scores with some room, but not below the scale for it."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    room = max((high - low) * 0.04, 0.5)
    return max(low - room, min(low, scale.low)) if low >= scale.low else low - room, high + room


def _cut_offs(axes: Axes, scale: ClassScale) -> None:
    low, high = axes.get_ylim()
    box: dict[str, Any] = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
    for cut in scale.cuts:
        if low <= cut <= high:
            axes.axhline(cut, zorder=2.5, **CUT)
            text = f"batas {cut:g}".replace(".", ",")
            axes.text(0.5, cut, text, size=7.5, ha="center", va="bottom", bbox=box)


def _names(axes: Axes, data: Slope, shown: list[int], gap: float, *, before: bool) -> None:
    """Name and score at one end of each line, moved apart where they would meet."""
    scores, x, turn = (data.before, 0, -1) if before else (data.after, 1, 1)
    order = sorted(shown, key=lambda k: (float(scores[k]), natural(data.units[k])))
    look: dict[str, Any] = {
        "size": 7.5,
        "ha": "right" if before else "left",
        "va": "center",
        "annotation_clip": False,
    }
    leader: dict[str, Any] = {"arrowstyle": "-", "color": LINE_STRONG, "linewidth": 0.6, "shrinkA": 0}
    leader["relpos"] = (1 if before else 0, 0.5)  # from the near end of the name, across no other
    for k, place in zip(order, spread([float(scores[k]) for k in order], gap, *axes.get_ylim()), strict=True):
        said = [comma(float(scores[k])), shorten(data.units[k])]
        text = "  ".join(said[::turn])
        axes.annotate(text, (x, scores[k]), (x + 0.05 * turn, place), arrowprops=leader, **look)
