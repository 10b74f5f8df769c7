"""Rows into the facts a public text may rest on: counts and moments of the operation, no village's own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from kondusif import dialogue as core
from kondusif.places import desa_of
from kondusif.stages import Election, calendar, deadlines, start_for_all
from kondusif_web.classes.queries import levels as published_levels
from kondusif_web.dialogue.facts import commitment_of, part_of
from kondusif_web.dialogue.queries import (
    answers_of,
    commitments_of,
    last_left_at,
    meetings_of,
    starts_same_for_all,
)
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Operation, Tps
from kondusif_web.logbook.queries import head
from kondusif_web.planning.queries import approved_plan, plan_starts
from kondusif_web.public.build import Facts, PublicQuestion, PublicStage


def facts_of(operation: Operation, now: datetime) -> Facts:
    """Everything :func:`build.items` may see, as known at ``now``."""
    election = election_of(operation)
    voting = list(Desa.objects.filter(operation=operation, memilih=True).order_by("kode"))
    planned = approved_plan(operation) is not None
    return Facts(
        nama=operation.nama,
        kecamatan=operation.kecamatan,
        kabupaten=operation.kabupaten,
        desa=tuple(name_of(row, operation) for row in voting),
        polres=operation.polres,
        drill=operation.drill,
        illustrative=operation.illustrative,
        at=now,
        head=head(operation.kode)[:16],
        tz=operation.tz,
        vote_at=operation.vote_at,
        latest_start=start_for_all(election),
        terms_at=next(s.start for s in calendar(election) if s.kode == "rencana"),
        planned=planned,
        every_tps_posted=planned and _every_tps_posted(operation),
        stages=stages(election),
        questions=tuple(_asked(operation, planned, now)),
        commitments=tuple(commitment_of(row) for row in commitments_of(operation)),
        last_left_at=last_left_at(operation),
        counts=_counts(operation, [row.kode for row in voting]),
        labels={kode: str(label) for kode, label in operation.labels.items()},
    )


def name_of(desa: Desa, operation: Operation) -> str:
    """The village, with its kecamatan where that is not the page's: names repeat in one regency."""
    return desa.nama if desa.kecamatan == operation.kecamatan else f"{desa.nama} ({desa.kecamatan})"


def stages(election: Election) -> tuple[PublicStage, ...]:
    """The stages that are the same for every village, in order of time."""
    dl = deadlines(election)
    day = {s.kode: s.start for s in calendar(election)}
    found = [
        PublicStage("dialog", day["dialog"]),
        PublicStage("ketentuan", day["rencana"]),
        PublicStage("siap", start_for_all(election)),
        PublicStage("pungut", election.vote_at, election.poll_closes_at),
        PublicStage("keberatan", election.objections_open_at, dl.objection_shut_at),
        PublicStage("bpd", dl.bpd_report_at),
        PublicStage("sengketa", dl.dispute_limit_at),
    ]
    if dl.inauguration_at is not None:
        found.append(PublicStage("pelantikan", dl.inauguration_at))
    return tuple(sorted(found, key=lambda s: s.at))


def _every_tps_posted(operation: Operation) -> bool:
    dated = plan_starts(operation)
    tps = Tps.objects.filter(operation=operation, desa__memilih=True).values_list("kode", flat=True)
    return bool(tps) and all(kode in dated for kode in tps)


def _counts(operation: Operation, voting: list[str]) -> dict[str, int]:
    """Villages per class label; empty while one village is not classified."""
    levels = {kode: n for kode, n in published_levels(operation).items() if desa_of(kode) == kode}
    if not voting or any(kode not in levels for kode in voting):
        return {}
    found = Counter(levels[kode] for kode in voting)
    return {str(operation.labels.get(str(n), n)): found[n] for n in (1, 2, 3)}


def _asked(operation: Operation, planned: bool, now: datetime) -> list[PublicQuestion]:
    """Questions in the order asked; read with no class and no village's own date."""
    same = starts_same_for_all(operation) if planned else None
    meetings = meetings_of(operation).order_by("at", "kode")
    out = []
    for meeting, found in answers_of(operation, meetings, starts_by_place=same, levels={}, now=now):
        by = {a.part.kode: a.by for a in found if a.status is core.AnswerStatus.ANSWERED}
        for q in sorted(meeting.questions.all(), key=lambda q: (q.asked_at, q.kode)):
            parts = tuple(part_of(p) for p in q.parts.all())
            out.append(PublicQuestion(q.text, q.role, name_of(q.desa, operation), parts, by))
    return out
