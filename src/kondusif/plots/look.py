"""Ink on paper, colour only where it carries meaning, legible in grey; the frame of every figure.

No pyplot: every function makes its own ``Figure`` and leaves no state behind. The same data give the same
bytes, whatever the user's own matplotlib settings.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ExtraMissing, RecipeError
from kondusif_index.results import DECIMALS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, INK_2, LINE, LINE_STRONG = "#13211f", "#43524e", "#ccd4d1", "#64736f"
PAPER, GROUND, ACTION, SHUT = "#ffffff", "#f2f4f3", "#0a4f74", "#9a2310"
GREYS = ("#3b4946", "#b9c4c0", "#6f7e79", "#dde3e0", "#55635f", "#97a5a0", "#eef1f0", "#24302d")

MARK = "LATIHAN - DATA ILUSTRATIF"
FORMATS = ("png", "svg", "pdf")
DPI = 150
MARGIN = 0.3  # inches

STYLE: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINE_STRONG,
    "axes.labelcolor": INK_2,
    "axes.linewidth": 0.8,
    "xtick.color": INK_2,
    "ytick.color": INK_2,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "kondusif",
    "svg.fonttype": "path",
    "path.simplify": False,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Sheet:
    """What stands around a figure. ``illustrative`` data carry the mark; nothing takes it off."""

    title: str
    source: str
    illustrative: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.source.strip():
            raise RecipeError("a figure needs a title and the source of its data")

    def saying(self, *more: str) -> Sheet:
        """The same with more said in its note; what is empty says nothing."""
        return replace(self, note=" ".join(said for said in (self.note, *more) if said))


@dataclass(frozen=True)
class Scale:
    """Classes of the axis: names from the lowest, cut-offs between them (half-open), or none known."""

    labels: tuple[str, ...] = ("Kurang Rawan", "Rawan", "Sangat Rawan")
    cuts: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.cuts and len(self.cuts) != len(self.labels) - 1:
            raise RecipeError(f"{len(self.cuts)} cut-offs for {len(self.labels)} classes")
        if any(b <= a for a, b in zip(self.cuts, self.cuts[1:], strict=False)):
            raise RecipeError("cut-offs must rise")
        if not self.low < self.high:
            raise RecipeError("the axis must rise")

    def name(self, level: int) -> str:
        return self.labels[level - 1] if 0 < level <= len(self.labels) else "Tanpa kelas"


@dataclass(frozen=True, slots=True)
class Style:
    """How a class looks: also by shape and hatch, so that it reads without colour."""

    face: str
    ink: str
    edge: str
    hatch: str
    hatch_ink: str
    marker: str


_ANCHORS = ((207, 232, 241), (255, 214, 117), (123, 23, 71))
_EDGES = ((13, 82, 103), (122, 74, 0), (80, 10, 45))
_HATCHES = {1: (".",), 2: (".", "xx"), 3: ("..", "//", "xx"), 4: (".", "..", "//", "xx")}
_MARKERS = {1: ("o",), 2: ("o", "8"), 3: ("o", "^", "8"), 4: ("o", "s", "^", "8")}
NONE = Style(PAPER, INK_2, LINE_STRONG, "", LINE_STRONG, "X")


def style_of(level: int, of: int) -> Style:
    """Class ``level`` of ``of`` classes: pale to dark, so that grey keeps the order; 0 is no class."""
    if not 0 < level <= of:
        return NONE
    at = 2.0 * (level - 1) / (of - 1) if of > 1 else 0.0
    face, edge = _between(_ANCHORS, at), _between(_EDGES, at)
    light = 0.299 * face[0] + 0.587 * face[1] + 0.114 * face[2]
    hatches = _HATCHES.get(of, (".", "..", "//", "\\\\", "xx"))
    markers = _MARKERS.get(of, ("o", "s", "^", "D", "8"))
    k = level - 1 if of <= 5 else round((level - 1) / (of - 1) * 4)
    ink = PAPER if light < 110 else INK if light < 170 else _hex(edge)
    return Style(_hex(face), ink, _hex(edge), hatches[k], ink, markers[k])


def _between(anchors: tuple[tuple[int, int, int], ...], at: float) -> tuple[int, int, int]:
    k = min(int(at), 1)
    a, b = anchors[k], anchors[k + 1]
    red, green, blue = (round(x + (y - x) * (at - k)) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{c:02x}" for c in colour)


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


class Page:
    """A figure in inches: title above, source below, and the mark where the data are illustrative."""

    def __init__(self, width: float, body: float, sheet: Sheet) -> None:
        """``body`` is the height left for drawing; ``floor`` and ``roof`` are its edges from below."""
        from matplotlib.figure import Figure

        title = textwrap.wrap(sheet.title, int(width * 8.6)) or [""]
        note = textwrap.wrap(sheet.note, int(width * 12.5))
        source = textwrap.wrap(f"Sumber: {sheet.source}", int(width * 14))
        band = 0.3 if sheet.illustrative else 0.0
        head = band + 0.2 + 0.25 * len(title) + 0.17 * len(note) + 0.12
        foot = 0.2 + 0.15 * len(source) + 0.08
        self.width, self.height = width, head + body + foot
        self.floor, self.roof = foot, foot + body
        self.figure: Figure = Figure(figsize=(width, self.height), dpi=DPI, facecolor=PAPER)
        y = self.height - band - 0.2
        if sheet.illustrative:
            self._mark()
        for line in title:
            self.text(MARGIN, y, line, size=13, weight="bold", va="top")
            y -= 0.25
        for line in note:
            self.text(MARGIN, y, line, size=9, color=INK_2, va="top")
            y -= 0.17
        for k, line in enumerate(source):
            self.text(MARGIN, foot - 0.16 - 0.15 * k, line, size=7.5, color=INK_2, va="top")

    def _mark(self) -> None:
        from matplotlib.patches import Rectangle

        high = 0.3 / self.height
        self.figure.add_artist(
            Rectangle((0, 1 - high), 1, high, transform=self.figure.transFigure, facecolor=INK, edgecolor=INK)
        )
        self.text(self.width / 2, self.height - 0.15, MARK, size=9.5, weight="bold", color=PAPER, ha="center")

    def text(self, x: float, y: float, text: str, *, size: float = 8.0, **more: Any) -> None:
        """Text at inches from the lower left corner."""
        more.setdefault("va", "center")
        self.figure.text(x / self.width, y / self.height, text, fontsize=size, **more)

    def mark(self, x: float, y: float, style: Style, size: float, **more: Any) -> None:
        """The shape of a class at inches, ``size`` points across."""
        from matplotlib.lines import Line2D

        look = {"markerfacecolor": style.face, "markeredgecolor": style.edge, "linestyle": "none", **more}
        at = ([x / self.width], [y / self.height])
        self.figure.add_artist(Line2D(*at, marker=style.marker, markersize=size, **look))

    def line(self, x: tuple[float, float], y: tuple[float, float], **look: Any) -> None:
        """A line from one place to another, at inches."""
        from matplotlib.lines import Line2D

        self.figure.add_artist(Line2D([a / self.width for a in x], [b / self.height for b in y], **look))

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A rectangle from its lower left corner, at inches."""
        from matplotlib.patches import Rectangle

        corner, size = (x / self.width, y / self.height), (width / self.width, height / self.height)
        self.figure.add_artist(Rectangle(corner, *size, transform=self.figure.transFigure, **look))

    def axes(self, x: float, y: float, width: float, height: float) -> Axes:
        """Axes at inches, without a frame."""
        axes = self.figure.add_axes(
            (x / self.width, y / self.height, width / self.width, height / self.height), facecolor=PAPER
        )
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0)
        return axes


