"""A file as its preview shows it: counts, warnings, rows; the first at once, all of them one fold away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from kondusif.files.changes import Change, RowState
from kondusif.files.geojson import Boundaries
from kondusif.files.incoming import MOVES, IncomingAnswer
from kondusif.files.outline import drawn
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.election.growth import tolerance
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.intake import wording
from kondusif_web.intake.preview import FilePreview
from kondusif_web.pages import Context
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.pages.wording import kata_inti, nama_butir, nama_pendamping

FIRST = 12  # rows shown at once
NOTED = 200  # answers to look at twice, shown one by one
MOST = 10_000  # rows in the folds of one page; a larger file is shown by its counts


def preview_context(preview: FilePreview, operation: Operation, user: Membership) -> Context:
    """The context of the preview: ``jumlah desa_jawaban perubahan catatan`` and what is told in general."""
    changed = [_row(c) for c in preview.changes.rows if c.state is not RowState.SAME]
    fits = len(preview.answers) + len(preview.changes.rows) <= MOST
    named = {c.key for c in preview.changes.rows if c.sheet in ("desa", "tps")}
    absent = (
        desa_visible_to(operation, user).exclude(kode__in=named).count() if preview.changes.of("desa") else 0
    )
    return {
        "jumlah": [(wording.SHEETS[s], n) for s, n in preview.counts.items()],
        "awal": changed[:FIRST],
        "semua": changed if fits and len(changed) > FIRST else [],
        "perubahan": len(changed),
        "sama": [_row(c) for c in preview.changes.rows if c.state is RowState.SAME] if fits else [],
        "terlalu_banyak": not fits,
        "desa_jawaban": _villages(preview, operation, rows=fits),
        "catatan": _notes(preview.answers),
        "perhatian": _remarkable(preview.answers, operation),
        "perlu_dilihat": sum(map(_noted, preview.answers)),
        "tidak_disebut": absent,
        "ilustratif_baru": preview.illustrative and not operation.illustrative,
    }


def _row(change: Change) -> Context:
    chip, kata = wording.STATES[change.state]
    return {
        "lembar": wording.SHEETS[change.sheet],
        "kunci": change.key,
        "nama": change.nama,
        "cip": chip,
        "kata": kata,
        "sel": [(c, wording.said(a), wording.said(b)) for c, a, b in change.fields],
        "isi": _content(change) if change.state is RowState.NEW else "",
        "sebab": kata_inti(change.problem.expected) if change.problem else "",
    }


def _content(change: Change) -> str:
    """The cells of a new row beside its key and name."""
    hidden = {"kode", "nama", "desa", "nomor", "ilustratif", "kantor"}
    cells = [(k, v) for k, v in change.row.items() if k not in hidden and v not in (None, "", ())]
    return ", ".join(f"{k} {wording.said(v)}" for k, v in cells)


def _notes(answers: Iterable[IncomingAnswer]) -> list[tuple[object, int]]:
    counts = Counter(note for a in answers for note in a.notes)
    return [(wording.NOTES[note], counts[note]) for note in wording.NOTES if counts[note]]


def _remarkable(answers: Iterable[IncomingAnswer], operation: Operation) -> list[Context]:
    """The first answers to look at twice."""
    names = dict(operation.desa.values_list("kode", "nama"))
    noted = islice(filter(_noted, answers), NOTED)
    return [_answer(a, operation) | {"desa": names.get(desa_of(a.answer.place), "")} for a in noted]


def _noted(answer: IncomingAnswer) -> bool:
    """Whether an answer is to be looked at twice."""
    return bool(set(answer.notes) - {MOVES})


def _villages(preview: FilePreview, operation: Operation, *, rows: bool) -> list[Context]:
    """What a file brings for each village and its stations, by name."""
    by_desa: dict[str, list[IncomingAnswer]] = {}
    for answer in preview.answers:
        by_desa.setdefault(desa_of(answer.answer.place), []).append(answer)
    names = dict(operation.desa.values_list("kode", "nama"))
    names |= {c.key: c.nama for c in preview.changes.of("desa")}
    return [
        {
            "kode": kode,
            "nama": names.get(kode, kode),
            "jumlah": Counter(answer.state.value for answer in of_it),
            "catatan": sum(map(_noted, of_it)),
            "baris": [_answer(answer, operation) for answer in of_it] if rows else [],
        }
        for kode, of_it in sorted(by_desa.items(), key=lambda pair: names.get(pair[0], pair[0]))
    ]


def _name(recipe: Recipe, item: str) -> str:
    if item in recipe.by_id:
        return nama_butir(recipe.by_id[item])
    return nama_pendamping(recipe, item) if item in recipe.companions else ""


def _answer(row: IncomingAnswer, operation: Operation) -> Context:
    a = row.answer
    chip, kata = wording.STATES[row.state]
    return {
        "tempat": a.place,
        "tps": a.place.partition("-")[2],
        "butir": a.item,
        "nama": _name(recipe_of(operation.recipe), a.item),
        "nilai": wording.answer_words(a),
        "lama": wording.answer_words(row.before) if row.before and MOVES in row.notes else "",
        "tanggal": a.on,
        "cip": chip,
        "kata": kata,
        "catatan": [wording.NOTES[n] for n in row.notes],
        "baris": row.at[1],
    }


def preview_map(operation: Operation, found: Boundaries, source: str) -> list[MapCell]:
    """One cell per village of the file, without class: what is looked at here is the drawing."""
    fine = tolerance(found)
    out = []
    for desa in operation.desa.filter(kode__in=found.outlines):
        rings = drawn(found.outlines[desa.kode].polygons, fine)
        out.append(
            MapCell(
                code=desa.kode,
                name=desa.nama,
                ring=rings[0],
                parts=rings[1:],
                source=source,
                voting=desa.memilih,
            )
        )
    return out
