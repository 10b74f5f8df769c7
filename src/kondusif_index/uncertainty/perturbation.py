"""What the Monte Carlo and the Sobol runs perturb, and by how much (method 8.13, 8.14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import ImportRefused, Problem, RecipeError
from kondusif_index.settings import (
    Count,
    Limit,
    NotNegative,
    Positive,
    Settings,
    Several,
    UpToOne,
    Whole,
    check,
    refuse_unknown,
)
from kondusif_index.steps.normalise import LinearNormalising
from kondusif_index.tables.columns import read_columns
from kondusif_index.tree import Column, Matrix, Node, Tree

Kind = Literal["measure", "count", "yes_no", "category"]
Factors = Literal["weights", "noise", "both"]
RisingShares = Annotated[
    tuple[float, ...],
    Limit(lambda qs: all(0 <= q <= 1 for q in qs) and list(qs) == sorted(set(qs)), "rising shares of 0 to 1"),
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class WeightNoise(Settings):
    """How weights vary from draw to draw.

    ``method``         none; uniform: each weight times 1 + U(-spread, spread); dirichlet: the shares inside
                       each parent, with their nominal values as mean; given: a table of draws.
    ``spread``         uniform: 0..1, relative.
    ``concentration``  dirichlet: above 0; larger is closer to nominal (a share s has the variance
                       s (1 - s) / (concentration + 1)).
    ``levels``         levels whose weights vary (1 the indicators); none given: all.
    ``file``           given: a CSV beside the recipe, a column per code and a row per draw (a first column
                       ``set`` is a label); codes without a column keep their weight. ``draws`` takes the
                       first so many rows, and may not be more than there are.
    """

    method: Literal["none", "uniform", "dirichlet", "given"] = "uniform"
    spread: UpToOne = 0.25
    concentration: Positive = 100.0
    levels: tuple[int, ...] = ()
    file: str = ""

    def __post_init__(self) -> None:
        check(self)
        if self.file and self.method != "given":
            raise RecipeError(f"file: {self.file!r} is given, but method is {self.method}")


@dataclass(frozen=True, slots=True)
class AnswerNoise(Settings):
    """How far an answer may be off.

    ``sd``         standard deviation of a measure or count whose raters never agree beyond chance, as a
                   share of the indicator's range (``lo`` to ``hi`` of the node, or what was seen).
    ``flip``       chance that such a yes/no is the other, or such a category any of those seen.
    ``by_source``  other ``sd`` by source; ``source_of`` says where an indicator comes from.
    ``by_code``    other ``sd`` (or ``flip``) of single indicators; goes before ``by_source``.
    ``agreement``  agreement of raters by indicator, 0 chance to 1 perfect (kappa, alpha, ICC): the sd is
                   multiplied by the root of 1 - agreement, the flip by 1 - agreement. Not given: 0.
    ``kinds``      measure, count, yes_no or category of single indicators. Not given, it is read from the
                   transform and the answers: only 0 and 1 is yes_no, only whole numbers is count.

    Answers stay between ``lo`` and ``hi`` (or beyond, as far as some answer was), counts stay whole.
    """

    sd: NotNegative = 0.05
    flip: UpToOne = 0.02
    by_source: Mapping[str, NotNegative] = field(default_factory=dict)
    source_of: Mapping[str, str] = field(default_factory=dict)
    by_code: Mapping[str, NotNegative] = field(default_factory=dict)
    agreement: Mapping[str, UpToOne] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self)
        if lost := sorted(set(self.source_of.values()) - set(self.by_source)):
            raise RecipeError(f"source_of: no sd in by_source for {', '.join(lost)}", sources=lost)

    def of(self, code: str, kind: str) -> float:
        """The sd (measure, count) or the chance of another answer (yes_no, category) of one indicator."""
        agreed = self.agreement.get(code, 0.0)
        if kind in ("yes_no", "category"):
            return min(1.0, self.by_code.get(code, self.flip)) * (1.0 - agreed)
        plain = self.by_source[self.source_of[code]] if code in self.source_of else self.sd
        return self.by_code.get(code, plain) * sqrt(1.0 - agreed)


@dataclass(frozen=True, slots=True)
class Perturbation(Settings):
    """A joint Monte Carlo: every draw changes everything that is set to vary at once.

    ``draws``      how many, 1 or more. ``seed`` whole, 0 or more: the same seed gives the same bits, whatever
                   the number of threads or the order of rows and columns.
    ``weights``    see ``WeightNoise``. ``noise`` see ``AnswerNoise``.
    ``normalise``  each draw takes the recipe's own normalisation or one of these, with equal chance.
    ``missing``    reweight: stays missing; column or group (of the column ``group``): an answer drawn from
                   those of the same indicator; worst: the worse end of the range; last: the last known
                   value, the worst where none is known. What does not apply always stays missing.
    ``quantiles``  of scores and ranks, 0..1, rising.
    """

    draws: Count = 1000
    seed: Whole = 1
    weights: WeightNoise = WeightNoise()
    noise: AnswerNoise = AnswerNoise()
    normalise: tuple[LinearNormalising, ...] = ()
    missing: Literal["reweight", "column", "group", "worst", "last"] = "reweight"
    group: str = ""
    quantiles: RisingShares = (0.05, 0.5, 0.95)

    def __post_init__(self) -> None:
        check(self)
        if (self.missing == "group") != bool(self.group):
            raise RecipeError("group: names the group column, with missing = group and only then")


@dataclass(frozen=True, slots=True)
class Sobol(Settings):
    """How the drivers of an index are sought.

    ``size``        rows of the base sample, a power of 2 for a balanced one; size * (factors + 2) runs.
    ``seed``        of the scrambling and of the bootstrap. ``confidence`` 0..1 of the intervals,
                    ``resamples`` of the bootstrap.
    ``estimator``   of the first order: saltelli (mean of yB (yABi - yA), 2010) or jansen (1999); the total
                    order is always Jansen's.
    ``factors``     what varies of every indicator: its weight, a common error of its answers, or both.
    ``spread``      a weight is nominal times 1 + U(-spread, spread). ``sd`` of the common error, as a share
                    of the indicator's range; answers stay within that range.
    ``output``      rank_shift: mean over units of how far each rank moves; class_change: share of units whose
                    class changes; score: that of ``unit``.
    """

    size: Several = 256
    seed: Whole = 1
    confidence: Annotated[float, Limit(lambda x: 0 < x < 1, "between 0 and 1")] = 0.95
    resamples: Several = 200
    estimator: Literal["saltelli", "jansen"] = "saltelli"
    factors: Factors = "weights"
    spread: UpToOne = 0.25
    sd: NotNegative = 0.05
    output: Literal["rank_shift", "class_change", "score"] = "rank_shift"
    unit: str = ""

    def __post_init__(self) -> None:
        check(self)
        if (self.output == "score") != bool(self.unit):
            raise RecipeError("unit: names whose score it is, with output = score and only then")


@dataclass(frozen=True)
class WeightDraws:
    """A table of weights: ``values`` ``(draws, codes)``, relative inside each parent.

    Raises ``RecipeError`` on a negative or infinite weight, naming draw (from 1) and code.
    """

    codes: tuple[str, ...]
    values: Matrix

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.codes):
            raise RecipeError(f"given weights are {self.values.shape}, not (draws, {len(self.codes)})")
        bad = ~(np.isfinite(self.values) & (self.values >= 0))
        if bad.any():
            draw, k = np.argwhere(bad)[0]
            raise RecipeError(
                f"given weights, draw {draw + 1}, {self.codes[k]}: {self.values[draw, k]} is negative or not "
                "finite",
                draw=int(draw) + 1,
                code=self.codes[k],
            )

    @classmethod
    def read(cls, path: Path, decimal: str = "") -> WeightDraws:
        """A CSV with one column per code and one row per draw; a first column named ``set`` is a label."""
        table = read_columns(path, decimal=decimal)
        codes = table.header[1:] if table.header[:1] == ("set",) else table.header
        problems: list[Problem] = []
        values = [table.numbers(code, problems, "bobot") for code in codes]
        if problems:
            raise ImportRefused(problems)
        return cls(codes, np.array(values).T)

    def for_tree(self, tree: Tree) -> Matrix:
        """``(draws, nodes below the top)`` in the order of the nodes; codes not given keep their weight."""
        refuse_unknown("given weights", self.codes, tree.by_code, "code")
        at = {c: k for k, c in enumerate(self.codes)}
        columns = [
            self.values[:, at[n.code]] if n.code in at else np.full(len(self.values), n.weight)
            for n in tree.nodes
            if n.parent
        ]
        return np.column_stack(columns)


Places = NDArray[np.intp]


@dataclass(frozen=True)
class DrawnGaps:
    """Flat ``places`` that take an answer out of ``pool``, each from its ``first`` on, ``size`` long."""

    places: Places
    pool: Column
    first: Places
    size: Places

    def draw(self, rng: np.random.Generator) -> Column:
        chance: Column = rng.random(self.places.shape)
        return self.pool[self.first + (chance * self.size).astype(np.intp)]

    @classmethod
    def of(cls, values: Matrix, open_: NDArray[np.bool_], labels: NDArray[np.str_]) -> DrawnGaps:
        """Answers of units with the same label stand in; of all units where none of those answered."""
        pools: dict[tuple[int, str], tuple[int, Column]] = {}
        cells: list[tuple[int, int, int]] = []
        length = 0
        for row, unit in np.argwhere(open_).tolist():
            key = (row, str(labels[unit]))
            if key not in pools:
                seen = ~np.isnan(values[row])
                same = seen & (labels == labels[unit])
                pools[key] = length, np.sort(values[row, same if same.any() else seen])
                length += pools[key][1].size
            first, found = pools[key]
            if found.size:
                cells.append((row * values.shape[1] + unit, first, found.size))
        places, starts, sizes = np.array(cells, np.intp).reshape(-1, 3).T
        pool = np.concatenate([np.zeros(0), *(found for _, found in pools.values())])
        return cls(places, pool, starts, sizes)


class PerturbedAnswers:
    """Rows are indicators: measures, counts, yes/no, categories, then those without noise; columns are units.

    ``values`` has 0 where missing (``gone``, flat places; ``present`` is 0 there and 1 elsewhere, None when
    nothing is missing). ``stand_in`` are places of answers of the same row, ``count`` how many each row has.
    ``order``: columns of the data in the order of the rows. ``noisy`` rows have a standard deviation ``sd``;
    of those the last ``whole`` are counts; then ``binary`` rows of yes/no and a row of categories for each of
    ``labels`` have a chance ``flip``. ``reach`` ``(rows, 3)`` is the lowest and highest answer that may be,
    and the range that an sd is a share of. ``gaps`` are drawn anew each time.
    """

    def __init__(self, data: Data, tree: Tree, how: Perturbation, last: Data | None) -> None:
        """``data`` holds the indicators of ``tree`` in its order."""
        for name in ("by_code", "agreement", "kinds", "source_of"):
            refuse_unknown(f"noise.{name}", getattr(how.noise, name), tree.leaf_codes)
        leaves = tree.leaves
        seen = [x[~np.isnan(x)] for x in data.values.T]
        kinds = [_kind(node, x, how) for node, x in zip(leaves, seen, strict=True)]
        amount = [how.noise.of(n.code, kind) for n, kind in zip(leaves, kinds, strict=True)]
        place = [KINDS.index(k) if a > 0 else len(KINDS) for k, a in zip(kinds, amount, strict=True)]
        order = sorted(range(len(leaves)), key=lambda k: (place[k], leaves[k].code))
        nodes = [leaves[k] for k in order]
        self.order = np.array(order, dtype=np.intp)
        self.codes = tuple(node.code for node in nodes)
        measures, self.whole, self.binary, labelled = (place.count(k) for k in range(len(KINDS)))
        self.noisy = measures + self.whole
        flips = slice(self.noisy, self.noisy + self.binary + labelled)
        self.reach = np.array([_ends(leaves[k], seen[k]) for k in order]).reshape(-1, 3)
        noise = np.array(amount)[order][:, None]
        self.sd, self.flip = noise[: self.noisy] * self.reach[: self.noisy, 2:], noise[flips]
        self.labels = [np.unique(seen[k]) for k in order[flips][self.binary :]]
        self._place(*_filled(data, nodes, self.order, self.reach, how, last))

    def _place(self, values: Matrix, gaps: DrawnGaps) -> None:
        """Answers as given, what is missing among them, and what is drawn."""
        present = ~np.isnan(values)
        present.reshape(-1)[gaps.places] = True
        self.gaps, self.gone = gaps, np.flatnonzero(~present)
        self.values = np.nan_to_num(values, nan=0.0)
        self.present = present.astype(np.float64) if self.gone.size else None
        rows, n = self.gone // max(values.shape[1], 1), values.shape[1]
        self.stand_in = rows * n + present.argmax(axis=1)[rows]
        self.count = np.maximum(present.sum(axis=1), 1).astype(np.float64)

    @property
    def still(self) -> bool:
        """Whether every draw has the same answers."""
        return not (self.noisy or self.flip.size or self.gaps.places.size)

    def draw(self, rng: np.random.Generator, out: Matrix) -> None:
        """One set of answers into ``out``, the shape of ``values``; places ``gone`` hold anything."""
        q, b = self.noisy, self.noisy + self.binary
        out[:] = self.values
        if self.gaps.places.size:
            out.reshape(-1)[self.gaps.places] = self.gaps.draw(rng)
        if q:
            off = rng.standard_normal((q, out.shape[1]))
            off *= self.sd
            part = out[:q]
            part += off
            if self.whole:
                np.rint(out[q - self.whole : q], out=out[q - self.whole : q])
            np.maximum(part, self.reach[:q, :1], out=part)
            np.minimum(part, self.reach[:q, 1:2], out=part)
        if self.binary:
            part = out[q:b]
            other = rng.random(part.shape) < self.flip[: self.binary]
            np.abs(part - other, out=part)  # 1 - x where other, x elsewhere
        for k, labels in enumerate(self.labels):
            other = rng.random(out.shape[1]) < self.flip[self.binary + k]
            label: Column = rng.random(out.shape[1:]) * labels.size
            np.copyto(out[b + k], labels[label.astype(np.intp)], where=other)


def _kind(node: Node, x: Column, how: Perturbation) -> str:
    if node.code in how.noise.kinds:
        return how.noise.kinds[node.code]
    if node.transform is not None and node.transform.kind == "map":
        return "category"
    if node.transform is not None and node.transform.kind.startswith("boolean"):
        return "yes_no"
    if x.size and ((x == 0) | (x == 1)).all() and (node.hi is None or node.hi <= 1):
        return "yes_no"
    return "count" if x.size and (x == np.rint(x)).all() else "measure"


def _ends(node: Node, x: Column) -> tuple[float, float, float]:
    """Lowest and highest answer that noise may reach, and the range that an sd is a share of."""
    low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
    if node.lo is None or node.hi is None:
        return low, high, high - low
    return min(low, node.lo), max(high, node.hi), node.hi - node.lo


def _filled(
    data: Data, nodes: Sequence[Node], order: Places, reach: Matrix, how: Perturbation, last: Data | None
) -> tuple[Matrix, DrawnGaps]:
    """Answers ``(rows, units)``, cells with a fixed answer filled; and what is drawn anew each time."""
    values, why = data.values.T[order].copy(), data.why.T[order]
    open_ = np.isnan(values) & (why != Why.NOT_APPLICABLE)
    if how.missing in ("column", "group"):
        labels = data.group(how.group) if how.missing == "group" else ("",) * len(data.units)
        return values, DrawnGaps.of(values, open_, np.array(labels, dtype=np.str_))
    nothing = DrawnGaps(np.zeros(0, np.intp), np.zeros(0), np.zeros(0, np.intp), np.zeros(0, np.intp))
    if how.missing == "reweight" or not open_.any():
        return values, nothing
    worst = np.where([node.direction > 0 for node in nodes], reach[:, 1], reach[:, 0])
    filling = np.broadcast_to(worst[:, None], values.shape)
    if how.missing == "last":
        filling = np.where(np.isnan(known := _last(data, nodes, last)), filling, known)
    return np.where(open_, filling, values), nothing


def _last(data: Data, nodes: Sequence[Node], last: Data | None) -> Matrix:
    """Earlier answers, ``(indicators, units)``, NaN where none is known."""
    if last is None:
        raise RecipeError("missing = last needs the earlier answers")
    at = {unit: k for k, unit in enumerate(last.units)}
    out = np.full((len(nodes), len(data.units)), np.nan)
    for row, node in enumerate(nodes):
        if node.code in last.at:
            column = last.column(node.code)
            out[row] = [column[at[u]] if u in at else np.nan for u in data.units]
    return out
