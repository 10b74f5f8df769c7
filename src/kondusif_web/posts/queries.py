"""Every read of forces, postings and postures; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Sum

from kondusif.forces import Force, Unit
from kondusif.places import Point
from kondusif.withdraw import PostingCount
from kondusif_web.accounts.roles import Role, in_areas, rows_for
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.posts.models import ForceUnit, PostingRow, PostureRow

AT_A_VILLAGE = ("tps", "balai_desa", "patroli")  # kinds of posts that stand in one village


def unit_of(row: ForceUnit) -> Unit:
    """A unit as the planner reads it."""
    known = row.base_lat is not None and row.base_lng is not None
    return Unit(
        kode=row.kode,
        nama=row.nama,
        force=Force(row.force),
        function=row.function,
        strength=row.strength,
        base=Point(row.base_lat, row.base_lng) if known else None,
        base_nama=row.base_nama,
        bko=row.bko,
        only_desa=row.only_desa or None,
        not_at=tuple(row.not_at),
    )


def count_of(row: PostingRow) -> PostingCount:
    """State and count of a posting for its gates; not counted stays not counted."""
    return PostingCount(
        posting=str(row.pk),
        state=row.state,
        out=row.out or 0,
        back=row.back,
        equipment_out=row.equipment_out or 0,
        equipment_back=row.equipment_back,
    )


def units(operation: Operation) -> tuple[Unit, ...]:
    """Every unit of the operation, in code order."""
    return tuple(unit_of(row) for row in ForceUnit.objects.filter(operation=operation).order_by("kode"))


def postings_visible_to(operation: Operation, user: Membership) -> QuerySet[PostingRow]:
    """Postings in the person's areas for those who see the plan; for a field officer only their own post.

    Cancelled ones are included: the list of a muster shows that an order was taken back.
    """
    rows = PostingRow.objects.filter(operation=operation).select_related("unit", "moved_by__user")
    if user.is_authenticated and user.is_active and user.role == Role.PETUGAS:
        return in_areas(rows.filter(post=user.post), user, "post") if user.post else rows.none()
    return rows_for(rows, user, "see_plan", field="post")


@dataclass(slots=True)
class UnitLine:
    """One unit at muster: heads and posts by state, and what did not come or has not come back."""

    unit: ForceUnit
    heads: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)
    short: int = 0
    missing: int = 0

    @property
    def nama(self) -> str:
        return self.unit.nama

    def add(self, row: PostingRow) -> None:
        self.posts[row.state] += 1
        self.heads[row.state] += row.heads if row.out is None else row.out
        self.short += row.heads - row.out if row.out is not None else 0
        if row.state == "returning" and row.back is not None and row.out is not None:
            self.missing += row.out - row.back


def unit_lines(rows: Iterable[PostingRow]) -> list[UnitLine]:
    """Postings that were not cancelled, by unit: exceptions first, then who is on the move, then by name."""
    lines: dict[int, UnitLine] = {}
    for row in rows:
        if row.state != "cancelled":
            lines.setdefault(row.unit_id, UnitLine(row.unit)).add(row)
    return sorted(
        lines.values(),
        key=lambda x: (
            not (x.missing or x.short),
            not (x.posts["ordered"] or x.posts["returning"]),
            x.nama,
        ),
    )


def posting_counts(operation: Operation, kodes: Collection[str]) -> dict[str, list[PostingCount]]:
    """Postings of each village that were not cancelled, counted for its gates (items 15 and home)."""
    rows = PostingRow.objects.filter(operation=operation, desa__in=kodes).exclude(state="cancelled")
    out: dict[str, list[PostingCount]] = {}
    for row in rows.order_by("post", "unit__kode"):
        out.setdefault(row.desa, []).append(count_of(row))
    return out


@dataclass(frozen=True, slots=True)
class LateMuster:
    """Postings whose start has passed and that nobody has counted on post; ``since``: the first start."""

    postings: int
    heads: int
    since: datetime | None


def late_to_muster(operation: Operation, member: Membership, now: datetime) -> LateMuster:
    """In the person's areas."""
    late = postings_visible_to(operation, member).filter(state="ordered", start__lte=now)
    found = late.order_by().aggregate(n=Count("pk"), heads=Sum("heads"), since=Min("start"))
    return LateMuster(found["n"], found["heads"] or 0, found["since"])


@dataclass(frozen=True, slots=True)
class Manning:
    """The postings of a village: place (TPS or desa code) and state; when a place was last put on post."""

    states: tuple[tuple[str, str], ...] = ()
    arrived: Mapping[str, datetime] = field(default_factory=dict)


def manning(operation: Operation, kodes: Collection[str] | None = None) -> dict[str, Manning]:
    """Who stands where, by village; of the villages ``kodes`` where they are named."""
    rows = PostingRow.objects.filter(operation=operation, jenis__in=AT_A_VILLAGE)
    rows = rows.exclude(desa="") if kodes is None else rows.filter(desa__in=kodes)
    found: dict[str, list[tuple[str, str, datetime | None]]] = defaultdict(list)
    for kode, post, jenis, state, at in rows.values_list("desa", "post", "jenis", "state", "moved_at"):
        found[kode].append((post if jenis == "tps" else kode, state, at))
    return {kode: _manning(lines) for kode, lines in found.items()}


def _manning(lines: Iterable[tuple[str, str, datetime | None]]) -> Manning:
    lines = tuple(lines)
    arrived = {p: at for p, state, at in sorted(lines, key=_moved) if state == "on_post" and at is not None}
    return Manning(tuple((place, state) for place, state, _ in lines), arrived)


def _moved(line: tuple[str, str, datetime | None]) -> float:
    return line[2].timestamp() if line[2] else 0.0


def postures(operation: Operation, kodes: Collection[str] | None = None) -> dict[str, PostureRow]:
    """The posture row of every village that has one, or of those of ``kodes``, by desa code."""
    rows = PostureRow.objects.filter(operation=operation).select_related("desa")
    if kodes is not None:
        rows = rows.filter(desa__kode__in=kodes)
    return {row.desa.kode: row for row in rows}


def posture_of(desa: Desa, known: Mapping[str, PostureRow]) -> PostureRow:
    """Where the village stands; one that nobody moved yet is in preparation, without a row of its own."""
    return known.get(desa.kode) or PostureRow(operation=desa.operation, desa=desa)
