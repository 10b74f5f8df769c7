"""Every write of calibration: taking past votes. Nothing here touches a recipe or a class."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from kondusif.errors import ImportRefused, Problem
from kondusif.files.history import history_csv, outcomes_by_line
from kondusif.learn import Outcome
from kondusif.places import within
from kondusif.words import N_
from kondusif_web.accounts.roles import areas, require
from kondusif_web.calibration import queries
from kondusif_web.calibration.models import History
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import required_text

MOST = 5000  # places in one import; the page calibrates them while somebody waits


@transaction.atomic
def import_history(*, operation: Operation, text: str, source: str, by: Membership, now: datetime) -> History:
    """Take a table of past votes whole, in place of the one before; the same again changes nothing.

    ``source`` says which vote and whose record. Raises TextRefused for it, ImportRefused with every problem
    of the table, NotAllowed.
    """
    require(by, "import_history")
    operation = operation.lock()
    before = History.objects.filter(operation=operation).order_by("-number").first()
    source = required_text("sumber", source, 160)
    outcomes = checked(operation=operation, source=text, name="riwayat", by=by)
    canonical = history_csv(outcomes)
    if before is not None and (before.csv, before.source) == (canonical, source):
        return before
    row = History.objects.create(
        operation=operation,
        number=before.number + 1 if before else 1,
        source=source,
        csv=canonical,
        digest=sha256(canonical.encode()).hexdigest(),
        places=len(outcomes),
        at=now,
        by=by,
    )
    record(
        "history_imported",
        row,
        by=by,
        now=now,
        payload={"number": row.number, "places": row.places, "digest": row.digest},
    )
    return row


def checked(*, operation: Operation, source: str | bytes, name: str, by: Membership) -> tuple[Outcome, ...]:
    """The outcomes of a table that this person may bring. Raises ImportRefused with every problem.

    A place in a regency of this operation must lie in the person's area; places elsewhere lie in nobody's.
    """
    problems: list[Problem] = []
    rows = outcomes_by_line(source, name)
    ours, mine = queries.regencies(operation), areas(by)
    for line, o in rows.items():
        code = queries.area_of(o.place)
        if code[:5] in ours and not within(code, mine):
            expected = N_("tempat di wilayah akun Anda, atau kabupaten lain")
            problems.append(Problem(name, "", line, "tempat", o.place, expected))
    if len(rows) > MOST:
        problems.append(
            Problem(
                name, "", None, "", N_("{} tempat").format(len(rows)), N_("paling banyak {}").format(MOST)
            )
        )
    if problems:
        raise ImportRefused(problems)
    return tuple(rows.values())
