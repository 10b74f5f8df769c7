"""The moves the book tells, walked again through the core's own tables to where the rows stand (RULES 27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kondusif.deploy import POSTING_MOVES, PostingState
from kondusif.events import AFTER_LAST, LAST
from kondusif.lifecycle import PHASE_MOVES as MOVES_OF_OPERATION
from kondusif.lifecycle import Phase
from kondusif.logbook import Entry
from kondusif.standby import POSTURE_MOVES, Posture, is_gated
from kondusif_web.election.models import Operation
from kondusif_web.instrument.facts import PRODUCT, full_key
from kondusif_web.logbook.verify import Verification
from kondusif_web.posts.models import PostingRow, PostureRow

POSTING_KINDS = {
    "posting_on_post": PostingState.ON_POST,
    "posting_recalled": PostingState.RETURNING,
    "posting_turned_back": PostingState.ON_POST,
    "posting_home": PostingState.HOME,
    "posting_cancelled": PostingState.CANCELLED,
}


def check_moves(report: Verification) -> Verification:
    """The report of verify with the moves of every chain walked.

    A sentence for every move outside its table or without two people, and row that ends elsewhere. Where a
    row cannot be read it says so.
    """
    books = (replace(c, moves=_found(c.operation, c.lines, report.office)) for c in report.books)
    return replace(report, books=tuple(books))


def _found(kode: str, lines: Sequence[Entry], office: Sequence[Entry]) -> tuple[str, ...]:
    try:
        return tuple(replay(kode, lines, office))
    except (ValueError, TypeError) as err:
        return (_("perpindahan tidak dapat diputar ulang, ada baris yang tidak terbaca: %s") % err,)


def replay(kode: str, lines: Sequence[Entry], office: Sequence[Entry]) -> Iterator[str]:
    """``lines`` of an operation's chain, or for the code ``""`` of the office's, where instruments are."""
    if not kode:
        yield from _instruments(lines)
        return
    operation = Operation.objects.filter(kode=kode).first()
    if operation is None:
        yield f"{kode}: tidak ada operasi dengan kode ini"
        return
    yield from _phases(operation, lines)
    yield from _postures(operation, lines)
    yield from _postings(operation, lines)
    yield from _in_force(operation, lines, office)


def _phases(operation: Operation, lines: Sequence[Entry]) -> Iterator[str]:
    at = Phase.PREPARING.value
    for e in lines:
        if at == Phase.ARCHIVED and e.kind not in AFTER_LAST:
            yield _say(e, f"{e.kind} sesudah operasi diarsipkan")
        if e.kind not in ("operation_moved", LAST):
            continue
        end = Phase.ARCHIVED.value if e.kind == LAST else str(e.payload.get("to"))
        if at not in set(Phase) or end not in set(MOVES_OF_OPERATION[Phase(at)]):
            yield _say(e, f"{at} ke {end} tidak ada dalam tabel gerak operasi")
        at = end
    if at != operation.phase:
        yield f"{operation.kode}: operasi {operation.phase}, menurut buku {at}"


def _postures(operation: Operation, lines: Sequence[Entry]) -> Iterator[str]:
    at: dict[str, str] = {}
    asked = {(e.subject, e.payload.get("number")): e.by for e in lines if e.kind == "withdrawal_requested"}
    approved = [e for e in lines if e.kind == "withdrawal_approved"]
    for e in lines:
        if e.kind == "posture_set":
            at[e.kode_desa] = str(e.payload.get("state"))
        elif e.kind == "posture_moved":
            start, end = str(e.payload.get("from")), str(e.payload.get("to"))
            if at.get(e.kode_desa) != start:
                yield _say(e, f"bergerak dari {start}, padahal terakhir {at.get(e.kode_desa, 'belum ada')}")
            if not _known(start, end):
                yield _say(e, f"{start} ke {end} tidak ada dalam tabel gerak")
            elif is_gated(Posture(start), Posture(end)) and not _two_people(e, approved, asked):
                yield _say(e, f"{start} ke {end} tanpa permintaan dan persetujuan dua orang")
            at[e.kode_desa] = end
    for row in PostureRow.objects.filter(desa__operation=operation).select_related("desa"):
        if at.get(row.desa.kode) != row.state:
            kept = at.get(row.desa.kode, "belum ada")
            yield f"{row.desa.kode}: status pengamanan {row.state}, menurut buku {kept}"


def _known(start: str, end: str) -> bool:
    return start in set(Posture) and end in set(POSTURE_MOVES[Posture(start)])


def _two_people(move: Entry, approved: Sequence[Entry], asked: dict[tuple[str, object], str]) -> bool:
    """Whether an approval of this very move stands in the book, by somebody who did not ask for it."""
    for e in approved:
        same = e.kode_desa == move.kode_desa and e.occurred_at == move.occurred_at
        if same and all(e.payload.get(k) == move.payload.get(k) for k in ("from", "to")):
            asker = asked.get((e.subject, e.payload.get("number")))
            return asker is not None and asker != e.by == move.by
    return False


def _postings(operation: Operation, lines: Sequence[Entry]) -> Iterator[str]:
    at: dict[str, PostingState] = {}
    for e in lines:
        end = POSTING_KINDS.get(e.kind)
        if end is None:
            continue
        start = at.get(e.subject, PostingState.ORDERED)
        if end not in POSTING_MOVES[start]:
            yield _say(e, f"penugasan {start.value} ke {end.value} tidak ada dalam tabel gerak")
        if end is PostingState.HOME and e.payload.get("out") != e.payload.get("back"):
            yield _say(e, f"pulang {e.payload.get('back')} orang, berangkat {e.payload.get('out')}")
        at[e.subject] = end
    for row in PostingRow.objects.filter(operation=operation):
        recorded = at.get(str(row.pk), PostingState.ORDERED)
        if recorded.value != row.state:
            yield f"{row.pk}: penugasan {row.state}, menurut buku {recorded.value}"


def _instruments(lines: Sequence[Entry]) -> Iterator[str]:
    """Published by another than the drafter."""
    hands: dict[str, set[str]] = {}
    for e in lines:
        if e.kind == "instrument_drafted":
            hands[e.subject] = {e.by}
        elif e.kind == "instrument_published" and (e.subject not in hands or e.by in hands[e.subject]):
            yield _say(e, "diterbitkan perancangnya sendiri")


def _in_force(operation: Operation, lines: Sequence[Entry], office: Sequence[Entry]) -> Iterator[str]:
    """Only what was published; and the one that the operation's row names."""
    published = {e.subject for e in office if e.kind == "instrument_published"}
    recorded = ""
    for e in lines:
        if e.kind == "instrument_enforced":
            if e.subject not in published and full_key(e.subject) not in PRODUCT:
                yield _say(e, "diberlakukan tanpa pernah diterbitkan")
            recorded = e.subject
    if full_key(operation.recipe) != full_key(recorded):
        yield f"{operation.kode}: instrumen {full_key(operation.recipe)}, menurut buku {full_key(recorded)}"


def _say(entry: Entry, what: str) -> str:
    return f"nomor {entry.seq}, {entry.kode_desa or entry.subject}: {what}"
