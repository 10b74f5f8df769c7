"""The rules of a plan, one function per constraint; the same names return in verify and in explanations.

A :class:`Model` numbers the unknowns: ``x`` whole heads per allowed (unit, post), then ``m`` missing heads
per (post, force) with a need. A bar keeps a pair out of the model altogether; a constraint yields rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kondusif.forces import Force, Unit
from kondusif.places import within
from kondusif.plan.problem import Post

# ---------------------------------------------------------------- bars: who may not stand where


def own_village(unit: Unit, post: Post) -> bool:
    """Linmas stay in their own village: barred when ``only_desa`` is another one (method 3.6)."""
    return unit.only_desa is not None and unit.only_desa != post.desa


def neutrality(unit: Unit, post: Post) -> bool:
    """Nobody guards a place where they have declared a conflict of interest (method 3.7)."""
    return within(post.kode, unit.not_at)


def no_base(unit: Unit, post: Post) -> bool:
    """A unit that does not say where it starts cannot be ordered to move; its own village needs no move."""
    return unit.base is None and unit.only_desa is None


BARS: Mapping[str, Callable[[Unit, Post], bool]] = {
    "own_village": own_village,
    "neutrality": neutrality,
    "no_base": no_base,
}


def barred(unit: Unit, post: Post) -> str | None:
    """The first bar between a unit and a post; None when it may stand there."""
    return next((code for code, bar in BARS.items() if bar(unit, post)), None)


# ---------------------------------------------------------------- the unknowns


@dataclass(frozen=True)
class Model:
    """Posts and units in code order; pairs and needs are indices into them."""

    posts: Sequence[Post]
    units: Sequence[Unit]

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Allowed (unit, post): right force, a need there, no bar."""
        return [
            (u, p)
            for u, unit in enumerate(self.units)
            for p, post in enumerate(self.posts)
            if post.need.of(unit.force) and not barred(unit, post)
        ]

    @cached_property
    def needs(self) -> list[tuple[int, Force]]:
        """(post, force) with a need above zero."""
        return [(p, f) for p, post in enumerate(self.posts) for f, n in post.need.items() if n]

    @property
    def size(self) -> int:
        return len(self.pairs) + len(self.needs)

    def upper(self) -> list[int]:
        """The most each unknown can be: a unit's strength or the need, whichever is smaller."""
        heads = [
            min(self.units[u].strength, self.posts[p].need.of(self.units[u].force)) for u, p in self.pairs
        ]
        return heads + [self.posts[p].need.of(f) for p, f in self.needs]


@dataclass(frozen=True, slots=True)
class Row:
    """``lo <= sum of the columns <= hi``, named for explanations."""

    name: str
    columns: Sequence[int]
    lo: int
    hi: int


# ---------------------------------------------------------------- constraints


def strength_of_unit(model: Model) -> Iterator[Row]:
    """For every unit u: sum over posts of x[u, p] <= strength of u. Nobody stands in two places."""
    columns: defaultdict[int, list[int]] = defaultdict(list)
    for column, (u, _) in enumerate(model.pairs):
        columns[u].append(column)
    for u, of_unit in columns.items():
        yield Row(f"strength_of_unit[{model.units[u].kode}]", of_unit, 0, model.units[u].strength)


def need_met_or_said(model: Model) -> Iterator[Row]:
    """For every post p and force f: sum over units of x[u, p] + m[p, f] = need. Never padded or hidden."""
    columns: defaultdict[tuple[int, Force], list[int]] = defaultdict(list)
    for column, (u, p) in enumerate(model.pairs):
        columns[p, model.units[u].force].append(column)
    for i, (p, force) in enumerate(model.needs):
        need = model.posts[p].need.of(force)
        missing = len(model.pairs) + i
        yield Row(
            f"need_met_or_said[{model.posts[p].kode}, {force}]", [*columns[p, force], missing], need, need
        )


CONSTRAINTS: tuple[Callable[[Model], Iterator[Row]], ...] = (strength_of_unit, need_met_or_said)
