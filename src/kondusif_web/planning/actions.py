"""A plan is made, proposed and approved; approval orders its postings and tells of readiness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from kondusif import places
from kondusif import plan as core
from kondusif.deploy import postings_of
from kondusif.errors import MoveRefused, NotAllowed, PlanRefused
from kondusif.forces import Unit
from kondusif.logbook import digest
from kondusif.plan.readiness import ITEMS, plan_answers
from kondusif.plan.solve import plan_for
from kondusif_web.accounts.roles import require
from kondusif_web.answers import queries as answers_queries
from kondusif_web.answers.actions import Receipt, take_answers
from kondusif_web.answers.facts import PLAN_CHANNEL, today
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of, election_of, tps_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.planning.queries import approved_plan, extra_from_json, extra_to_json, plan_of, readiness
from kondusif_web.posts.actions import cancel_posting, order_postings
from kondusif_web.posts.queries import units


@transaction.atomic
def make_plan(
    *,
    operation: Operation,
    by: Membership,
    now: datetime,
    pattern_set: str = "",
    extra: core.ExtraPosts | None = None,
) -> PlanRow:
    """A new draft for the voting villages in the planner's areas.

    Raises PlanRefused when a voting place has no published class, when the pattern set knows no pattern for
    a class, or when villages of the plan in force would be left out.
    """
    require(by, "make_plan")
    operation = operation.lock()
    desa = [desa_of(d) for d in operation.desa.all() if d.memilih and places.within(d.kode, by.prefixes)]
    scope = sorted(d.kode for d in desa)
    _check_scope(operation, scope)
    pattern_set = pattern_set or operation.pattern_set
    if pattern_set not in core.PATTERN_SETS:
        raise PlanRefused("pattern_set_unknown", found=pattern_set)
    given = Inputs.of(operation, scope)
    # the proposed posts other than TPS; command and reserve wait at the nearest police base
    extra = extra or core.ExtraPosts(bases=core.waiting_places(given.desa, given.units))
    plan = plan_for(
        election_of(operation),
        given.desa,
        given.tps,
        given.units,
        levels=given.levels,
        force_levels=given.force_levels,
        patterns=core.PATTERN_SETS[pattern_set],
        extra=extra,
    )
    version = (operation.plans.aggregate(last=Max("version"))["last"] or 0) + 1
    dropped = _supersede(operation, (PlanState.DRAFT, PlanState.PROPOSED))
    row = PlanRow(
        operation=operation,
        version=version,
        pattern_set=pattern_set,
        inputs_digest=given.digest(operation, pattern_set, extra),
        plan_digest=plan.digest,
        body=core.plan_to_json(plan),
        extra=extra_to_json(extra),
        scope=scope,
        made_by=by,
        made_at=now,
    )
    row.full_clean()
    row.save(force_insert=True)
    record(
        "plan_made",
        row,
        by=by,
        now=now,
        payload={"version": version, "digest": plan.digest, "unmet": plan.missing.total},
        rows=dropped,
    )
    return row


def _check_scope(operation: Operation, scope: Iterable[str]) -> None:
    """Raises PlanRefused where villages of the plan in force would be left out."""
    in_force = approved_plan(operation)
    if in_force and (left := sorted(set(in_force.scope) - set(scope))):
        gaps = [core.Violation("villages_of_plan_in_force", k, "left out", "in the plan") for k in left]
        raise PlanRefused("scope_outside", gaps)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a plan is made from, read once: places of the scope, every unit, levels in force by place."""

    desa: tuple[places.Desa, ...]
    tps: tuple[places.Tps, ...]
    units: tuple[Unit, ...]
    levels: Mapping[str, int]
    force_levels: Mapping[str, int]

    @classmethod
    def of(cls, operation: Operation, scope: Iterable[str]) -> Inputs:
        scope = set(scope)
        tps = tuple(tps_of(t) for t in operation.tps.all() if places.desa_of(t.kode) in scope)
        inside = scope | {t.kode for t in tps}
        return cls(
            desa=tuple(desa_of(d) for d in operation.desa.all() if d.kode in scope),
            tps=tps,
            units=units(operation),
            levels={k: n for k, n in classes.levels(operation).items() if k in inside},
            force_levels={k: n for k, n in classes.force_levels(operation).items() if k in inside},
        )

    def digest(self, operation: Operation, pattern_set: str, extra: core.ExtraPosts) -> str:
        """SHA-256 of everything the plan rests on: when it changes, the plan is of yesterday."""
        said = asdict(self) | {"scope": sorted(d.kode for d in self.desa), "patterns": pattern_set}
        said |= {"extra": extra_to_json(extra), "offsets": operation.start_offsets}
        said |= {"vote_at": operation.vote_at.isoformat()}
        return digest(said)


def _supersede(operation: Operation, states: Iterable[str]) -> list[PlanRow]:
    rows = list(operation.plans.select_for_update().filter(state__in=list(states)))
    for row in rows:
        row.state = PlanState.SUPERSEDED
        row.save()
    return rows


