"""What the Monte Carlo and the Sobol runs perturb, and by how much (method 8.13, 8.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np

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
from kondusif_index.tree import Matrix, Tree

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
    def read(cls, path: Path) -> WeightDraws:
        """A CSV with one column per code and one row per draw; a first column named ``set`` is a label."""
        table = read_columns(path)
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
