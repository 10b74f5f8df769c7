"""Writes a build as CSV, one file per step: every digit of a double, an empty cell is missing (method 8.3).

``docs/how-to/index.md`` lists the files and their columns.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from math import fsum
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from kondusif_index.audit.correlations import Coefficient, Correlations, within_level
from kondusif_index.audit.outranking import Outranked, outrank
from kondusif_index.audit.statistics import Audit, Statistics, audit, with_aggregates
from kondusif_index.pipeline import Build
from kondusif_index.results import group_sizes, ranks, ranks_by_group
from kondusif_index.steps.impute import METHODS
from kondusif_index.tables.columns import UNIT
from kondusif_index.tables.write import write_atomically, write_csv, write_matrix
from kondusif_index.tree import Column, Tree
from kondusif_index.uncertainty.leave_one_out import LeaveOneOut
from kondusif_index.uncertainty.monte_carlo import MonteCarlo
from kondusif_index.uncertainty.robustness import Robustness
from kondusif_index.uncertainty.sobol import Indices

NAMES = {
    "denominate": "denominated.csv",
    "screen": "screened.csv",
    "impute": "imputed.csv",
    "treat": "treated.csv",
    "normalise": "normalised.csv",
}


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of results: ``when`` it is written, its fixed ``columns``, what it ``holds``."""

    when: str
    columns: tuple[str, ...]
    holds: str

    @property
    def meaning(self) -> str:
        return self.holds.format(columns=", ".join(self.columns))


def _files() -> Iterator[tuple[str, ResultFile]]:
    text = resources.files("kondusif_index").joinpath("result_files.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        columns = tuple(row["columns"].split(", ")) if row["columns"] else ()
        yield row["file"], ResultFile(row["when"], columns, row["holds"])


FILES = MappingProxyType(dict(_files()))  # by name; KIND and N stand for parts of a name
GIVEN = "given_weights.csv"  # the table of ``uncertainty.weights.file``, under the name that recipe.toml says
MOST_CELLS = 2_000_000  # of draws.csv; more is kept out of a file that nobody opens


def write(
    built: Build,
    out: Path,
    robustness: Robustness | None = None,
    *,
    given: Path | None = None,
    inputs: Iterable[Path] = (),
) -> None:
    """Every step of ``built`` that ran, and what the recipe asks about it, into the folder ``out``.

    ``robustness``: what ``assess_robustness`` found; None leaves those files out. ``given``: the table of
    weights that it drew from, kept beside the recipe. Files of an earlier run go; ``inputs`` are never
    written over.
    """
    with write_atomically(out, inputs) as (work, names):
        _write(built, work, robustness)
        manifest = dict(built.manifest)
        if given is not None:
            content = given.read_bytes()
            (work / GIVEN).write_bytes(content)
            manifest["given_weights"] = hashlib.sha256(content).hexdigest()
        manifest["files"] = sorted([*names(), "build.json"])
        text = json.dumps(manifest, ensure_ascii=False, indent=2, default=str)
        (work / "build.json").write_text(text + "\n", encoding="utf-8")


def _write(built: Build, out: Path, robustness: Robustness | None) -> None:
    (out / "recipe.toml").write_text(built.recipe.to_toml(), encoding="utf-8")
    for step, data in built.stages.items():
        write_matrix(out / NAMES[step], [UNIT, *data.codes], data.units, data.values)
    _screening(built, out)
    _filled(built, out)
    _treatment(built, out)
    _weights(built, out)
    _scores(built, out)
    if built.recipe.outrank is not None:
        _outranking(built, out)
    if built.recipe.audit is not None:
        _audit(built, out)
    found = Robustness() if robustness is None else robustness
    if found.monte_carlo is not None:
        _uncertainty(found.monte_carlo, out)
    if found.drivers is not None:
        _drivers(found.drivers, out)
    if found.leave_one_out is not None:
        _table(out / "leave_one_out.csv", _leave_one_out(found.leave_one_out))
    if found.leave_group_out is not None:
        _table(out / "leave_one_out_groups.csv", _leave_group_out(found.leave_group_out, built.tree))


def _table(path: Path, rows: Iterable[Sequence[Any]], more: Iterable[str] = (), like: str = "") -> None:
    """A file of ``FILES``, by its own name or the one it is ``like``; ``more``: columns after its own."""
    write_csv(path, [*FILES[like or path.name].columns, *more], rows)


def _screening(built: Build, out: Path) -> None:
    if built.screened is None:
        return
    s, a = built.screened.summary, built.screened.availability
    columns = FILES["screening.csv"].columns[1:]
    _table(out / "screening.csv", zip(s.units, *(getattr(s, name) for name in columns), strict=True))
    shares = ([unit, *row] for unit, row in zip(a.units, a.values, strict=True))
    write_csv(out / "availability.csv", [UNIT, *a.codes], shares)


def _filled(built: Build, out: Path) -> None:
    if built.imputed is None:
        return
    data, by = built.imputed.data, built.imputed.by
    rows = (
        [data.units[r], data.codes[c], METHODS[by[r, c]], data.values[r, c]]
        for r, c in np.argwhere(built.imputed.filled)
    )
    _table(out / "filled.csv", rows)


def _treatment(built: Build, out: Path) -> None:
    if built.treated is None:
        return
    rows = []
    for d in built.treated.details:
        shapes = []
        for shape in (d.before, d.after_winsorise, d.after_transform):
            shapes.append((None, None) if shape is None else (shape.skew, shape.kurt))
        rows.append([d.code, d.outcome, *shapes[0], d.winsorised, *shapes[1], *shapes[2], d.power])
    _table(out / "treatment.csv", rows)
    _table(out / "treated_points.csv", built.treated.listed())


def _weights(built: Build, out: Path) -> None:
    shares = built.tree.shares(built.weights)
    rows = (
        [n.code, n.parent, built.tree.level[n.code], n.weight, built.weights.get(n.code), shares[n.code]]
        for n in built.tree.nodes
    )
    _table(out / "weights.csv", rows)
    report = built.weighed.report
    plain = {
        "method": report.method,
        "covered": list(report.covered),
        "parents": report.parents,
        "warnings": [str(w) for w in report.warnings],
    }
    text = json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True, default=_plain)
    (out / "weighing.json").write_text(text + "\n", encoding="utf-8")


