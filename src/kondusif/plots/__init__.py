"""Figures that people expect, each from plain arrays; matplotlib comes with ``pip install kondusif[plot]``.

Every function takes its data, a ``Caption`` (title, source, illustrative or not) and returns a ``Figure``;
``save`` writes it as PNG, SVG or PDF. Colour is never alone: shape, hatch, number and order say the same.
"""

from kondusif.plots.bars import Bars, ranked_bars
from kondusif.plots.heat import Heat, correlation_map, heat_map
from kondusif.plots.places import Map, Place, class_map, places_of
from kondusif.plots.slope import Slope, before_after
from kondusif.plots.strip import Strip, class_strip
from kondusif.plots.style import FORMATS, MARK, Caption, ClassScale, save

__all__ = [
    "FORMATS",
    "MARK",
    "Bars",
    "Caption",
    "ClassScale",
    "Heat",
    "Map",
    "Place",
    "Slope",
    "Strip",
    "before_after",
    "class_map",
    "class_strip",
    "correlation_map",
    "heat_map",
    "places_of",
    "ranked_bars",
    "save",
]
