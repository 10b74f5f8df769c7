"""Checks that need more than one cell: codes that must exist, duplicates, possible ranges, dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

from kondusif.banned import scan
from kondusif.errors import KondusifError, Problem
from kondusif.files.operation import OperationFile
from kondusif.files.rows import TypedRow, meant
from kondusif.files.sheets import BY_NAME, MAX_STRENGTH, MAX_VOTERS
from kondusif.instrument.indicator import Indicator, is_companion, item_ids, possible
from kondusif.instrument.published import default_recipe
from kondusif.places import DESA, desa_of, is_kelurahan, tps_kode
from kondusif.stages import FIRST_YEAR, local_day
from kondusif.withdraw.items import ITEMS
from kondusif.words import N_
from kondusif_index.tables.read import show

LAST_OBSERVED = timedelta(days=365)  # after the vote; a later date is a slip of the year
INDONESIA = (-11.5, 6.5, 94.5, 141.5)  # lat, lat, lng, lng: swapped or truncated coordinates fall outside

FREE_TEXT = frozenset(
    [
        "judul",
        "acara",
        "peserta",
        "pesan",
        "catatan",
        "teks",
        "isi",
        "alasan",
        "sumber",
        "penilai",
        "jabatan",
        "peran",
    ]
)

Sheets = Mapping[str, Sequence[TypedRow]]


def across(
    found: Sheets,
    known: OperationFile | None,
    zone: tzinfo,
    now: datetime | None,
    items: Mapping[str, Indicator] | None = None,
) -> Iterator[Problem]:
    """Every problem that one cell alone cannot show, in the order of the checks below.

    ``zone``: of the operation. ``items``: the indicators that answers may speak of; the published instrument
    where none are given.
    """
    for check in (
        _single,
        _duplicates,
        _references,
        _places,
        _kelurahan,
        _coordinates,
        _voters,
        _strength,
        _pledges,
    ):
        yield from check(found, known)
    yield from _answers(found, items or default_recipe().by_id)
    yield from _dates(found, known, zone, now)
    yield from _checklist(found)
    yield from _dialogue(found)
    yield from _never_kept(found)
    yield from _election(found)


def _column(found: Sheets, known: OperationFile | None, sheet: str, column: str) -> set[object]:
    here = {r.values[column] for r in found.get(sheet, ()) if column in r.values}
    return here | ({r.get(column) for r in known[sheet]} if known else set())


def _single(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    for sheet, rows in found.items():
        if BY_NAME[sheet].single and rows:
            for row in rows[1:]:
                yield row.problem("", N_("lebih dari satu baris"), N_("tepat satu baris"))


def _duplicates(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    """The same key twice in one file; the same answer id is only a problem when its content differs."""
    for sheet, rows in found.items():
        first: dict[tuple[object, ...], TypedRow] = {}
        key = BY_NAME[sheet].key or (("id",) if sheet == "jawaban" else ())
        for row in rows:
            if not key or any(k not in row.values for k in key):
                continue
            other = first.setdefault(tuple(row.values[k] for k in key), row)
            if other is row or (sheet == "jawaban" and other.values == row.values):
                continue
            where = f"baris {other.number}" + (f" berkas {other.file}" if other.file != row.file else "")
            value = " + ".join(show(row.values[k]) for k in key)
            yield row.problem(" + ".join(key), f"{value}, sudah ada di {where}", N_("satu baris per kode"))


def _references(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    """A code in a column that refers to another sheet stands there, or is known already."""
    for sheet, rows in found.items():
        for column in BY_NAME[sheet].columns:
            if not column.refers or not rows:
                continue
            target, target_column = column.refers.split(".")
            codes = {str(c) for c in _column(found, known, target, target_column)}
            for row in rows:
                value = row.values.get(column.name)
                if value is not None and value not in codes:
                    expected = f"{target_column} yang ada di lembar {target}" + meant(str(value), codes)
                    yield row.problem(column.name, value, expected)


def _places(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    """Place codes in answers and reports are a known desa or a known TPS."""
    desa = {str(c) for c in _column(found, known, "desa", "kode")}
    tps = {
        tps_kode(r.values["desa"], r.values["nomor"])
        for r in found.get("tps", ())
        if {"desa", "nomor"} <= r.values.keys()
    } | ({t.kode for t in known.tps} if known else set())
    places = desa | tps
    columns = (("jawaban", "tempat"), ("laporan", "tempat"), ("insiden", "tempat"))
    for sheet, column in (*columns, ("keputusan", "tempat"), ("pemeriksaan", "tps")):
        for row in found.get(sheet, ()):
            value = row.values.get(column)
            if value is None or value in places:
                continue
            missing = (
                N_("TPS yang ada di lembar tps")
                if desa_of(value) in desa
                else N_("desa yang ada di lembar desa")
            )
            yield row.problem(column, value, missing)


def _kelurahan(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    """What votes has a village head to elect; a code of BPS often looks like that of a kelurahan."""
    for row in found.get("desa", ()):
        kode = row.values.get("kode", "")
        if row.values.get("memilih") and is_kelurahan(kode):
            expected = N_("kode desa (2001) atau desa adat (3001); 1001 kelurahan, atau ini kode BPS?")
            yield row.problem("kode", kode, expected)


def _coordinates(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    low_lat, high_lat, low_lng, high_lng = INDONESIA
    for rows in found.values():
        for row in rows:
            lat, lng = row.values.get("lat"), row.values.get("lng")
            if (lat is None) != (lng is None) and not {"lat", "lng"} & row.bad:
                yield row.problem("lat" if lat is None else "lng", "kosong", N_("lat dan lng bersama-sama"))
            if lat is not None and not low_lat <= lat <= high_lat:
                yield row.problem("lat", lat, N_("lintang di Indonesia, -11,5 sampai 6,5"))
            if lng is not None and not low_lng <= lng <= high_lng:
                yield row.problem("lng", lng, N_("bujur di Indonesia, 94,5 sampai 141,5"))


def _voters(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    voting = {
        r.values["kode"] for r in found.get("desa", ()) if r.values.get("memilih") and "kode" in r.values
    }
    voting |= {d.kode for d in known.voting} if known else set()
    for row in found.get("tps", ()):
        voters, number = row.values.get("pemilih"), row.values.get("nomor")
        if voters is not None and not 1 <= voters <= MAX_VOTERS:
            yield row.problem(
                "pemilih",
                voters,
                N_("1 sampai {} pemilih per TPS (SE {}/{}/SJ)").format(MAX_VOTERS, 141, 6698),
            )
        if number is not None and not 1 <= number <= 99:
            yield row.problem("nomor", number, N_("nomor TPS 1 sampai 99"))
        if "desa" in row.values and voting and row.values["desa"] not in voting:
            yield row.problem("desa", row.values["desa"], N_("desa yang memilih (memilih = ya)"))


def _strength(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    for row in found.get("kekuatan", ()):
        if row.values.get("jumlah", 0) > MAX_STRENGTH:
            expected = N_("paling banyak {} orang dalam satu unit").format(MAX_STRENGTH)
            yield row.problem("jumlah", row.values["jumlah"], expected)


def _pledges(found: Sheets, known: OperationFile | None) -> Iterator[Problem]:
    for row in found.get("calon", ()):
        if row.values.get("tanggal_ikrar") and row.values.get("ikrar") != "yes":
            yield row.problem("tanggal_ikrar", row.values["tanggal_ikrar"], N_("kosong bila ikrar bukan ya"))


def _answers(found: Sheets, items: Mapping[str, Indicator]) -> Iterator[Problem]:
    codes = item_ids(items.values())
    whose = "A01 sampai F06" if items == default_recipe().by_id else N_("dari instrumen yang berlaku")
    for row in found.get("jawaban", ()):
        item, corrects = row.values.get("butir"), row.values.get("mengoreksi")
        if item is not None and item not in codes:
            yield row.problem("butir", item, f"kode indikator {whose}" + meant(item, codes))
        elif item is not None and not {"nilai", "keadaan"} & row.bad:
            yield from _answer(row, item, items)
        if corrects and corrects == row.values.get("id"):
            yield row.problem("mengoreksi", corrects, N_("id jawaban lain"))


def _answer(row: TypedRow, item: str, items: Mapping[str, Indicator]) -> Iterator[Problem]:
    """State and value of an answer fit each other and the item."""
    state, value = row.values.get("keadaan") or "nilai", row.values.get("nilai")
    if state == "tidak berlaku" and not (item in items and items[item].may_not_apply):
        yield row.problem("keadaan", N_("tidak berlaku"), f"nilai; indikator {item} selalu berlaku")
    elif state != "nilai" and value is not None:
        yield row.problem("nilai", value, f"kosong, karena keadaan {state}")
    elif state == "nilai" and value is None:
        yield row.problem("nilai", None, N_("nilai, atau keadaan tidak berlaku / menolak"))
    elif value is not None:
        yield from _companion(row, value) if is_companion(item) else _measured(row, items[item], value)


def _companion(row: TypedRow, value: float | str) -> Iterator[Problem]:
    """Yes, no or unknown; the 1 and 0 of a spreadsheet count as yes and no."""
    if value in (0.0, 1.0):
        row.values["nilai"] = "yes" if value else "no"
    elif not isinstance(value, str):
        yield row.problem("nilai", value, N_("ya, tidak atau tidak tahu"))


def _measured(row: TypedRow, indicator: Indicator, value: float | str) -> Iterator[Problem]:
    """A possible number; yes and no are the 1 and 0 of a boolean."""
    if isinstance(value, str) and (indicator.type != "boolean" or value == "unknown"):
        yield row.problem("nilai", value, N_("angka; kosongkan baris bila belum diketahui"))
    elif isinstance(value, str):
        row.values["nilai"] = 1.0 if value == "yes" else 0.0
    elif wanted := possible(indicator, value):
        yield row.problem("nilai", value, f"{wanted} ({indicator.name_id})")


def _dates(
    found: Sheets, known: OperationFile | None, zone: tzinfo, now: datetime | None
) -> Iterator[Problem]:
    """No observation lies in the future: after ``now`` if given, else far after the vote."""
    votes = _column(found, known, "operasi", "waktu_pemungutan")
    last = max((local_day(v + LAST_OBSERVED, zone) for v in votes if isinstance(v, datetime)), default=None)
    for sheet, column in (
        ("jawaban", "tanggal"),
        ("calon", "tanggal_ikrar"),
        ("laporan", "waktu"),
        ("insiden", "waktu"),
        ("pemeriksaan", "waktu"),
    ):
        for row in found.get(sheet, ()):
            at = row.values.get(column)
            if at is None:
                continue
            day = local_day(at, zone) if isinstance(at, datetime) else at
            if expected := _impossible(at, day, zone, now, last):
                yield row.problem(column, day.isoformat(), expected)
    for row in found.get("insiden", ()):
        start, end = row.values.get("waktu"), row.values.get("selesai")
        if start and end and end < start:
            yield row.problem("selesai", end.isoformat(), N_("waktu setelah insiden terjadi"))


def _impossible(at: date, day: date, zone: tzinfo, now: datetime | None, last: date | None) -> str:
    """What a day, or a moment and its day, should have been; "" where it may be."""
    if now is not None and (at > now if isinstance(at, datetime) else day > local_day(now, zone)):
        return N_("tanggal yang sudah lewat")
    if last is not None and day > last:
        return N_("tanggal paling lambat setahun setelah pemungutan")
    return N_("tahun 2000 atau sesudahnya") if day.year < FIRST_YEAR else ""


def _checklist(found: Sheets) -> Iterator[Problem]:
    for row in found.get("pemeriksaan", ()):
        item, party = row.values.get("butir"), row.values.get("pihak")
        if item is not None and item not in ITEMS:
            yield row.problem("butir", item, N_("syarat 1 sampai 14 (15 dihitung dari apel)"))
        if item == 13 and not party:
            yield row.problem("pihak", None, N_("camat, danramil, kapolsek atau warga"))
        tps, desa = row.values.get("tps"), row.values.get("desa")
        if tps and desa and desa_of(tps) != desa:
            yield row.problem("tps", tps, f"TPS di desa {desa}")


def _dialogue(found: Sheets) -> Iterator[Problem]:
    for row in found.get("komitmen", ()):
        for level in row.values.get("tingkat") or ():
            if level not in ("1", "2", "3"):
                yield row.problem("tingkat", level, N_("1, 2 atau 3"))
    for row in found.get("pertemuan", ()):
        for kode in row.values.get("desa") or ():
            if not DESA.fullmatch(kode):
                yield row.problem("desa", kode, N_("kode desa yang dipisah titik koma"))


def _never_kept(found: Sheets) -> Iterator[Problem]:
    """Free text holds no religion, ethnicity, political opinion or number of anyone, and no vote figure."""
    look = cache(scan)  # sources and raters repeat over thousands of answers
    for rows in found.values():
        for row in rows:
            for column in FREE_TEXT & row.values.keys():
                value = row.values[column]
                for text in (value,) if isinstance(value, str) else value:
                    for banned in look(text):
                        yield row.problem(
                            column,
                            banned.word,
                            N_("teks tanpa agama, suku, pilihan politik, nomor orang, atau angka suara"),
                        )


def _election(found: Sheets) -> Iterator[Problem]:
    """The operation as a whole must hold together: start offsets in order, inauguration after the vote."""
    for row in found.get("operasi", ()):
        if row.bad:
            continue
        try:
            assert OperationFile.of({"operasi": (row.values,)}).election
        except KondusifError as error:
            fact = str(error.facts.get("field") or "")
            column = {"inauguration_at": "pelantikan"}.get(fact, "mulai_tingkat_1")
            text = (
                N_("waktu setelah pemungutan")
                if fact
                else N_("mulai tingkat 3, lalu 2, lalu 1, sebelum pemungutan")
            )
            yield row.problem(column, row.values.get(column), text)