@transaction.atomic
def propose_plan(*, operation: Operation, plan: PlanRow, by: Membership, now: datetime) -> PlanRow:
    """Put a draft before the Kapolres. Raises MoveRefused unless it is a draft."""
    plan = _lock(operation, plan, "make_plan")
    _require_scope(by, "make_plan", plan)
    if plan.state != PlanState.DRAFT:
        raise MoveRefused("plan_not_draft", state=plan.state, version=plan.version)
    plan.state, plan.proposed_at = PlanState.PROPOSED, now
    plan.save()
    record(
        "plan_proposed", plan, by=by, now=now, payload={"version": plan.version, "digest": plan.plan_digest}
    )
    return plan


def _lock(operation: Operation, plan: PlanRow, permission: str) -> PlanRow:
    """The operation's own row of the plan, locked. Raises NotAllowed for a plan of another operation."""
    row = PlanRow.objects.select_for_update().filter(operation=operation, pk=plan.pk).first()
    if row is None:
        raise NotAllowed("area", permission=permission)
    return row


def faults(plan: PlanRow) -> tuple[core.Violation, ...]:
    """Every rule that this plan breaks against the classes, posts and units of now; empty when none.

    The kept plan must also still be the one that was made, and begin when the classes of now say.
    """
    kept, extra = plan_of(plan), extra_from_json(plan.extra)
    given = Inputs.of(plan.operation, plan.scope)
    patterns = core.PATTERN_SETS[plan.pattern_set]
    try:
        posts = core.demand(given.desa, given.tps, given.force_levels, patterns, extra)
    except PlanRefused as refused:
        return tuple(refused.violations)  # type: ignore[return-value]
    out = list(core.verify(kept, posts, given.units))
    if kept.digest != plan.plan_digest:
        out.append(core.Violation("plan_as_made", str(plan.pk), kept.digest, plan.plan_digest))
    if given.digest(plan.operation, plan.pattern_set, extra) != plan.inputs_digest:
        out.append(core.Violation("made_from_today", str(plan.pk), "inputs changed", "make the plan again"))
    return tuple(out)


@transaction.atomic
def approve_plan(*, operation: Operation, plan: PlanRow, by: Membership, now: datetime) -> PlanRow:
    """The Kapolres puts a proposed plan in force; every assignment becomes a posting.

    What the plan says of readiness becomes F01 and F03 of the next assessment (RULES 5).

    Raises NotAllowed for the person who made it, MoveRefused unless it is proposed, PlanRefused when the
    re-check finds a fault or people of the plan before are still out.
    """
    operation = operation.lock()
    plan = _lock(operation, plan, "approve_plan")
    _require_scope(by, "approve_plan", plan)
    if by.pk == plan.made_by_id:
        raise NotAllowed("same_person", permission="approve_plan")
    if plan.state != PlanState.PROPOSED:
        raise MoveRefused("plan_not_proposed", state=plan.state, version=plan.version)
    if broken := faults(plan):
        raise PlanRefused("recheck_failed", broken)
    live = list(operation.postings.select_for_update().filter(state__in=("ordered", "on_post", "returning")))
    if out := [p for p in live if p.state != "ordered"]:
        still = [core.Violation("everyone_home", str(p.pk), p.state, "home") for p in out]
        raise PlanRefused("people_out", still)
    for posting in live:  # each by its own line, so that the moves of the book end where the rows stand
        cancel_posting(operation=operation, posting=posting.pk, by=by, now=now)
        posting.refresh_from_db()
    before = _supersede(operation, (PlanState.APPROVED,))
    plan.state, plan.approved_by, plan.approved_at = PlanState.APPROVED, by, now
    plan.full_clean()
    plan.save()
    kept = plan_of(plan)
    jenis = {p.kode: p.jenis for p in kept.posts}
    postings = order_postings(operation=operation, plan=plan.pk, postings=postings_of(kept), jenis=jenis)
    record(
        "plan_approved",
        plan,
        by=by,
        now=now,
        payload={
            "version": plan.version,
            "digest": plan.plan_digest,
            "postings": len(postings),
            "unmet": kept.missing.total,
        },
        rows=[*before, *live, *postings],
    )
    take_readiness(operation=operation, plan=str(plan.pk), found=readiness(operation), by=by, now=now)
    return plan


def take_readiness(
    *, operation: Operation, plan: str, found: Iterable[core.Readiness], by: Membership, now: datetime
) -> Receipt:
    """F01 and F03 of each village from the plan just approved, in place of what the plan before said.

    Once per plan. The class that sizes the force leaves both out, so nothing turns in a circle (RULES 5).
    """
    last = answers_queries.tips(operation, PLAN_CHANNEL, ITEMS)
    before = {key: row.client_id for key, row in last.items()}
    answers = [
        replace(a, corrects=before.get((a.place, a.item), ""))
        for a in plan_answers(plan, found, today(operation, now))
        if before.get((a.place, a.item)) != a.id
    ]
    return take_answers(operation=operation, answers=answers, by=by, now=now, channel=PLAN_CHANNEL)


def _require_scope(by: Membership, permission: str, plan: PlanRow) -> None:
    """Role and jurisdiction over every village of the plan, not only one of them."""
    require(by, permission)
    for kode in plan.scope:
        require(by, permission, kode)
