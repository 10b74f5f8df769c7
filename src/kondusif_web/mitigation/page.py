"""What the pages of actions show a person, and which forms they get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kondusif.instrument.recipe import Recipe
from kondusif.mitigation import MITIGATION_MOVES, OPEN, MitigationStatus
from kondusif_web.accounts.roles import may, may_at
from kondusif_web.answers.wording import name_of
from kondusif_web.dialogue.speakers import speaks_for
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.mitigation import forms, queries, wording
from kondusif_web.mitigation.models import Mitigation, Revision
from kondusif_web.pages import Context


def view(line: queries.MitigationLine, user: Membership, recipe: Recipe) -> Context:
    """One action. Points and answers only for who may see answers."""
    row, answers = line.row, may(user, "see_answers")
    items = dict.fromkeys(f.row.item for f in line.factors)
    return {
        "r": row,
        "cip": wording.STATUS["late" if line.late else row.status],
        "desa": list({f.row.desa_id: f.row.desa for f in line.factors}.values()),
        "selesai": row.moved_at if row.status == MitigationStatus.DONE else None,
        "faktor": [_factor(f, recipe, row.operation.labels, answers) for f in line.factors],
        "butir": [(kode, name_of(recipe, kode)) for kode in items],
        "kunjungan": line.visits,
    }


def _factor(line: queries.FactorLine, recipe: Recipe, labels: Mapping[str, str], answers: bool) -> Context:
    return {
        "row": line.row,
        "nama": name_of(recipe, line.row.item),
        "harap": wording.expected(recipe, line.row, labels) if answers else "",
        "lihat": line.seen and wording.seen(line.made_with, line.seen, labels, answers=answers),
    }


def register(
    operation: Operation, user: Membership, *, desa: str = "", owner: str = "", late: bool = False
) -> Context:
    """Context of ``mitigation/daftar.html``."""
    recipe = recipe_of(operation.recipe)
    found = queries.lines(operation, user, desa=desa, owner=owner, late_only=late)
    every = queries.lines(operation, user) if desa or owner or late else found
    return {
        "tindakan": [view(line, user, recipe) for line in found],
        "semua": len(every),
        "lewat": sum(line.late for line in every),
        "pemilik": sorted({line.row.owner for line in every} - {""}),
        "desa": sorted({f.row.desa for line in every for f in line.factors}, key=lambda d: (d.nama, d.kode)),
        "saring": {"desa": desa, "pemilik": owner, "lewat": late},
    }


def one(user: Membership, line: queries.MitigationLine, **bound: Any) -> Context:
    """Context of ``mitigation/tindakan.html``; ``bound`` are forms that came back with errors."""
    row = line.row
    recipe = recipe_of(row.operation.recipe)
    moves = MITIGATION_MOVES[MitigationStatus(row.status)]
    here = [f.row.desa.kode for f in line.factors]
    own = any(may_at(user, "mitigation_own", kode) for kode in here)
    write = any(may_at(user, "mitigation_write", kode) for kode in here)
    mine = own and bool(row.owner) and speaks_for(user, row.owner)
    visits = queries.linkable(row.operation, user, line)
    revisions = row.revisions.select_related("recorded_by__user")
    return {
        "t": view(line, user, recipe),
        "tanggung": MitigationStatus.OWNED in moves and own,
        "selesai": MitigationStatus.DONE in moves and mine,
        "sunting": MitigationStatus(row.status) in OPEN and _writes_everywhere(user, row),
        "riwayat": [(rev, _changes(user, recipe, rev)) for rev in revisions.order_by("-number")],
        "batal": forms.DropForm() if MitigationStatus.DROPPED in moves and (write or mine) else None,
        "taut": forms.LinkVisitForm(visits=visits)
        if write and row.status != MitigationStatus.DROPPED and visits.exists()
        else None,
    } | bound


def _changes(user: Membership, recipe: Recipe, revision: Revision) -> list[Context]:
    answers = may(user, "see_answers")
    return [wording.change(recipe, changed, answers=answers) for changed in revision.changes]


def _writes_everywhere(user: Membership, row: Mitigation) -> bool:
    kodes = row.factors.values_list("desa__kode", flat=True).distinct()
    return all(may_at(user, "mitigation_write", kode) for kode in kodes)


def desa_panel(operation: Operation, user: Membership, desa: Desa) -> Context | None:
    """Context of ``mitigation/_desa.html``; None for who sees no actions."""
    if not may_at(user, "see_mitigation", desa.kode):
        return None
    recipe = recipe_of(operation.recipe)
    return {
        "baris": [view(line, user, recipe) for line in queries.lines(operation, user, desa=desa.kode)],
        "boleh_tulis": may_at(user, "mitigation_write", desa.kode),
    }
