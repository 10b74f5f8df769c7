"""Each step through the real action of its context, by the person the sheet names, at the step's time.

A refusal is raised: the script is wrong, or somebody has changed by hand what the step needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from kondusif.files import OperationFile
from kondusif.files.sheets import NILAI_PERIKSA, SELAMA_DIAM
from kondusif_web.accounts.roles import Role
from kondusif_web.answers.actions import take_answers
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.dialogue.models import PledgeState
from kondusif_web.drill.decisions import ACTIONS
from kondusif_web.drill.turn import StoryTurn
from kondusif_web.election.models import Desa
from kondusif_web.reports import actions as reports
from kondusif_web.reports.observations import add_check
from kondusif_web.withdrawal import residents


def play(turn: StoryTurn) -> None:
    """The one step. Raises KondusifError or ObjectDoesNotExist where the real action refuses it."""
    PLAYS[turn.step.sheet](turn)


def _dialog(turn: StoryTurn) -> None:
    """The meeting with its questions and commitments; pledges are signed later."""
    rows = {"pertemuan": turn.step.rows}
    for sheet in ("pertanyaan", "komitmen"):
        rows[sheet] = tuple(r for r in turn.stage.file[sheet] if r["pertemuan"] == turn.step.key)
    chief = turn.stage.anyone("dialogue_write", Role.KAPOLRES)
    dialogue.import_dialogue(file=OperationFile.of(rows), **turn.given_by(chief))


def _ikrar(turn: StoryTurn) -> None:
    row = turn.row
    dialogue.sign_pledge(
        desa=Desa.objects.get(operation=turn.operation, kode=row["desa"]),
        nomor=row["nomor"],
        state=PledgeState.SIGNED if row["ikrar"] == "yes" else PledgeState.UNSIGNED,
        on=row.get("tanggal_ikrar"),
        **turn.given_by(turn.stage.anyone("dialogue_write", Role.KAPOLSEK)),
    )


def _jawaban(turn: StoryTurn) -> None:
    planner = turn.stage.anyone("import_answers")
    take_answers(answers=turn.step.rows, **turn.given_by(planner))


def _laporan(turn: StoryTurn) -> None:
    row = turn.row
    reports.submit_report(
        id=UUID(row["id"]),
        kind="aman" if row["keadaan"] == "aman" else "situasi",
        place=row["tempat"],
        note=row.get("isi") or "",
        gap=SELAMA_DIAM.get(row.get("selama_diam") or "", ""),
        **turn.given,
    )
    if row.get("dibenarkan"):
        second = turn.given_by(turn.stage.person(row["dibenarkan"]))
        reports.confirm_gap(id=UUID(row["id"]), how="call", **second)


def _insiden(turn: StoryTurn) -> None:
    row = turn.row
    reports.open_incident(
        id=UUID(row["id"]),
        kind=row["jenis"],
        place=row["tempat"],
        severity=row["tingkat"],
        note=row["isi"],
        **turn.given,
    )


def _pemeriksaan(turn: StoryTurn) -> None:
    """One checklist answer; a resident answers for themselves, by a code (RULES 18)."""
    row, given = turn.row, turn.given
    if row.get("pihak") == "warga":
        _, code = residents.make_resident_code(desa=row["desa"], **given)
        residents.answer_by_code(
            operation=turn.operation, code=code, confirmed=row["nilai"] == "ya", now=turn.step.at
        )
        return
    add_check(
        id=UUID(row["id"]),
        desa=row["desa"],
        item=row["butir"],
        value=NILAI_PERIKSA[row["nilai"]],
        tps=row.get("tps") or "",
        second=turn.stage.person(row["kedua"]) if row.get("kedua") else None,
        minutes=row.get("nomor_ba") or "",
        party=row.get("pihak") or "",
        note=row.get("catatan") or "",
        corrects=UUID(row["mengoreksi"]) if row.get("mengoreksi") else None,
        **given,
    )


def _keputusan(turn: StoryTurn) -> None:
    ACTIONS[turn.row["tindakan"]](turn)


PLAYS: Mapping[str, Callable[[StoryTurn], None]] = {
    "dialog": _dialog,
    "ikrar": _ikrar,
    "jawaban": _jawaban,
    "laporan": _laporan,
    "insiden": _insiden,
    "pemeriksaan": _pemeriksaan,
    "keputusan": _keputusan,
}
