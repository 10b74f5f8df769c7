"""The instrument: 45 indicators in six dimensions, as one row each of ``catalogue.csv``.

An indicator asks about a place or a process, never about a person (PRODUCT, "What it must never do").
Weights, ranges and freshness are proposals: a recipe may set others and carries its own digest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError

STAGES = (
    "persiapan",
    "pencalonan",
    "kampanye",
    "masa_tenang",
)  # in order; voting and after count as the last

DIMENSIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "A": ("Penyelenggara dan proses", "Organiser and process"),
        "B": ("Kontestasi", "Contest structure"),
        "C": ("Pemilih dan daftar pemilih", "Voters and roll"),
        "D": ("Riwayat dan gangguan kamtibmas", "History and disorder"),
        "E": ("Geografi, logistik, dan TPS", "Geography, logistics, polling place"),
        "F": ("Kesiapan dan daya redam", "Readiness and cooling capacity"),
    }
)

COMPANIONS = (
    "A05_crowd",
    "D01_fatal",
    "D06_violence",
    "D06_threat",
)  # yes/no/unknown beside a count; RULES 3
COMPANION_TEXT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "A05_crowd": ("Sengketa pencalonan disertai pengerahan massa", "Candidacy dispute with a crowd"),
        "D01_fatal": ("Kekerasan pemilihan yang menelan korban jiwa", "Fatal election violence"),
        "D06_violence": ("Kejadian siklus ini berupa kekerasan", "This cycle's events include violence"),
        "D06_threat": ("Kejadian siklus ini berupa ancaman", "This cycle's events include a threat"),
    }
)

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


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question about a place. ``lo`` and ``hi`` are in ``unit``; ``fresh_days`` in days;
    ``weight`` is relative inside its dimension."""

    id: str
    dimension: str
    subdimension: str
    name_id: str
    name_en: str
    type: str
    unit: str
    direction: str
    lo: float
    hi: float
    transform: Transform
    level: str
    first_stage: str
    fresh_days: int
    weight: float
    may_not_apply: bool
    source: str
    rationale: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        def refuse(field: str, what: str, why: str = "") -> None:
            why = f"indicator_{why or field}"
            raise RecipeError(f"{self.id}: {what}", why=why, field=field, indicator=self.id)

        if not re.fullmatch("[A-Z]", self.dimension):
            refuse("dimension", f"no such dimension: {self.dimension}")
        if not self.lo < self.hi:
            refuse("lo", f"range is empty: {self.lo} to {self.hi}")
        if self.transform.kind == "log_clamp" and self.lo <= 0:
            refuse("lo", "a log range starts above 0", "log")
        if not self.weight > 0:
            refuse("weight", f"weight must be above 0: {self.weight}")
        if self.fresh_days < 0:
            refuse("fresh_days", f"fresh_days is negative: {self.fresh_days}")
        if self.first_stage not in STAGES:
            refuse("first_stage", f"no such stage: {self.first_stage}")

    def risk(self, x: float) -> float:
        """Risk of answer ``x``, 0 to 1 (method 1.1)."""
        return self.transform.risk(x, self.lo, self.hi)

    @property
    def whole(self) -> bool:
        """Answers are whole numbers: counts, marks on the scale, yes (1) or no (0)."""
        return self.type in ("count", "boolean", "likert")

    def due(self, stage: str) -> bool:
        """Whether this item should be answered by ``stage`` (RULES 1)."""
        return STAGES.index(self.first_stage) <= stage_index(stage)


def stage_index(stage: str) -> int:
    """Place of a stage in ``STAGES``. Raises ``RecipeError`` on an unknown one."""
    if stage not in STAGES:
        raise RecipeError(f"no such stage: {stage}", stage=stage)
    return STAGES.index(stage)


@cache
def catalogue() -> Mapping[str, Indicator]:
    """The product's own indicators by id, in catalogue order."""
    text = resources.files("kondusif.measure").joinpath("catalogue.csv").read_text(encoding="utf-8")
    rows = (_indicator(row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({row.id: row for row in rows})


def _indicator(row: Mapping[str, str]) -> Indicator:
    return Indicator(
        id=row["id"],
        dimension=row["dimension"],
        subdimension=row["subdimension"],
        name_id=row["name_id"],
        name_en=row["name_en"],
        type=row["type"],
        unit=row["unit"],
        direction=row["direction"],
        lo=float(row["lo"]),
        hi=float(row["hi"]),
        transform=Transform.parse(row["transform"]),
        level=row["level"],
        first_stage=row["first_stage"],
        fresh_days=int(row["fresh_days"]),
        weight=float(row["weight"]),
        may_not_apply=row["may_not_apply"] == "yes",
        source=row["source"],
        rationale=row["rationale"],
        reference=row["reference"],
    )


def item_ids(indicators: Sequence[Indicator] | None = None) -> tuple[str, ...]:
    """Every id that an answer may carry: indicators, then companions."""
    ids = [i.id for i in indicators] if indicators is not None else list(catalogue())
    return (*ids, *COMPANIONS)
