"""A file as its preview shows it: counts, warnings, and its rows a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

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
from kondusif_web.pages.listing import Listing
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.pages.wording import kata_inti, nama_butir, nama_pendamping

ROWS, VILLAGES = 20, 25  # on one page of the preview


def preview_context(
    preview: FilePreview, operation: Operation, user: Membership, given: Mapping[str, Any]
) -> Context:
    """The context of the preview: counts, and a page of each list, as the address ``given`` asks for it."""
    named = {c.key for c in preview.changes.rows if c.sheet in ("desa", "tps")}
    absent = (
        desa_visible_to(operation, user).exclude(kode__in=named).count() if preview.changes.of("desa") else 0
    )
    return {
        "jumlah": [(wording.SHEETS[s], n) for s, n in preview.counts.items()],
        "catatan": _notes(preview.answers),
        "tidak_disebut": absent,
        "ilustratif_baru": preview.illustrative and not operation.illustrative,
        **_places(preview, given),
        **_answers(preview, operation, given),
    }


def _places(preview: FilePreview, given: Mapping[str, Any]) -> Context:
    """``perubahan`` and ``sama``: rows of places and forces that do something, and those that do nothing."""
    same = [c for c in preview.changes.rows if c.state is RowState.SAME]
    moving = [c for c in preview.changes.rows if c.state is not RowState.SAME]
    return {
        name: (listing, [_row(c) for c in listing])
        for name, rows in (("perubahan", moving), ("sama", same))
        for listing in [Listing(given, rows, name=name, per=ROWS, find=("nama", "key"))]
    }


def _answers(preview: FilePreview, operation: Operation, given: Mapping[str, Any]) -> Context:
    """``perhatian``: answers to look at twice; ``desa_jawaban``: counts by village; ``jawaban``: all."""
    names = dict(operation.desa.values_list("kode", "nama"))
    names |= {c.key: c.nama for c in preview.changes.of("desa")}
    named = [(names.get(kode, kode), a) for a in preview.answers for kode in [desa_of(a.answer.place)]]
    named.sort(key=lambda row: row[0])

    def listed(name: str, rows: Iterable[tuple[str, IncomingAnswer]]) -> tuple[Listing, list[Context]]:
        find = ("0", "1.answer.place", "1.answer.item")
        listing = Listing(given, rows, name=name, per=ROWS, find=find)
        return listing, [_answer(a, operation) | {"desa": desa} for desa, a in listing]

    return {
        "perhatian": listed("perhatian", [row for row in named if _noted(row[1])]),
        "jawaban": listed("jawaban", named),
        "desa_jawaban": Listing(given, _villages(named), name="desa", per=VILLAGES, find=("nama", "kode")),
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


def _noted(answer: IncomingAnswer) -> bool:
    """Whether an answer is to be looked at twice."""
    return bool(set(answer.notes) - {MOVES})


def _villages(named: Iterable[tuple[str, IncomingAnswer]]) -> list[Context]:
    """What a file brings for each village and its stations, by name."""
    of: dict[tuple[str, str], list[IncomingAnswer]] = {}
    for nama, answer in named:
        of.setdefault((nama, desa_of(answer.answer.place)), []).append(answer)
    return [
        {
            "kode": kode,
            "nama": nama,
            "jumlah": Counter(a.state.value for a in own),
            "catatan": sum(map(_noted, own)),
        }
        for (nama, kode), own in of.items()
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
