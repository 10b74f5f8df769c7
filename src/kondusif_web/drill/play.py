"""Each step through the real action of its context, by the person the sheet names, at the step's time.

A refusal is raised: the script is wrong, or somebody has changed by hand what the step needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kondusif.errors import NotAllowed
from kondusif.files import OperationFile
from kondusif.files.cells import moment
from kondusif.files.sheets import NILAI_PERIKSA
from kondusif_web.accounts.roles import Role, may
from kondusif_web.answers.actions import take_answers
from kondusif_web.classes import actions as classes
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.dialogue.models import Commitment, PledgeState, QuestionPart
from kondusif_web.drill.measuring import MEASURING
from kondusif_web.drill.script import Step
from kondusif_web.election import actions as election
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.planning import actions as planning_actions
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts import muster as posts_muster
from kondusif_web.reports import actions as reports_actions
from kondusif_web.reports.observations import add_check
from kondusif_web.withdrawal import actions as withdrawal_actions
from kondusif_web.withdrawal import disputes, moves, residents
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import waiting_request


class Stage:
    """The people and the operation that the story plays with."""

    def __init__(self, operation: Operation, file: OperationFile) -> None:
        self.operation, self.file = operation, file
        members = operation.members.filter(active=True, user__is_active=True).select_related("user")
        self.people = {member.username: member for member in members}

    def person(self, username: str) -> Membership:
        """Who the sheet names. Raises NotAllowed where that account is closed or gone."""
        if username not in self.people:
            raise NotAllowed("account_closed")
        return self.people[username]

    def anyone(self, permission: str, role: Role | None = None) -> Membership:
        """The first person who may do this, for steps whose sheet names nobody. Raises NotAllowed."""
        for _, user in sorted(self.people.items()):
            if may(user, permission) and (role is None or user.role == role):
                return user
        raise NotAllowed("account_closed", permission=permission)

    def play(self, step: Step) -> None:
        PLAYS[step.sheet](self, step)


def _dialog(stage: Stage, step: Step) -> None:
    """The meeting with its questions and commitments; pledges are signed later."""
    of_meeting = {
        "pertemuan": step.rows,
        "pertanyaan": _of(stage.file, "pertanyaan", step.key),
        "komitmen": _of(stage.file, "komitmen", step.key),
    }
    chief = stage.anyone("dialogue_write", Role.KAPOLRES)
    dialogue.import_dialogue(
        operation=stage.operation, file=OperationFile.of(of_meeting), by=chief, now=step.at
    )


def _of(file: OperationFile, sheet: str, meeting: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(r for r in file[sheet] if r["pertemuan"] == meeting)


def _ikrar(stage: Stage, step: Step) -> None:
    row = step.row
    dialogue.sign_pledge(
        operation=stage.operation,
        desa=Desa.objects.get(operation=stage.operation, kode=row["desa"]),
        nomor=row["nomor"],
        state=PledgeState.SIGNED if row["ikrar"] == "yes" else PledgeState.UNSIGNED,
        on=row.get("tanggal_ikrar"),
        by=stage.anyone("dialogue_write", Role.KAPOLSEK),
        now=step.at,
    )


def _jawaban(stage: Stage, step: Step) -> None:
    planner = stage.anyone("import_answers")
    take_answers(operation=stage.operation, answers=step.rows, by=planner, now=step.at)


def _laporan(stage: Stage, step: Step) -> None:
    row = step.row
    reports_actions.submit_report(
        operation=stage.operation,
        id=UUID(row["id"]),
        kind="aman" if row["keadaan"] == "aman" else "situasi",
        place=row["tempat"],
        note=row.get("isi") or "",
        by=stage.person(row["oleh"]),
        now=step.at,
    )


def _insiden(stage: Stage, step: Step) -> None:
    row = step.row
    reports_actions.open_incident(
        operation=stage.operation,
        id=UUID(row["id"]),
        kind=row["jenis"],
        place=row["tempat"],
        severity=row["tingkat"],
        note=row["isi"],
        by=stage.person(row["oleh"]),
        now=step.at,
    )


def _pemeriksaan(stage: Stage, step: Step) -> None:
    """One checklist answer; a resident answers for themselves, by a code (RULES 18)."""
    row = step.row
    by = stage.person(row["oleh"])
    if row.get("pihak") == "warga":
        _, code = residents.make_resident_code(
            operation=stage.operation, desa=row["desa"], by=by, now=step.at
        )
        residents.answer_by_code(
            operation=stage.operation, code=code, confirmed=row["nilai"] == "ya", now=step.at
        )
        return
    add_check(
        operation=stage.operation,
        id=UUID(row["id"]),
        desa=row["desa"],
        item=row["butir"],
        value=NILAI_PERIKSA[row["nilai"]],
        tps=row.get("tps") or "",
        second=stage.person(row["kedua"]) if row.get("kedua") else None,
        minutes=row.get("nomor_ba") or "",
        party=row.get("pihak") or "",
        note=row.get("catatan") or "",
        corrects=UUID(row["mengoreksi"]) if row.get("mengoreksi") else None,
        by=by,
        now=step.at,
    )


# ---------------------------------------------------------------- decisions


def _keputusan(stage: Stage, step: Step) -> None:
    row = step.row
    ACTIONS[row["tindakan"]](stage, row, stage.person(row["oleh"]), step.at)


def _publish(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    dialogue.take_dialogue(operation=stage.operation, by=by, now=at)
    classes.assess_operation(operation=stage.operation, by=by, now=at)
    classes.publish_assessments(operation=stage.operation, by=by, now=at)


def _draft(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    plan = planning_actions.make_plan(operation=stage.operation, by=by, now=at)
    planning_actions.propose_plan(operation=stage.operation, plan=plan, by=by, now=at)


def _approve_plan(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    waiting = PlanRow.objects.filter(operation=stage.operation, state="proposed").latest("version")
    planning_actions.approve_plan(operation=stage.operation, plan=waiting, by=by, now=at)


def _arrive(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    ordered = stage.operation.postings.filter(desa=row.get("tempat") or "", state="ordered")
    for posting in ordered.order_by("post", "pk"):
        posts_muster.check_in(operation=stage.operation, posting=posting.pk, out=posting.heads, by=by, now=at)


def _move(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    moves.move_posture(
        operation=stage.operation,
        desa=row["tempat"],
        to=row["ke"],
        by=by,
        now=at,
        why=row.get("alasan") or "",
    )


def _request(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    """A request that somebody made by hand already, for the same step, is the one that is decided."""
    made = waiting_request(stage.operation, row["tempat"])
    if made is not None and made.state_to == row["ke"]:
        return
    withdrawal_actions.request_withdrawal(
        operation=stage.operation, desa=row["tempat"], to=row["ke"], reason=row["alasan"], by=by, now=at
    )


def _approve(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    waiting = waiting_request(stage.operation, row["tempat"])
    if waiting is None:
        raise WithdrawalRequest.DoesNotExist
    withdrawal_actions.approve_withdrawal(operation=stage.operation, id=waiting.pk, by=by, now=at)


def _request_waiver(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    withdrawal_actions.request_waiver(
        operation=stage.operation,
        desa=row["tempat"],
        to=row["ke"],
        gate=row["gerbang"],
        reason=row["alasan"],
        by=by,
        now=at,
    )


def _approve_waiver(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    """The second person signs, then the Kapolres."""
    asked = WaiverRow.objects.filter(
        operation=stage.operation, desa=row["tempat"], gate=row["gerbang"]
    ).latest("requested_at")
    withdrawal_actions.second_waiver(
        operation=stage.operation, id=asked.pk, by=stage.person(row["kedua"]), now=at
    )
    withdrawal_actions.approve_waiver(operation=stage.operation, id=asked.pk, by=by, now=at)


def _home(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    """Everyone on the way back is counted, people and equipment, and goes home (item 15)."""
    back = stage.operation.postings.filter(desa=row.get("tempat") or "", state="returning")
    for posting in back.order_by("post", "pk"):
        posts_muster.count_back(
            operation=stage.operation,
            posting=posting.pk,
            back=posting.out,
            equipment_back=posting.equipment_out or 0,
            by=by,
            now=at,
        )
        posts_muster.send_home(operation=stage.operation, posting=posting.pk, by=by, now=at)


def _call(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    """A try to reach the resident, without result."""
    code = ResidentCode.objects.filter(
        operation=stage.operation, desa=row["tempat"], state="not_reached"
    ).last()
    if code is None:
        code, _ = residents.make_resident_code(operation=stage.operation, desa=row["tempat"], by=by, now=at)
    residents.log_attempt(operation=stage.operation, id=code.pk, by=by, now=at)


def _close(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    incident = next(r for r in stage.file["insiden"] if r["id"] == row["rujukan"])
    reports_actions.close_incident(
        operation=stage.operation,
        id=UUID(row["rujukan"]),
        reason=row["alasan"],
        ended_at=incident.get("selesai"),
        by=by,
        now=at,
    )


def _answer(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    part = QuestionPart.objects.get(kode=row["rujukan"], question__operation=stage.operation)
    dialogue.answer_part(operation=stage.operation, part=part, text=row["alasan"], by=by, now=at)


def _commitment(stage: Stage, row: Mapping[str, Any]) -> Commitment:
    return Commitment.objects.get(operation=stage.operation, kode=row["rujukan"])


def _own(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    dialogue.own_commitment(operation=stage.operation, commitment=_commitment(stage, row), by=by, now=at)


def _keep(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    dialogue.keep_commitment(operation=stage.operation, commitment=_commitment(stage, row), by=by, now=at)


def _inauguration(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    when = moment(row["ke"]).replace(tzinfo=stage.file.zone)
    election.date_stage(
        operation=stage.operation, kode="inauguration", at=when, source=row["alasan"], by=by, now=at
    )


def _object(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    disputes.record_dispute(
        operation=stage.operation, desa=row["tempat"], state="open", source=row["alasan"], by=by, now=at
    )


def _settle(stage: Stage, row: Mapping[str, Any], by: Membership, at: datetime) -> None:
    disputes.record_dispute(
        operation=stage.operation, desa=row["tempat"], state="settled", source=row["alasan"], by=by, now=at
    )


PLAYS: Mapping[str, Callable[[Stage, Step], None]] = {
    "dialog": _dialog,
    "ikrar": _ikrar,
    "jawaban": _jawaban,
    "laporan": _laporan,
    "insiden": _insiden,
    "pemeriksaan": _pemeriksaan,
    "keputusan": _keputusan,
}
ACTIONS: Mapping[str, Callable[[Stage, Mapping[str, Any], Membership, datetime], None]] = {
    "tetapkan kelas": _publish,
    "susun rencana": _draft,
    "setujui rencana": _approve_plan,
    "datang": _arrive,
    "pindah postur": _move,
    "minta penarikan": _request,
    "setujui penarikan": _approve,
    "minta pengecualian": _request_waiver,
    "setujui pengecualian": _approve_waiver,
    "pulang": _home,
    "hubungi warga": _call,
    "tutup insiden": _close,
    "jawab pertanyaan": _answer,
    "tanggung komitmen": _own,
    "tepati komitmen": _keep,
    "tetapkan pelantikan": _inauguration,
    "catat keberatan": _object,
    "selesaikan sengketa": _settle,
    **MEASURING,
}
