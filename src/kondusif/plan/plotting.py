"""The plotting list of a plan: one row per unit and post, as it goes into a Sprin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kondusif.forces import Force, Unit
from kondusif.places import Desa, Tps
from kondusif.plan.answer import Plan
from kondusif.plan.problem import JENIS

FORCE_NAMES: Mapping[Force, str] = {
    Force.POLRI: "Polri",
    Force.TNI: "TNI",
    Force.LINMAS: "Linmas",
    Force.SATPOL: "Satpol PP",
}


@dataclass(frozen=True, slots=True)
class PlottingRow:
    """One line of the list. Units and heads only: no names, no numbers of people.

    ``no`` counts from 1; ``heads`` 0 marks a need that nobody fills, with the missing heads in ``remarks``.
    ``start`` is timezone-aware; ``controller`` (padal) is empty until the office names one.
    """

    no: int
    unit: str
    force: str
    heads: int
    post: str
    place: str
    desa: str
    level: int | None
    start: datetime
    controller: str
    remarks: str


def plotting_rows(
    plan: Plan,
    desa: Sequence[Desa],
    tps: Sequence[Tps],
    units: Sequence[Unit],
    *,
    controllers: Mapping[str, str] | None = None,
) -> tuple[PlottingRow, ...]:
    """The list by village and post, then posts without a village; unmet needs stand where they are missing.

    ``controllers`` names the padal per desa code (or per post code, which wins).
    """
    unit_of = {u.kode: u for u in units}
    nama = {d.kode: f"{d.nama}, Kec. {d.kecamatan}" for d in desa}
    stations = {t.kode: t for t in tps}
    controllers = controllers or {}
    rows: list[PlottingRow] = []
    for post in sorted(
        plan.posts, key=lambda p: (p.desa is None, p.desa or "", JENIS.index(p.jenis), p.kode)
    ):
        station = stations.get(post.kode)
        place = f"TPS {station.nomor:02d}, {station.nama}" if station and station.nama else post.nama
        controller = controllers.get(post.kode) or controllers.get(post.desa or "", "")
        lines: list[tuple[str, Force, int, str]] = []
        for a in plan.assigned_at.get(post.kode, ()):
            unit = unit_of.get(a.unit)
            remarks = "BKO" if unit and unit.bko else ""
            lines.append((unit.nama if unit else a.unit, a.force, a.heads, remarks))
        for u in plan.unmet_at.get(post.kode, ()):
            lines.append(("", u.force, 0, f"BELUM TERPENUHI: kurang {u.missing}"))
        rows += [
            PlottingRow(
                no=len(rows) + i,
                unit=unit_nama,
                force=FORCE_NAMES[force],
                heads=heads,
                post=post.kode,
                place=place,
                desa=nama.get(post.desa or "", ""),
                level=post.level,
                start=plan.starts[post.kode],
                controller=controller,
                remarks=remarks,
            )
            for i, (unit_nama, force, heads, remarks) in enumerate(lines, start=1)
        ]
    return tuple(rows)
