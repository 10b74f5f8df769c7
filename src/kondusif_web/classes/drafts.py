"""What stands beside a draft for who publishes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kondusif_web.answers import queries
from kondusif_web.answers.models import Answer
from kondusif_web.classes import calmed
from kondusif_web.classes.models import Assessment
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts


def calmed_in(
    operation: Operation,
    member: Membership,
    rows: Iterable[Assessment],
    before: Mapping[str, Assessment] = MappingProxyType({}),
) -> dict[str, list[calmed.CalmedRow]]:
    """By desa, what one person calmed among the answers that assessments rest on (method 9.7).

    ``before``: what was published last, by desa, to leave out what was calm by then. Nothing for who may not
    see answers there. One read of the answers.
    """
    rows = list(rows)
    ids = {key: row for row in rows for key in row.answer_ids}
    said = queries.answers_visible_to(operation, member).select_related("by__user")
    said = said.order_by("recorded_at", "client_id")
    by_row: dict[str, list[Answer]] = {}
    for answer in said:
        if answer.client_id in ids:
            by_row.setdefault(ids[answer.client_id].desa.kode, []).append(answer)
    out: dict[str, list[calmed.CalmedRow]] = {}
    for row in rows:
        old = before.get(row.desa.kode)
        out |= calmed.by_desa(
            by_row.get(row.desa.kode, ()),
            facts.recipe_of(row.recipe),
            row.on,
            known=frozenset(old.answer_ids) if old else frozenset(),
        )
    return out
