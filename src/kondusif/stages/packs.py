"""Rule packs: lengths and offsets as data, named by the regulation they encode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType

from kondusif.errors import KondusifError
from kondusif.words import N_


class StagesError(KondusifError):
    """An election or rule pack contradicts itself: naive time, unknown zone, offsets out of order."""

    code = "stages_error"


@dataclass(frozen=True, slots=True)
class RulePack:
    """Lengths and offsets, named by the regulation they encode. Published packs are never edited.

    ``*_wd`` are working days; ``*_days`` calendar days; milestones are days from H (negative: before).
    """

    kode: str
    nama: str
    regulation: str
    sources: tuple[str, ...]
    objection_wd: int = 3  # candidates' objections, from the day after the vote
    bpd_wd: int = 7  # committee to BPD
    regent_wd: int = 7  # BPD to regent, through the camat
    dispute_wd: int = 30  # regent settles a dispute, from BPD's report
    reports_wait_for_objections: bool = True  # RULES 19: the longest road is 3 + 7 + 7 + 30
    collective_leave: bool = False  # whether cuti bersama stops the count
    candidacy_wd: int = 33  # registration to invitations, ending the day before the campaign
    campaign_days: int = 3
    quiet_days: int = 3
    day_ends: time = time(23, 59)  # [P] a limit in days lasts until its last minute
    poll_hours: int = 6  # [P] 07.00-13.00
    counting_hours: int = 6  # [P] planned; big villages count past midnight
    escort_hours: int = 3  # [P] boxes to the kecamatan
    milestones: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType(
            {"dialog": -63, "ukur": -21, "rencana": -7, "geser": -1, "siaga": 1, "tutup": 70}  # [P]
        )
    )

    def __post_init__(self) -> None:
        lengths = (self.objection_wd, self.bpd_wd, self.regent_wd, self.dispute_wd, self.candidacy_wd)
        if any(n < 1 for n in lengths) or min(self.campaign_days, self.quiet_days) < 0:
            raise StagesError("pack_length", pack=self.kode)
        m = self.milestones
        if set(m) != MILESTONES:
            raise StagesError("milestones_unknown", pack=self.kode, found=tuple(m))
        if not m["dialog"] < m["ukur"] < m["rencana"] < m["geser"] < 0 < m["siaga"] < m["tutup"]:
            raise StagesError("milestones_order", pack=self.kode)


MILESTONES = frozenset({"dialog", "ukur", "rencana", "geser", "siaga", "tutup"})

PP_43_2014 = RulePack(
    kode="pp-43-2014",
    nama=N_("PP 43/2014 dan Permendagri 112/2014 beserta perubahannya (2023)"),
    regulation=N_(
        "UU 6/2014; PP 43/2014 jo. PP 47/2015; Permendagri 112/2014 jo. 65/2017 jo. 72/2020; "
        "Perbup setempat yang merinci"
    ),
    sources=(
        "UU 6/2014 pasal 37: laporan panitia dan BPD 7 hari, perselisihan diselesaikan bupati 30 hari",
        "Keberatan 3 hari: J. Cakrawala Hukum 10(2) 2019, doi 10.26905/idjch.v10i2.3541",
        "Hitungan hari kerja 3 + 7 + 7 + 30: usulan [P], jalan terpanjang; cocokkan dengan Perbup setempat",
    ),
)
PP_16_2026 = RulePack(
    kode="pp-16-2026",
    nama="PP 16/2026",
    regulation=N_("UU 3/2024; PP 16/2026 (berlaku 27 Maret 2026, mencabut PP 43/2014); Perbup setempat"),
    sources=(
        "Jadwal Pilkades Kabupaten Blitar 2026 menurut Kecamatan Selorejo (sekunder): "
        "keberatan 3 hari kerja, panitia ke BPD 7, BPD ke bupati 7, perselisihan 30",
        "Status Permendagri 112/2014 setelah PP 16/2026 belum diketahui",
    ),
    reports_wait_for_objections=False,  # in the Blitar timetable the reports run from the vote
)
PACKS: Mapping[str, RulePack] = MappingProxyType({p.kode: p for p in (PP_43_2014, PP_16_2026)})

START_OFFSETS: Mapping[int, tuple[int, time]] = MappingProxyType(
    {1: (1, time(7)), 2: (2, time(7)), 3: (3, time(7))}  # RULES 9 [P]: H-1, H-2, H-3 at 07.00
)
