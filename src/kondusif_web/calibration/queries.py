"""Every read of calibration; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from kondusif.files.history import read_history
from kondusif.learn import Outcome
from kondusif.places import within
from kondusif.standby import Posture
from kondusif_web.accounts.roles import areas, may
from kondusif_web.answers.queries import voting
from kondusif_web.calibration import facts
from kondusif_web.calibration.models import History
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import finished_with
from kondusif_web.posts.models import PostureRow

PAST = "/riwayat"  # after a past place's code where the same place stands in this operation


@dataclass(frozen=True, slots=True)
class CurrentVote:
    """This operation after its vote, in the person's areas. ``open_villages`` are not closed yet."""

    villages: tuple[facts.PlaceRecord, ...]
    stations: tuple[facts.PlaceRecord, ...]
    cuts: tuple[float, float]
    open_villages: int

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """Name and desa code of every place."""
        return {j.kode: (j.nama, j.desa) for j in (*self.villages, *self.stations)}


def current_vote(operation: Operation, member: Membership, now: datetime) -> CurrentVote | None:
    """None before the poll has closed, and for who may not see it."""
    if not may(member, "see_calibration") or now < facts.poll_closes(operation):
        return None
    rows = list(voting(operation, member).prefetch_related("tps"))
    said = {k: v for k, v in facts.before_vote(operation).items() if within(k, areas(member))}
    villages, stations = facts.place_records(rows, said, facts.field_records(operation, now))
    at = PostureRow.objects.filter(desa__in=rows, state=Posture.CLOSED.value).count()
    cuts = facts.cuts_before(operation, said.values())
    return CurrentVote(tuple(villages), tuple(stations), cuts, len(rows) - at)


def cuts(operation: Operation) -> tuple[float, float]:
    """The cut-offs that past votes are held against: those of this operation's classes."""
    return facts.cuts_before(operation, facts.before_vote(operation).values())


def newest_history(operation: Operation) -> History | None:
    """The import that counts."""
    return History.objects.filter(operation=operation).select_related("by__user").order_by("-number").first()


def histories(operation: Operation, member: Membership) -> list[History]:
    """Every import, newest first, for who imports."""
    rows = History.objects.filter(operation=operation).select_related("by__user")
    return list(rows) if may(member, "import_history") else []


@dataclass(frozen=True, slots=True)
class PastVotes:
    """Votes of the past that a person may see: what this office secured itself, and the newest import.

    ``votes``: finished operations, the newest first, each with its villages. A village of one stands as
    ``code/day of the vote``; an imported row of the same place and year is left out, so that no vote counts
    twice.
    """

    votes: tuple[tuple[Operation, tuple[facts.PlaceRecord, ...]], ...] = ()
    imported: tuple[Outcome, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All as one table."""
        return (*(outcome for _, outcome in self._own()), *self.imported)

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """Name of every village of a finished operation with the year of its vote; it has no page here."""
        return {outcome.place: (name, "") for name, outcome in self._own()}

    def _own(self) -> Iterator[tuple[str, Outcome]]:
        for op, rows in self.votes:
            day = op.vote_day
            for j in rows:
                if j.outcome is not None:
                    yield f"{j.nama} {day:%Y}", replace(j.outcome, place=f"{j.kode}/{day.isoformat()}")


def past_votes(operation: Operation, member: Membership) -> PastVotes:
    """Villages of finished operations in which the same person may see calibration too, and places of the
    newest import.

    Of a finished operation only what lies in the areas that the person has there as well.
    Inside the regencies of this operation those of the person's own area; a place elsewhere lies in nobody's
    area here, and is for planner and Kapolres.
    """
    if not may(member, "see_calibration"):
        return PastVotes()
    ours, mine, elsewhere = regencies(operation), areas(member), may(member, "see_history")

    def seen(code: str) -> bool:
        return within(code, mine) or (elsewhere and code[:5] not in ours)

    votes = []
    for there in finished_with(operation, member, "see_calibration"):
        op, theirs = there.operation, areas(there)
        rows = facts.after_vote(op, op.now())
        votes.append((op, tuple(j for j in rows if seen(j.kode) and within(j.kode, theirs))))
    own = {f"{j.kode}/{op.vote_day:%Y}" for op, rows in votes for j in rows if j.outcome is not None}
    row = newest_history(operation)
    imported = [o for o in read_history(row.csv, "riwayat") if seen(area_of(o.place))] if row else []
    return PastVotes(
        votes=tuple((op, rows) for op, rows in votes if any(j.outcome for j in rows)),
        imported=tuple(o for o in imported if _year_of(o.place) not in own),
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


def _year_of(place: str) -> str:
    """Code and year of a past place, however exactly its day is told; a code alone names no vote.

    >>> _year_of("99.01.01.2001/2019-10-08")
    '99.01.01.2001/2019'
    """
    code, _, vote = place.partition("/")
    return f"{code}/{vote[:4]}" if vote else ""


def together(now: Iterable[Outcome], before: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Both as one table; a past place with a code of this operation is marked, so that it stands once."""
    ours = tuple(now)
    taken = {o.place for o in ours}
    return (*ours, *(_marked(o) if o.place in taken else o for o in before))


def _marked(o: Outcome) -> Outcome:
    return Outcome(o.place + PAST, o.score, o.level, o.severity)
