"""Loading an operation file into the office, and moving a drill's clock while its story plays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from kondusif.errors import Conflict, ImportRefused, KondusifError, MoveRefused, Problem
from kondusif.files import OperationFile
from kondusif.files import load_sample as sample_file
from kondusif.files.sheets import TAHAP
from kondusif_web.accounts.actions import create_account, demand_own_password, one_time_password
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import MEMBER_ROLES, OFFICE_ROLES, Role, require
from kondusif_web.answers.actions import take_answers
from kondusif_web.drill.play import play
from kondusif_web.drill.script import StoryStep, begins, script
from kondusif_web.drill.turn import StoryContext, StoryTurn
from kondusif_web.election.actions import date_stage, import_operation, set_clock
from kondusif_web.election.members import add_member
from kondusif_web.election.models import Membership, Operation
from kondusif_web.posts.actions import import_forces
from kondusif_web.public.actions import publish_public


class StepRefused(MoveRefused):
    """A real action refused a step of the story: ``step`` is the one, ``why`` its refusal."""

    def __init__(self, step: StoryStep, why: Exception) -> None:
        self.step, self.why = step, why
        super().__init__(
            f"step {step.key} at {step.at.isoformat()}: {why}", getattr(why, "shut", ()), step=step.key
        )


PLAYED = ("pertemuan", "pertanyaan", "komitmen", "laporan", "insiden", "pemeriksaan", "keputusan")

PasswordByName = dict[str, str]


@transaction.atomic
def load_sample(*, now: datetime) -> PasswordByName:
    """The Pasrepan example as a drill, at noon of its first day: the dialogue is on record.

    Passwords of new accounts are made here and returned once. Raises Conflict when its code is taken.
    """
    file = sample_file()
    given = load_file(file=file, now=now)
    operation = Operation.objects.get(kode=(file.operasi or {})["kode"])
    play_until(operation=operation, until=begins(file).replace(hour=12), by=None)
    return given


@transaction.atomic
def load_file(*, file: OperationFile, now: datetime) -> PasswordByName:
    """A new operation of the office with the places, forces and people of a checked file.

    An account that is there already becomes a member and keeps its role in the office and its password; in a
    live operation one that was printed, as drills print it, must be changed. A
    drill's clock starts on the first morning of its story, which :func:`play_until` then plays; a real
    operation takes the answers at once. Returns the passwords of the new accounts. Raises Conflict,
    ImportRefused; then nothing is taken.
    """
    if problems := _not_taken(file):
        raise ImportRefused(problems)
    operation = import_operation(file=file, now=now)
    given = _enlist(operation, file, now)
    for row in file["tahap"]:
        kode = TAHAP[row["tahap"]]
        date_stage(operation=operation, kode=kode, at=row["waktu"], source=row["sumber"], by=None, now=now)
    if file["kekuatan"]:
        import_forces(operation=operation, units=file.kekuatan, by=None, now=now)
    if file.drill:
        set_clock(operation=operation, to=begins(file), by=None, now=begins(file))
    elif file["jawaban"]:
        take_answers(operation=operation, answers=file.jawaban, by=None, now=now)
    return given


def _enlist(operation: Operation, file: OperationFile, now: datetime) -> PasswordByName:
    """Accounts and memberships of the sheet ``orang``; the passwords of the accounts that are new."""
    given: PasswordByName = {}
    for row in file["orang"]:
        name, role = row["pengguna"], row["peran"]
        user = User.objects.filter(username=name).first()
        if user is None:
            given[name] = one_time_password()
            user = create_account(
                username=name,
                role=role if role in OFFICE_ROLES else "",
                jabatan=row["jabatan"],
                password=given[name],
                must_change=not file.drill,
                by=None,
                now=now,
            )
        elif not file.drill:
            demand_own_password(user=user, now=now)
        if role in MEMBER_ROLES:
            add_member(
                operation=operation,
                user=user,
                role=role,
                jabatan=row["jabatan"],
                prefixes=row.get("wilayah") or (),
                post=row.get("pos") or "",
                by=None,
                now=now,
            )
    return given


def _not_taken(file: OperationFile) -> list[Problem]:
    """Rows that only the example's story plays: elsewhere people put them on record under their own name.

    They are refused, not left out in silence: a file is taken whole or not at all.
    """
    if _is_sample(file):
        return []
    expected = _("lembar kosong; dicatat di kantor oleh orangnya sendiri")
    found = [(s, len(file[s])) for s in PLAYED if file[s]]
    pledges = sum(row["ikrar"] != "unknown" for row in file["calon"])
    problems = [Problem(s, s, None, "", _("%(n)d baris") % {"n": n}, expected) for s, n in found]
    if pledges:
        expected = _("tidak tahu; ikrar dicatat di kantor")
        problems.append(Problem("calon", "calon", None, "ikrar", _("%(n)d ikrar") % {"n": pledges}, expected))
    return problems


def _is_sample(file: OperationFile) -> bool:
    if file.operasi is None:
        return False
    own = sample_file().rows
    return {**file.rows, "operasi": ()} == {**own, "operasi": ()}


def story(operation: Operation) -> tuple[StoryStep, ...]:
    """The steps of the operation's story: of the example, when this is a drill of it; else only a clock.

    A drill of the example has its vote and its villages, under whatever code.
    """
    file = sample_file()
    if not (operation.drill and operation.illustrative and operation.vote_at == file.election.vote_at):
        return ()
    places = set(operation.desa.values_list("kode", flat=True))
    return script(file) if places == {d.kode for d in file.desa} else ()


@dataclass(frozen=True, slots=True)
class Advance:
    """What one move of the clock did: steps played, and refusals of steps that were left out."""

    played: tuple[StoryStep, ...]
    refused: tuple[StepRefused, ...] = ()


def play_until(*, operation: Operation, until: datetime, by: Membership | None) -> tuple[StoryStep, ...]:
    """Every step due until then, or none where one is refused. Raises as :func:`advance`."""
    return advance(operation=operation, until=until, by=by).played


@transaction.atomic
def advance(
    *, operation: Operation, until: datetime, by: Membership | None, pass_over: bool = False
) -> Advance:
    """Move the clock of a drill forward to ``until`` and play every step due on the way.

    ``by`` None only from the command line. A step is refused where the script is wrong, or somebody has
    changed by hand what it needed: then StepRefused, and nothing is kept. With ``pass_over`` refused steps
    are left out, named in the book, and the rest is played. Raises MoveRefused for a real operation and for
    a clock that would run back, Conflict for an archived drill, NotAllowed without the permission ``drill``.
    """
    if by is not None:
        require(by, "drill")
    operation = operation.lock()
    if not operation.drill or operation.clock is None:
        raise MoveRefused("not_a_drill", operation=operation.kode)
    if operation.archived:
        raise Conflict("archived", operation=operation.kode)
    before = operation.clock
    due = tuple(s for s in story(operation) if before < s.at <= until)
    played: list[StoryStep] = []
    refused: list[StepRefused] = []
    if due:
        stage = StoryContext(operation, sample_file())
        for step in due:
            try:
                with transaction.atomic():
                    play(StoryTurn(stage, step))
                played.append(step)
            except (KondusifError, ObjectDoesNotExist) as why:
                refused.append(StepRefused(step, why))
                if not pass_over:
                    raise refused[-1] from why
    left_out = [f"{r.step.sheet} {r.step.key}" for r in refused]
    set_clock(operation=operation, to=until, by=by, now=until, passed_over=left_out)
    _publish(operation, until)
    return Advance(tuple(played), tuple(refused))


def _publish(operation: Operation, now: datetime) -> None:
    """Humas of the drill publishes after every advance, so that the public page keeps pace."""
    people = operation.members.filter(role=Role.HUMAS, active=True, user__is_active=True)
    if humas := people.select_related("user").order_by("user__username").first():
        publish_public(operation=operation, by=humas, now=now)
