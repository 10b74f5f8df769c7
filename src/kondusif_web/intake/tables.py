"""Everything measured, as tables and shapes to export: what this person may see, where they may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kondusif.files.export import Export, ExportTable, MapShape, Value
from kondusif.instrument.catalogue import DIMENSIONS
from kondusif_web.accounts.roles import in_areas
from kondusif_web.answers.models import Answer
from kondusif_web.classes import queries as classes
from kondusif_web.classes.facts import code_version
from kondusif_web.classes.models import Assessment
from kondusif_web.election.facts import desa_of, tps_of
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
        _answers(answers, operation.zone),
        _scores(desa, last),
        _classes(operation, desa, stations, last, levels),
        _contributions(desa, last),
        _coverage(operation, last),
        _recipe(operation),
    )
    return Export(
        name=operation.kode,
        title=operation.nama,
        mark=operation.mark,
        tables=tables,
        shapes=tuple(_shapes(operation, desa, stations, last, levels)),
    )


def _in(rows: Any, user: Membership | None, field: str = "kode") -> Any:
    return rows if user is None else in_areas(rows, user, field)


def _table(name: str, title: str, columns: str, rows: Iterable[Iterable[Value]]) -> ExportTable:
    return ExportTable(name, title, tuple(columns.split()), tuple(map(tuple, rows)))


def _about(operation: Operation, user: Membership | None, now: datetime, desa: int, tps: int) -> ExportTable:
    recipe = recipe_of(operation.recipe)
    facts: dict[str, Value] = {
        "operasi": operation.nama,
        "kode": operation.kode,
        "satuan": operation.polres,
        "pemungutan suara": operation.local_vote.isoformat(),
        "dibuat": now.astimezone(operation.zone).isoformat(),
        "oleh": "kondusif-office" if user is None else user.jabatan or user.username,
        "wilayah": "semua" if user is None else ", ".join(user.prefixes),
        "desa": desa,
        "TPS": tps,
        "instrumen": f"{recipe.kode}/{recipe.version}",
        "kode pemeriksa instrumen": recipe.digest,
        "versi Kondusif": code_version(),
        "peringatan": "Bobot, batas, dan rentang adalah usulan yang perlu disesuaikan dengan setempat.",
    }
    return _table("keterangan", "Keterangan", "hal isi", facts.items())


def _places(desa: list[Desa], stations: list[Tps]) -> ExportTable:
    columns = "kode jenis desa nama kecamatan kabupaten memilih pemilih lat lng"
    rows = [
        (d.kode, "desa", d.kode, d.nama, d.kecamatan, d.kabupaten, d.memilih, None, d.lat, d.lng)
        for d in desa
    ]
    station = attrgetter(
        "desa.kode", "nama", "desa.kecamatan", "desa.kabupaten", "desa.memilih", "pemilih", "lat", "lng"
    )
    rows += [(t.kode, "tps", *station(t)) for t in stations]
    return _table("tempat", "Desa dan TPS", columns, rows)


def _answers(answers: QuerySet[Answer], zone: ZoneInfo) -> ExportTable:
    columns = "id tempat butir nilai kata keadaan tanggal sumber penilai mengoreksi saluran dicatat"
    taken = ("on", "source", "rater", "corrects", "channel", "recorded_at")
    known = answers.values_list("client_id", "place", "item", "value", "word", "given", *taken)
    rows = (
        (id_, place, item, value, KATA.get(word, word), KEADAAN[given], *rest, at.astimezone(zone))
        for id_, place, item, value, word, given, *rest, at in known.iterator()
    )
    return _table("jawaban", "Jawaban seperti dicatat", columns, rows)


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
    judged = itemgetter("level", "firmness", "provisional", "total", "distance", "coverage_due")
    by_what = attrgetter("recipe", "recipe_digest", "answers_digest")
    rows: list[tuple[Value, ...]] = []
    for d in desa:
        row = last.get(d.kode)
        if row is None:
            if d.memilih:
                rows.append((d.kode, "desa", d.nama, None, "belum dinilai", *([None] * 13)))
            continue
        published = (row.number, row.published_at.astimezone(operation.zone), *by_what(row))
        own = [(d.kode, "desa", d.nama, row.results["class"])]
        of_tps = row.results["tps"]
        own += [
            (t.kode, "tps", t.nama, of_tps[t.kode])
            for t in stations
            if t.desa_id == d.pk and t.kode in of_tps
        ]
        for kode, kind, nama, made in own:
            kelas = _class_of(operation, levels, kode)
            coverage = row.results["coverage_all"] if kind == "desa" else None
            floors = "; ".join(f["id"] for f in made["floors"])
            rows.append((kode, kind, nama, *kelas, *judged(made), coverage, floors, *published))
    return _table("kelas", "Kelas yang berlaku, dengan keterisian dan kepastian", columns, rows)


def _class_of(
    operation: Operation, levels: Mapping[str, int], kode: str, without: str | None = "belum dinilai"
) -> tuple[int | None, str | None]:
    """Level and name of the class in force; ``without`` names that there is none."""
    level = levels.get(kode)
    return level, str(label_of(level, operation.labels)) if level else without


def _contributions(desa: list[Desa], last: Mapping[str, Assessment]) -> ExportTable:
    columns = (
        "kode nama dimensi butir nama_butir keadaan jawaban risiko poin id_jawaban tanggal sumber penilai"
    )
    found = itemgetter("value", "risk", "points", "answer", "on", "source", "rater")
    rows = []
    for d in desa:
        if row := last.get(d.kode):
            known = recipe_of(row.recipe).by_id  # those it was made with
            for item in row.results["items"]:
                indicator, state = known.get(item["id"]), item["state"]
                dimension, name = (indicator.dimension, indicator.name_id) if indicator else ("", "")
                said = STATES.get(state, state)
                rows.append((d.kode, d.nama, dimension, item["id"], name, said, *found(item)))
    return _table("sumbangan", "Sumbangan tiap indikator pada nilai desa, poin", columns, rows)


def _coverage(operation: Operation, last: Mapping[str, Assessment]) -> ExportTable:
    """Of every item that a class was made with, and of those asked for now; named as they were asked."""
    made_with = [recipe_of(key) for key in (operation.recipe, *{row.recipe: None for row in last.values()})]
    names = {i.id: i.name_id for recipe in made_with for i in recipe.indicators}
    columns = "butir nama desa " + " ".join(word.replace(" ", "_") for word in STATES.values())
    counts = Counter((item["id"], item["state"]) for row in last.values() for item in row.results["items"])
    rows = []
    for kode, nama in names.items():
        by_state = [counts[kode, state] for state in STATES]
        rows.append((kode, nama, sum(by_state), *by_state))
    return _table("keterisian", "Keterisian tiap indikator, banyaknya desa", columns, rows)


def _recipe(operation: Operation) -> ExportTable:
    recipe = recipe_of(operation.recipe)
    columns = (
        "butir dimensi nama satuan bawah atas peta bobot tahap_pertama segar_hari boleh_tidak_berlaku sumber"
    )
    asked = attrgetter("id", "dimension", "name_id", "unit", "lo", "hi")
    counted = attrgetter("weight", "first_stage", "fresh_days", "may_not_apply", "source")
    rows = ((*asked(i), str(i.transform), *counted(i)) for i in recipe.indicators)
    cuts = " dan ".join(f"{c:g}" for c in recipe.cuts)
    return _table(
        "resep", f"Instrumen {recipe.kode} versi {recipe.version}, batas kelas {cuts}", columns, rows
    )


def _shapes(
    operation: Operation,
    desa: list[Desa],
    stations: list[Tps],
    last: Mapping[str, Assessment],
    levels: Mapping[str, int],
) -> Iterable[MapShape]:
    drawn = {b.desa.kode: b for b in Boundary.objects.filter(operation=operation).select_related("desa")}
    for d in desa:
        row, boundary = last.get(d.kode), drawn.get(d.kode)
        made = row.results if row else {}
        facts = _facts(operation, d, d, levels)
        facts |= {"memilih": d.memilih, "nilai": made.get("total"), "keterisian": made.get("coverage_due")}
        facts |= {name: made.get("class", {}).get(key) for name, key in CERTAINTY.items()}
        facts["sumber_batas"] = boundary.source if boundary else None
        polygons = tuple(
            tuple(tuple((x, y) for x, y in ring) for ring in polygon)
            for polygon in (boundary.polygons if boundary else ())
        )
        yield MapShape("desa", polygons, desa_of(d).at, facts)
    for t in stations:
        facts = _facts(operation, t, t.desa, levels) | {"desa": t.desa.nama, "pemilih": t.pemilih}
        yield MapShape("tps", (), tps_of(t).at, facts)


CERTAINTY = {"kepastian": "firmness", "sementara": "provisional"}


def _facts(
    operation: Operation, place: Desa | Tps, desa: Desa, levels: Mapping[str, int]
) -> dict[str, Value]:
    level, kelas = _class_of(operation, levels, place.kode, without=None)
    facts = {"kode": place.kode, "nama": place.nama, "kecamatan": desa.kecamatan}
    return facts | {"tingkat": level, "kelas": kelas}
