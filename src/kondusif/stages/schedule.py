"""The stages of an operation as a strip, and the stage of the index (method 4.7, 4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kondusif.stages.days import local_day, require_zone
from kondusif.stages.election import Election, deadlines, h, local
from kondusif.words import N_


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the strip, from ``start`` until ``end`` (the next one's start; None for the last)."""

    kode: str
    nama: str
    start: datetime
    end: datetime | None
    source: str
    h: int


def calendar(election: Election) -> tuple[Stage, ...]:
    """The ten stages of an operation in order, dialogue to closing (method 4.7).

    The operation closes at its milestone (H+70), or the day after the dispute limit or the inauguration
    if one of those comes later: it never closes while the law still lets something happen.
    """
    pack, dl = election.pack, deadlines(election)

    def on(milestone: str) -> datetime:
        return local(election, election.day + timedelta(days=pack.milestones[milestone]))

    last = max(filter(None, (dl.dispute_limit_at, dl.inauguration_at)))
    closing = max(on("tutup"), local(election, local_day(last, election.zone) + timedelta(days=1)))
    vote = election.vote_at.astimezone(election.zone)
    days = N_("{} hari kerja")
    order = N_("perintah operasi (usulan)")
    steps: list[tuple[str, str, datetime, str]] = [
        ("dialog", N_("Dialog"), on("dialog"), order),
        ("ukur", N_("Pemetaan kerawanan dan kelas"), on("ukur"), order),
        ("rencana", N_("Rencana pengamanan disahkan"), on("rencana"), order),
        ("geser", N_("Pergeseran pasukan"), on("geser"), order),
        ("pungut", N_("Pungut dan hitung"), vote, pack.regulation),
        ("siaga", N_("Siaga"), on("siaga"), order),
        ("keberatan", N_("Keberatan ditutup"), dl.objection_shut_at, days.format(pack.objection_wd)),
        ("bpd", N_("Laporan BPD"), dl.bpd_report_at, pack.regulation),
        ("sengketa", N_("Batas sengketa"), dl.dispute_limit_at, days.format(pack.dispute_wd)),
        ("tutup", N_("Operasi ditutup"), closing, order),
    ]
    steps.sort(key=lambda s: s[2])  # an early actual report may overtake another step
    ends: list[datetime | None] = [*(s[2] for s in steps[1:]), None]
    return tuple(
        Stage(kode, nama, start, end, source, h(election, start))
        for (kode, nama, start, source), end in zip(steps, ends, strict=True)
    )


def current_stage(election: Election, now: datetime) -> Stage | None:
    """The stage of the strip that ``now`` lies in; None before the dialogue."""
    require_zone(now)
    return next((s for s in reversed(calendar(election)) if s.start <= now), None)
