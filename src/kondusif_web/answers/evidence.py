"""Evidence: attached to an answer, given out as a file to keep, removed where it must not be kept."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed, Problem
from kondusif.places import desa_of
from kondusif.words import N_
from kondusif_web.accounts.roles import may_at, require, rows_for
from kondusif_web.answers.models import Answer, Evidence, EvidenceFile
from kondusif_web.answers.photos import (
    FORMATS,
    LARGEST,
    MOST_PIXELS,
    TooManyPixels,
    Unreadable,
    bare,
    type_of,
)
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned, required_text


def attach_evidence(
    *,
    operation: Operation,
    id: uuid.UUID,
    answer: str,
    kind: str,
    number: str,
    dated: date | None,
    content: bytes,
    by: Membership,
    now: datetime,
) -> Evidence:
    """A document or file beside an answer, once per id (RULES 26); both ids are those of the senders. A photo
    is kept without what the camera wrote into it (``photos.bare``); any other file as it came.

    Raises NotAllowed for an answer that is not the person's own unless they may see answers there,
    ImportRefused for neither document nor file, another type of file, one too large or that does not decode,
    words never kept.
    """
    there = Answer.objects.select_related("operation").get(operation=operation, client_id=answer)
    require(by, "answer_items", there.place)
    if not _may_touch(by, there):
        raise NotAllowed("role", permission="answer_items", kode=there.place)
    found = type_of(content)
    refuse_banned(nomor=number)
    if problems := _problems(kind, number, content, found):
        raise ImportRefused(problems)
    if found in FORMATS:  # before the lock: decoding takes a second that nobody else should wait
        content = _bare(content, found)
    values = {
        "answer_id": there.pk,
        "kind": kind,
        "number": number.strip(),
        "dated": dated,
        "sha256": hashlib.sha256(content).hexdigest() if content else "",
        "size": len(content),
        "type": found,
        "by_id": by.pk,
    }
    return _keep(id, there, values, content, by, now)


def _bare(content: bytes, found: str) -> bytes:
    def refused(what: str, expected: str) -> ImportRefused:
        return ImportRefused([Problem("bukti", "", None, "berkas", what, expected)])

    try:
        return bare(content, found)
    except TooManyPixels as many:
        most = f"paling banyak {MOST_PIXELS // 1_000_000} juta piksel; kecilkan fotonya"
        raise refused(f"gambar terlalu besar ({many} piksel)", most) from None
    except Unreadable:
        raise refused(
            "gambar rusak atau terpotong; tidak dapat dibuka", "foto yang utuh; ambil atau kirim ulang"
        ) from None


@transaction.atomic
def _keep(
    id: uuid.UUID,
    there: Answer,
    values: Mapping[str, Any],
    content: bytes,
    by: Membership,
    now: datetime,
) -> Evidence:
    here = Evidence.objects.filter(operation=there.operation, client_id=id)
    if (known := here.select_for_update().first()) is not None:
        if any(getattr(known, k) != v for k, v in values.items()):
            raise Conflict(id=str(id))
        return known
    row = Evidence.objects.create(client_id=id, operation=there.operation, at=now, **values)
    rows: list[Evidence | EvidenceFile] = [row]
    if content:
        rows.append(EvidenceFile.objects.create(evidence=row, content=content))
    record(
        "evidence_attached",
        by=by,
        now=now,
        operation=there.operation,
        kode_desa=desa_of(there.place),
        subject=row.client_id,
        payload={"answer": there.client_id, "kind": row.kind, "sha256": row.sha256, "size": row.size},
        rows=rows,
    )
    return row


def _may_touch(by: Membership, answer: Answer) -> bool:
    return answer.rater == by.username or may_at(by, "see_answers", answer.place)


def _problems(kind: str, number: str, content: bytes, found: str) -> list[Problem]:
    out = []

    def problem(column: str, what: str, expected: str) -> None:
        out.append(Problem("bukti", "", None, column, what, expected))

    if kind not in Evidence.Kind.values:
        problem("jenis", kind or "kosong", N_("salah satu jenis bukti"))
    if not number.strip() and not content:
        problem("bukti", "kosong", N_("nomor dokumen atau berkas"))
    if len(content) > LARGEST:
        problem("berkas", f"{len(content)} bita", N_("paling besar {} MB").format(LARGEST // 1024 // 1024))
    if content and not found:
        problem("berkas", N_("bukan PDF, JPEG, atau PNG menurut isinya"), N_("PDF, JPEG, atau PNG"))
    return out


def evidence_visible_to(operation: Operation, member: Membership) -> QuerySet[Evidence]:
    """Evidence in the person's areas, for who may see answers."""
    rows = Evidence.objects.filter(operation=operation).select_related("answer")
    return rows_for(rows, member, "see_answers", field="answer__place")


def file_of(*, operation: Operation, evidence: uuid.UUID, by: Membership) -> tuple[Evidence, bytes]:
    """The bytes for who may see answers there, or attached it. The caller logs the reading.

    Raises NotAllowed, LookupError where there is no file, MoveRefused where it is not what was attached.
    """
    row = Evidence.objects.select_related("answer").filter(operation=operation, pk=evidence).first()
    if row is None:
        raise LookupError("bukti")
    if not (may_at(by, "see_answers", row.answer.place) or row.by_id == by.pk):
        raise NotAllowed("role", permission="see_answers", kode=row.answer.place)
    if not may_at(by, "see_answers", row.answer.place):
        require(by, "answer_items", row.answer.place)
    if not row.has_file:
        raise LookupError("bukti")
    content = bytes(row.file.content)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise MoveRefused("evidence_changed", evidence=str(row.pk))
    return row, content


@transaction.atomic
def remove_file(
    *, operation: Operation, evidence: uuid.UUID, reason: str, by: Membership, now: datetime
) -> Evidence:
    """Take away a file that should never have been kept (RULES 17). The row stays with who and why."""
    rows = Evidence.objects.select_for_update().select_related("answer", "operation")
    row = rows.get(operation=operation, pk=evidence)
    require(by, "run_rounds", row.answer.place)
    reason = required_text("alasan", reason)
    if not row.has_file:
        raise MoveRefused("evidence_gone", evidence=str(row.pk))
    file = EvidenceFile.objects.get(pk=row.pk)
    EvidenceFile.objects.filter(pk=row.pk).delete()
    row.removed_at, row.removed_by, row.removed_why = now, by, reason.strip()[:240]
    row.save()
    record(
        "evidence_removed",
        row,
        by=by,
        now=now,
        kode_desa=desa_of(row.answer.place),
        subject=row.client_id,
        payload={"answer": row.answer.client_id, "sha256": row.sha256},
        gone=[file],
    )
    return row
