"""How an answer becomes a risk between 0 and 1 (method 1.1); the index engine uses it too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError

TRANSFORMS = ("linear_clamp", "linear_inverse", "boolean", "boolean_inverse", "log_clamp", "map")
_MAP = re.compile(r"map\{(.+)\}")


@dataclass(frozen=True, slots=True)
class Transform:
    """How an answer becomes a risk between 0 and 1 (method 1.1). ``points`` only for ``map``.

    >>> Transform.parse("map{1:0.6,2:1.0}").risk(2, 1, 5)
    1.0
    >>> Transform.parse("linear_inverse").risk(75, 0, 100)
    0.25
    """

    kind: str
    points: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in TRANSFORMS:
            raise RecipeError(f"no such transform: {self.kind}", why="transform", transform=self.kind)
        if (self.kind == "map") != bool(self.points):
            raise RecipeError(
                "a map needs points, and only a map has them", why="map_points", transform=self.kind
            )
        if any(not 0 <= risk <= 1 for _, risk in self.points):
            raise RecipeError("a mapped risk lies outside 0 to 1", why="map_risk", transform=str(self))

    @classmethod
    def parse(cls, text: str) -> Transform:
        if found := _MAP.fullmatch(text.strip()):
            pairs = (pair.split(":") for pair in found[1].split(","))
            try:
                return cls("map", tuple(sorted((float(at), float(risk)) for at, risk in pairs)))
            except ValueError:
                raise RecipeError(f"a map cannot be read: {text}", why="map_points", transform=text) from None
        return cls(text.strip())

    def __str__(self) -> str:
        if self.kind != "map":
            return self.kind
        return "map{" + ",".join(f"{at:g}:{risk!r}" for at, risk in self.points) + "}"

    @property
    def has_range(self) -> bool:
        """Whether goalposts count; a yes or no and a map have no use for them."""
        return self.kind in ("linear_clamp", "linear_inverse", "log_clamp")

    def risk(self, x: float, lo: float, hi: float) -> float:
        """Risk of answer ``x`` on goalposts ``lo`` < ``hi``; 0 calm, 1 worst, never outside.

        A mapped value beyond the last point counts as the last point; one before the first as the first;
        one between two points as the riskier of the two.
        """
        match self.kind:
            case "boolean":
                return 1.0 if x else 0.0
            case "boolean_inverse":
                return 0.0 if x else 1.0
            case "map":
                below = [risk for at, risk in self.points if at <= x]
                above = [risk for at, risk in self.points if at >= x]
                return max([*below[-1:], *above[:1]])
            case "log_clamp":
                return _clamp(log(x / lo) / log(hi / lo)) if x > 0 else 0.0
        share = _clamp((x - lo) / (hi - lo))
        return 1.0 - share if self.kind == "linear_inverse" else share

    def risks(
        self, x: NDArray[np.float64], lo: float, hi: float | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """``risk`` of many answers at once, NaN for NaN; ``hi`` one for all, or of the shape of ``x``."""
        found: NDArray[np.float64]
        match self.kind:
            case "boolean":
                found = np.where(x == 0, 0.0, 1.0)
            case "boolean_inverse":
                found = np.where(x == 0, 1.0, 0.0)
            case "map":
                at, risk = (np.array(column) for column in zip(*self.points, strict=True))
                last = len(at) - 1
                below = np.searchsorted(at, x, side="right") - 1
                above = np.searchsorted(at, x, side="left")
                under = np.where(below < 0, -np.inf, risk[np.clip(below, 0, last)])
                over = np.where(above > last, -np.inf, risk[np.clip(above, 0, last)])
                found = np.maximum(under, over)
            case "log_clamp":
                logs = np.log(np.maximum(x, np.finfo(float).tiny) / lo) / np.log(hi / lo)
                found = np.where(x > 0, np.clip(logs, 0.0, 1.0), 0.0)
            case _:
                share = np.clip((x - lo) / (hi - lo), 0.0, 1.0)
                found = 1.0 - share if self.kind == "linear_inverse" else share
        return np.where(np.isnan(x), np.nan, found)


def _clamp(share: float) -> float:
    return min(1.0, max(0.0, share))
