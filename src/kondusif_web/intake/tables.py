"""Everything measured, as tables and shapes to export: what this person may see, where they may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kondusif.files.export import Export, ExportTable, Shape, Value
from kondusif.files.operation import MARK
from kondusif.instrument.dimensions import DIMENSIONS
from kondusif.places import Point, tps_kode
from kondusif_web.accounts.roles import in_areas
from kondusif_web.answers.models import Answer
from kondusif_web.classes import queries as classes
from kondusif_web.classes.facts import code_version
from kondusif_web.classes.models import Assessment
from kondusif_web.election.models import Boundary, Desa, Membership, Operation, Tps
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.wording import label_of

KEADAAN = {"value": "nilai", "not_applicable": "tidak berlaku", "refused": "menolak"}
KATA = {"yes": "ya", "no": "tidak", "unknown": "tidak tahu"}
STATES = {  # of an item in an assessment
    "answered": "terjawab",
    "stale": "kedaluwarsa",
    "absent": "belum dijawab",
    "refused": "menolak",
    "not_applicable": "tidak berlaku",
    "not_due": "belum waktunya",
}


def measure_export(operation: Operation, user: Membership | None, now: datetime) -> Export:
    """All tables, of the person's areas; ``user`` None: the command line, everywhere.

    Classes, scores and contributions are those of the newest published assessment of each desa.
    """
    desa = list(_in(operation.desa.all(), user))
    stations = list(_in(operation.tps.select_related("desa"), user))
    kodes = {d.kode for d in desa}
    last = {k: row for k, row in classes.latest(operation).items() if k in kodes}
    levels = classes.levels(operation, now)
    out_of_use = operation.retired.filter(restored_at__isnull=True).values("kode")
    answers = Answer.objects.filter(operation=operation).exclude(place__in=out_of_use)
    answers = _in(answers, user, "place").order_by("place", "item", "on", "client_id")
    tables = (
        _about(operation, user, now, len(desa), len(stations)),
        _places(desa, stations),
        _answers(answers),
        _scores(desa, last),
        _classes(operation, desa, stations, last, levels),
        _contributions(desa, last),
        _coverage(operation, last),
        _recipe(operation),
    )
    return Export(
        name=operation.kode,
        title=operation.nama,
        mark=mark_of(operation),
        tables=tables,
        shapes=tuple(_shapes(operation, desa, stations, last, levels)),
    )


def mark_of(operation: Operation) -> str:
    """What everything made from this operation carries (RULES 24)."""
    if operation.illustrative:
        return MARK
    return "LATIHAN" if operation.drill else ""


def _in(rows: Any, user: Membership | None, field: str = "kode") -> Any:
    return rows if user is None else in_areas(rows, user, field)


def _table(name: str, title: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> ExportTable:
    return ExportTable(name, title, tuple(columns.split()), tuple(rows))


def _about(operation: Operation, user: Membership | None, now: datetime, desa: int, tps: int) -> ExportTable:
    recipe = recipe_of(operation.recipe)
    rows: list[tuple[Value, ...]] = [
        ("operasi", operation.nama),
        ("kode", operation.kode),
        ("satuan", operation.polres),
        ("pemungutan suara", operation.vote_at.isoformat()),
        ("dibuat", now.isoformat()),
        ("oleh", "kondusif-office" if user is None else user.jabatan or user.username),
        ("wilayah", "semua" if user is None else ", ".join(user.prefixes)),
        ("desa", desa),
        ("TPS", tps),
        ("resep", f"{recipe.kode}/{recipe.version}"),
        ("sidik resep", recipe.digest),
        ("versi Kondusif", code_version()),
        ("peringatan", "Bobot, batas, dan rentang adalah usulan yang perlu disesuaikan dengan setempat."),
    ]
    return _table("keterangan", "Keterangan", "hal isi", rows)


def _places(desa: list[Desa], stations: list[Tps]) -> ExportTable:
    columns = "kode jenis desa nama kecamatan kabupaten memilih pemilih lat lng"
    rows: list[tuple[Value, ...]] = [
        (d.kode, "desa", d.kode, d.nama, d.kecamatan, d.kabupaten, d.memilih, None, d.lat, d.lng)
        for d in desa
    ]
    rows += [
        (
            t.kode,
            "tps",
            t.desa.kode,
            t.nama,
            t.desa.kecamatan,
            t.desa.kabupaten,
            t.desa.memilih,
            t.pemilih,
            t.lat,
            t.lng,
        )
        for t in stations
    ]
    return _table("tempat", "Desa dan TPS", columns, rows)


def _answers(answers: Iterable[Answer]) -> ExportTable:
    columns = "id tempat butir nilai kata keadaan tanggal sumber penilai mengoreksi saluran dicatat"
    return _table(
        "jawaban",
        "Jawaban seperti dicatat",
        columns,
        (
            (
                a.client_id,
                a.place,
                a.item,
                a.value,
                KATA.get(a.word, a.word),
                KEADAAN[a.given],
                a.on,
                a.source,
                a.rater,
                a.corrects,
                a.channel,
                a.recorded_at,
            )
            for a in answers
        ),
    )


def _scores(desa: list[Desa], last: Mapping[str, Assessment]) -> ExportTable:
    own = {k for row in last.values() for k in row.results["dimensions"]} - set(DIMENSIONS)
    dimensions = [*DIMENSIONS, *sorted(own)]
    columns = "kode nama kecamatan tanggal tahap nilai nilai_kekuatan " + " ".join(dimensions)
    rows = []
    for d in desa:
        if row := last.get(d.kode):
            r = row.results
            scores = [r["dimensions"].get(k) for k in dimensions]
            rows.append(
                (d.kode, d.nama, d.kecamatan, row.on, row.stage, r["total"], r["force_total"], *scores)
            )
    return _table("nilai", "Nilai per desa dan dimensi, 0 sampai 100", columns, rows)


def _classes(
    operation: Operation,
    desa: list[Desa],
    stations: list[Tps],
    last: Mapping[str, Assessment],
    levels: Mapping[str, int],
) -> ExportTable:
    columns = (
        "kode jenis nama tingkat kelas tingkat_mesin kepastian sementara nilai jarak_ke_batas"
        " keterisian_tahap keterisian_semua lantai terbit_nomor terbit resep sidik_resep sidik_jawaban"
    )
    rows: list[tuple[Value, ...]] = []
    for d in desa:
        row = last.get(d.kode)
        if row is None:
            if d.memilih:
                rows.append((d.kode, "desa", d.nama, None, "belum dinilai", *([None] * 13)))
            continue
        own = [(d.kode, "desa", d.nama, row.results["class"])]
        own += [
            (t.kode, "tps", t.nama, row.results["tps"][t.kode])
            for t in stations
            if t.desa_id == d.pk and t.kode in row.results["tps"]
        ]
        for kode, kind, nama, c in own:
            level = levels.get(kode)
            rows.append(
                (
                    kode,
                    kind,
                    nama,
                    level,
                    str(label_of(level, operation.labels)) if level else "belum dinilai",
                    c["level"],
                    c["firmness"],
                    c["provisional"],
                    c["total"],
                    c["distance"],
                    c["coverage_due"],
                    row.results["coverage_all"] if kind == "desa" else None,
                    "; ".join(f["id"] for f in c["floors"]),
                    row.number,
                    row.published_at,
                    row.recipe,
                    row.recipe_digest,
                    row.answers_digest,
                )
            )
    return _table("kelas", "Kelas yang berlaku, dengan keterisian dan kepastian", columns, rows)


def _contributions(desa: list[Desa], last: Mapping[str, Assessment]) -> ExportTable:
    columns = (
        "kode nama dimensi butir nama_butir keadaan jawaban risiko poin id_jawaban tanggal sumber penilai"
    )
    rows = []
    for d in desa:
        if row := last.get(d.kode):
            names = recipe_of(row.recipe).by_id  # those it was made with
            for i in row.results["items"]:
                known = names.get(i["id"])
                rows.append(
                    (
                        d.kode,
                        d.nama,
                        known.dimension if known else "",
                        i["id"],
                        known.name_id if known else "",
                        STATES.get(i["state"], i["state"]),
                        i["value"],
                        i["risk"],
                        i["points"],
                        i["answer"],
                        i["on"],
                        i["source"],
                        i["rater"],
                    )
                )
    return _table("sumbangan", "Sumbangan tiap butir pada nilai desa, poin", columns, rows)


def _coverage(operation: Operation, last: Mapping[str, Assessment]) -> ExportTable:
    """Of every item that a class was made with, and of those asked for now; named as they were asked."""
    made_with = [recipe_of(key) for key in (operation.recipe, *{row.recipe: None for row in last.values()})]
    items = {i.id: i for recipe in made_with for i in recipe.indicators}
    columns = "butir nama desa " + " ".join(word.replace(" ", "_") for word in STATES.values())
    counts: dict[str, dict[str, int]] = {}
    for row in last.values():
        for item in row.results["items"]:
            of = counts.setdefault(item["id"], dict.fromkeys(STATES, 0))
            if item["state"] in of:
                of[item["state"]] += 1
    rows = [
        (
            i.id,
            i.name_id,
            sum(counts.get(i.id, {}).values()),
            *(counts.get(i.id, {}).get(s, 0) for s in STATES),
        )
        for i in items.values()
    ]
    return _table("keterisian", "Keterisian tiap butir, banyaknya desa", columns, rows)


def _recipe(operation: Operation) -> ExportTable:
    recipe = recipe_of(operation.recipe)
    columns = (
        "butir dimensi nama satuan bawah atas peta bobot tahap_pertama segar_hari boleh_tidak_berlaku sumber"
    )
    rows: list[tuple[Value, ...]] = [
        (
            i.id,
            i.dimension,
            i.name_id,
            i.unit,
            i.lo,
            i.hi,
            str(i.transform),
            i.weight,
            i.first_stage,
            i.fresh_days,
            i.may_not_apply,
            i.source,
        )
        for i in recipe.indicators
    ]
    cuts = " dan ".join(f"{c:g}" for c in recipe.cuts)
    return _table("resep", f"Resep {recipe.kode} versi {recipe.version}, batas kelas {cuts}", columns, rows)


def _shapes(
    operation: Operation,
    desa: list[Desa],
    stations: list[Tps],
    last: Mapping[str, Assessment],
    levels: Mapping[str, int],
) -> Iterable[Shape]:
    drawn = {b.desa.kode: b for b in Boundary.objects.filter(operation=operation).select_related("desa")}
    for d in desa:
        row = last.get(d.kode)
        facts = _facts(operation, d.kode, d.nama, d.kecamatan, levels)
        facts |= {
            "memilih": d.memilih,
            "nilai": row.results["total"] if row else None,
            "keterisian": row.results["coverage_due"] if row else None,
            "kepastian": row.results["class"]["firmness"] if row else None,
            "sementara": row.results["class"]["provisional"] if row else None,
            "sumber_batas": drawn[d.kode].source if d.kode in drawn else None,
        }
        polygons = tuple(
            tuple(tuple((x, y) for x, y in ring) for ring in polygon)
            for polygon in (drawn[d.kode].polygons if d.kode in drawn else ())
        )
        yield Shape("desa", polygons, _point(d), facts)
    for t in stations:
        facts = _facts(operation, tps_kode(t.desa.kode, t.nomor), t.nama, t.desa.kecamatan, levels)
        yield Shape("tps", (), _point(t), facts | {"desa": t.desa.nama, "pemilih": t.pemilih})


def _facts(
    operation: Operation, kode: str, nama: str, kecamatan: str, levels: Mapping[str, int]
) -> dict[str, Value]:
    level = levels.get(kode)
    kelas = str(label_of(level, operation.labels)) if level else None
    return {"kode": kode, "nama": nama, "kecamatan": kecamatan, "tingkat": level, "kelas": kelas}


def _point(row: Desa | Tps) -> Point | None:
    return None if row.lat is None or row.lng is None else Point(row.lat, row.lng)
