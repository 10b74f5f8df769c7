"""Weights from comparing two at a time: the principal eigenvector, and whether the judge agrees with himself.

Method 8.8; after Saaty, The Analytic Hierarchy Process (1980). A judgement says how many times as important
the first of a pair is as the second, 1/9 to 9. Judges combine by the geometric mean, which alone keeps every
pair reciprocal (Aczel and Saaty 1983).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kondusif.errors import RecipeError
from kondusif_index.weights.elicited import ahp

SCALE = 9.0  # the most that one may outweigh another
UNIT = 10_000  # of a weight in a recipe: four decimals
ACCEPTED = 0.10  # consistency ratio up to which Saaty takes a matrix as it is

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WorstJudgement:
    """The judgement that strays furthest: what was said of ``pair``, and what the other judgements imply."""

    pair: Pair
    said: float
    implied: float


@dataclass(frozen=True, slots=True)
class PairwiseWeights:
    """Weights by code, summing to 1; ``cr`` the consistency ratio, 0 when every judgement agrees."""

    weights: Mapping[str, float]
    cr: float
    worst: WorstJudgement | None

    @property
    def consistent(self) -> bool:
        return self.cr <= ACCEPTED


def pairs(codes: Sequence[str]) -> tuple[Pair, ...]:
    """Every pair once, in the order of the codes."""
    return tuple(combinations(codes, 2))


def missing(codes: Sequence[str], judgements: Mapping[Pair, float]) -> tuple[Pair, ...]:
    """Pairs that nobody has judged yet."""
    return tuple(p for p in pairs(codes) if p not in judgements)


def judge(codes: Sequence[str], judgements: Mapping[Pair, float]) -> PairwiseWeights:
    """Weights of one judge, or of several combined.

    Raises RecipeError for a pair without a judgement or one outside 1/9 to 9.

    >>> judge(["A", "B"], {("A", "B"): 3.0}).weights
    {'A': 0.75, 'B': 0.25}
    """
    matrix = np.ones((len(codes), len(codes)))
    for (i, a), (j, b) in combinations(enumerate(codes), 2):
        said = judgements.get((a, b))
        if said is None:
            raise RecipeError(f"nobody compared {a} with {b}", why="pair_missing", pair=(a, b))
        if not 1 / SCALE - 1e-12 <= said <= SCALE + 1e-12:
            raise RecipeError(f"{a} against {b}: 1/9 to 9", why="pair_scale", pair=(a, b), said=said)
        matrix[i, j], matrix[j, i] = said, 1 / said
    found = ahp(matrix)
    weights = dict(zip(codes, found.weights.tolist(), strict=True))
    if found.worst is None:
        return PairwiseWeights(weights, found.cr, None)
    i, j = found.worst.row, found.worst.column
    others = [k for k in range(len(codes)) if k not in (i, j)]  # the way round over every third item
    implied = float(np.exp(np.mean(np.log(matrix[i, others] * matrix[others, j]))))
    strays = WorstJudgement((codes[i], codes[j]), float(matrix[i, j]), implied)
    return PairwiseWeights(weights, found.cr, strays)


def combine(codes: Sequence[str], judges: Iterable[Mapping[Pair, float]]) -> dict[Pair, float]:
    """Several judges as one: the geometric mean of each pair over those who judged every pair.

    Raises RecipeError when nobody has. The order of the judges changes nothing.
    """
    whole = [j for j in judges if not missing(codes, j)]
    if not whole:
        raise RecipeError("nobody compared every pair", why="no_judge")
    return {p: float(np.exp(np.mean(sorted(np.log([j[p] for j in whole]))))) for p in pairs(codes)}


def rounded(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights at four decimals, still summing to 1: the largest remainders take what is left.

    So that what stands in the recipe is what the page shows, and anybody can type it again.
    """
    exact = {code: w * UNIT / sum(weights.values()) for code, w in weights.items()}
    whole = {code: int(x) for code, x in exact.items()}
    left = UNIT - sum(whole.values())
    for code in sorted(exact, key=lambda c: (whole[c] - exact[c], c))[:left]:
        whole[code] += 1
    return {code: n / UNIT for code, n in whole.items()}
