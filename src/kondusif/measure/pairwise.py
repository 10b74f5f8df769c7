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
from numpy.typing import NDArray

from kondusif.errors import RecipeError

SCALE = 9.0  # the most that one may outweigh another
ACCEPTED = 0.10  # consistency ratio up to which Saaty takes a matrix as it is
# consistency index of random matrices by size, Saaty's table; sizes beyond it take its last value
RANDOM = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Worst:
    """The judgement that strays furthest: what was said of ``pair``, and what the other judgements imply."""

    pair: Pair
    said: float
    implied: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Weights by code, summing to 1; ``cr`` the consistency ratio, 0 when every judgement agrees."""

    weights: Mapping[str, float]
    cr: float
    worst: Worst | None

    @property
    def consistent(self) -> bool:
        return self.cr <= ACCEPTED


def pairs(codes: Sequence[str]) -> tuple[Pair, ...]:
    """Every pair once, in the order of the codes."""
    return tuple(combinations(codes, 2))


def missing(codes: Sequence[str], judgements: Mapping[Pair, float]) -> tuple[Pair, ...]:
    """Pairs that nobody has judged yet."""
    return tuple(p for p in pairs(codes) if p not in judgements)


def judge(codes: Sequence[str], judgements: Mapping[Pair, float]) -> Judged:
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
    weights, cr, worst = ahp(matrix)
    if worst is None:
        return Judged(dict(zip(codes, weights.tolist(), strict=True)), cr, None)
    i, j = worst
    others = [k for k in range(len(codes)) if k not in (i, j)]  # the way round over every third item
    implied = float(np.exp(np.mean(np.log(matrix[i, others] * matrix[others, j]))))
    strays = Worst((codes[i], codes[j]), float(matrix[i, j]), implied)
    return Judged(dict(zip(codes, weights.tolist(), strict=True)), cr, strays)


def ahp(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, tuple[int, int] | None]:
    """Weights (n,), consistency ratio and the worst judgement of a reciprocal matrix (n, n) (method 8.8).

    Power iteration on a positive matrix always ends at its one positive eigenvector; the same matrix gives
    the same bits.
    """
    n = len(matrix)
    weights = np.full(n, 1 / n)
    for _ in range(1000):
        after = matrix @ weights
        after /= after.sum()
        done = float(np.abs(after - weights).max()) < 1e-15
        weights = after
        if done:
            break
    largest = float((matrix @ weights / weights).mean())
    chance = RANDOM[min(n, len(RANDOM) - 1)]
    cr = max(0.0, (largest - n) / (n - 1) / chance) if chance else 0.0
    stray = np.triu(np.abs(np.log(matrix * weights[None, :] / weights[:, None])), 1)
    if float(stray.max(initial=0.0)) < 1e-9:
        return weights, cr, None
    i, j = divmod(int(stray.argmax()), n)
    return weights, cr, (i, j)


def combine(codes: Sequence[str], judges: Iterable[Mapping[Pair, float]]) -> dict[Pair, float]:
    """Several judges as one: the geometric mean of each pair over those who judged every pair.

    Raises RecipeError when nobody has. The order of the judges changes nothing.
    """
    whole = [j for j in judges if not missing(codes, j)]
    if not whole:
        raise RecipeError("nobody compared every pair", why="no_judge")
    return {p: float(np.exp(np.mean(sorted(np.log([j[p] for j in whole]))))) for p in pairs(codes)}


def rounded(weights: Mapping[str, float], digits: int = 4) -> dict[str, float]:
    """The weights at ``digits`` decimals, still summing to 1: the largest remainders take what is left.

    So that what stands in the recipe is what the page shows, and anybody can type it again.
    """
    unit = 10**digits
    exact = {code: w * unit / sum(weights.values()) for code, w in weights.items()}
    whole = {code: int(x) for code, x in exact.items()}
    left = unit - sum(whole.values())
    for code in sorted(exact, key=lambda c: (whole[c] - exact[c], c))[:left]:
        whole[code] += 1
    return {code: n / unit for code, n in whole.items()}