def _plain(x: Any) -> Any:
    return x.tolist() if isinstance(x, np.ndarray | np.generic) else str(x)


MARKS = ("ilustratif", "illustrative")  # columns of iData that say a row is made up; figures look for them


def _marks(built: Build) -> tuple[list[str], list[tuple[str, ...]]]:
    """Those columns, and their cells of each unit that was kept."""
    groups = built.groups
    names = [n for n in MARKS if n in groups]
    return names, [tuple(groups[n][k] for n in names) for k in range(len(built.units))]


def _scores(built: Build, out: Path) -> None:
    a, units = built.aggregated, built.units
    names, marks = _marks(built)
    if names:
        marked = ([u, *r, *m] for u, r, m in zip(units, a.values, marks, strict=True))
        write_csv(out / "scores.csv", [UNIT, *a.codes, *names], marked)
    else:
        write_matrix(out / "scores.csv", [UNIT, *a.codes], units, a.values)
    place = ranks(a.values)
    rows = ([u, *(int(x) if x else None for x in r)] for u, r in zip(units, place, strict=True))
    write_csv(out / "ranks.csv", [UNIT, *a.codes], rows)
    _ranks_in_groups(built, out)
    c = built.contributions
    by_code = c.points[:, sorted(range(len(c.codes)), key=c.codes.__getitem__)]  # in any order, to the bit
    added = np.where(np.isnan(c.score), np.nan, np.nansum(by_code, axis=1))
    points = np.column_stack([c.points, added])
    write_matrix(out / "contributions.csv", [UNIT, *c.codes, "sum"], units, points)
    cover = zip(units, built.coverage.tolist(), built.grade, a.coverage.tolist(), strict=True)
    covered = ([u, whole, g, *row] for u, whole, g, row in cover)
    _table(out / "coverage.csv", covered, (f"coverage_{code}" for code in a.codes))
    _classes(built, out)


