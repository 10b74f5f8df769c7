"""An open action is edited by who writes actions there; what stood before stays readable (method 1.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from kondusif import mitigation as core
from kondusif.errors import Conflict
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue.speakers import check_owner, insert, speaks_for, title_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.digests import plain
from kondusif_web.mitigation.actions import (
    EFFECT,
    Factor,
    add_factor,
    check_content,
    check_targets_seen,
    lock_mitigation,
    set_expected_effect,
)
from kondusif_web.mitigation.models import Mitigation, Revision, RiskFactor
from kondusif_web.pages.texts import refuse_banned


class Owner(StrEnum):
    """What becomes of who answers for it. Nobody is made to answer for it by somebody else."""

    KEEP = "keep"
    MINE = "mine"
    NONE = "none"  # given back; said by the owner's side


@transaction.atomic
def change_mitigation(
    *,
    operation: Operation,
    mitigation: Mitigation,
    text: str,
    due: datetime,
    factors: Sequence[Factor],
    owner: Owner,
    seen: int,
    by: Membership,
    now: datetime,
    id: UUID | None = None,
) -> Mitigation:
    """Words, moment, owner and factors of an action that is neither done nor dropped; its villages stay.

    ``seen``: the number of edits that the person looked at. A factor that keeps item and target keeps what
    was expected of it, as reckoned then; a new target needs the right to see answers. Raises NotAllowed
    unless the person writes actions at every village of it, MoveRefused once it is over, Conflict when
    somebody else edited it meanwhile, MitigationError also where nothing would change.
    """
    row = lock_mitigation(operation, mitigation, by, "mitigation_write")
    there = _by_item(row)
    kodes = sorted({factor.desa.kode for rows in there.values() for factor in rows})
    for kode in kodes:
        require(by, "mitigation_write", kode)
    changes = [*_factor_changes(there, factors)]
    if id and (sent := Revision.objects.filter(operation=operation, client_id=id).first()):
        if sent.mitigation_id == row.pk and (row.text, row.due) == (text.strip(), due) and not changes:
            return row  # the same form, sent twice
        raise Conflict("edited", kode=row.kode)
    core.check_editable(core.MitigationStatus(row.status))
    if row.revisions.count() != seen:
        raise Conflict("edited", kode=row.kode)
    targets = {item: rows[0].target for item, rows in there.items()}
    check_targets_seen([f for f in factors if targets.get(f.item) != f.target], kodes, by)
    refuse_banned(text=text, words=[factor.words for factor in factors])
    check_content(row.operation, text, factors)
    changes = [*_set(row, text.strip(), due, owner, by, now), *changes]
    if not changes:
        raise core.MitigationError("same")
    row.save()
    written, gone = _write_factors(row, there, factors, now)
    edit = {"mitigation": row, "number": seen + 1, "changes": plain(changes)}
    made = insert(Revision, operation, id, edit, by=by, now=now)
    payload = {
        "kode": row.kode,
        "number": made.number,
        "fields": [c["item"] or c["what"] for c in changes],
        "owner": row.owner,
        "due": row.due,
        "items": sorted(f.item for f in factors),
    }
    only = kodes[0] if len(kodes) == 1 else ""
    rows = [made, *written]
    record("mitigation_changed", row, by=by, now=now, kode_desa=only, payload=payload, rows=rows, gone=gone)
    return row


def _set(
    row: Mitigation, text: str, due: datetime, owner: Owner, by: Membership, now: datetime
) -> list[dict[str, Any]]:
    """The row's own columns set, not saved; what of them changed."""
    before = {"text": row.text, "due": row.due, "owner": row.owner}
    row.text, row.due = text, due
    if owner is not Owner.KEEP:
        _hand_over(row, owner, by)
        row.moved_by, row.moved_at = by, now
    after = {name: getattr(row, name) for name in before}
    return [
        {"what": name, "item": "", "from": old, "to": after[name]}
        for name, old in before.items()
        if after[name] != old
    ]


def _hand_over(row: Mitigation, owner: Owner, by: Membership) -> None:
    require(by, "mitigation_own")
    check_owner(by, row.owner, "mitigation_own")
    row.owner = title_of(by) if owner is Owner.MINE else ""
    row.status = (core.MitigationStatus.OWNED if row.owner else core.MitigationStatus.OFFERED).value


def may_hand_over(row: Mitigation, by: Membership) -> bool:
    """Whether this person may take it, or give it back: it is nobody's, or their own side's."""
    return may(by, "mitigation_own") and (not row.owner or speaks_for(by, row.owner))


def _by_item(row: Mitigation) -> dict[str, list[RiskFactor]]:
    """Factors by item, one row per village; every village has the same items, words and targets."""
    out: dict[str, list[RiskFactor]] = {}
    for factor in row.factors.select_for_update().select_related("desa"):
        factor.mitigation = row
        out.setdefault(factor.item, []).append(factor)
    return out


def _side(words: str, target: float | None) -> dict[str, Any]:
    return {"words": words, "target": target}


def _factor_changes(
    there: dict[str, list[RiskFactor]], factors: Sequence[Factor]
) -> Iterator[dict[str, Any]]:
    wanted = {f.item: _side(f.words.strip(), f.target) for f in factors}
    for item in [*there, *(i for i in wanted if i not in there)]:
        rows = there.get(item, [])
        old = _side(rows[0].words, rows[0].target) if rows else None
        if old == wanted.get(item):
            continue
        expected = {r.desa.kode: {name: getattr(r, name) for name in (*EFFECT, "on")} for r in rows}
        left = None if old is None else old | {"expected": expected}
        yield {"what": "factor", "item": item, "from": left, "to": wanted.get(item)}


def _write_factors(
    row: Mitigation, there: dict[str, list[RiskFactor]], factors: Sequence[Factor], now: datetime
) -> tuple[list[RiskFactor], list[RiskFactor]]:
    """Rows written and rows gone; the revision keeps what the gone ones said."""
    written, wanted = [], {f.item: f for f in factors}
    desa = list({r.desa_id: r.desa for rows in there.values() for r in rows}.values())
    for item, factor in wanted.items():
        if item not in there:
            written += [add_factor(row, where, factor, now) for where in desa]
            continue
        for kept in there[item]:
            if (kept.words, kept.target) == (factor.words.strip(), factor.target):
                continue
            kept.words = factor.words.strip()
            if kept.target != factor.target:
                set_expected_effect(kept, factor.target, now)
            kept.save()
            written.append(kept)
    gone = [r for item, rows in there.items() if item not in wanted for r in rows]
    RiskFactor.objects.filter(pk__in=[r.pk for r in gone]).delete()
    return written, gone
