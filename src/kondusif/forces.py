"""Forces, strength, and the fixed patterns (Pola) that offices use today.

A pattern has named fields because a bare triple is read differently from regency to regency:
``2-4-8`` may be Polri-Linmas-TPS or Polri-TPS-Linmas (domain.md, fact 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal

from kondusif.places import Point


class Force(StrEnum):
    """Who a person in uniform belongs to. Brimob under BKO is police."""

    POLRI = "polri"
    TNI = "tni"
    LINMAS = "linmas"
    SATPOL = "satpol"


@dataclass(frozen=True, slots=True)
class Strength:
    """Heads per force."""

    polri: int = 0
    tni: int = 0
    linmas: int = 0
    satpol: int = 0

    def __add__(self, other: Strength) -> Strength:
        return Strength(*(self.of(f) + other.of(f) for f in Force))

    def __mul__(self, times: int) -> Strength:
        return Strength(*(self.of(f) * times for f in Force))

    __rmul__ = __mul__

    def __sub__(self, other: Strength) -> Strength:
        return Strength(*(self.of(f) - other.of(f) for f in Force))

    def of(self, force: Force) -> int:
        heads: int = getattr(self, force.value)
        return heads

    def items(self) -> Iterator[tuple[Force, int]]:
        return ((f, self.of(f)) for f in Force)

    @property
    def total(self) -> int:
        return sum(heads for _, heads in self.items())

    @staticmethod
    def sum(parts: Iterable[Strength]) -> Strength:
        out = Strength()
        for part in parts:
            out = out + part
        return out


assert [f.name for f in fields(Strength)] == [f.value for f in Force]


@dataclass(frozen=True, slots=True)
class Pola:
    """What one place of one class needs: heads per TPS, or per desa."""

    need: Strength
    per: Literal["tps", "desa"] = "tps"


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns by class level, with the order or report they come from (RULES 11)."""

    kode: str
    nama: str
    source: str
    levels: Mapping[int, tuple[Pola, ...]]

    def demand(self, counts: Mapping[int, int], per: Literal["tps", "desa"] = "tps") -> Strength:
        """Total heads for ``counts`` places per level; only patterns of the given unit count."""
        return Strength.sum(
            pola.need * n for level, n in counts.items() for pola in self.levels[level] if pola.per == per
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """A body of people that can be posted: Polsek, Polres function, Koramil, Linmas of a desa, BKO.

    ``only_desa`` binds Linmas to their own village; ``not_at`` lists area codes where a member has a
    declared conflict of interest, as an aggregate: no names, no reasons (neutrality).
    """

    kode: str
    nama: str
    force: Force
    function: str
    strength: int
    base: Point | None = None
    base_nama: str = ""
    bko: bool = False
    only_desa: str | None = None
    not_at: tuple[str, ...] = ()