def cut_offs(page: Page, axes: Axes, cuts: tuple[float, ...], top: float, zorder: float) -> None:
    """Cut-offs between classes as dashed lines, each with its number at ``top`` inches."""
    low, high = axes.get_xlim()
    box = axes.get_position()
    left, width = box.x0 * page.width, box.width * page.width
    places = spread([(c - low) * width / (high - low) for c in cuts], 0.32, 0.0, width)
    for cut, place in zip(cuts, places, strict=True):
        axes.axvline(cut, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=zorder)
        page.text(left + place, top, f"{cut:g}".replace(".", ","), ha="center", weight="bold")


def highest_first(units: tuple[str, ...], scores: NDArray[np.float64]) -> list[int]:
    """Where the scored units stand, the highest first; scores that differ by rounding noise go by name."""
    scored = np.flatnonzero(~np.isnan(scores)).tolist()
    return sorted(scored, key=lambda k: (-round(float(scores[k]), DECIMALS), units[k]))


def width_of(text: str, size: float) -> float:
    """About how many inches a text takes; DejaVu Sans is 0.6 em wide on average."""
    return 0.6 * size / 72 * len(text)


def shorten(text: str, inches: float, size: float) -> str:
    """The text, cut with an ellipsis where it would not fit."""
    most = max(int(inches / (0.6 * size / 72)), 2)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def comma(value: float, digits: int = 1) -> str:
    """A number as Indonesians write it.

    >>> comma(38.25), comma(-0.04)
    ('38,2', '0,0')
    """
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace(".", ",")


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Rising places moved as little as may be so that neighbours are ``gap`` apart, inside low..high."""
    groups: list[tuple[float, int]] = []  # mean wish of a block less its own offsets, size
    for k, place in enumerate(places):
        wish, size = place - k * gap, 1
        while groups and groups[-1][0] >= wish:
            before, n = groups.pop()
            wish, size = (before * n + wish * size) / (n + size), n + size
        groups.append((wish, size))
    top = high - gap * (len(places) - 1)
    found = [min(max(wish, low), max(top, low)) for wish, size in groups for _ in range(size)]
    return [place + k * gap for k, place in enumerate(found)]


@drawn
def save(figure: Figure, path: Path | str) -> None:
    """Writes a figure by its extension: png, svg or pdf. The same figure gives the same bytes."""
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise RecipeError(f"{path.name}: a figure is written as {', '.join(FORMATS)}", found=kind)
    nothing = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    figure.savefig(path, format=kind, metadata=nothing, facecolor=figure.get_facecolor())
