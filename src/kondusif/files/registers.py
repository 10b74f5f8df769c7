"""What an operation file's candidates and commitments say of F05 and F06 (RULES 7, method 7.6).

A file has no register of visits, so F04 stays what the field answered.
"""

from __future__ import annotations

from datetime import date, datetime

from kondusif.answers.answer import Answer, Given
from kondusif.dialogue import Commitment
from kondusif.dialogue.indicators import (
    DueCommitment,
    PledgeWord,
    commitments_kept,
    derived_answers,
    pledges_signed,
    without_empty_registers,
)
from kondusif.files.operation import OperationFile
from kondusif.stages import local_day


def dialogue_answers(file: OperationFile, desa: str, at: datetime) -> tuple[Answer, ...]:
    """F05 and F06 of a village as the file's registers say them at ``at``, dated that day."""
    on = local_day(at, file.zone)
    said = {a.item for a in file.jawaban if a.place == desa and a.given is Given.VALUE and a.on <= on}
    made = [r["pertemuan"] for r in file["komitmen"] if _met(file, r["pertemuan"]) <= on]
    found = (
        pledges_signed(_pledges(file, desa, on)),
        commitments_kept(_promises(file, desa, at, on), now=at, in_use=bool(made)),
    )
    return derived_answers(desa, without_empty_registers(found, said), on)


def _pledges(file: OperationFile, desa: str, on: date) -> dict[int, PledgeWord | None]:
    """Who did not sign is known on the last day that others of the operation did."""
    signing = max((r["tanggal_ikrar"] for r in file["calon"] if r.get("tanggal_ikrar")), default=None)
    found: dict[int, PledgeWord | None] = {}
    for row in file["calon"]:
        if row["desa"] == desa:
            day = row.get("tanggal_ikrar") or signing
            known = row["ikrar"] != "unknown" and (day is None or day <= on)
            found[row["nomor"]] = ("signed" if row["ikrar"] == "yes" else "unsigned") if known else None
    return found


def _promises(file: OperationFile, desa: str, at: datetime, on: date) -> tuple[DueCommitment, ...]:
    """Commitments of meetings about the village, with when somebody recorded them kept."""
    kept = {
        r["rujukan"]: r["waktu"]
        for r in sorted(file["keputusan"], key=lambda r: (r["waktu"], r["id"]))
        if r["tindakan"] == "tepati komitmen" and r["waktu"] <= at
    }
    about = {m.kode for m in file.meetings if desa in m.desa}
    of_meeting = {r["kode"]: r["pertemuan"] for r in file["komitmen"]}
    return tuple(
        _promise(c, kept.get(c.kode))
        for c in file.komitmen
        if of_meeting[c.kode] in about and _met(file, of_meeting[c.kode]) <= on
    )


def _promise(commitment: Commitment, kept_at: datetime | None) -> DueCommitment:
    return DueCommitment(commitment.kode, commitment.due, kept_at)


def _met(file: OperationFile, meeting: str) -> date:
    day: date = next((r["tanggal"] for r in file["pertemuan"] if r["kode"] == meeting), date.max)
    return day
