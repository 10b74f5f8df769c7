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
    """Posts and units in code order, and what is unknown of them."""

    posts: Sequence[Post]
    units: Sequence[Unit]

    @cached_property
    def pairs(self) -> list[tuple[Unit, Post]]:
        """Allowed (unit, post): right force, a need there, no bar."""
        return [
            (unit, post)
            for unit in self.units
            for post in self.posts
            if post.need.of(unit.force) and not barred(unit, post)
        ]

    @cached_property
    def needs(self) -> list[tuple[Post, Force]]:
        """(post, force) with a need above zero."""
        return [(post, force) for post in self.posts for force, n in post.need.items() if n]

    @property
    def size(self) -> int:
        return len(self.pairs) + len(self.needs)

    def upper(self) -> list[int]:
        """The most each unknown can be: a unit's strength or the need, whichever is smaller."""
        heads = [min(unit.strength, post.need.of(unit.force)) for unit, post in self.pairs]
        return heads + [post.need.of(force) for post, force in self.needs]


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """``lo <= sum of the columns <= hi``, named for explanations."""

    name: str
    columns: Sequence[int]
    lo: int
    hi: int


# ---------------------------------------------------------------- constraints


def strength_of_unit(model: Model) -> Iterator[ConstraintRow]:
    """For every unit u: sum over posts of x[u, p] <= strength of u. Nobody stands in two places."""
    columns: defaultdict[str, list[int]] = defaultdict(list)
    for column, (unit, _) in enumerate(model.pairs):
        columns[unit.kode].append(column)
    for unit in model.units:
        if of_unit := columns[unit.kode]:
            yield ConstraintRow(f"strength_of_unit[{unit.kode}]", of_unit, 0, unit.strength)


def need_met_or_said(model: Model) -> Iterator[ConstraintRow]:
    """For every post p and force f: sum over units of x[u, p] + m[p, f] = need. Never padded or hidden."""
    columns: defaultdict[tuple[str, Force], list[int]] = defaultdict(list)
    for column, (unit, post) in enumerate(model.pairs):
        columns[post.kode, unit.force].append(column)
    for missing, (post, force) in enumerate(model.needs, start=len(model.pairs)):
        need, name = post.need.of(force), f"need_met_or_said[{post.kode}, {force}]"
        yield ConstraintRow(name, [*columns[post.kode, force], missing], need, need)


CONSTRAINTS: tuple[Callable[[Model], Iterator[ConstraintRow]], ...] = (strength_of_unit, need_met_or_said)
