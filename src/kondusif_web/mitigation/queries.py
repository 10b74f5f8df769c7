"""Every read of actions, beginning with what the person may see: villages in their areas, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from kondusif import mitigation as core
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif.stages import local_day
from kondusif_web.accounts.roles import in_areas, rows_for
from kondusif_web.classes import queries as classes
from kondusif_web.classes.models import Assessment
from kondusif_web.dialogue.models import Visit
from kondusif_web.dialogue.queries import visits_visible_to
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.mitigation.models import Activity, Mitigation, RiskFactor


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A risk factor with what was seen after; ``seen`` None while the action is not done or nothing was
    published since. ``made_with``: by number of a publication, the item as its instrument asked for it."""

    row: RiskFactor
    seen: core.ObservedEffect | None
    made_with: Mapping[int | None, Indicator]


@dataclass(frozen=True, slots=True)
class MitigationLine:
    """An action as this person may see it: its factors in their areas only."""

    row: Mitigation
    late: bool
    factors: tuple[FactorLine, ...]
    visits: tuple[Visit, ...]


def visible_to(operation: Operation, user: Membership) -> QuerySet[Mitigation]:
    """Actions that speak of a village inside the person's areas."""
    inside = rows_for(RiskFactor.objects.all(), user, "see_mitigation", field="desa__kode")
    return Mitigation.objects.filter(operation=operation, factors__in=inside).distinct()


def lines(
    operation: Operation,
    user: Membership,
    *,
    desa: str = "",
    owner: str = "",
    late_only: bool = False,
    key: object = None,
) -> tuple[MitigationLine, ...]:
    """Actions with their factors: late first, then open by their moment, then what is over."""
    now = operation.now()
    inside = in_areas(RiskFactor.objects.select_related("desa"), user, "desa__kode")
    visits = in_areas(Activity.objects.select_related("visit__desa"), user, "visit__desa__kode")
    rows = visible_to(operation, user).select_related("operation")
    if key is not None:
        rows = rows.filter(pk=key)
    if desa:
        rows = rows.filter(factors__in=inside.filter(desa__kode=desa))
    if owner:
        rows = rows.filter(owner=owner)
    rows = rows.prefetch_related(
        Prefetch("factors", queryset=inside, to_attr="here"),
        Prefetch("activities", queryset=visits, to_attr="done_here"),
    )
    published = _published(operation, user, rows)
    recipes = {key: recipe_of(key) for key in {a.recipe for rows in published.values() for a in rows}}
    found = []
    for row in rows:
        factors = tuple(_factor(row, f, published.get(f.desa_id, ()), recipes) for f in row.here)
        found.append(MitigationLine(row, late(row, now), factors, tuple(a.visit for a in row.done_here)))
    found = [line for line in found if line.late or not late_only]
    return tuple(sorted(found, key=_place_in_list))


def _place_in_list(line: MitigationLine) -> tuple[object, ...]:
    over = {core.MitigationStatus.DONE.value: 1, core.MitigationStatus.DROPPED.value: 2}
    return not line.late, over.get(line.row.status, 0), line.row.due, line.row.kode


def _published(
    operation: Operation, user: Membership, rows: Iterable[Mitigation]
) -> dict[int, list[Assessment]]:
    """Publications of the villages where something was done."""
    places = {f.desa_id for row in rows if row.status == core.MitigationStatus.DONE for f in row.here}
    out: dict[int, list[Assessment]] = {}
    for row in classes.visible_to(operation, user).filter(desa__in=places).order_by("number"):
        out.setdefault(row.desa_id, []).append(row)
    return out


def _factor(
    row: Mitigation,
    factor: RiskFactor,
    published: Sequence[Assessment],
    recipes: Mapping[str, Recipe],
) -> FactorLine:
    found = _seen(row, factor, published)
    made_with = {
        a.number: indicator
        for a in published
        if (indicator := recipes[a.recipe].by_id.get(factor.item)) is not None
    }
    return FactorLine(factor, found, made_with)


def _seen(row: Mitigation, factor: RiskFactor, published: Iterable[Assessment]) -> core.ObservedEffect | None:
    if row.status != core.MitigationStatus.DONE or row.moved_at is None:
        return None
    marks = [mark for a in published if (mark := mark_of(a, factor.item))]
    done_on = local_day(row.moved_at, row.operation.zone)
    return core.effect_seen(marks, row.moved_at, done_on)


def overdue(operation: Operation, user: Membership, now: datetime) -> tuple[Mitigation, ...]:
    """Open actions whose moment has passed, the oldest first."""
    return tuple(row for row in visible_to(operation, user).filter(due__lt=now) if late(row, now))


def linkable(operation: Operation, user: Membership, line: MitigationLine) -> QuerySet[Visit]:
    """Visits in the action's villages that do not count as its activity yet."""
    here = {f.row.desa_id for f in line.factors}
    return visits_visible_to(operation, user).filter(desa__in=here).exclude(activities__mitigation=line.row)


def mark_of(row: Assessment, item: str) -> core.PublishedItem | None:
    """The item as this publication has it; None where its recipe does not know the item."""
    found = next((i for i in row.results["items"] if i["id"] == item), None)
    if found is None or row.number is None or row.published_at is None:
        return None
    answered = found["points"] is not None
    return core.PublishedItem(
        number=row.number,
        at=row.published_at,
        value=found["value"] if answered else None,
        points=found["points"],
        observed=date.fromisoformat(found["on"]) if found["on"] and answered else None,
        level=row.level,
    )


def late(row: Mitigation, now: datetime) -> bool:
    """Whether its moment has passed and it is still open."""
    return core.overdue(core.MitigationStatus(row.status), row.due, now)
