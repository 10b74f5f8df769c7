"""Every write on actions against a risk. Nobody owns an action for another body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kondusif import mitigation as core
from kondusif.classes.score import answer_log
from kondusif.errors import Conflict, NotAllowed
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.answers import queries as answers
from kondusif_web.answers.facts import stage_of, today
from kondusif_web.dialogue.models import Visit
from kondusif_web.dialogue.speakers import check_owner, find_sent, insert, speaks_for, title_of, write_status
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.logbook.actions import record
from kondusif_web.mitigation.models import Activity, Mitigation, RiskFactor
from kondusif_web.pages.texts import refuse_banned

EFFECT = ("before", "delta", "level_before", "level_after")  # what a target is expected to bring


@dataclass(frozen=True, slots=True)
class Factor:
    """An indicator that the action speaks of, in own words where wanted, and the answer it should reach."""

    item: str
    words: str = ""
    target: float | None = None


@transaction.atomic
def offer_mitigation(
    *,
    operation: Operation,
    text: str,
    villages: Iterable[Desa],
    factors: Sequence[Factor],
    due: datetime,
    by: Membership,
    now: datetime,
    mine: bool = False,
    id: UUID | None = None,
) -> Mitigation:
    """An action at one or more villages, with what it is expected to bring at each (method 1.9).

    ``mine``: the writer owns it at once. A target needs the right to see answers, since what is expected
    tells today's. Raises MitigationError for an action without village or factor, a factor twice, an unknown
    item or a target outside its range; TextRefused for words that are never kept.
    """
    desa = list(villages)
    _check_writer(operation, desa, factors, by)
    if mine:
        require(by, "mitigation_own")
    refuse_banned(text=text, words=[factor.words for factor in factors])
    if not desa:
        raise core.MitigationError("empty")
    check_content(operation, text, factors)
    content = {"text": text.strip(), "due": due}
    if before := find_sent(Mitigation, operation, id, **content):
        bound = set(before.factors.values_list("desa__kode", "item", "words", "target"))
        if bound != {(d.kode, f.item, f.words, f.target) for d in desa for f in factors}:
            raise Conflict("other_content", id=str(id))
        return before
    key, owner = id or uuid4(), title_of(by) if mine else ""
    status = core.MitigationStatus.OWNED if mine else core.MitigationStatus.OFFERED
    content |= {"kode": f"m-{str(key)[:8]}", "owner": owner, "status": status.value}
    row = insert(Mitigation, operation, key, content, by=by, now=now)
    rows = [add_factor(row, where, factor, now) for where in desa for factor in factors]
    payload = {
        "kode": row.kode,
        "desa": sorted(d.kode for d in desa),
        "items": sorted(f.item for f in factors),
        "owner": owner,
        "due": due,
    }
    only = desa[0].kode if len(desa) == 1 else ""
    record("mitigation_offered", row, by=by, now=now, kode_desa=only, payload=payload, rows=rows)
    return row


def _check_writer(
    operation: Operation, desa: Sequence[Desa], factors: Sequence[Factor], by: Membership
) -> None:
    """Raises NotAllowed unless the person writes actions at each village, and sees answers for a target."""
    require(by, "mitigation_write")
    for row in desa:
        if row.operation_id != operation.pk:
            raise NotAllowed("area", permission="mitigation_write", kode=row.kode)
        require(by, "mitigation_write", row.kode)
    check_targets_seen(factors, [row.kode for row in desa], by)


def check_targets_seen(factors: Iterable[Factor], kodes: Iterable[str], by: Membership) -> None:
    """Raises NotAllowed for a target from who may not see the answers of these villages."""
    if any(factor.target is not None for factor in factors):
        for kode in kodes:
            require(by, "see_answers", kode)


def check_content(operation: Operation, text: str, factors: Sequence[Factor]) -> None:
    """Raises MitigationError for no words, no factor, a factor twice, an unknown item, a target outside."""
    recipe = recipe_of(operation.recipe)
    items = [factor.item for factor in factors]
    if not items or not text.strip():
        raise core.MitigationError("empty")
    if len(set(items)) < len(items):
        raise core.MitigationError("twice")
    for factor in factors:
        if factor.item not in recipe.by_id:
            raise core.MitigationError("item", item=factor.item)
        if factor.target is not None:
            core.check_target(recipe, factor.item, factor.target)


def add_factor(row: Mitigation, desa: Desa, factor: Factor, now: datetime) -> RiskFactor:
    """A factor at one village, with what is expected of its target on today's answers."""
    made = RiskFactor(mitigation=row, desa=desa, item=factor.item, words=factor.words.strip())
    set_expected_effect(made, factor.target, now)
    made.save(force_insert=True)
    return made


