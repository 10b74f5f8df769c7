"""Demand: which posts there are and what each needs, from classes and a pattern set (method 3.1 to 3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from kondusif.errors import PlanRefused
from kondusif.forces import Force, PatternSet, Strength, Unit
from kondusif.places import Desa, Point, Tps, area_of, travel_minutes

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
    posko: Strength = field(default_factory=lambda: Strength(polri=2))
    cadangan: Strength = field(default_factory=lambda: Strength(polri=8))
    bases: Mapping[str, Point] = field(default_factory=dict)
    """Where command and reserve wait, usually the Polsek, by kecamatan code; unknown stays unknown."""


NO_EXTRA = ExtraPosts(
    balai_desa=_by_level(Strength(), Strength(), Strength()),
    patroli=_by_level(Strength(), Strength(), Strength()),
    posko=Strength(),
    cadangan=Strength(),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its name, where, what was found and what is expected there."""

    rule: str
    where: str
    found: object = None
    expected: object = None

    def __str__(self) -> str:
        return f"{self.rule}[{self.where}]: found {self.found}, expected {self.expected}"


def demand(
    desa: Sequence[Desa],
    tps: Sequence[Tps],
    levels: Mapping[str, int],
    patterns: PatternSet,
    extra: ExtraPosts = NO_EXTRA,
) -> tuple[Post, ...]:
    """Every post of the voting villages and what it needs, in code order.

    ``levels``: force level per desa and TPS code. A place without a class is refused, not taken for calm; so
    is a level for which the pattern set has no pattern. Raises :class:`PlanRefused` with every gap at once.
    """
    gaps = tuple(_gaps(desa, tps, levels, patterns))
    if gaps:
        raise PlanRefused("demand_unknown", gaps)
    voting = sorted((d for d in desa if d.memilih), key=lambda d: d.kode)
    posts: list[Post] = []
    for d in voting:
        stations = sorted((t for t in tps if t.desa == d.kode), key=lambda t: t.nomor)
        posts += _stations(d, stations, levels, patterns)
        level = levels[d.kode]
        posts += _beside_stations("balai_desa", d.kode, d.nama, extra.balai_desa[level], d.at, level, d.kode)
        posts += _beside_stations("patroli", d.kode, d.nama, extra.patroli[level], d.at, level, d.kode)
    posts += _of_areas(voting, tps, levels, extra)
    return tuple(posts)


def _beside_stations(
    jenis: Jenis, area: str, nama: str, need: Strength, at: Point | None, level: int, desa: str | None = None
) -> Iterator[Post]:
    """The post of a village or kecamatan, where it needs anybody; ``balai_desa`` gives ``-BALAI``."""
    if need.total:
        kind = jenis.replace("_", " ").title()
        yield Post(
            f"{area}-{jenis.partition('_')[0].upper()}", jenis, desa, f"{kind} {nama}", need, at, level
        )


def _stations(
    d: Desa, stations: Sequence[Tps], levels: Mapping[str, int], patterns: PatternSet
) -> list[Post]:
    """Each station with what its own level asks for and its share of what is asked for per village."""
    per_desa = Strength.sum(p.need for p in patterns.levels[levels[d.kode]] if p.per == "desa")
    shares = _shares(per_desa, [t.kode for t in sorted(stations, key=lambda t: (-levels[t.kode], t.nomor))])
    posts = []
    for t in stations:
        level = levels[t.kode]
        own = Strength.sum(p.need for p in patterns.levels[level] if p.per == "tps")
        nama = f"TPS {t.nomor:02d} {d.nama}" + (f", {t.nama}" if t.nama else "")
        posts.append(Post(t.kode, "tps", d.kode, nama, own + shares[t.kode], t.at or d.at, level))
    return posts


def _shares(total: Strength, stations: Sequence[str]) -> dict[str, Strength]:
    """A per-village need over its stations, as evenly as heads allow; the first get the remainder."""
    shares, n = {}, len(stations)
    for i, kode in enumerate(stations):
        shares[kode] = Strength(*(heads // n + (i < heads % n) for _, heads in total.items()))
    return shares


def _of_areas(
    voting: Sequence[Desa], tps: Sequence[Tps], levels: Mapping[str, int], extra: ExtraPosts
) -> list[Post]:
    posts: list[Post] = []
    for area in sorted({area_of(d.kode) for d in voting}):
        inside = [d for d in voting if area_of(d.kode) == area]
        places = [d.kode for d in inside] + [t.kode for t in tps if area_of(t.desa) == area]
        level = max(levels[kode] for kode in places)
        at, kecamatan = extra.bases.get(area), inside[0].kecamatan
        posts += _beside_stations("posko", area, kecamatan, extra.posko, at, level)
        posts += _beside_stations("cadangan", area, kecamatan, extra.cadangan, at, level)
    return posts


def _gaps(
    desa: Sequence[Desa], tps: Sequence[Tps], levels: Mapping[str, int], patterns: PatternSet
) -> Iterator[Violation]:
    places = [d.kode for d in desa] + [t.kode for t in tps]
    for kode in sorted({k for k in places if places.count(k) > 1}):
        yield Violation("place_once", kode, "more than one", "one")
    voting = {d.kode for d in desa if d.memilih}
    if not voting:
        yield Violation("voting_desa", "operation", "none", "at least one")
    for t in tps:
        if t.desa not in voting:
            yield Violation("tps_of_voting_desa", t.kode, t.desa, "a voting desa")
    for kode in sorted(voting - {t.desa for t in tps}):
        yield Violation("desa_has_tps", kode, "none", "at least one TPS")
    for kode in sorted(voting | {t.kode for t in tps if t.desa in voting}):
        level = levels.get(kode)
        if level is None:
            yield Violation("class_published", kode, None, "level 1, 2 or 3")
        elif level not in patterns.levels:
            yield Violation("pattern_for_level", kode, level, f"{patterns.kode}: {sorted(patterns.levels)}")


def waiting_places(desa: Sequence[Desa], units: Sequence[Unit]) -> dict[str, Point]:
    """Where command and reserve of each kecamatan wait [P]: the police base nearest to its voting villages.

    Nearest by the sum of travel minutes, ties by unit code. A kecamatan is absent when no police base or no
    village position is known: unknown stays unknown.
    """
    bases = [u.base for u in sorted(units, key=lambda u: u.kode) if u.force is Force.POLRI and u.base]
    out = {}
    for area in sorted({area_of(d.kode) for d in desa if d.memilih}):
        at = [d.at for d in desa if d.memilih and d.at and area_of(d.kode) == area]
        if bases and at:
            out[area] = min(bases, key=lambda base: sum(travel_minutes(base, p) for p in at))
    return out
