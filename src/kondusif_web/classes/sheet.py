"""One village as its page shows it: every figure rounded once, and still adding up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import floor

from kondusif.instrument.recipe import Recipe
from kondusif_web.answers.facts import BY_OFFICE
from kondusif_web.answers.wording import number
from kondusif_web.classes import wording
from kondusif_web.classes.history import SEEN, shifts
from kondusif_web.classes.models import Assessment, Results
from kondusif_web.election.models import Tps
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context
from kondusif_web.pages.wording import Labels, kata_inti, nama_dimensi

LARGEST = 6  # items named one by one; the rest are one line and a fold
WIDTH = 600  # of the drawn scale, in its own units


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


def class_facts(row: Assessment, level: int | None, labels: Labels, answers: bool, since: date) -> Context:
    """The class and why, for who may see it; scores and chances only with ``answers`` (RULES 20)."""
    r, c = row.results, row.results["class"]
    chance = c.get("chance") if answers and level and level == row.level else None
    return {
        "level": level,
        "machine": row.level,
        "total": r["total"],
        "tahap": wording.STAGES.get(row.stage, row.stage),
        "yakin": wording.firmness_in_force(row, level, labels, since),
        "jarak": wording.distance(c) if answers else "",
        "peluang_ini": chance[level - 1] if chance else None,
        "peluang_lain": wording.other_chances(c, labels),
        "sebab": wording.reasons(c, r["cuts"] if answers else ()),
        "belum_pasti": wording.unknown_floors(c),
    }


def coverage(row: Assessment, today: date) -> Context:
    """How much is answered, by states; ``basi``: what expired since the assessment was made."""
    r, recipe = row.results, recipe_of(row.recipe)

    def expired(i: Results) -> bool:
        own = i["state"] == "answered" and i["on"] and i["rater"] not in BY_OFFICE
        return bool(own) and (today - date.fromisoformat(i["on"])).days > recipe.by_id[i["id"]].fresh_days

    return {
        "coverage_due": r["coverage_due"],
        "coverage_all": r["coverage_all"],
        "hitung": _counts(r["items"]),
        "basi": sum(expired(i) for i in r["items"]),
    }


def _counts(items: Iterable[Results]) -> dict[str, int]:
    states = [i["state"] for i in items]
    counts = {state: states.count(state) for state in wording.STATES}
    return counts | {"berlaku": len(states) - counts["not_applicable"]}


def contributions(row: Assessment, labels: Labels) -> Context:
    """Where the score comes from, for who may see answers: scale, dimensions, items, what would change it."""
    r, recipe = row.results, recipe_of(row.recipe)  # the one it was made with, not the one in force
    most = max((i["points"] or 0.0 for i in r["items"]), default=0.0) or 1.0
    items = {i["id"]: _item(recipe, i, most) for i in r["items"]}
    ranked = sorted(
        (i for i in items.values() if i["poin"] is not None), key=lambda i: (-i["poin"], i["kode"])
    )
    top = ranked[:LARGEST]
    rest = round((r["total"] or 0) - sum(round(i["poin"], 2) for i in top), 2)
    return {
        "skala": None if r["total"] is None else _scale(r),
        "dimensi": _dimensions(r, recipe),
        "terbesar": top,
        "sisa": (len(items) - len(top), max(0.0, rest)),
        "butir": [
            (d, nama_dimensi(recipe, d), [items[i.id] for i in recipe.indicators if i.dimension == d])
            for d in recipe.dimension_weights
        ],
        "jangkauan": wording.reach(r.get("reach"), recipe.by_id, labels),
    } | _changes(row, recipe, labels)


def _changes(row: Assessment, recipe: Recipe, labels: Labels) -> dict[str, list[dict[str, str]]]:
    """Five single changes each that would raise or lower the class; nobody undoes what happened."""
    r, level = row.results, row.level or 0
    up: list[dict[str, str]] = []
    down: list[dict[str, str]] = []
    for change in r["changes"]:
        indicator = recipe.by_id[change["item"]]
        words = wording.change(indicator, change, labels, r["total"], r["cuts"])
        if change["level"] > level:
            up.append(words)
        elif change["level"] < level and indicator.changeable:
            down.append(words)
    return {"naik": up[:5], "turun": down[:5]}


def _item(recipe: Recipe, i: Results, most: float) -> Context:
    """``most``: the largest contribution in points, whose bar is full."""
    indicator = recipe.by_id[i["id"]]
    return wording.item(indicator, i) | {
        "bilah": 100 * (i["points"] or 0.0) / most,
        "on": date.fromisoformat(i["on"]) if i["on"] else None,
        "sumber": kata_inti(i["source"]),
        "penilai": i["rater"],
        "segar_hari": indicator.fresh_days,
    }


def _dimensions(r: Results, recipe: Recipe) -> list[Context]:
    """Points of answered dimensions sum to the shown total; ``bilah`` per cent of the largest."""
    exact = {d: v * r["weights"][d] for d, v in r["dimensions"].items() if v is not None}
    points = dict(zip(exact, parts(list(exact.values()), r["total"] or 0.0), strict=True))
    most = max(points.values(), default=0.0) or 1.0
    rows = []
    for d, value in r["dimensions"].items():
        weight = r["weights"].get(d)
        plain = weight is None or abs(weight * 100 - round(weight * 100)) < 1e-9
        rows.append(
            {
                "kode": d,
                "nama": nama_dimensi(recipe, d),
                "nilai": value,
                "bobot": weight,
                "desimal": 2 if plain else 4,
                "poin": points.get(d),
                "bilah": 100 * points.get(d, 0.0) / most,
            }
        )
    return rows


def _scale(r: Results) -> Context:
    """Geometry of the drawn scale 0..100, as text, so that no locale puts a comma into it."""
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
    return {
        "segments": segments,
        "cuts": [{"x": f"{cut * WIDTH / 100:.1f}", "teks": number(cut)} for cut in r["cuts"]],
        "needle": f"{needle:.1f}",
        "label_x": f"{needle + (-4 if left else 4):.1f}",
        "anchor": "end" if left else "start",
    }


def station(
    row: Assessment, tps: Tps, level: int | None, labels: Labels, answers: bool, since: date
) -> Context:
    """A station with its class and why; ``sendiri``: its own values that stand in the village's place.

    One that came after the assessment has no class of its own yet.
    """
    head = {"kode": tps.kode, "nomor": tps.nomor, "nama": tps.nama}
    c = row.results["tps"].get(tps.kode)
    if c is None:
        return head | {"level": None}
    level = c["level"] if level is None else level
    moved = level != c["level"]
    why = wording.reasons(c, row.results["cuts"] if answers else (), inherits=not c["own"])
    return head | {
        "level": level,
        "yakin": "" if moved else wording.dated_firmness(row, c, labels, since),
        "nilai": c["total"] if answers else None,
        "sebab": [] if moved else why,
        "sendiri": wording.own_answers(c, recipe_of(row.recipe)) if answers else [],
        "ditetapkan": moved,
    }


def before_after(old: Assessment | None, new: Assessment, labels: Labels) -> Context:
    """A draft beside what is published: classes, totals, what moved, for the one who publishes."""
    r, c = new.results, new.results["class"]
    before = old.results if old else {"total": None, "tps": {}}
    stations = [
        (kode, before["tps"].get(kode, {}).get("level"), now["level"]) for kode, now in r["tps"].items()
    ]
    level = old.level if old else None
    return {
        "row": new,
        "desa": new.desa,
        "lama": level,
        "baru": new.level,
        "berubah": level != new.level,
        "yakin": wording.firmness(c, labels),
        "lama_total": before["total"],
        "total": r["total"],
        "sebab": wording.reasons(c, inherits=True),  # the score stands beside it
        "bergeser": [s for s in shifts(old, new) if abs(s["geser"]) >= SEEN][:5] if old else [],
        "jarak": wording.distance(c),
        "belum_pasti": wording.unknown_floors(c),
        "coverage_due": r["coverage_due"],
        "tps": [(kode, was, now) for kode, was, now in stations if was != now],
    }