def set_expected_effect(row: RiskFactor, target: float | None, now: datetime) -> None:
    """Set the answer to reach and what it is expected to bring on today's answers; None clears both."""
    effect: dict[str, Any] = dict.fromkeys(("target", "on", *EFFECT))
    if target is not None:
        operation = row.mitigation.operation
        recipe, day = recipe_of(operation.recipe), today(operation, now)
        log = answer_log(recipe, answers.answers(operation, row.desa.kode, day), day)
        stage = stage_of(operation, now)
        found = core.expected_effect(recipe, log, row.desa.kode, row.item, target, stage=stage)
        effect = {"target": found.target, "on": day} | {name: getattr(found, name) for name in EFFECT}
    for name, value in effect.items():
        setattr(row, name, value)


@transaction.atomic
def own_mitigation(
    *, operation: Operation, mitigation: Mitigation, by: Membership, now: datetime
) -> Mitigation:
    """Take an action that nobody owns, in one's own name of office."""
    row = lock_mitigation(operation, mitigation, by, "mitigation_own")
    return _move(row, core.MitigationStatus.OWNED, "mitigation_owned", by=by, now=now, owner=title_of(by))


@transaction.atomic
def finish_mitigation(
    *, operation: Operation, mitigation: Mitigation, by: Membership, now: datetime
) -> Mitigation:
    """Say that it was done; the owner's side says it."""
    row = lock_mitigation(operation, mitigation, by, "mitigation_own")
    check_owner(by, row.owner, "mitigation_own")
    return _move(row, core.MitigationStatus.DONE, "mitigation_done", by=by, now=now)


@transaction.atomic
def drop_mitigation(
    *, operation: Operation, mitigation: Mitigation, reason: str, by: Membership, now: datetime
) -> Mitigation:
    """Give it up, with the reason that stays on it: whoever writes actions there, or the owner's side."""
    own = bool(mitigation.owner) and speaks_for(by, mitigation.owner)
    row = lock_mitigation(operation, mitigation, by, "mitigation_own" if own else "mitigation_write")
    refuse_banned(reason=reason)
    if not reason.strip():
        raise core.MitigationError("reason")
    return _move(
        row, core.MitigationStatus.DROPPED, "mitigation_dropped", by=by, now=now, reason=reason.strip()
    )


@transaction.atomic
def link_visit(
    *, operation: Operation, mitigation: Mitigation, visit: Visit, by: Membership, now: datetime
) -> Activity:
    """Count a visit in one of its villages as activity of the action; once."""
    row = lock_mitigation(operation, mitigation, by, "mitigation_write")
    require(by, "mitigation_write", visit.desa.kode)
    if not row.factors.filter(desa=visit.desa).exists():
        raise core.MitigationError("place")
    before = Activity.objects.filter(mitigation=row, visit=visit).first()
    if before is not None:
        return before
    if row.status == core.MitigationStatus.DROPPED:
        raise Conflict("mitigation_dropped", kode=row.kode)
    made = Activity.objects.create(mitigation=row, visit=visit, recorded_by=by, recorded_at=now)
    record(
        "mitigation_visited",
        made,
        by=by,
        now=now,
        kode_desa=visit.desa.kode,
        subject=row.pk,
        payload={"kode": row.kode, "visit": str(visit.pk)},
    )
    return made


def lock_mitigation(
    operation: Operation, mitigation: Mitigation, by: Membership, permission: str
) -> Mitigation:
    """The operation's own row, locked, for somebody who may do this in one of its villages."""
    rows = Mitigation.objects.select_for_update().select_related("operation")
    row = rows.filter(operation=operation, pk=mitigation.pk).first()
    if row is None:
        raise NotAllowed("area", permission=permission)
    kodes = sorted(row.factors.values_list("desa__kode", flat=True).distinct())
    require(by, permission, next((kode for kode in kodes if may_at(by, permission, kode)), kodes[0]))
    return row


def _move(
    row: Mitigation, to: core.MitigationStatus, kind: str, *, by: Membership, now: datetime, **change: str
) -> Mitigation:
    core.check_mitigation_move(core.MitigationStatus(row.status), to)
    return write_status(row, to, kind, by=by, now=now, **change)
