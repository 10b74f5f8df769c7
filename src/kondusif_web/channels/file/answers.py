"""Answers in a file: rows into answers of the core, then the one door; what is wrong by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

from kondusif.errors import Conflict, Problem
from kondusif.files.changes import AREA, RowState
from kondusif.files.incoming import IncomingAnswer, sort_answers
from kondusif.files.read import NumberedFile
from kondusif.places import desa_of, tps_kode, within
from kondusif.words import N_
from kondusif_web.answers import queries
from kondusif_web.answers.actions import Receipt, take_answers
from kondusif_web.answers.checks import faults_of, problem_of, refuse_circles
from kondusif_web.answers.facts import FILE, today
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of

OTHER_CONTENT = N_("isi yang sama, atau baris baru tanpa id yang mengoreksi id ini")
ANOTHER_ID = N_("id jawaban lain dari tempat dan indikator yang sama")


def read_answers(
    operation: Operation, coming: NumberedFile, *, by: Membership | None, now: datetime
) -> tuple[tuple[IncomingAnswer, ...], list[Problem]]:
    """Answers of a file beside those known, and every problem of them; nothing is written.

    ``by`` None: the command line. Answers of places that a person does not see are refused, and not held
    against what is known there.
    """
    left_out = {} if by is None else dict(_outside(coming, by.prefixes))
    kept = [n for n in range(len(coming.file["jawaban"])) if n not in left_out]
    rows = _sorted(operation, coming, kept, now) if kept else ()
    return rows, [*left_out.values(), *_problems(operation, coming, rows, by, now)]


def take_file(
    operation: Operation,
    answers: Sequence[IncomingAnswer],
    *,
    name: str,
    by: Membership | None,
    now: datetime,
) -> Receipt:
    """The answers of a file that was read; they come by the way of its ending."""
    channel = PurePath(name).suffix.removeprefix(".").lower()[:20] or FILE
    told = [a.answer for a in answers]
    return take_answers(operation=operation, answers=told, by=by, now=now, channel=channel, file=name)


def _outside(coming: NumberedFile, areas: Iterable[str]) -> Iterator[tuple[int, Problem]]:
    areas = tuple(areas)
    for index, row in enumerate(coming.file["jawaban"]):
        if not within(desa_of(row["tempat"]), areas):
            yield index, coming.problem("jawaban", index, "tempat", row["tempat"], AREA)


def _sorted(
    operation: Operation, coming: NumberedFile, kept: Sequence[int], now: datetime
) -> tuple[IncomingAnswer, ...]:
    return sort_answers(
        queries.answers(operation),
        [coming.file.jawaban[n] for n in kept],
        [coming.at["jawaban"][n] for n in kept],
        recipe_of(operation.recipe).by_id,
        today(operation, now),
    )


def _places(coming: NumberedFile) -> set[str]:
    """Places that come in the same file; they are written first."""
    desa = {row["kode"] for row in coming.file["desa"]}
    return desa | {tps_kode(row["desa"], row["nomor"]) for row in coming.file["tps"]}


def _problems(
    operation: Operation,
    coming: NumberedFile,
    rows: Sequence[IncomingAnswer],
    by: Membership | None,
    now: datetime,
) -> Iterator[Problem]:
    at = {row.answer.id: row.at for row in rows}
    for row in rows:
        if row.state is RowState.REFUSED:
            found = f"{row.answer.id} sudah ada dengan isi lain"
            yield Problem(row.at[0], "jawaban", row.at[1], "id", found, OTHER_CONTENT)
    new = [row.answer for row in rows if row.state is RowState.NEW]
    if not new:
        return
    for fault in faults_of(operation, new, by=by, now=now, channel=FILE, coming=_places(coming)):
        yield problem_of(fault, *at[fault.answer.id])
    try:
        refuse_circles(operation, new, now)
    except Conflict as error:
        wrong = str(error.facts.get("answer", ""))
        file, number = at.get(wrong, rows[0].at)
        yield Problem(file, "jawaban", number, "mengoreksi", wrong, ANOTHER_ID)
