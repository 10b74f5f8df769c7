"""One village as its page shows it: every figure rounded once, and still adding up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import floor
from typing import Any

from kondusif.instrument.recipe import Recipe
from kondusif_web.answers import wording as answers_wording
from kondusif_web.answers.facts import BY_OFFICE
from kondusif_web.answers.wording import value_in_words
from kondusif_web.classes import wording as classes_wording
from kondusif_web.classes.history import CalmedRow, Line, Neighbour, Since
from kondusif_web.classes.models import Assessment, Override
from kondusif_web.election.models import Desa, Tps
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.wording import kata_inti, label_of, nama_butir, nama_dimensi

LARGEST = 6  # items named one by one; the rest are one line and a fold


WIDTH = 600  # of the drawn scale, in its own units


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """``poin`` of all rows sum to the shown total. ``bilah``: width of its bar, per cent of the largest."""

    kode: str
    nama: str
    nilai: float | None
    bobot: float | None
    desimal: int
    poin: float | None
    bilah: float


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One indicator: what was answered, when, from whom, and what it added."""

    kode: str
    nama: str
    keadaan: str
    kata: object
    jawaban: str
    poin: float | None
    bilah: float
    on: date | None
    sumber: str
    penilai: str
    segar_hari: int


@dataclass(frozen=True, slots=True)
class TpsRow:
    """A station with its class and why; ``sendiri`` are its own values that stand in the village's place."""

    kode: str
    nomor: int
    nama: str
    level: int | None
    yakin: object
    nilai: float | None
    sebab: list[str]
    sendiri: list[str]
    ditetapkan: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Geometry of the drawn scale 0..100, as text, so that no locale puts a comma into it."""

    segments: list[dict[str, str]]
    cuts: list[dict[str, str]]
    needle: str
    label_x: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Class and measure of one village. ``row`` None: nothing is published yet.

    ``level`` is the one in force; ``machine`` what the reckoning said. ``boleh_jawaban``: this person also
    sees scores, items and changes; the forum sees the class and its reasons only (RULES 20).
    """

    desa: Desa
    labels: Mapping[Any, Any]
    boleh_jawaban: bool
    row: Assessment | None = None
    level: int | None = None
    machine: int | None = None
    yakin: object = ""
    jarak: str = ""
    peluang_ini: float | None = None
    peluang_lain: str = ""
    sebab: list[str] = field(default_factory=list)
    belum_pasti: list[str] = field(default_factory=list)
    override: Override | None = None
    menunggu: list[Override] = field(default_factory=list)
    total: float | None = None
    tahap: object = ""
    coverage_due: float = 0.0
    coverage_all: float = 0.0
    hitung: dict[str, int] = field(default_factory=dict)
    basi: int = 0
    baru: int = 0
    skala: Scale | None = None
    dimensi: list[DimensionRow] = field(default_factory=list)
    terbesar: list[ItemRow] = field(default_factory=list)
    sisa: tuple[int, float] = (0, 0.0)
    butir: list[tuple[str, str, list[ItemRow]]] = field(default_factory=list)
    tps: list[TpsRow] = field(default_factory=list)
    naik: list[dict[str, str]] = field(default_factory=list)
    turun: list[dict[str, str]] = field(default_factory=list)
    jangkauan: str = ""
    garis: Line | None = None
    sejak: Since | None = None
    sejak_kelas: str = ""
    tetangga: tuple[Neighbour, ...] = ()
    turun_sendiri: tuple[CalmedRow, ...] = ()


def parts(values: Sequence[float], total: float, digits: int = 2) -> list[float]:
    """Values rounded so that they sum to the rounded total (largest remainder).

    >>> parts([1.005, 1.005, 1.005], 3.015)
    [1.01, 1.01, 1.0]
    """
    unit = 10**digits
    raw = [v * unit for v in values]
    whole = [floor(v) for v in raw]
    missing = round(total * unit) - sum(whole)
    by_rest = sorted(range(len(raw)), key=lambda k: (whole[k] - raw[k], k))
    for k in by_rest[: max(0, missing)]:
        whole[k] += 1
    return [w / unit for w in whole]