def _ranks_in_groups(built: Build, out: Path) -> None:
    groups = {name: labels for name, labels in built.groups.items() if name not in MARKS}
    found = ranks_by_group(built.aggregated.values, groups)
    top = built.aggregated.codes.index(built.tree.top)
    rows = (
        [unit, name, label, size, *(int(x) if x else None for x in row)]
        for name, places in found.items()
        for unit, label, size, row in zip(
            built.units, groups[name], group_sizes(groups[name], places[:, top] > 0), places, strict=True
        )
        if label
    )
    if found:
        _table(out / "ranks_groups.csv", rows, built.aggregated.codes)


def _classes(built: Build, out: Path) -> None:
    classed, levels = built.classed, built.levels
    names, marks = _marks(built)
    rows: list[list[Any]] = []
    for k, unit in enumerate(built.units):
        row: list[Any] = [unit, built.score[k]]
        if classed is not None and levels is not None:
            level, side = int(levels[k]), int(classed.nearest[k])
            row += [level or None, classed.labels[level - 1] if level else "", int(classed.levels[k]) or None]
            row += [classed.distance[k], {1: "above", -1: "below"}.get(side, "")]
            row += [" ".join(built.floors.get(unit, ()))]
        rows.append([*row, *[""] * (len(FILES["classes.csv"].columns) - len(row)), *marks[k]])
    _table(out / "classes.csv", rows, names)
    if classed is not None:
        edges = zip(("", *map(repr, classed.cuts)), (*map(repr, classed.cuts), ""), strict=True)
        steps = ([k + 1, classed.labels[k], low, high] for k, (low, high) in enumerate(edges))
        _table(out / "cuts.csv", steps)


def compared(built: Build) -> dict[int, Outranked]:
    """Units two by two on the indicators and on every level of aggregates that holds more than one."""
    assert built.recipe.outrank is not None
    shares = built.tree.shares(built.weights)
    everything = with_aggregates(built.normalised, built.aggregated.codes, built.aggregated.values)
    levels = {k: built.tree.at_level(k) for k in range(1, built.tree.depth)}
    return {
        k: outrank(everything, {c: shares[c] for c in codes}, built.recipe.outrank)
        for k, codes in levels.items()
        if len(codes) > 1
    }


def _outranking(built: Build, out: Path) -> None:
    found = compared(built)
    for k, o in found.items():
        write_matrix(out / f"outranking_{k}.csv", [UNIT, *o.units], o.units, o.matrix)
    scores = zip(built.units, *(o.copeland for o in found.values()), strict=True)
    write_csv(out / "copeland.csv", [UNIT, *(f"level_{k}" for k in found)], scores)
    pairs = (
        [k, kind, o.units[a], o.units[b]]
        for k, o in found.items()
        for kind, listed in (("pareto", o.dominance.pareto), ("strict", o.dominance.strict))
        for a, b in listed
    )
    _table(out / "dominance.csv", pairs)
    shares = [
        [k, kind, len(listed), share]
        for k, o in found.items()
        for kind, listed, share in (
            ("pareto", o.dominance.pareto, o.dominance.pareto_share),
            ("strict", o.dominance.strict, o.dominance.strict_share),
        )
    ]
    _table(out / "dominance_share.csv", shares)


def audited(built: Build) -> Audit:
    """The audit of raw and scored columns of the units that were kept."""
    kept = {u: k for k, u in enumerate(built.raw.units)}
    raw = built.raw.rows([kept[u] for u in built.units])
    scored = with_aggregates(built.normalised, built.aggregated.codes, built.aggregated.values)
    return audit(raw, scored, built.tree, built.recipe.audit)


