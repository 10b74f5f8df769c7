"""What a file would do now, without doing it: read, compared, sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from kondusif.errors import Problem
from kondusif.files.changes import TAKEN, Changes, RowState, compare
from kondusif.files.incoming import IncomingAnswer
from kondusif.files.operation import OperationFile
from kondusif.files.read import NumberedFile, read_numbered
from kondusif.logbook import digest
from kondusif.words import N_
from kondusif_web.answers.models import Answer as AnswerRow
from kondusif_web.channels.file.answers import read_answers
from kondusif_web.election.models import Desa, Membership, Operation, StageDate, Tps
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.intake import facts
from kondusif_web.posts.models import ForceUnit

ROOM = {  # letters that a column of a sheet may have
    (sheet, column): int(getattr(model._meta.get_field(name), "max_length", 0))
    for sheet, column, model, name in (
        ("operasi", "nama", Operation, "nama"),
        ("operasi", "polres", Operation, "polres"),
        ("desa", "nama", Desa, "nama"),
        ("desa", "kecamatan", Desa, "kecamatan"),
        ("desa", "kabupaten", Desa, "kabupaten"),
        ("tahap", "sumber", StageDate, "source"),
        ("kantor", "nama", ForceUnit, "base_nama"),
        ("tps", "nama", Tps, "nama"),
        ("kekuatan", "kode", ForceUnit, "kode"),
        ("kekuatan", "nama", ForceUnit, "nama"),
        ("kekuatan", "fungsi", ForceUnit, "function"),
        ("jawaban", "id", AnswerRow, "client_id"),
        ("jawaban", "sumber", AnswerRow, "source"),
        ("jawaban", "penilai", AnswerRow, "rater"),
        ("jawaban", "mengoreksi", AnswerRow, "corrects"),
    )
}


@dataclass(frozen=True)
class FilePreview:
    """A file beside what the office holds. ``problems``: those of refused rows; then it cannot be applied."""

    name: str
    digest: str
    file: OperationFile
    changes: Changes
    answers: tuple[IncomingAnswer, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()  # hidden rows and such, to be seen before anybody confirms

    @cached_property
    def seal(self) -> str:
        """One word for the file and all that it would do: equal seals, equal actions."""
        return digest([self.digest, [c.plain for c in self.changes.rows], [a.plain for a in self.answers]])

    @property
    def illustrative(self) -> bool:
        return self.file.illustrative

    @property
    def polsek(self) -> str:
        """The one Polsek of the file, or nothing when there are several."""
        names = {k["nama"] for k in self.file["kantor"] if k["jenis"] == "polsek"}
        return names.pop() if len(names) == 1 else ""

    @property
    def new_answers(self) -> tuple[IncomingAnswer, ...]:
        return tuple(a for a in self.answers if a.state is RowState.NEW)

    @cached_property
    def moves_places(self) -> bool:
        """Whether anything but answers would be written."""
        return any(c.state in (RowState.NEW, RowState.CHANGED) for c in self.changes.rows)

    @property
    def empty(self) -> bool:
        """Whether everything is here already."""
        return not self.moves_places and not self.new_answers

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Per sheet how many rows are new, changed, the same, refused; answers among them."""
        out = {sheet: dict(n) for sheet, n in self.changes.counts.items()}
        if self.answers:
            of = {s.value: 0 for s in RowState}
            for answer in self.answers:
                of[answer.state.value] += 1
            out["jawaban"] = of
        return {sheet: out[sheet] for sheet in TAKEN if sheet in out}


def preview_file(
    source: bytes | Path, name: str, *, operation: Operation, by: Membership | None, now: datetime
) -> FilePreview:
    """What the file would do. Raises ImportRefused where the file itself is wrong: every cell named.

    ``source``: its bytes, or from the command line its path, which may be a folder.
    """
    here = facts.known(operation)
    coming = read_numbered(source, name, known=here, now=now, items=recipe_of(operation.recipe).by_id)
    changes = compare(here, coming, facts.standing(operation, by))
    answers, wrong = read_answers(operation, coming, by=by, now=now)
    problems = [*changes.problems, *_too_long(coming), *wrong]
    return FilePreview(
        name=name,
        digest=hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else "",
        file=coming.file,
        changes=changes,
        answers=answers,
        problems=tuple(problems),
        remarks=coming.remarks,
    )


def _too_long(coming: NumberedFile) -> Iterable[Problem]:
    """Texts that the office has no room for, before they are confirmed."""
    for (sheet, column), most in ROOM.items():
        for index, row in enumerate(coming.file[sheet]):
            text = row.get(column)
            if isinstance(text, str) and len(text) > most:
                yield coming.problem(sheet, index, column, text, N_("paling banyak {} huruf").format(most))
