"""The example of the package under another code, and as a live operation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif.files import load_sample as sample_file
from kondusif.files.operation import OperationFile
from kondusif_web.drill.actions import PLAYED, PasswordByName, load_file, play_until
from kondusif_web.drill.script import begins
from kondusif_web.election.models import Operation


@transaction.atomic
def load_example(*, now: datetime, kode: str, drill: bool = True) -> PasswordByName:
    """As ``load_sample``; with ``drill`` False a live operation of the same places, people, forces and
    answers, still marked as made up, and no story plays."""
    file = sample_file()
    rows = dict(file.rows)
    [own] = rows["operasi"]
    rows["operasi"] = ({**own, "kode": kode, "latihan": drill},)
    if not drill:
        rows |= {sheet: () for sheet in PLAYED}
        rows["calon"] = tuple({**row, "ikrar": "unknown", "tanggal_ikrar": None} for row in rows["calon"])
    file = OperationFile.of(rows)
    given = load_file(file=file, now=now)
    if drill:
        play_until(operation=Operation.objects.get(kode=kode), until=begins(file).replace(hour=12), by=None)
    return given
