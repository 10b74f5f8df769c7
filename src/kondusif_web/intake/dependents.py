"""What rests on a place, across the contexts: while anything does, the place is not retired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from kondusif_web.answers.models import Answer, Review
from kondusif_web.classes.models import Assessment, Override
from kondusif_web.dialogue.models import MeetingDesa, Pledge, Question, Visit
from kondusif_web.election.models import Membership, Operation, Retired
from kondusif_web.election.retire import codes_of, retire_place
from kondusif_web.logbook.digests import chain_path
from kondusif_web.mitigation.models import RiskFactor
from kondusif_web.planning.models import PlanRow
from kondusif_web.planning.queries import approved_plan, plan_of
from kondusif_web.posts.models import ForceUnit, PostingRow, PostureRow
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest


def dependents(operation: Operation, kodes: Sequence[str]) -> tuple[str, ...]:
    """In words with their counts, the gravest first; empty when the places may go. ``kodes``: a village with
    its stations, or one station. Answers that no publication rests on, and drafts, hold nothing back."""
    return tuple(_describe(operation, kodes))


@transaction.atomic
def retire_unused(
    *, operation: Operation, kode: str, reason: str, by: Membership, now: datetime
) -> list[Retired]:
    """Take a place out of use that nothing rests on, under the operation's lock.

    Raises as :func:`kondusif_web.election.retire.retire_place` does.
    """
    operation = operation.lock()
    rests = dependents(operation, codes_of(operation, kode))
    return retire_place(operation=operation, kode=kode, reason=reason, dependents=rests, by=by, now=now)


def _describe(operation: Operation, kodes: Sequence[str]) -> Iterator[str]:
    here = Q(desa__in=kodes) | Q(place__in=kodes)
    of_desa = Q(desa__kode__in=kodes)
    if n := _publications(operation, kodes):
        yield ngettext("%(n)d kelas terbit", "%(n)d kelas terbit", n) % {"n": n}
    if n := PostingRow.objects.filter(Q(post__in=kodes) | Q(desa__in=kodes), operation=operation).count():
        yield ngettext("%(n)d penugasan", "%(n)d penugasan", n) % {"n": n}
    elif (plan := approved_plan(operation)) and _in_plan(plan, kodes):
        yield ngettext("rencana pengamanan versi %(n)d", "rencana pengamanan versi %(n)d", plan.version) % {
            "n": plan.version
        }
    for model, rests, one in (
        (Incident, here, "%(n)d insiden"),
        (Report, here, "%(n)d laporan"),
        (GateCheck, here, "%(n)d fakta gerbang"),
        (PostureRow, of_desa, "%(n)d status pengamanan"),
        (WithdrawalRequest, Q(desa__in=kodes), "%(n)d permintaan penarikan"),
        (WaiverRow, Q(desa__in=kodes), "%(n)d pengecualian"),
        (ResidentCode, Q(desa__in=kodes), "%(n)d kode warga"),
        (Override, Q(place__in=kodes), "%(n)d penetapan komandan"),
        (Review, Q(place__in=kodes), "%(n)d penilaian bersama"),
        (MeetingDesa, of_desa, "%(n)d pertemuan"),
        (Question, of_desa, "%(n)d pertanyaan"),
        (Pledge, of_desa, "%(n)d ikrar calon"),
        (Visit, of_desa, "%(n)d kunjungan"),
        (RiskFactor, of_desa, "%(n)d faktor risiko tindakan"),
        (ForceUnit, Q(only_desa__in=kodes), "%(n)d unit khusus desa ini"),
        (Membership, Q(post__in=kodes, active=True, user__is_active=True), "%(n)d akun berpos di sini"),
    ):
        own = Q(**{str(chain_path(model)): operation.kode})
        if n := model._default_manager.filter(own, rests).count():
            yield ngettext(one, one, n) % {"n": n}


def _publications(operation: Operation, kodes: Sequence[str]) -> int:
    """Published classes of the village, or those that rest on answers of the station itself."""
    rows = Assessment.objects.filter(operation=operation, number__isnull=False)
    desa = [k for k in kodes if "-" not in k]
    if desa:
        return rows.filter(desa__kode__in=desa).count()
    own = set(Answer.objects.filter(operation=operation, place__in=kodes).values_list("client_id", flat=True))
    of_village = rows.filter(desa__kode__in={k.partition("-")[0] for k in kodes})
    return (
        sum(not own.isdisjoint(ids) for ids in of_village.values_list("answer_ids", flat=True)) if own else 0
    )


def _in_plan(plan: PlanRow, kodes: Sequence[str]) -> bool:
    return any(k in plan.scope for k in kodes) or any(p.kode in kodes for p in plan_of(plan).posts)
