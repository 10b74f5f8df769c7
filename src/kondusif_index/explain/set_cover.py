"""Fewest choices, then least effort, that gain enough: exact, by sets no other set beats (method 8.12).

A knapsack of multiple choice: of every lever at most one option, each with a gain and an effort. The number
of levers comes first: the largest gains tell the fewest. Among sets of that many, lever by lever, only those
are kept that no other beats in both gain and effort (Nemhauser and Ullmann 1969) and that can still end
below the best set known, by a Lagrange bound on what is still to gain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kondusif_index.tree import Column, Matrix

Option = tuple[Column, Column, NDArray[np.intp]]  # gain, effort, where it stood
Pick = tuple[tuple[int, int], ...]  # lever and which of its options
SLACK = 1e-12  # efforts closer than this are one
FIRST_LOOK, MOST = 300, 100_000  # sets kept: to find a good set first; then before giving up the proof


def cheapest(gains: Sequence[Column], efforts: Sequence[Column], need: float) -> tuple[Pick | None, bool]:
    """The set, sorted by lever, or None where all levers together do not gain ``need``; and whether it is
    proven.

    ``gains[k][j]`` and ``efforts[k][j]`` are of option j of lever k; options that gain nothing are left
    aside.
    """
    options = [_unbeaten(g, e) for g, e in zip(gains, efforts, strict=True)]
    order = sorted((k for k, o in enumerate(options) if len(o[0])), key=lambda k: (-options[k][0][-1], k))
    most = np.array([options[k][0][-1] for k in order])
    enough = np.flatnonzero(np.cumsum(most) >= need) if need > 0 else np.array([], dtype=np.intp)
    if need <= 0:
        return (), True
    if not len(enough):
        return None, True
    search = _Search([options[k] for k in order], need, int(enough[0]) + 1)
    search.run(FIRST_LOOK)
    proven = search.run(MOST)
    assert search.best is not None
    return tuple(sorted((order[k], int(options[order[k]][2][j])) for k, j in search.best)), proven


def _unbeaten(gain: Column, effort: Column) -> Option:
    """Options by rising gain and effort, and where they stood; without those another beats."""
    order = np.lexsort((-gain, effort))
    best = np.maximum.accumulate(np.concatenate([[0.0], gain[order]]))[:-1]
    keep = order[gain[order] > best]
    return gain[keep], effort[keep], keep


class _Search:
    """Sets of exactly ``count`` levers; levers are sorted by their largest gain, the largest first."""

    def __init__(self, options: list[Option], need: float, count: int) -> None:
        self.options, self.need, self.count = options, need, count
        self.best: tuple[tuple[int, int], ...] | None = None
        self.effort = np.inf
        most = np.concatenate([[0.0], np.cumsum([o[0][-1] for o in options])])
        last = len(options)
        # reach[i, r]: the most that r levers from the i-th on can gain
        self.reach = np.array(
            [[most[min(i + r, last)] - most[i] for r in range(count + 1)] for i in range(last + 1)]
        )
        prices = np.concatenate([o[1] / o[0] for o in options])
        self.prices = np.unique(np.quantile(prices, np.linspace(0, 1, 40)))
        self.prices = np.concatenate([self.prices, self.prices[-1] * 2.0 ** np.arange(1, 6)])
        # surplus[k]: at each price of a point, what lever k earns at best
        # saved[i, r]: what the best r levers from the i-th on earn
        surplus = np.array(
            [np.maximum((self.prices[:, None] * g - e).max(axis=1), 0.0) for g, e, _ in options]
        )
        self.saved = np.zeros((last + 1, count + 1, len(self.prices)))
        for i in range(last):
            ranked = -np.sort(-surplus[i:], axis=0)
            self.saved[i, 1:] = np.cumsum(ranked, axis=0)[np.minimum(np.arange(count), len(ranked) - 1)]

    def run(self, most: int) -> bool:
        """Whether every set was looked at; with a small ``most`` only the promising ones are."""
        whole = True
        states: list[Matrix] = [np.zeros((1, 3)), *(np.empty((0, 3)) for _ in range(self.count - 1))]
        trail: list[tuple[int, int, int]] = [(-1, -1, -1)]  # state before, lever, option
        for i, (gain, effort, _) in enumerate(self.options):
            self._finish(i, gain, effort, states[-1], trail)
            for taken in range(self.count - 1, 0, -1):
                old = states[taken - 1]
                if len(old):
                    fresh = np.stack(
                        [
                            (old[:, 0][:, None] + gain).ravel(),
                            (old[:, 1][:, None] + effort).ravel(),
                            -1.0 - np.arange(len(old) * len(gain)),
                        ],
                        axis=1,
                    )
                    mixed = self._kept(i + 1, taken, np.concatenate([states[taken], fresh]))
                    if len(mixed) > most:
                        whole = False
                        mixed = mixed[np.argsort(self._bound(i + 1, taken, mixed), kind="stable")[:most]]
                    for row in np.flatnonzero(mixed[:, 2] < 0):
                        at, option = divmod(int(-1.0 - mixed[row, 2]), len(gain))
                        trail.append((int(old[at, 2]), i, option))
                        mixed[row, 2] = len(trail) - 1
                    states[taken] = mixed
                elif len(states[taken]):
                    states[taken] = self._kept(i + 1, taken, states[taken])
            states[0] = self._kept(i + 1, 0, states[0])
        return whole

    def _finish(
        self, lever: int, gain: Column, effort: Column, states: Matrix, trail: list[tuple[int, int, int]]
    ) -> None:
        """The last choice: the least option that closes what is still to gain."""
        if not len(states):
            return
        option = np.searchsorted(gain, self.need - states[:, 0])
        closed = option < len(gain)
        total = np.where(closed, states[:, 1] + effort[np.minimum(option, len(gain) - 1)], np.inf)
        row = int(total.argmin())
        if total[row] < self.effort - SLACK:
            self.effort = float(total[row])
            picked, at = [(lever, int(option[row]))], int(states[row, 2])
            while at > 0:
                at, which, how = trail[at]
                picked.append((which, how))
            self.best = tuple(picked)

    def _bound(self, i: int, taken: int, states: Matrix) -> Column:
        """Least effort with which each state can end (Lagrange, the best of several prices)."""
        rest = self.need - states[:, 0]
        found = states[:, 1].copy()
        saved = self.saved[i, self.count - taken]
        for price, save in zip(self.prices, saved, strict=True):
            np.maximum(found, states[:, 1] + price * rest - save, out=found)
        return found

    def _kept(self, i: int, taken: int, states: Matrix) -> Matrix:
        """States that can still gain enough, end below the best, and that no other beats."""
        states = states[states[:, 0] + self.reach[i, self.count - taken] >= self.need]
        if len(states):
            states = states[self._bound(i, taken, states) < self.effort - SLACK]
        if len(states) < 2:
            return states
        states = states[np.lexsort((np.arange(len(states)), -states[:, 0], states[:, 1]))]
        before = np.maximum.accumulate(np.concatenate([[-np.inf], states[:-1, 0]]))
        return states[states[:, 0] > before]
