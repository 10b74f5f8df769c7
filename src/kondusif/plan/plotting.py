"""The plotting list of a plan: one row per unit and post, as it goes into a Sprin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kondusif.forces import Force, Strength, Unit
from kondusif.places import Desa, Tps
from kondusif.plan.answer import Plan
from kondusif.plan.problem import JENIS
from kondusif.words import OWN, table


@dataclass(frozen=True, slots=True)
class PlottingRow:
    """One line of the list. Units and heads only: no names, no numbers of people.

    ``no`` counts from 1; ``heads`` 0 marks a need that nobody fills, with the missing heads in ``remarks``.
    ``start`` is timezone-aware.
    """

    no: int
    unit: str
    force: Force
    heads: int
    post: str
    place: str
    desa: str
    level: int | None
    start: datetime
    remarks: str


def plotting_rows(
    plan: Plan,
    desa: Sequence[Desa],
    tps: Sequence[Tps],
    units: Sequence[Unit],
) -> tuple[PlottingRow, ...]:
    """The list by village and post, then posts without a village; unmet needs where they are missing."""
    unit_of = {u.kode: u for u in units}
    nama = {d.kode: f"{d.nama}, Kec. {d.kecamatan}" for d in desa}
    stations = {t.kode: t for t in tps}
    rows: list[PlottingRow] = []
    for post in sorted(
        plan.posts, key=lambda p: (p.desa is None, p.desa or "", JENIS.index(p.jenis), p.kode)
    ):
        station = stations.get(post.kode)
        place = f"TPS {station.nomor:02d}, {station.nama}" if station and station.nama else post.nama
        for unit, force, heads, remarks in _lines(plan, post.kode, unit_of):
            rows.append(
                PlottingRow(
                    no=len(rows) + 1,
                    unit=unit,
                    force=force,
                    heads=heads,
                    post=post.kode,
                    place=place,
                    desa=nama.get(post.desa or "", ""),
                    level=post.level,
                    start=plan.starts[post.kode],
                    remarks=remarks,
                )
            )
    return tuple(rows)


def _lines(plan: Plan, post: str, units: Mapping[str, Unit]) -> Iterator[tuple[str, Force, int, str]]:
    """Name of the unit, force, heads and remarks of every assignment and unmet need of a post."""
    for a in plan.assigned_at.get(post, ()):
        unit = units.get(a.unit)
        yield unit.nama if unit else a.unit, a.force, a.heads, "BKO" if unit and unit.bko else ""
    for u in plan.unmet_at.get(post, ()):
        yield "", u.force, 0, f"BELUM TERPENUHI: kurang {u.missing}"


@dataclass(frozen=True, slots=True)
class PlottingStyle:
    """How an operation writes: its words for the levels, its clock, the language of the reader."""

    labels: Mapping[int, str]
    zone: ZoneInfo
    language: str = OWN


def plotting_table(rows: Iterable[PlottingRow], style: PlottingStyle) -> list[dict[str, object]]:
    """The list as a file holds it: heading to value, row by row."""
    return [_columns(row, style) for row in rows]


def _columns(row: PlottingRow, style: PlottingStyle) -> dict[str, object]:
    """Every column of the list, in order: its heading, and what stands in a row."""
    return {
        "No": row.no,
        "Satuan": row.unit or table("plotting", style.language)["no_unit"],
        "Unsur": table("forces", style.language)[row.force],
        "Jumlah": row.heads,
        "Kode pos": row.post,
        "Tempat": row.place,
        "Desa": row.desa,
        "Kelas": style.labels[row.level] if row.level else "",
        "Mulai": row.start.astimezone(style.zone),
        "Padal": "",  # who controls the post is written in by hand
        "Keterangan": row.remarks,
    }


def heads_in_words(s: Strength, language: str = OWN) -> str:
    """Heads per force, forces without heads left out; "" for nobody.

    >>> heads_in_words(Strength(polri=2, linmas=8))
    '2 Polri, 8 Linmas'
    """
    return ", ".join(f"{n} {table('forces', language)[f]}" for f, n in s.items() if n)


def plotting_totals(plan: Plan, language: str = OWN) -> list[str]:
    """What stands above the list: who is posted, and who is missing where anyone is."""
    words = table("plotting", language)
    said = [(words["posted"], plan.posted)] + [(words["missing"], plan.missing)] * bool(plan.missing.total)
    return [
        text % {"n": s.total} + (f": {heads_in_words(s, language)}" if s.total else "") for text, s in said
    ]
