"""Loading an operation file into an empty office, and moving a drill's clock while its story plays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif.errors import MoveRefused
from kondusif.files import OperationFile
from kondusif.files import load_sample as sample_file
from kondusif_web.accounts.actions import create_account, one_time_password
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import require
from kondusif_web.deployment.actions import import_forces
from kondusif_web.drill.play import Stage
from kondusif_web.drill.script import Step, begins, script
from kondusif_web.election.actions import import_operation, set_clock
from kondusif_web.election.models import Operation
from kondusif_web.vulnerability.actions import import_answers

PasswordByName = dict[str, str]


def load_sample(*, now: datetime) -> PasswordByName:
    """The Pasrepan example as a drill at its first morning; passwords are made here and returned once."""
    return load_file(file=sample_file(), now=now)


@transaction.atomic
def load_file(*, file: OperationFile, now: datetime) -> PasswordByName:
    """Operation, places, forces and people of a checked file into an empty office.

    A drill's clock starts on the first morning of its story, which :func:`play_until` then plays. A real
    operation takes the answers at once; what happened meanwhile is people's to report. Raises Conflict,
    ImportRefused; then nothing is taken.
    """
    operation = import_operation(file=file, by=None, now=now)
    given: PasswordByName = {}
    for row in file["orang"]:
        password = one_time_password()
        create_account(
            username=row["pengguna"],
            role=row["peran"],
            jabatan=row["jabatan"],
            prefixes=row.get("wilayah") or (),
            post=row.get("pos") or "",
            password=password,
            must_change=not file.drill,
            by=None,
            now=now,
        )
        given[row["pengguna"]] = password
    if file["kekuatan"]:
        import_forces(operation=operation, units=file.kekuatan, by=None, now=now)
    if file.drill:
        set_clock(operation=operation, to=begins(file), by=None, now=begins(file))
    elif file["jawaban"]:
        import_answers(operation=operation, answers=file.jawaban, by=None, now=now)
    return given


def story(operation: Operation) -> tuple[Step, ...]:
    """The steps of the operation's story: of the example, when this is it; else none, only a clock."""
    file = sample_file()
    ours = file.operasi is not None and file.operasi["kode"] == operation.kode
    return script(file) if ours else ()


@transaction.atomic
def play_until(*, operation: Operation, until: datetime, by: User | None) -> tuple[Step, ...]:
    """Move the clock of a drill forward to ``until`` and play every step due on the way.

    ``by`` None only from the command line. Steps are played whole or, if one is refused, not at all: a
    refusal is a mistake of the script and is raised. Raises MoveRefused for a real operation and for a
    clock that would run back, NotAllowed without the deed ``drill``.
    """
    if by is not None:
        require(by, "drill")
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if not operation.drill or operation.clock is None:
        raise MoveRefused("only a drill has a clock of its own", operation=operation.kode)
    before = operation.clock
    due = tuple(s for s in story(operation) if before < s.at <= until)
    if due:
        stage = Stage(operation, sample_file())
        for step in due:
            stage.play(step)
    set_clock(operation=operation, to=until, by=by, now=until)
    return due


def advance_to(*, operation: Operation, to: datetime, by: User | None, now: datetime) -> tuple[Step, ...]:
    """:func:`play_until` for callers that carry a clock; a drill's own clock is what counts."""
    return play_until(operation=operation, until=to, by=by)
