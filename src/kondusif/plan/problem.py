"""Demand: which posts there are and what each needs, from classes and a pattern set (method 3.1 to 3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from kondusif.errors import PlanRefused
from kondusif.forces import Force, PatternSet, Strength
from kondusif.places import Desa, Point, Tps

Jenis = Literal["tps", "balai_desa", "posko", "cadangan", "patroli"]
JENIS: tuple[Jenis, ...] = ("tps", "balai_desa", "patroli", "posko", "cadangan")
"""Kinds of posts in the order in which they are filled within one level."""


@dataclass(frozen=True, slots=True)
class Post:
    """A place to stand. ``kode`` is the TPS code, or an area code with -BALAI, -PATROLI, -POSKO, -CADANGAN.

    ``level`` is the force level that sized it; command and reserve carry the highest of their area.
    """

    kode: str
    jenis: Jenis
    desa: str | None
    nama: str
    need: Strength
    at: Point | None
    level: int


def _by_level(one: Strength, two: Strength, three: Strength) -> Mapping[int, Strength]:
    return MappingProxyType({1: one, 2: two, 3: three})


@dataclass(frozen=True, slots=True)
class ExtraPosts:
    """Posts other than TPS: per village by level, and one command and one reserve per kecamatan.

    Defaults are proposals [P] scaled from how Mojokerto Kota 2022 split 305 police: 31 % at stations, the
    rest at village halls, command and reserve. ``Strength()`` means that there is no such post.
    """

    balai_desa: Mapping[int, Strength] = field(
        default_factory=lambda: _by_level(Strength(), Strength(polri=1), Strength(polri=2, satpol=1))
    )
    patroli: Mapping[int, Strength] = field(
        default_factory=lambda: _by_level(Strength(polri=1), Strength(polri=2), Strength(polri=2))
    )
    posko: Strength = Strength(polri=2)
    cadangan: Strength = Strength(polri=8)
    base: Point | None = None  # where command and reserve wait, usually the Polsek
    base_nama: str = ""


NO_EXTRA = ExtraPosts(
    balai_desa=_by_level(Strength(), Strength(), Strength()),
    patroli=_by_level(Strength(), Strength(), Strength()),
    posko=Strength(),
    cadangan=Strength(),
)