def build(
    desa: Desa,
    row: Assessment,
    *,
    levels: Mapping[str, int],
    standing: Override | None,
    waiting: Sequence[Override],
    today: date,
    now: datetime,
    new_answers: int,
    tps: Sequence[Tps],
    labels: Mapping[Any, Any],
    answers: bool,
) -> Sheet:
    """The sheet of a published assessment."""
    recipe = recipe_of(row.recipe)  # the one it was made with, not the one in force
    r, c = row.results, row.results["class"]
    level = levels.get(desa.kode, row.level)
    most = max((i["points"] or 0.0 for i in r["items"]), default=0.0) or 1.0
    items = {i["id"]: _item(recipe, i, most) for i in r["items"]}
    ranked = sorted((i for i in items.values() if i.poin is not None), key=lambda i: (-(i.poin or 0), i.kode))
    top = ranked[:LARGEST]
    rest = round((r["total"] or 0) - sum(round(i.poin or 0, 2) for i in top), 2)
    changes = [
        (
            x["level"] - (row.level or 0),
            classes_wording.change(recipe.by_id[x["item"]], x, labels, r["total"], r["cuts"]),
        )
        for x in r["changes"]
        if answers
        # nobody undoes what happened
        and (x["level"] > (row.level or 0) or recipe.by_id[x["item"]].changeable)
    ]
    return Sheet(
        desa=desa,
        labels=labels,
        boleh_jawaban=answers,
        row=row,
        level=level,
        machine=row.level,
        yakin=classes_wording.firmness(c, labels) if level == row.level else "",
        jarak=classes_wording.distance(c) if answers else "",
        peluang_ini=chance_of(c) if answers and level == row.level else None,
        peluang_lain=classes_wording.other_chances(c, labels),
        sebab=classes_wording.reasons(c, r["cuts"] if answers else ()),
        belum_pasti=[str(classes_wording.UNTOLD.get(f, f)) for f in c["unknown_floors"]],
        override=standing,
        menunggu=list(waiting),
        total=r["total"],
        tahap=classes_wording.STAGES.get(row.stage, row.stage),
        coverage_due=r["coverage_due"],
        coverage_all=r["coverage_all"],
        hitung=_counts(r["items"]),
        basi=sum(
            i.keadaan == "answered"
            and i.on is not None
            and i.penilai not in BY_OFFICE
            and (today - i.on).days > i.segar_hari
            for i in items.values()
        ),
        baru=new_answers,
        skala=_scale(r) if answers and r["total"] is not None else None,
        dimensi=_dimensions(r, recipe) if answers else [],
        terbesar=top if answers else [],
        sisa=(len(items) - len(top), max(0.0, rest)),
        butir=[
            (d, nama_dimensi(recipe, d), [items[i.id] for i in recipe.indicators if i.dimension == d])
            for d in recipe.dimension_weights
        ]
        if answers
        else [],
        tps=[_tps(t, r["tps"].get(t.kode), recipe, levels, labels, r["cuts"], answers) for t in tps],
        naik=[words for at, words in changes if at > 0][:5],
        turun=[words for at, words in changes if at < 0][:5],
        jangkauan=classes_wording.reach(r.get("reach"), recipe.by_id, labels) if answers else "",
    )


def chance_of(c: Mapping[str, Any]) -> float | None:
    """P(class) of a class, 0..1; None for one that nobody has shaken."""
    return c["chance"][c["level"] - 1] if c.get("chance") and c["level"] else None