def _uncertainty(s: MonteCarlo, out: Path) -> None:
    header = [UNIT, "nominal", "rank", "mean", "sd", *(f"q{q:g}" for q in s.quantiles), "mean_rank"]
    header += [*(f"rank_q{q:g}" for q in s.quantiles)]
    header += [*(f"p_{k + 1}" for k in range(len(s.cuts) + 1)), "failed", "unknown", "firmness"]
    columns = (
        s.units, s.nominal, (int(r) or None for r in s.nominal_rank), s.mean, s.sd, *s.bands, s.mean_rank,
        *s.rank_bands, *s.class_probability.T, (int(f) for f in s.failed), s.unknown,
        (f.value for f in s.firmness),
    )  # fmt: skip
    write_csv(out / "uncertainty.csv", header, zip(*columns, strict=True))
    low, high = s.outer_band
    _table(out / "bands.csv", zip(s.units, low, high, strict=True))
    _table(out / "failures.csv", s.reasons.items())
    if s.scores.size <= MOST_CELLS:
        names = [f"draw_{k + 1}" for k in range(s.draws)]
        write_matrix(out / "draws.csv", [UNIT, *names], s.units, s.scores.T)


def _drivers(d: Indices, out: Path) -> None:
    columns = (d.names, d.first, *d.first_interval, d.total, *d.total_interval)
    _table(out / "sobol.csv", zip(*columns, strict=True))


def _leave_one_out(found: LeaveOneOut) -> Iterator[list[Any]]:
    shift, places = np.abs(found.shift), np.abs(found.rank_shift)
    for k, code in enumerate(found.codes):
        yield [code, *_size(shift[k]), *_size(places[k].astype(float)), int(found.class_changes[k])]


def _leave_group_out(found: LeaveOneOut, tree: Tree) -> Iterator[list[Any]]:
    """A group without which nothing of weight is left has a row, and nothing in it."""
    rows = {row[0]: row[1:] for row in _leave_one_out(found)}
    for code in reversed(tree.upward[:-1]):
        yield [code, tree.level[code], len(tree.under(code)), *rows.get(code, [None] * 5)]


def _size(x: Column) -> tuple[float, float]:
    """Mean and largest over what is known; NaN where nothing is."""
    known = x[~np.isnan(x)]
    return (fsum(known) / len(known), float(known.max())) if known.size else (float("nan"), float("nan"))


def _audit(built: Build, out: Path) -> None:
    found = audited(built)
    _statistics(out / "stats_raw.csv", found.raw)
    _statistics(out / "stats_scored.csv", found.scored)
    scored = with_aggregates(built.normalised, built.aggregated.codes, built.aggregated.values)
    for kind in Coefficient:
        for level in range(1, built.tree.depth):
            if len(built.tree.at_level(level)) > 1:
                c = within_level(scored, built.tree, level, kind)
                _correlations(out / f"correlations_{kind.value}_{level}.csv", c)
    above = ([k.code, k.ancestor, k.level, found.how.kind, k.r, k.p, k.n] for k in found.ancestors)
    _table(out / "correlations_above.csv", above)
    _correlations(out / "correlations_denominators.csv", found.denominators)
    held = (("scored", found.alphas), ("raw", found.alphas_raw))
    rows = ([of, a.parent, a.items, a.alpha] for of, alphas in held for a in alphas)
    _table(out / "cronbach.csv", rows)
    loadings = (
        [c.parent, c.shares[0], code, loading, c.units]
        for c in found.components
        for code, loading in zip(c.codes, c.loadings, strict=False)
    )
    _table(out / "pca.csv", loadings)
    flagged = attrgetter("flag.value", "code", "other", "parent", "value", "limit")
    _table(out / "findings.csv", map(flagged, found.findings))


def _statistics(path: Path, found: Sequence[Statistics]) -> None:
    _table(path, map(attrgetter("code", *FILES[path.name].columns[1:]), found))


def _correlations(path: Path, c: Correlations) -> None:
    rows = (
        [a, b, c.r[i, j], c.p[i, j], int(c.n[i, j])]
        for i, a in enumerate(c.rows)
        for j, b in enumerate(c.columns)
    )
    _table(path, rows, like="correlations_KIND_N.csv")
