"""Ink on paper, colour only where it carries meaning, legible in grey; the frame of every figure.

No pyplot: every function makes its own ``Figure`` and leaves no state behind. The same data give the same
bytes, whatever the user's own matplotlib settings.
"""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ExtraMissing, RecipeError
from kondusif_index.rounding import DECIMALS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, INK_2, LINE, LINE_STRONG = "#13211f", "#43524e", "#ccd4d1", "#64736f"
PAPER, ACTION, SHUT = "#ffffff", "#0a4f74", "#9a2310"
_TONES = (  # of parts of a bar: four kinds of lightness, each in three colours
    ("#24302d", "#123a63", "#4d2c1a"),
    ("#f4f6f5", "#fdf3d0", "#e3f1f7"),
    ("#4f7f96", "#8a6f3f", "#5b8a5a"),
    ("#d8b46a", "#a9c7d8", "#c9b6d6"),
)
_PATTERNS = ("", "////", "....", "xxxx", "----", "||||")
PARTS = len(_TONES) * len(_PATTERNS)  # parts of a bar that can be told apart; see ``part_style``

MARK = "LATIHAN - DATA ILUSTRATIF"
FORMATS = ("png", "svg", "pdf")
DPI = 150
MARGIN = 0.3  # inches
TALLEST = 400  # inches; a picture of 65,536 points a side is the largest that is drawn
CUT: dict[str, Any] = {
    "color": INK,
    "linewidth": 1.0,
    "linestyle": (0, (6, 2, 1, 2)),
}  # a cut-off between classes

STYLE: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "font.size": 8,
    "text.color": INK,
    "axes.edgecolor": LINE_STRONG,
    "axes.labelcolor": INK_2,
    "axes.linewidth": 0.8,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.spines.bottom": False,
    "xtick.color": INK_2,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.labelcolor": INK_2,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "kondusif",
    "svg.fonttype": "path",
    "path.simplify": False,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Caption:
    """What stands around a figure. ``illustrative`` data carry the mark; nothing takes it off."""

    title: str
    source: str
    illustrative: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.source.strip():
            raise RecipeError("a figure needs a title and the source of its data")

    def add(self, *notes: str) -> Caption:
        """The same with more said in its note; what is empty says nothing."""
        return replace(self, note=" ".join(filter(None, (self.note, *notes))))


@dataclass(frozen=True)
class ClassScale:
    """Classes of the axis: names from the lowest, cut-offs between them (half-open), or none known."""

    labels: tuple[str, ...] = ("Kurang Rawan", "Rawan", "Sangat Rawan")
    cuts: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.cuts and len(self.cuts) != len(self.labels) - 1:
            raise RecipeError(f"{len(self.cuts)} cut-offs for {len(self.labels)} classes")
        if any(b <= a for a, b in pairwise(self.cuts)):
            raise RecipeError("cut-offs must rise")
        if not self.low < self.high:
            raise RecipeError("the axis must rise")

    def counted(self, levels: Sequence[int]) -> Iterator[tuple[int, str]]:
        """For a legend: every class with its name and how many, and those without a class if any."""
        for level, name in enumerate(self.labels, start=1):
            yield level, f"{level} {name} ({levels.count(level)})"
        if without := levels.count(0):
            yield 0, f"? Tanpa kelas ({without})"


@dataclass(frozen=True, slots=True)
class Style:
    """How a class looks: also by shape and hatch, so that it reads without colour."""

    face: str
    ink: str
    edge: str
    hatch: str
    marker: str

    @property
    def dot(self) -> dict[str, Any]:
        """What ``Axes.plot`` needs to draw the shape of the class and nothing else."""
        return {
            "marker": self.marker,
            "linestyle": "none",
            "markerfacecolor": self.face,
            "markeredgecolor": self.edge,
            "markeredgewidth": 0.9,
            "clip_on": False,
        }


_ANCHORS = ((207, 232, 241), (255, 214, 117), (123, 23, 71))
_EDGES = ((13, 82, 103), (122, 74, 0), (80, 10, 45))
_HATCHES = {1: (".",), 2: (".", "xx"), 3: ("..", "//", "xx"), 4: (".", "..", "//", "xx")}
_MARKERS = {1: ("o",), 2: ("o", "8"), 3: ("o", "^", "8"), 4: ("o", "s", "^", "8")}
NONE = Style(PAPER, INK_2, LINE_STRONG, "", "X")


