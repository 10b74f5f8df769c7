"""Every read of calibration; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kondusif.files.history import read_history
from kondusif.learn import Outcome
from kondusif.places import within
from kondusif.standby import Posture
from kondusif_web.accounts.roles import may
from kondusif_web.accounts.visible import areas
from kondusif_web.calibration import facts
from kondusif_web.calibration.models import History
from kondusif_web.election.models import Membership, Operation
from kondusif_web.field.models import PostureRow
from kondusif_web.vulnerability.queries import voting

PAST = "/riwayat"  # after a past place's code where the same place stands in this operation


@dataclass(frozen=True, slots=True)
class Here:
    """This operation after its vote, in the person's areas. ``open_villages`` are not closed yet."""

    villages: tuple[facts.Judged, ...]
    stations: tuple[facts.Judged, ...]
    cuts: tuple[float, float]
    open_villages: int

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """Name and desa code of every place."""
        return {j.kode: (j.nama, j.desa) for j in (*self.villages, *self.stations)}


def here(user: Membership, operation: Operation, now: datetime) -> Here | None:
    """None before the poll has closed, and for who may not see it."""
    if not may(user, "see_calibration") or now < facts.poll_closes(operation):
        return None
    rows = list(voting(operation, user).prefetch_related("tps"))
    said = {k: v for k, v in facts.before_vote(operation).items() if within(k, areas(user))}
    villages, stations = facts.judged(rows, said, facts.heard(operation, now))
    at = PostureRow.objects.filter(desa__in=rows, state=Posture.CLOSED.value).count()
    cuts = facts.cuts_before(operation, said.values())
    return Here(tuple(villages), tuple(stations), cuts, len(rows) - at)


def cuts(operation: Operation) -> tuple[float, float]:
    """The cut-offs that past votes are held against: those of this operation's classes."""
    return facts.cuts_before(operation, facts.before_vote(operation).values())


def newest_history(operation: Operation) -> History | None:
    """The import that counts."""
    return History.objects.filter(operation=operation).select_related("by").order_by("-number").first()


def histories(user: Membership, operation: Operation) -> list[History]:
    """Every import, newest first, for who imports."""
    rows = History.objects.filter(operation=operation).select_related("by")
    return list(rows) if may(user, "import_history") else []


def past(user: Membership, operation: Operation) -> tuple[Outcome, ...]:
    """Places of the newest import that this person may see.

    Inside the regencies of this operation that is their own area; a place elsewhere lies in nobody's area
    here, and is for planner and Kapolres.
    """
    row = newest_history(operation)
    if row is None or not may(user, "see_calibration"):
        return ()
    ours, mine, elsewhere = regencies(operation), areas(user), may(user, "see_history")
    return tuple(
        o
        for o in read_history(row.csv, "riwayat")
        if within(code := area_of(o.place), mine) or (elsewhere and code[:5] not in ours)
    )


def regencies(operation: Operation) -> set[str]:
    """Codes of the regencies that the operation lies in."""
    return {kode[:5] for kode in operation.desa.values_list("kode", flat=True)}


def area_of(place: str) -> str:
    """The area code of a past place: what stands before the slash that tells one vote from another.

    >>> area_of("99.01.01.2001/2019")
    '99.01.01.2001'
    """
    return place.partition("/")[0]


def together(now: Iterable[Outcome], before: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Both as one table; a past place with a code of this operation is marked, so that it stands once."""
    ours = tuple(now)
    taken = {o.place for o in ours}
    return (*ours, *(_marked(o) if o.place in taken else o for o in before))


def _marked(o: Outcome) -> Outcome:
    return Outcome(o.place + PAST, o.score, o.level, o.severity)
