"""The measuring actions of a story: rounds, joint reviews, evidence, actions, past votes, a draft.

Each goes through the action that its page calls. Ids are made from what the sheet says, so that
the same story gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log
from kondusif.errors import MoveRefused
from kondusif.files.cells import answer_value, listed, moment
from kondusif.files.sample import sample_dir
from kondusif.instrument import edit
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_of
from kondusif_web.answers.actions import settle_review, take_answers
from kondusif_web.answers.evidence import attach_evidence
from kondusif_web.answers.models import Review
from kondusif_web.calibration.actions import import_history
from kondusif_web.classes import rounds
from kondusif_web.election.models import Desa, Membership
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.instrument.actions import change_draft, start_draft
from kondusif_web.instrument.models import Instrument
from kondusif_web.logbook.clock import server_now
from kondusif_web.mitigation import actions as mitigation
from kondusif_web.mitigation.models import Mitigation

if TYPE_CHECKING:
    from kondusif_web.drill.play import Stage

Row = Mapping[str, Any]
IDS = UUID("7d0a7a55-6f0c-5c1f-9d5e-3f6a2f1c9b10")  # names what the story makes


def _attached(name: str) -> bytes:
    """A file that the story brings along. Raises FileNotFoundError."""
    return (sample_dir() / "illustrative" / "lampiran" / name).read_bytes()


# ---------------------------------------------------------------- rounds


def _open_round(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    rounds.open_round(operation=stage.operation, gate=row["gerbang"], by=by, now=at)


def _close_round(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    rounds.close_round(operation=stage.operation, gate=row["gerbang"], by=by, now=at)


def _value(row: Row) -> tuple[float | None, str]:
    """What the sheet says as number or word, one of them blank."""
    value = answer_value(row["ke"])
    return (None, value) if isinstance(value, str) else (value, "")


def _answer(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    """One item in the form, by the officer who saw it that day."""
    value, word = _value(row)
    answer = Answer(
        id=str(uuid5(IDS, row["id"])),
        place=row["tempat"],
        item=row["gerbang"],
        given=Given.VALUE,
        value=value,
        word=word,
        on=at.astimezone(stage.file.zone).date(),
        source=row["alasan"],
        rater=by.username,
    )
    take_answers(operation=stage.operation, answers=[answer], by=by, now=at, channel=answers_facts.FORM)


def _settle(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    review = Review.objects.select_related("operation").get(
        operation=stage.operation, place=row["tempat"], item=row["gerbang"], state=Review.State.OPEN
    )
    value, word = _value(row)
    settle_review(
        operation=stage.operation,
        review=review.pk,
        value=value,
        word=word,
        given=Given.VALUE.value,
        reason=row["alasan"],
        by=by,
        now=at,
    )


def _evidence(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    """A document, a file or both beside the answer that counts."""
    day = answers_facts.today(stage.operation, at)
    known = answers_of.answers(stage.operation, desa_of(row["tempat"]), day)
    book = answer_log(instrument_facts.recipe_of(stage.operation.recipe), known, day)
    counts = book.latest(row["tempat"], row["gerbang"])
    if counts is None:
        raise MoveRefused("answer_missing", place=row["tempat"], item=row["gerbang"])
    name = row.get("rujukan") or ""
    attach_evidence(
        operation=stage.operation,
        id=uuid5(IDS, row["id"]),
        answer=counts.id,
        kind=row["ke"],
        number=row.get("alasan") or "",
        dated=day,
        content=_attached(name) if name else b"",
        by=by,
        now=at,
    )


# ---------------------------------------------------------------- actions against a risk


def _offer(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    factors = []
    for part in listed(row["gerbang"]):
        item, _, target = part.partition("=")
        factors.append(mitigation.Factor(item, target=float(target) if target else None))
    mitigation.offer_mitigation(
        operation=stage.operation,
        id=uuid5(IDS, row["rujukan"]),
        text=row["alasan"],
        desa=[Desa.objects.get(operation=stage.operation, kode=row["tempat"])],
        factors=factors,
        due=moment(row["ke"]).replace(tzinfo=stage.file.zone),
        by=by,
        now=at,
    )


def _mitigation(stage: Stage, row: Row) -> Mitigation:
    return Mitigation.objects.get(operation=stage.operation, client_id=uuid5(IDS, row["rujukan"]))


def _own(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    mitigation.own_mitigation(operation=stage.operation, mitigation=_mitigation(stage, row), by=by, now=at)


def _finish(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    mitigation.finish_mitigation(operation=stage.operation, mitigation=_mitigation(stage, row), by=by, now=at)


# ---------------------------------------------------------------- the instrument and past votes
# Versions are the office's: a story makes them at the server's time, whatever the clock of its drill says.


def _start_draft(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    start_draft(source=stage.operation.recipe, kode=row["rujukan"], by=by, now=server_now())


def _draft(row: Row) -> UUID:
    """The newest draft under the code that the sheet names."""
    drafts = Instrument.objects.filter(kode=row["rujukan"], drill=True, published_at__isnull=True)
    return UUID(str(drafts.latest("drafted_at").pk))


def _weigh(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    item, weight = row["gerbang"], float(row["ke"])

    def change(recipe: Recipe) -> Recipe:
        dimension = recipe.by_id[item].dimension
        return edit.with_weights(recipe, dimension, {**edit.weights_under(recipe, dimension), item: weight})

    change_draft(draft=_draft(row), change=change, what=f"weights {item}", by=by, now=server_now())


def _cut(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    low, high = (float(part) for part in listed(row["ke"]))
    change_draft(
        draft=_draft(row),
        change=lambda recipe: edit.with_rules(
            recipe, cuts=(low, high), provisional_below=recipe.provisional_below, near=recipe.near
        ),
        what="rules",
        by=by,
        now=server_now(),
    )


def _history(stage: Stage, row: Row, by: Membership, at: datetime) -> None:
    text = _attached(row["rujukan"]).decode()
    import_history(operation=stage.operation, text=text, source=row["alasan"], by=by, now=at)


MEASURING: Mapping[str, Callable[[Stage, Row, Membership, datetime], None]] = {
    "buka putaran": _open_round,
    "tutup putaran": _close_round,
    "jawab butir": _answer,
    "putuskan penilaian": _settle,
    "lampirkan bukti": _evidence,
    "tulis tindakan": _offer,
    "tanggung tindakan": _own,
    "selesaikan tindakan": _finish,
    "rancang instrumen": _start_draft,
    "ubah bobot": _weigh,
    "ubah batas": _cut,
    "impor riwayat": _history,
}
