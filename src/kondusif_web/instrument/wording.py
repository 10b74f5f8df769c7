"""Indonesian for the instrument: what the core refused, and its states, transforms, stages and floors."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.errors import KondusifError
from kondusif.instrument.difference import Changed
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_web.look.templatetags.kondusif import koma, persen
from kondusif_web.look.wording import kata_inti, koma_desimal, nama_butir, nama_dimensi, nama_pendamping

STATES: Mapping[str, tuple[str, object]] = {
    "draf": ("kuning", _l("draf")),
    "terbit": ("biasa", _l("terbit")),
    "pensiun": ("diam", _l("pensiun")),
}
OFFICE = _l("Kantor")  # somebody of the office whose title belongs to another operation
STAGES: Mapping[str, object] = {
    "persiapan": _l("persiapan"),
    "pencalonan": _l("pencalonan"),
    "kampanye": _l("kampanye"),
    "masa_tenang": _l("masa tenang dan sesudahnya"),
}
TYPES: Mapping[str, object] = {
    "count": _l("hitungan (bilangan bulat)"),
    "ratio": _l("angka, persen, atau rasio"),
    "likert": _l("tingkat pada skala"),
    "boolean": _l("ya atau tidak"),
}
TRANSFORMS: Mapping[str, object] = {
    "linear_clamp": _l("makin besar makin rawan, garis lurus"),
    "linear_inverse": _l("makin kecil makin rawan, garis lurus"),
    "log_clamp": _l("makin besar makin rawan, menurut kelipatan (log)"),
    "boolean": _l("ya berarti rawan"),
    "boolean_inverse": _l("tidak berarti rawan"),
    "map": _l("titik-titik sendiri"),
}
PLACES: Mapping[str, object] = {"desa": _l("desa"), "tps": _l("desa atau TPS")}
FIELDS: Mapping[str, object] = {
    "id": _l("Kode"),
    "kode": _l("Kode instrumen"),
    "dimension": _l("Dimensi"),
    "subdimension": _l("Kelompok"),
    "name_id": _l("Pertanyaan"),
    "name_en": _l("Pertanyaan, Inggris"),
    "unit": _l("Satuan"),
    "type": _l("Jenis jawaban"),
    "direction": _l("Arah"),
    "lo": _l("Batas bawah"),
    "hi": _l("Batas atas"),
    "transform": _l("Cara menjadi risiko"),
    "level": _l("Tempat"),
    "first_stage": _l("Sejak tahap"),
    "fresh_days": _l("Segar, hari"),
    "weight": _l("Bobot"),
    "may_not_apply": _l("Boleh tidak berlaku"),
    "asked_of": _l("Ditagih kepada"),
    "two_raters": _l("Dua penilai"),
    "changeable": _l("Masih dapat dibenahi"),
    "from_plan": _l("Dihitung dari rencana"),
    "companions": _l("Jawaban pendamping"),
    "source": _l("Sumber"),
    "rationale": _l("Mengapa ditanyakan"),
    "reference": _l("Rujukan"),
    "share": _l("Bagian dari seluruh nilai"),
    "cuts": _l("Batas kelas"),
    "provisional_below": _l("Sementara di bawah keterisian"),
    "near": _l("Di ambang, poin"),
    "force_without": _l("Tidak menentukan kekuatan"),
    "tps_items": _l("Butir dengan nilai TPS sendiri"),
    "floor": _l("Lantai"),
    "name": _l("Nama dimensi"),
    "hakim": _l("Penilai"),
    "alasan": _l("Alasan"),
    "companion": _l("Jawaban pendamping"),
}
# By ``why`` of a RecipeError; its facts fill the sentence.
WHY: Mapping[str, object] = {
    "kode": _l("Kode instrumen: 3 sampai 40 huruf kecil, angka, atau tanda hubung; huruf di depan."),
    "no_indicators": _l("Instrumen harus punya butir."),
    "twice": _l("Kode butir ini sudah dipakai."),
    "unknown_indicator": _l("Butir %(indicator)s tidak ada dalam instrumen ini."),
    "too_many": _l("Paling banyak %(most)s butir; lebih dari itu tidak ada yang sempat menjawab."),
    "indicator_id": _l("Kode butir terdiri atas huruf dimensinya dan dua angka, misalnya A09."),
    "indicator_dimension": _l("Dimensi ini tidak ada dalam instrumen."),
    "indicator_lo": _l("Batas bawah harus lebih kecil daripada batas atas."),
    "indicator_log": _l("Untuk cara log, batas bawah harus di atas 0."),
    "indicator_weight": _l("Bobot butir %(indicator)s harus di atas 0. Cabut butir yang tidak dipakai."),
    "indicator_fresh_days": _l("Hari segar tidak boleh di bawah 0."),
    "indicator_first_stage": _l("Tahap ini tidak dikenal."),
    "indicator_type": _l("Jenis jawaban ini tidak dikenal."),
    "boolean_transform": _l("Jawaban ya atau tidak memakai cara ya/tidak, dan hanya jawaban itu."),
    "transform": _l("Cara ini tidak dikenal."),
    "map_points": _l("Titik-titik ditulis jawaban:risiko, misalnya 1:0,2; 2:0,6; 3:1. Hanya untuk cara itu."),
    "map_risk": _l("Risiko pada setiap titik antara 0 dan 1."),
    "number": _l("Angka ini terlalu besar."),
    "blank": _l("Harus diisi."),
    "too_long": _l("Paling panjang %(most)s huruf."),
    "banned": _l("Tanpa agama, suku, pilihan politik, nomor orang, atau angka suara: %(word)s."),
    "carries_floor": _l("Butir %(indicator)s memikul lantai %(floors)s. Ubah atau hapus lantainya dulu."),
    "dimension_empty": _l(
        "Butir terakhir dimensi %(dimension)s tidak dapat dicabut: dimensinya akan kosong."
    ),
    "dimensions_differ": _l("Setiap dimensi yang punya butir harus berbobot, dan sebaliknya."),
    "dimension_weight": _l("Bobot setiap dimensi harus di atas 0."),
    "dimension_sum": _l("Bobot dimensi harus berjumlah 1; sekarang %(total)s."),
    "dimension_taken": _l("Huruf %(dimension)s sudah dipakai. Buka halaman ini lagi."),
    "dimension_share": _l(
        "Bobot dimensi antara 0 dan 1, misalnya 0,1 untuk sepersepuluh dari seluruh nilai."
    ),
    "dimension_floors": _l(
        "Butir dimensi %(dimension)s memikul lantai %(floors)s. Ubah atau hapus lantainya dulu."
    ),
    "last_dimension": _l("Dimensi terakhir tidak dapat dicabut: instrumen harus punya butir."),
    "no_letter": _l("Semua huruf dimensi sudah pernah dipakai."),
    "tps_level": _l("Butir %(items)s tidak ditanyakan per TPS, jadi TPS tidak punya nilainya sendiri."),
    "circle": _l(
        "Butir %(items)s dihitung dari rencana; bila ikut menentukan kekuatan, rencana menentukan dirinya."
    ),
    "force_dimension": _l(
        "Seluruh dimensi %(dimensions)s lalu tidak menentukan kekuatan. Sisakan satu butir."
    ),
    "weights_differ": _l("Butirnya sudah berubah sejak halaman ini dibuka. Buka lagi, lalu isi."),
    "cuts": _l("Batas kelas harus naik di antara 0 dan 100."),
    "provisional_near": _l("Keterisian antara 0 dan 100 %%; jarak ambang tidak boleh di bawah 0."),
    "floor_id": _l("Kode lantai: 3 sampai 40 huruf, angka, atau garis bawah; huruf di depan."),
    "floor_twice": _l("Kode lantai ini sudah dipakai."),
    "unknown_floor": _l("Lantai %(floor)s tidak ada."),
    "floor_item": _l("Lantai %(floor)s bersandar pada butir yang tidak ada."),
    "floor_level": _l("Kelas atau tahap lantai tidak dikenal."),
    "floor_companion": _l("Jawaban pendamping ini milik butir lain."),
    "pair_missing": _l("Pasangan %(pair)s belum dinilai."),
    "pair_scale": _l("Pasangan %(pair)s: nilai dari 1/9 sampai 9."),
    "no_judge": _l("Belum ada penilai yang mengisi semua pasangan."),
    "inconsistent": _l(
        "Penilaian bersama saling bertentangan (CR %(cr)s, paling banyak 0,10)."
        " Perbaiki penilaian yang menyimpang, atau isi bobot sebagai angka."
    ),
}


# Names of the floors that ship with the product; others are shown by their code.
FLOORS: Mapping[str, object] = {
    "D05_senjata": _l("Senjata ditemukan pada kegiatan tahapan"),
    "D06_kekerasan": _l("Ada kekerasan pada siklus ini"),
    "D06_ancaman": _l("Ada ancaman pada siklus ini"),
    "D06_kejadian": _l("Ada kejadian ancaman atau kekerasan pada siklus ini"),
    "D01_korban_jiwa": _l("Korban jiwa dalam dua siklus pilkades terakhir"),
    "A05_massa": _l("Sengketa pencalonan disertai pengerahan massa"),
    "A08_undangan": _l("Lebih dari 10 % undangan belum tersampaikan"),
}


def refusal(error: KondusifError) -> str:
    """What the core refused, as one sentence that says what next."""
    template = WHY.get(str(error.facts.get("why", "")))
    if template is None:
        return _("Instrumen tidak dapat dibaca: %s") % error
    return str(template) % {k: _fact(v) for k, v in error.facts.items()}


def _fact(value: object) -> object:
    if isinstance(value, float):
        return angka(round(value, 4))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value


def angka(x: float | None) -> str:
    """A number as it is typed: ``0,25``, ``12``; every digit it has. A dash where missing."""
    if x is None:
        return "–"
    if isclose(x, round(x), abs_tol=1e-12) and abs(x) < 1e15:
        return str(round(x))
    return repr(x).replace(".", koma_desimal())


def ratio(x: float) -> str:
    """How many times as important: ``3``, ``1/3``, ``2,4``."""
    for n in range(2, 10):
        if isclose(x, 1 / n, rel_tol=1e-9):
            return f"1/{n}"
    return koma(x, 0) if isclose(x, round(x), rel_tol=1e-9) else koma(x, 2)


def item_name(recipe: Recipe, code: str) -> str:
    """The words of a code: a dimension, or the question of an indicator."""
    if len(code) == 1:
        return nama_dimensi(recipe, code)
    indicator = recipe.by_id.get(code)
    return nama_butir(indicator) if indicator else code


def transform(indicator: Indicator) -> object:
    """How an answer becomes a risk; the points of a map stand behind."""
    words = TRANSFORMS[indicator.transform.kind]
    points = "; ".join(f"{angka(at)}:{angka(risk)}" for at, risk in indicator.transform.points)
    return f"{words} ({points})" if points else words


def goalposts(indicator: Indicator) -> str:
    """From calm to worst, in the unit."""
    if indicator.type == "boolean":
        return _("ada atau belum ada") if indicator.unit == "1=ada" else _("ya atau tidak")
    return f"{angka(indicator.lo)} – {angka(indicator.hi)} {kata_inti(indicator.unit)}"


def fresh(days: int) -> str:
    """Days an answer counts; facts of the past do not age."""
    return _("seterusnya") if days >= 999 else _("%(n)d hari") % {"n": days}


def floor(recipe: Recipe, row: Floor) -> str:
    """A floor as one sentence without its level: what makes it fire, and since when."""
    words = _("%(butir)s lebih dari %(n)s") if row.above else _("%(butir)s mencapai %(n)s")
    out = words % {"butir": row.item, "n": angka(row.at)}
    if row.companion:
        name = nama_pendamping(recipe, row.companion)
        out += _(" dan pendampingnya ya (%s)") % (name[0].lower() + name[1:])
    if row.from_stage:
        out += _(", sejak %s") % STAGES[row.from_stage]
    return out


def side(recipe: Recipe, changed: Changed, value: Any) -> str:
    """One side of a difference in words; a dash where it is not there."""
    match changed.field, value:
        case _, None:
            return "–"
        case "floor", Floor():
            return _("%(apa)s: paling rendah kelas %(n)d") % {"apa": floor(recipe, value), "n": value.level}
        case (("weight" | "share"), float()) if len(changed.of) == 1 or changed.field == "share":
            return persen(value, 2)
        case "provisional_below", _:
            return persen(value)
        case "type", str():
            return str(TYPES.get(value, value))
        case "first_stage", str():
            return str(STAGES.get(value, value))
        case "companions", tuple():
            return ", ".join(c.id for c in value) or "–"
        case "level", str():
            return str(PLACES.get(value, value))
        case "transform", _:
            points = "; ".join(f"{angka(at)}:{angka(risk)}" for at, risk in value.points)
            return f"{TRANSFORMS[value.kind]}{f' ({points})' if points else ''}"
        case _, bool():
            return _("ya") if value else _("tidak")
        case _, float() | int():
            return angka(float(value))
        case _, tuple():
            return ", ".join(angka(v) if isinstance(v, float) else str(v) for v in value) or "–"
    return str(value) or "–"


GROUPS: Mapping[str, object] = {
    "rules": _l("Batas dan ambang"),
    "floors": _l("Lantai"),
    "dimensions": _l("Bobot dimensi"),
    "indicators": _l("Butir yang berubah"),
    "shares": _l("Bagian tiap butir dari seluruh nilai"),
}
