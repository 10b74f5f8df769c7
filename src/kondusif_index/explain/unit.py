"""One unit on one page: where it stands, what makes its score, what would change its class (method 8.12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.explain.counterfactual import Counterfactual, Lever, counterfactual
from kondusif_index.pipeline import Build
from kondusif_index.results import Trait, group_sizes, ranks, ranks_by_group, strengths, weaknesses
from kondusif_index.tree import Tree

MOST_VALUES = 60  # values of other units that an indicator may take, evenly spread over those seen


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank, 1 the highest and 0 none, ``among`` units; of a group, with its label, or of an aggregate."""

    code: str
    name: str
    score: float
    rank: int
    among: int


@dataclass(frozen=True, slots=True)
class IndicatorPoints:
    """What an indicator gives: ``value`` as it went onto the scale, ``scaled`` on it, its ``points``."""

    code: str
    name: str
    unit: str
    value: float
    scaled: float
    points: float


@dataclass(frozen=True)
class UnitProfile:
    """Everything of one unit. ``level`` 0 is no class; ``parts`` stand by size of their points and sum to the
    score; ``missing`` says of each indicator without an answer why; ``lower`` and ``higher`` are the fewest
    indicators that bring it into the next class by score, None without classes."""

    unit: str
    score: float
    level: int
    by_score: int
    label: str
    floors: tuple[str, ...]
    distance: float
    nearest: int
    coverage: float
    grade: str
    overall: Standing
    aggregates: tuple[Standing, ...]
    groups: tuple[Standing, ...]
    parts: tuple[IndicatorPoints, ...]
    missing: tuple[tuple[str, Why], ...]
    strengths: tuple[Trait, ...]
    weaknesses: tuple[Trait, ...]
    lower: Counterfactual | None = None
    higher: Counterfactual | None = None


def unit_profile(built: Build, unit: str, most: int = 3) -> UnitProfile:
    """The profile of a unit of a build, with at most ``most`` strengths and weaknesses.

    Raises ``RecipeError`` where the build does not hold the unit.
    """
    if unit not in built.units:
        raise RecipeError(f"no unit {unit!r}", unit=unit)
    k, tree, classed = built.units.index(unit), built.tree, built.classed
    level = int(built.levels[k]) if built.levels is not None else 0
    whole = scale_input(built)
    answered = built.raw.only(built.units).of(tree.leaf_codes)
    lower, higher = _other_classes(built, whole, unit) if classed else (None, None)
    return UnitProfile(
        unit=unit,
        score=float(built.score[k]),
        level=level,
        by_score=int(classed.levels[k]) if classed else 0,
        label=classed.labels[level - 1] if classed and level else "",
        floors=built.floors.get(unit, ()),
        distance=float(classed.distance[k]) if classed else np.nan,
        nearest=int(classed.nearest[k]) if classed else 0,
        coverage=float(built.coverage[k]),
        grade=built.grade[k],
        overall=next(_aggregates(built, k, (tree.top,))),
        aggregates=tuple(_aggregates(built, k, _below_top(tree))),
        groups=tuple(_groups(built, k)),
        parts=tuple(_parts(built, whole, k)),
        missing=tuple(
            (code, Why(answered.why[k, answered.at[code]]))
            for code in tree.leaf_codes
            if np.isnan(answered.values[k, answered.at[code]])
        ),
        strengths=strengths(whole, tree, unit, most),
        weaknesses=weaknesses(whole, tree, unit, most),
        lower=lower,
        higher=higher,
    )


def _below_top(tree: Tree) -> tuple[str, ...]:
    """Aggregates, the higher levels first, in the order given."""
    groups = [n.code for n in tree.nodes if not n.leaf and n.parent]
    return tuple(sorted(groups, key=lambda code: -tree.level[code]))


def scale_input(built: Build) -> Data:
    """The data that went onto the scale: after denominators, filling and treatment, of the units kept."""
    before = [data for name, data in built.stages.items() if name != "normalise"]
    return (before[-1] if before else built.raw).only(built.units).of(built.tree.leaf_codes)


def _aggregates(built: Build, k: int, codes: tuple[str, ...]) -> Iterator[Standing]:
    for code in codes:
        scores = built.scores[code]
        name, among = built.tree.by_code[code].name, int((~np.isnan(scores)).sum())
        yield Standing(code, name, float(scores[k]), int(ranks(scores)[k]), among)


def _groups(built: Build, k: int) -> Iterator[Standing]:
    scored = ~np.isnan(built.score)
    for name, places in ranks_by_group(built.score, built.groups).items():
        labels = built.groups[name]
        if labels[k]:
            among = group_sizes(labels, scored)[k]
            yield Standing(name, labels[k], float(built.score[k]), int(places[k]), among)


def _parts(built: Build, whole: Data, k: int) -> Iterator[IndicatorPoints]:
    """The largest first; what gives nothing to speak of last, by code."""
    given, scaled = built.contributions, built.normalised
    points = {code: float(given.points[k, j]) for j, code in enumerate(given.codes)}
    there = [code for code, x in points.items() if not np.isnan(x)]
    for code in sorted(there, key=lambda c: (-round(abs(points[c]), 10), c)):
        node = built.tree.by_code[code]
        values = float(whole.column(code)[k]), float(scaled.column(code)[k])
        yield IndicatorPoints(code, node.name, node.unit, *values, points[code])


def _other_classes(built: Build, whole: Data, unit: str) -> tuple[Counterfactual, Counterfactual]:
    """Into the class below and above, by values that other units have; floors are not moved."""
    assert built.classed is not None
    k = built.units.index(unit)
    level, cuts = int(built.classed.levels[k]), built.classed.cuts
    can = [lever for code in built.tree.leaf_codes if (lever := _lever(built, whole, code, k))]
    asked = (built.normalised, built.weighted, built.recipe.aggregate, cuts, unit, can)
    return counterfactual(*asked, target=level - 1), counterfactual(*asked, target=level + 1)


def _lever(built: Build, whole: Data, code: str, k: int) -> Lever | None:
    """What other units have of an indicator, from lowest to highest, each with its place on the scale."""
    values, scaled = whole.column(code), built.normalised.column(code)
    seen = ~np.isnan(values) & ~np.isnan(scaled)
    if not seen[k]:
        return None
    others, first = np.unique(values[seen], return_index=True)
    keep = np.unique(np.linspace(0, len(others) - 1, min(len(others), MOST_VALUES)).round().astype(int))
    moved = keep[others[keep] != values[k]]
    if not len(moved):
        return None
    span, to = float(np.ptp(others)), others[moved]
    effort = (np.abs(to - values[k]) / span).tolist()
    places = scaled[seen][first][moved].tolist()
    return Lever(code, float(values[k]), tuple(to.tolist()), tuple(places), tuple(effort))
