"""The decisions of a story: each row of the sheet ``keputusan`` through the action that its page calls.

Ids are made from what the sheet says, so that the same story gives the same rows. A refusal is raised: the
script is wrong, or somebody has changed by hand what the step needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log
from kondusif.errors import MoveRefused
from kondusif.files.cells import answer_value, listed, moment
from kondusif.files.moments import located
from kondusif.files.sample import sample_dir
from kondusif.instrument import edit
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif.stages import local_day
from kondusif_web.answers import actions as answers
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_of
from kondusif_web.answers.evidence import attach_evidence
from kondusif_web.answers.models import Review
from kondusif_web.calibration.actions import import_history
from kondusif_web.classes import actions as classes
from kondusif_web.classes import rounds
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.dialogue import commitments
from kondusif_web.dialogue.measuring import take_dialogue
from kondusif_web.dialogue.models import Commitment, QuestionPart
from kondusif_web.drill.turn import StoryTurn
from kondusif_web.election import actions as election
from kondusif_web.election.models import Desa
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.instrument.actions import change_draft, start_draft
from kondusif_web.instrument.models import Instrument
from kondusif_web.logbook.clock import server_now
from kondusif_web.mitigation import actions as mitigation
from kondusif_web.mitigation.models import Mitigation
from kondusif_web.planning import actions as planning
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts import actions as posts
from kondusif_web.reports import actions as reports
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal import residents
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import waiting_request

IDS = UUID("7d0a7a55-6f0c-5c1f-9d5e-3f6a2f1c9b10")  # names what the story makes


def _attached(name: str) -> bytes:
    """A file that the story brings along. Raises FileNotFoundError."""
    return (sample_dir() / "illustrative" / "lampiran" / name).read_bytes()


def _moment(turn: StoryTurn) -> Any:
    """The time in ``ke``, by the clocks of the place."""
    return located(moment(turn.row["ke"]), turn.stage.file.zone)


# ---------------------------------------------------------------- measuring


def _plain(action: Callable[..., object], **columns: str) -> Callable[[StoryTurn], None]:
    """A decision that gives an action what stands in these columns, by the names of its arguments."""

    def play(turn: StoryTurn) -> None:
        action(**{name: turn.row.get(column) or "" for name, column in columns.items()}, **turn.given)

    return play


def _value(turn: StoryTurn) -> dict[str, Any]:
    """What ``ke`` says as number or word, one of them blank."""
    value = answer_value(turn.row["ke"])
    return {"value": None, "word": value} if isinstance(value, str) else {"value": value, "word": ""}


def _answer_item(turn: StoryTurn) -> None:
    """One item in the form, by the officer who saw it that day."""
    given = turn.given
    answer = Answer(
        id=str(uuid5(IDS, turn.row["id"])),
        place=turn.row["tempat"],
        item=turn.row["gerbang"],
        given=Given.VALUE,
        **_value(turn),
        on=local_day(given["now"], turn.stage.file.zone),
        source=turn.row["alasan"],
        rater=given["by"].username,
    )
    answers.take_answers(answers=[answer], channel=answers_facts.FORM, **given)


def _settle_review(turn: StoryTurn) -> None:
    review = Review.objects.get(
        operation=turn.operation,
        place=turn.row["tempat"],
        item=turn.row["gerbang"],
        state=Review.State.OPEN,
    )
    answers.settle_review(
        review=review.pk,
        **_value(turn),
        given=Given.VALUE.value,
        reason=turn.row["alasan"],
        **turn.given,
    )


def _attach_evidence(turn: StoryTurn) -> None:
    """A document, a file or both beside the answer that counts."""
    place, item, name = turn.row["tempat"], turn.row["gerbang"], turn.row.get("rujukan")
    day = answers_facts.today(turn.operation, turn.step.at)
    known = answers_of.answers(turn.operation, desa_of(place), day)
    counts = answer_log(instrument_facts.recipe_of(turn.operation.recipe), known, day).latest(place, item)
    if counts is None:
        raise MoveRefused("answer_missing", place=place, item=item)
    attach_evidence(
        id=uuid5(IDS, turn.row["id"]),
        answer=counts.id,
        kind=turn.row["ke"],
        number=turn.row.get("alasan") or "",
        dated=day,
        content=_attached(name) if name else b"",
        **turn.given,
    )


def _import_history(turn: StoryTurn) -> None:
    text = _attached(turn.row["rujukan"]).decode()
    import_history(text=text, source=turn.row["alasan"], **turn.given)


# ---------------------------------------------------------------- actions against a risk


def _offer_mitigation(turn: StoryTurn) -> None:
    factors = []
    for part in listed(turn.row["gerbang"]):
        item, _, target = part.partition("=")
        factors.append(mitigation.Factor(item, target=float(target) if target else None))
    mitigation.offer_mitigation(
        id=uuid5(IDS, turn.row["rujukan"]),
        text=turn.row["alasan"],
        villages=[Desa.objects.get(operation=turn.operation, kode=turn.row["tempat"])],
        factors=factors,
        due=_moment(turn),
        **turn.given,
    )


def _mitigation(move: Callable[..., object], turn: StoryTurn) -> None:
    rows = Mitigation.objects.filter(operation=turn.operation)
    move(**turn.given, mitigation=rows.get(client_id=uuid5(IDS, turn.row["rujukan"])))


# ---------------------------------------------------------------- the instrument
# Versions are the office's: a story makes them at the server's time, whatever the clock of its drill says.


def _start_draft(turn: StoryTurn) -> None:
    by = turn.given["by"]
    start_draft(source=turn.operation.recipe, kode=turn.row["rujukan"], by=by, now=server_now())


def _change_draft(turn: StoryTurn, change: Callable[[Recipe], Recipe], what: str) -> None:
    """Of the newest draft under the code that the sheet names."""
    by = turn.given["by"]
    drafts = Instrument.objects.filter(kode=turn.row["rujukan"], drill=True, published_at__isnull=True)
    change_draft(draft=drafts.latest("drafted_at").pk, change=change, what=what, by=by, now=server_now())


def _weigh(turn: StoryTurn) -> None:
    item, weight = turn.row["gerbang"], float(turn.row["ke"])

    def change(recipe: Recipe) -> Recipe:
        dimension = recipe.by_id[item].dimension
        return edit.with_weights(recipe, dimension, {**edit.weights_under(recipe, dimension), item: weight})

    _change_draft(turn, change, f"weights {item}")


def _cut(turn: StoryTurn) -> None:
    low, high = (float(part) for part in listed(turn.row["ke"]))

    def change(recipe: Recipe) -> Recipe:
        kept = {"provisional_below": recipe.provisional_below, "near": recipe.near}
        return edit.with_rules(recipe, cuts=(low, high), **kept)

    _change_draft(turn, change, "rules")


# ---------------------------------------------------------------- classes, plan, posts


def _publish(turn: StoryTurn) -> None:
    for step in (take_dialogue, classes.assess_operation, classes.publish_assessments):
        step(**turn.given)


def _make_plan(turn: StoryTurn) -> None:
    planning.propose_plan(plan=planning.make_plan(**turn.given), **turn.given)


def _approve_plan(turn: StoryTurn) -> None:
    proposed = PlanRow.objects.filter(operation=turn.operation, state="proposed")
    planning.approve_plan(**turn.given, plan=proposed.latest("version"))


def _postings(turn: StoryTurn, state: str) -> Any:
    rows = turn.operation.postings.filter(desa=turn.row.get("tempat") or "", state=state)
    return rows.order_by("post", "pk")


def _arrive(turn: StoryTurn) -> None:
    for posting in _postings(turn, "ordered"):
        posts.check_in(posting=posting.pk, out=posting.heads, **turn.given)


def _go_home(turn: StoryTurn) -> None:
    """Everyone on the way back is counted, people and equipment, and goes home (item 15)."""
    for posting in _postings(turn, "returning"):
        equipment = posting.equipment_out or 0
        posts.count_back(posting=posting.pk, back=posting.out, equipment_back=equipment, **turn.given)
        posts.send_home(posting=posting.pk, **turn.given)


# ---------------------------------------------------------------- withdrawal


def _request(turn: StoryTurn) -> None:
    """A request that somebody made by hand already, for the same step, is the one that is decided."""
    desa, to = turn.row["tempat"], turn.row["ke"]
    made = waiting_request(turn.operation, desa)
    if made is None or made.state_to != to:
        withdrawal.request_withdrawal(desa=desa, to=to, reason=turn.row["alasan"], **turn.given)


def _approve(turn: StoryTurn) -> None:
    waiting = waiting_request(turn.operation, turn.row["tempat"])
    if waiting is None:
        raise WithdrawalRequest.DoesNotExist
    withdrawal.approve_withdrawal(id=waiting.pk, **turn.given)


def _approve_waiver(turn: StoryTurn) -> None:
    """The second person signs, then the Kapolres."""
    rows = WaiverRow.objects.filter(
        operation=turn.operation, desa=turn.row["tempat"], gate=turn.row["gerbang"]
    )
    waiver = rows.latest("requested_at").pk
    withdrawal.second_waiver(id=waiver, **turn.given_by(turn.stage.person(turn.row["kedua"])))
    withdrawal.approve_waiver(id=waiver, **turn.given)


def _call_resident(turn: StoryTurn) -> None:
    """A try to reach the resident, without result."""
    desa = turn.row["tempat"]
    codes = ResidentCode.objects.filter(operation=turn.operation, desa=desa, state="not_reached")
    code = codes.last() or residents.make_resident_code(desa=desa, **turn.given)[0]
    residents.log_attempt(id=code.pk, **turn.given)


# ---------------------------------------------------------------- reports, dialogue, stages


def _close_incident(turn: StoryTurn) -> None:
    incident = next(r for r in turn.stage.file["insiden"] if r["id"] == turn.row["rujukan"])
    reports.close_incident(
        id=UUID(turn.row["rujukan"]),
        reason=turn.row["alasan"],
        ended_at=incident.get("selesai"),
        **turn.given,
    )


def _answer_question(turn: StoryTurn) -> None:
    parts = QuestionPart.objects.filter(question__operation=turn.operation)
    dialogue.answer_part(**turn.given, part=parts.get(kode=turn.row["rujukan"]), text=turn.row["alasan"])


def _commitment(move: Callable[..., object], turn: StoryTurn) -> None:
    rows = Commitment.objects.filter(operation=turn.operation)
    move(**turn.given, commitment=rows.get(kode=turn.row["rujukan"]))


def _inaugurate(turn: StoryTurn) -> None:
    election.date_stage(kode="inauguration", at=_moment(turn), source=turn.row["alasan"], **turn.given)


ACTIONS: Mapping[str, Callable[[StoryTurn], None]] = {
    "tetapkan kelas": _publish,
    "susun rencana": _make_plan,
    "setujui rencana": _approve_plan,
    "datang": _arrive,
    "pindah postur": _plain(withdrawal.move_posture, desa="tempat", to="ke", why="alasan"),
    "minta penarikan": _request,
    "setujui penarikan": _approve,
    "minta pengecualian": _plain(
        withdrawal.request_waiver, desa="tempat", to="ke", gate="gerbang", reason="alasan"
    ),
    "setujui pengecualian": _approve_waiver,
    "pulang": _go_home,
    "hubungi warga": _call_resident,
    "tutup insiden": _close_incident,
    "jawab pertanyaan": _answer_question,
    "tanggung komitmen": partial(_commitment, commitments.own_commitment),
    "tepati komitmen": partial(_commitment, commitments.keep_commitment),
    "tetapkan pelantikan": _inaugurate,
    "catat keberatan": _plain(
        partial(withdrawal.record_dispute, state="open"), desa="tempat", source="alasan"
    ),
    "selesaikan sengketa": _plain(
        partial(withdrawal.record_dispute, state="settled"), desa="tempat", source="alasan"
    ),
    "buka putaran": _plain(rounds.open_round, gate="gerbang"),
    "tutup putaran": _plain(rounds.close_round, gate="gerbang"),
    "jawab butir": _answer_item,
    "putuskan penilaian": _settle_review,
    "lampirkan bukti": _attach_evidence,
    "tulis tindakan": _offer_mitigation,
    "tanggung tindakan": partial(_mitigation, mitigation.own_mitigation),
    "selesaikan tindakan": partial(_mitigation, mitigation.finish_mitigation),
    "rancang instrumen": _start_draft,
    "ubah bobot": _weigh,
    "ubah batas": _cut,
    "impor riwayat": _import_history,
}