def style_of(level: int, of: int) -> Style:
    """Class ``level`` of ``of`` classes: pale to dark, so that grey keeps the order; 0 is no class."""
    if not 0 < level <= of:
        return NONE
    share = (level - 1) / (of - 1) if of > 1 else 0.0
    face, edge = _between(_ANCHORS, share), _between(_EDGES, share)
    hatches = _HATCHES.get(of, (".", "..", "//", "\\\\", "xx"))
    markers = _MARKERS.get(of, ("o", "s", "^", "D", "8"))
    k = level - 1 if of <= 5 else round(share * 4)
    ink = INK if lightness(face) < 170 else edge
    return Style(face, PAPER if lightness(face) < 110 else ink, edge, hatches[k], markers[k])


def part_style(k: int) -> tuple[str, str]:
    """Colour and hatch of part ``k`` of a bar, 0 first: any two of ``PARTS`` differ in hatch or in lightness.

    >>> part_style(0), part_style(1)
    (('#24302d', ''), ('#f4f6f5', '////'))
    """
    tones = _TONES[k % len(_TONES)]
    return tones[k // len(_TONES) % len(tones)], _PATTERNS[(k + k // 12) % len(_PATTERNS)]


def _between(anchors: tuple[tuple[int, int, int], ...], share: float) -> str:
    """The colour at a share of the way from the first anchor over the second to the third."""
    channels = (np.interp(share, (0.0, 0.5, 1.0), channel) for channel in zip(*anchors, strict=True))
    return "#" + "".join(f"{round(c):02x}" for c in channels)


def lightness(colour: str) -> float:
    """How light a colour is in grey, 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.299 * red + 0.587 * green + 0.114 * blue


def drawn(make: Callable[P, R]) -> Callable[P, R]:
    """Runs with matplotlib in our style and puts the user's settings back. Raises ``ExtraMissing``."""

    @functools.wraps(make)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            import matplotlib
        except ImportError:
            raise ExtraMissing("plot", extra="plot") from None
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(dict(STYLE))  # type: ignore[arg-type]
            return make(*args, **kwargs)

    return run


def page(width: float, height: float, caption: Caption) -> tuple[Figure, Axes]:
    """A figure ``width`` inches wide with its caption, and axes in a body of ``height`` inches.

    Title and note stand above, the source below, and over all the mark where the data are illustrative. In
    the body matplotlib makes room for tick labels, legend and colour bar.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.patches import Rectangle

    title = textwrap.wrap(caption.title, int(width * 8.6))
    note = textwrap.wrap(caption.note, int(width * 12.5))
    source = textwrap.wrap(f"Sumber: {caption.source}", int(width * 14))
    band, foot = 0.3 * caption.illustrative, 0.15 * len(source) + 0.25
    title_at, note_at = band + 0.2, band + 0.2 + 0.25 * len(title)
    head = note_at + 0.17 * len(note) + 0.1
    total, x = head + height + foot, MARGIN / width
    if total > TALLEST:
        raise RecipeError(
            f"the figure would be {total:.0f} inches tall, at most {TALLEST}: draw fewer units (--most)"
        )
    layout = ConstrainedLayoutEngine(rect=(x, foot / total, 1 - 2 * x, height / total), w_pad=0, h_pad=0)
    figure = Figure(figsize=(width, total), dpi=DPI, facecolor=PAPER, layout=layout)
    if caption.illustrative:
        figure.add_artist(Rectangle((0, 1 - band / total), 1, band / total, facecolor=INK))
        look: dict[str, Any] = {"color": PAPER, "ha": "center", "va": "center"}
        figure.text(0.5, 1 - 0.15 / total, MARK, size=9.5, weight="bold", **look)
    figure.text(x, 1 - title_at / total, "\n".join(title), size=13, weight="bold", va="top")
    figure.text(x, 1 - note_at / total, "\n".join(note), size=9, color=INK_2, va="top")
    figure.text(x, (foot - 0.12) / total, "\n".join(source), size=7.5, color=INK_2, va="top")
    return figure, figure.add_subplot()


def _legend_columns(width: float, labels: Sequence[str]) -> int:
    return max(int((width - 2) / (0.5 + 0.075 * max(map(len, labels), default=1))), 1)


def legend_height(width: float, labels: Sequence[str]) -> float:
    """Inches that a legend takes below axes of a figure ``width`` inches wide."""
    return 0.2 + 0.175 * -(-len(labels) // _legend_columns(width, labels))


def legend(axes: Axes, labels: Sequence[str], handles: Sequence[Any] | None = None) -> None:
    """A legend below the axes, in as many columns as fit; without handles of what has a label in the axes."""
    width = axes.get_figure(root=True).get_size_inches()[0]  # type: ignore[union-attr]
    columns = _legend_columns(width, labels)
    found = axes.get_legend_handles_labels()[0] if handles is None else handles
    axes.legend(found, labels, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2.4, ncols=columns)


def cut_offs(axes: Axes, cuts: Sequence[float], *, front: bool = False) -> None:
    """Cut-offs between classes as lines of dashes and dots, each with its number above the axes.

    ``front``: before bars, with an edge of paper so that they show on dark ones too; else behind the marks.
    """
    from matplotlib.patheffects import withStroke

    low, high = axes.get_xlim()
    look: dict[str, Any] = {"zorder": 0.9}
    if front:
        look = {"zorder": 2.9, "path_effects": [withStroke(linewidth=2.6, foreground=PAPER)]}
    for cut in cuts:
        axes.axvline(cut, **CUT, **look)
    places = spread(list(cuts), 0.04 * (high - low), low, high)
    above = axes.secondary_xaxis("top")
    above.set_xticks(places, [f"{cut:g}".replace(".", ",") for cut in cuts], weight="bold", color=INK)
    above.spines["top"].set_visible(False)


def highest_first(units: tuple[str, ...], scores: NDArray[np.float64]) -> list[int]:
    """Where the scored units stand, the highest first; scores that differ by rounding noise go by name."""
    scored = np.flatnonzero(~np.isnan(scores)).tolist()
    return sorted(scored, key=lambda k: (-round(float(scores[k]), DECIMALS), natural(units[k])))


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts as people count.

    >>> sorted(["TPS 10", "TPS 9", "tps 2", "B"], key=natural)
    ['B', 'tps 2', 'TPS 9', 'TPS 10']
    """
    return [(int(x), "") if x.isdecimal() else (-1, x.casefold()) for x in re.split(r"(\d+)", text) if x]


def shorten(text: str, most: int = 32) -> str:
    """The text, cut with an ellipsis where it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def comma(value: float, digits: int = 1) -> str:
    """A number as Indonesians write it.

    >>> comma(38.25), comma(-0.04)
    ('38,2', '0,0')
    """
    return f"{value:z.{digits}f}".replace(".", ",")


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Rising places moved as little as may be so that neighbours are ``gap`` apart, inside low..high."""
    groups: list[tuple[float, int]] = []  # mean wish of a block less its own offsets, size
    for k, place in enumerate(places):
        wish, size = place - k * gap, 1
        while groups and groups[-1][0] >= wish:
            before, n = groups.pop()
            wish, size = (before * n + wish * size) / (n + size), n + size
        groups.append((wish, size))
    top = max(high - gap * (len(places) - 1), low)
    found = [min(max(wish, low), top) for wish, size in groups for _ in range(size)]
    return [place + k * gap for k, place in enumerate(found)]


@drawn
def save(figure: Figure, path: Path | str) -> None:
    """Writes a figure by its extension: png, svg or pdf. The same figure gives the same bytes."""
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise RecipeError(f"{path.name}: a figure is written as {', '.join(FORMATS)}", found=kind)
    nothing = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:  # the solver of the layout leaves noise in the last digits
        axes.set_position(np.round(axes.get_position().bounds, 6).tolist())
    figure.savefig(path, format=kind, metadata=nothing, facecolor=figure.get_facecolor())