def _counts(items: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    states = [i["state"] for i in items]
    return {state: states.count(state) for state in classes_wording.STATES} | {
        "berlaku": len(states) - states.count("not_applicable")
    }


def _item(recipe: Recipe, i: Mapping[str, Any], most: float) -> ItemRow:
    """``most``: the largest contribution in points, whose bar is full."""
    indicator = recipe.by_id[i["id"]]
    return ItemRow(
        kode=i["id"],
        nama=nama_butir(indicator),
        keadaan=i["state"],
        kata=classes_wording.STATES[i["state"]],
        jawaban=value_in_words(indicator, i["value"]),
        poin=i["points"],
        bilah=100 * (i["points"] or 0.0) / most,
        on=date.fromisoformat(i["on"]) if i["on"] else None,
        sumber=kata_inti(i["source"]),
        penilai=i["rater"],
        segar_hari=indicator.fresh_days,
    )


def _points(r: Mapping[str, Any]) -> dict[str, float]:
    """Points of each answered dimension, rounded so that they sum to the shown total."""
    exact = {d: v * r["weights"][d] for d, v in r["dimensions"].items() if v is not None}
    return dict(zip(exact, parts(list(exact.values()), r["total"] or 0.0), strict=True))


def _dimensions(r: Mapping[str, Any], recipe: Recipe) -> list[DimensionRow]:
    points = _points(r)
    most = max(points.values(), default=0.0) or 1.0
    rows = []
    for d, value in r["dimensions"].items():
        weight = r["weights"].get(d)
        plain = weight is None or abs(weight * 100 - round(weight * 100)) < 1e-9
        bar = 100 * points.get(d, 0.0) / most
        name = nama_dimensi(recipe, d)
        rows.append(DimensionRow(d, name, value, weight, 2 if plain else 4, points.get(d), bar))
    return rows


def _scale(r: Mapping[str, Any]) -> Scale:
    x = 0.0
    segments = []
    for d, value in r["dimensions"].items():
        if value is None:
            continue
        width = value * r["weights"][d] * WIDTH / 100
        segments.append(
            {
                "kode": d if width >= 14 else "",
                "x": f"{x:.1f}",
                "w": f"{width:.1f}",
                "mid": f"{x + width / 2:.1f}",
            }
        )
        x += width
    needle = r["total"] * WIDTH / 100
    left = needle > WIDTH / 2
    return Scale(
        segments=segments,
        cuts=[{"x": f"{cut * WIDTH / 100:.1f}", "teks": answers_wording.number(cut)} for cut in r["cuts"]],
        needle=f"{needle:.1f}",
        label_x=f"{needle + (-4 if left else 4):.1f}",
        anchor="end" if left else "start",
    )


def _tps(
    tps: Tps,
    c: Mapping[str, Any] | None,
    recipe: Recipe,
    levels: Mapping[str, int],
    labels: Mapping[Any, Any],
    cuts: Sequence[float],
    answers: bool,
) -> TpsRow:
    if c is None:  # a station that came after the assessment
        return TpsRow(tps.kode, tps.nomor, tps.nama, None, "", None, [], [], False)
    level = levels.get(tps.kode, c["level"])
    moved = level != c["level"]
    own = [
        f"{nama_butir(recipe.by_id[o['item']])}: {value_in_words(recipe.by_id[o['item']], o['value'])}"
        for o in c["own"]
        if answers
    ]
    return TpsRow(
        kode=tps.kode,
        nomor=tps.nomor,
        nama=tps.nama,
        level=level,
        yakin="" if moved else classes_wording.firmness(c, labels),
        nilai=c["total"] if answers else None,
        sebab=[] if moved else classes_wording.reasons(c, cuts if answers else (), inherits=not c["own"]),
        sendiri=own,
        ditetapkan=moved,
    )


def before_after(old: Assessment | None, new: Assessment, labels: Mapping[Any, Any]) -> dict[str, Any]:
    """A draft beside what is published: classes, totals, what moved, for the one who publishes."""
    r = new.results
    stations = {
        kode: ((old.results["tps"].get(kode) or {}).get("level") if old else None, c["level"])
        for kode, c in r["tps"].items()
    }
    return {
        "row": new,
        "desa": new.desa,
        "lama": old.level if old else None,
        "baru": new.level,
        "lama_kata": label_of(old.level, labels) if old and old.level else "",
        "berubah": (old.level if old else None) != new.level,
        "yakin": classes_wording.firmness(r["class"], labels),
        "lama_total": old.results["total"] if old else None,
        "total": r["total"],
        "sebab": classes_wording.reasons(r["class"], inherits=True),  # the score stands beside it
        "bergeser": _moved(old, new),
        "jarak": classes_wording.distance(r["class"]),
        "belum_pasti": [str(classes_wording.UNTOLD.get(f, f)) for f in r["class"]["unknown_floors"]],
        "coverage_due": r["coverage_due"],
        "hitung": _counts(r["items"]),
        "tps": [(kode, a, b) for kode, (a, b) in stations.items() if a != b],
    }


def _moved(old: Assessment | None, draft: Assessment) -> list[dict[str, Any]]:
    """The five items whose points moved most since the published class; none for a first class.

    An item that the instrument no longer asks for lost all its points.
    """
    if old is None:
        return []
    new = draft.results
    names = {**recipe_of(old.recipe).by_id, **recipe_of(draft.recipe).by_id}
    was = {i["id"]: i["points"] for i in old.results["items"]}
    asked = {i["id"] for i in new["items"]}
    unasked = [{"id": i, "points": None, "state": "not_asked"} for i in was if i not in asked]
    rows = [
        {
            "kode": i["id"],
            "nama": nama_butir(names[i["id"]]),
            "dari": was.get(i["id"]),
            "ke": i["points"],
            "geser": (i["points"] or 0.0) - (was.get(i["id"]) or 0.0),
            "kata": classes_wording.STATES.get(i["state"], answers_wording.NOT_ASKED),
        }
        for i in new["items"] + unasked
    ]
    rows = [row for row in rows if abs(row["geser"]) >= 0.005]
    return sorted(rows, key=lambda row: (-abs(row["geser"]), row["kode"]))[:5]
