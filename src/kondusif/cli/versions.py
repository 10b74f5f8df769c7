"""``kondusif compare``: two results or more beside each other, the top and every aggregate below it."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, pairwise
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from kondusif.cli.comparable import scale_differences
from kondusif.cli.folders import MOST, compare_folders, side_of
from kondusif.cli.terminal import Result, UsageError
from kondusif.cli.wording import koma
from kondusif.plots.folder import Numbers, read_numbers
from kondusif.words import table
from kondusif_index.audit.compare import BuildComparison, Course, Side, Trend, compare, trend
from kondusif_index.results import ranks
from kondusif_index.tables.columns import UNIT
from kondusif_index.tables.write import write_csv
from kondusif_index.tree import Matrix

AGGREGATES = (
    "iCode",
    "from",
    "to",
    UNIT,
    "before",
    "after",
    "difference",
    "rank_before",
    "rank_after",
    "climbed",
)
TREND = ("dates", "slope", "fit", "first", "last", "last_change", "course")
SUMMARY = ("scored", "spearman", "mean_difference", "mean_shift", "largest_shift")


@dataclass(frozen=True)
class AggregateComparison:
    """How the scores of one aggregate differ between two results."""

    code: str
    found: BuildComparison


def compare_versions(options: Namespace) -> Result:
    """Each result with the one before it; of three or more also the course of every unit (method 8.16)."""
    folders = [options.before, options.after, *options.more]
    if options.times and len(folders) == 2:
        raise UsageError("--times memerlukan tiga hasil atau lebih")
    names, sides = _names(folders), [side_of(folder) for folder in folders]
    scores = [read_numbers(folder / "scores.csv") for folder in folders]
    result = compare_folders(options) if len(folders) == 2 else _courses(folders, sides, names, options)
    found = [*chain(*map(_aggregates, pairwise(scores), pairwise(names)))]
    if options.aggregates:
        write_csv(options.aggregates, AGGREGATES, _rows(found))
    document = {**result.document, "aggregates": [_summary(one) for one in found]}
    return Result(document, chain(result.lines, _said(found, scores, names)))


def _names(folders: Sequence[Path]) -> list[str]:
    """What each result is called: its folder, with the way to it where two have the same name."""
    counts = Counter(folder.name for folder in folders)
    return [folder.name if counts[folder.name] == 1 else str(folder) for folder in folders]


def _aggregates(scores: tuple[Numbers, Numbers], names: tuple[str, str]) -> Iterator[AggregateComparison]:
    """Every aggregate that both results have, in the order of the later one."""
    before, after = scores
    for code in after.columns:
        if code in before.columns:
            old, new = (
                Side(numbers.units, numbers.columns[code], (), name)
                for numbers, name in zip(scores, names, strict=True)
            )
            yield AggregateComparison(code, compare(old, new))


def _rows(found: Iterable[AggregateComparison]) -> Iterator[list[object]]:
    for one in found:
        pair = one.found
        for s in pair.shifts:
            places = s.rank_before or None, s.rank_after or None, s.climbed
            yield [one.code, pair.before, pair.after, s.unit, s.before, s.after, s.difference, *places]


def _summary(one: AggregateComparison) -> dict[str, Any]:
    pair = one.found
    ends = {"code": one.code, "before": pair.before, "after": pair.after}
    return ends | {name: getattr(pair, name) for name in SUMMARY}


def _said(
    found: Sequence[AggregateComparison], scores: Sequence[Numbers], names: Sequence[str]
) -> Iterator[str]:
    for (before, after), (old, new) in zip(pairwise(scores), pairwise(names), strict=True):
        yield f"Tiap unsur, {old} dan {new}:"
        for one in found:
            if (one.found.before, one.found.after) == (old, new):
                yield f"  {one.code}: {_pair(one.found)}"
        for name, mine, other in ((old, before, after), (new, after, before)):
            if alone := [code for code in mine.columns if code not in other.columns]:
                yield f"  hanya di {name}: {', '.join(alone)}"


def _pair(found: BuildComparison) -> str:
    return (
        f"korelasi peringkat {koma(found.spearman)}, beda rata-rata {koma(found.mean_difference)} poin, "
        f"pergeseran peringkat terbesar {found.largest_shift}, {found.scored} satuan"
    )


def _courses(
    folders: Sequence[Path], sides: Sequence[Side], names: Sequence[str], options: Namespace
) -> Result:
    times = _times(options.times, len(sides))
    units = sorted({unit for side in sides for unit in side.units})
    scores, levels = (np.array([_at(side, units)[k] for side in sides]).T for k in (0, 1))
    labelled = [Side(s.units, s.scores, s.levels, name) for s, name in zip(sides, names, strict=True)]
    pairs, courses = [compare(*pair) for pair in pairwise(labelled)], trend(units, times, scores)
    if options.out:
        header = [UNIT, *(f"{kind}_{name}" for kind in ("score", "rank", "class") for name in names), *TREND]
        write_csv(options.out, header, _course_rows(scores, levels, courses))
    warned = [
        f"{old} dan {new}: {text}"
        for (old, new), pair in zip(pairwise(names), pairwise(folders), strict=True)
        for text in scale_differences(*pair)
    ]
    document = {
        "versions": list(names),
        "times": times,
        "pairs": [{**asdict(pair), "moves": pair.moves.tolist()} for pair in pairs],
        "trends": [asdict(one) for one in courses],
        "warnings": warned,
    }
    said = _told(names, scores, pairs, courses)
    return Result(document, chain((f"Perhatikan: {text}." for text in warned), said))


def _at(side: Side, units: Sequence[str]) -> tuple[list[float], list[float]]:
    """Scores and classes by unit; NaN and 0 where the result has none."""
    at = {unit: k for k, unit in enumerate(side.units)}
    rows = [at.get(unit, -1) for unit in units]
    levels = (*(side.levels or (0,) * len(side.units)), 0)
    return [*np.append(side.scores, np.nan)[rows].tolist()], [float(levels[k]) for k in rows]


def _times(text: str | None, many: int) -> list[float]:
    """1, 2, 3, ... unless given."""
    try:
        times = [float(x) for x in text.split(",")] if text else [float(k) for k in range(1, many + 1)]
    except ValueError:
        times = []
    if len(times) != many or len(set(times)) != many or not all(map(isfinite, times)):
        raise UsageError(f"--times {text}: satu bilangan tiap hasil, misalnya 2019,2021,2023")
    return times


def _course_rows(scores: Matrix, levels: Matrix, courses: Sequence[Trend]) -> Iterator[list[object]]:
    places = ranks(scores)
    for k, one in enumerate(courses):
        ranked, classes = ([int(x) or None for x in row] for row in (places[k], levels[k]))
        yield [one.unit, *scores[k].tolist(), *ranked, *classes, *(getattr(one, name) for name in TREND)]


def _told(
    names: Sequence[str], scores: Matrix, pairs: Sequence[BuildComparison], courses: Sequence[Trend]
) -> Iterator[str]:
    everywhere = int((~np.isnan(scores)).all(axis=1).sum())
    yield f"{len(names)} hasil: {', '.join(names)}."
    yield f"{everywhere} dari {len(scores)} satuan bernilai di semuanya."
    for pair in pairs:
        yield f"  {pair.before} -> {pair.after}: {_pair(pair)}, {len(pair.changed)} berpindah kelas"
    words, counts = table("courses"), Counter(one.course for one in courses)
    yield "Arah: " + ", ".join(f"{counts[course]} {words[course.value]}" for course in Course) + "."
    order = sorted(range(len(courses)), key=lambda k: _steepest(courses[k]))
    for k in order[:MOST]:
        ends = " -> ".join("–" if np.isnan(x) else koma(x) for x in scores[k].tolist())
        yield f"  {courses[k].unit}: {ends}, {words[courses[k].course.value]}{_slope(courses[k])}"


def _steepest(one: Trend) -> tuple[bool, float, str]:
    return bool(np.isnan(one.slope)), -abs(one.slope), one.unit


def _slope(one: Trend) -> str:
    return "" if np.isnan(one.slope) else f" ({koma(one.slope)} poin tiap satuan waktu)"
