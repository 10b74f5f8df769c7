"""Keeping an upload until it is confirmed, and applying it exactly as it was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kondusif.errors import Conflict, ImportRefused
from kondusif.files.changes import RowState
from kondusif.files.geojson import Boundaries, read_boundaries
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import require
from kondusif_web.channels.file.answers import take_file
from kondusif_web.election.actions import open_operation, set_clock
from kondusif_web.election.facts import desa_of
from kondusif_web.election.growth import grow_operation, import_boundaries
from kondusif_web.election.members import first_member, take_over
from kondusif_web.election.models import Boundary, Membership, Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.intake.models import Pending
from kondusif_web.intake.preview import FilePreview, preview_file
from kondusif_web.posts.actions import import_forces

WAITS = timedelta(hours=2)  # until a file that nobody confirmed is forgotten
AT_ONCE = 4  # files of one person that may wait


@dataclass(frozen=True, slots=True)
class Applied:
    """What came in: rows of places and forces written, answers new and here already."""

    rows: int
    answers: int
    same: int


@transaction.atomic
def begin_operation(
    *,
    by: User,
    now: datetime,
    prefixes: Sequence[str],
    people: Iterable[Membership] = (),
    starts: datetime | None = None,
    **fields: object,
) -> Operation:
    """A new operation of the office; ``by`` is its first member, a planner with these areas.

    ``people``: members of earlier operations to bring along. ``starts``: where the clock of a drill begins;
    blank runs with time. Raises Conflict when the code is taken, NotAllowed, StagesError.
    """
    operation = open_operation(by=by, now=now, **fields)  # type: ignore[arg-type]
    member = first_member(operation=operation, prefixes=prefixes, by=by, now=now)
    take_over(operation=operation, members=people, by=by, now=now)
    if operation.drill and starts is not None:
        operation = set_clock(operation=operation, to=starts, by=member, now=starts)
    return operation


@transaction.atomic
def keep(
    *,
    kind: str,
    name: str,
    raw: bytes,
    by: Membership,
    now: datetime,
    options: Mapping[str, str] | None = None,
) -> Pending:
    """The file until it is confirmed, in the operation of ``by``. What has expired goes, and the oldest
    beyond ``AT_ONCE``."""
    forget(now=now)
    row = Pending.objects.create(
        member=by,
        kind=kind,
        name=name[-160:],
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
        options=dict(options or {}),
        made_at=now,
        expires_at=now + WAITS,
    )
    kept = Pending.objects.filter(member=by).values_list("pk", flat=True)[:AT_ONCE]
    Pending.objects.filter(member=by).exclude(pk__in=list(kept)).delete()
    return row


def forget(*, now: datetime) -> None:
    """Removes what nobody confirmed in time."""
    Pending.objects.filter(expires_at__lte=now).delete()


def waiting(*, pk: UUID | str, kind: str, by: Membership, now: datetime) -> Pending:
    """A file of this member that still waits. Raises Conflict when it does not, or is another's.

    What the same person uploaded in another operation is another's.
    """
    row = Pending.objects.filter(pk=pk, kind=kind, member=by, expires_at__gt=now).first()
    if row is None:
        raise Conflict("expired")
    return row


@transaction.atomic
def drop(*, pk: UUID | str, by: Membership) -> None:
    """The person changed their mind."""
    Pending.objects.filter(pk=pk, member=by).delete()


@transaction.atomic
def apply_file(
    *, operation: Operation, pending: Pending, seal: str, by: Membership, now: datetime
) -> Applied:
    """Everything of the file, as the page with this seal showed it.

    Raises Conflict when the file would now do something else: the operation changed meanwhile, and the
    person looks again. ImportRefused when a row is refused now.
    """
    operation = operation.lock()
    preview = preview_file(bytes(pending.raw), pending.name, operation=operation, by=by, now=now)
    if preview.problems:
        raise ImportRefused(preview.problems)
    if preview.seal != seal:
        raise Conflict("changed")
    done = apply_preview(operation=operation, preview=preview, by=by, now=now)
    pending.delete()
    return done


@transaction.atomic
def apply_preview(
    *, operation: Operation, preview: FilePreview, by: Membership | None, now: datetime
) -> Applied:
    """Places first, then forces, then answers, which may point at both. ``by`` None: the command line."""
    if preview.problems:
        raise ImportRefused(preview.problems)
    if by is not None:
        require(by, "import_answers" if preview.new_answers else "manage_operation")
    written = [c for c in preview.changes.rows if c.state in (RowState.NEW, RowState.CHANGED)]
    if preview.moves_places or (preview.illustrative and not operation.illustrative):
        operation = grow_operation(
            operation=operation,
            changes=preview.changes,
            polsek=preview.polsek,
            illustrative=preview.illustrative,
            by=by,
            now=now,
        )
    units = {c.key for c in written if c.sheet == "kekuatan"}
    if units:
        coming = [u for u in preview.file.kekuatan if u.kode in units]
        import_forces(operation=operation, units=coming, by=by, now=now)
    if preview.new_answers:
        take_file(operation, preview.new_answers, name=preview.name, by=by, now=now)
    same = sum(a.state is RowState.SAME for a in preview.answers)
    return Applied(len(written), len(preview.new_answers), same)


# ---------------------------------------------------------------- boundaries


def look_at_boundaries(
    raw: bytes, name: str, *, operation: Operation, by: Membership | None, code_property: str = ""
) -> Boundaries:
    """Boundaries of the villages in the person's areas. Raises ImportRefused with every problem."""
    rows = operation.desa.all() if by is None else desa_visible_to(operation, by)
    return read_boundaries(raw, name, [desa_of(d) for d in rows], code_property=code_property)


def apply_boundaries(
    *, operation: Operation, pending: Pending, seal: str, by: Membership, now: datetime
) -> list[Boundary]:
    """The boundaries as they were shown. Raises Conflict when villages came or went meanwhile.

    The file is read before the lock is taken: shapes take their time, and reports from the field do not wait.
    """
    require(by, "manage_operation")
    known = set(desa_visible_to(operation, by).values_list("kode", flat=True))
    found = look_at_boundaries(
        bytes(pending.raw),
        pending.name,
        operation=operation,
        by=by,
        code_property=pending.options.get("sifat", ""),
    )
    with transaction.atomic():
        operation = operation.lock()
        same = known == set(desa_visible_to(operation, by).values_list("kode", flat=True))
        if seal_of(found) != seal or not same:
            raise Conflict("changed")
        rows = import_boundaries(
            operation=operation, found=found, source=pending.options["sumber"], by=by, now=now
        )
        pending.delete()
    return rows


def seal_of(found: Boundaries) -> str:
    """One word for the file and the villages it would draw."""
    parts = [found.digest, *found.outlines, "|", *found.unknown, "|", *found.without]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
