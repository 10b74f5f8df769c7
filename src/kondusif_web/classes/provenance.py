"""Where every number of a published assessment came from: answer, rule, weight, sum (method 1.1 to 1.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from django.utils.translation import gettext as _

from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_web.answers.facts import answer_of
from kondusif_web.answers.models import Answer
from kondusif_web.answers.wording import answer_in_words, number
from kondusif_web.classes import wording
from kondusif_web.classes.models import Assessment, Results
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import koma
from kondusif_web.pages.wording import Labels, kata_inti, nama_butir, nama_dimensi


def origin(row: Assessment, answers: Iterable[Answer], labels: Labels, numbers: Sequence[int]) -> Context:
    """Everything that ``row`` rests on, with all ``answers`` of its village recorded until it was made."""
    recipe, r, c = recipe_of(row.recipe), row.results, row.results["class"]
    by_item: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.place == row.desa.kode:
            by_item.setdefault(answer.item, []).append(answer)
    known = [i for i in r["items"] if i["id"] in recipe.by_id]
    states = {
        word: [(i["id"], nama_butir(recipe.by_id[i["id"]])) for i in known if i["state"] == state]
        for state, word in wording.STATES.items()
    }
    return {
        "row": row,
        "recipe": recipe,
        "total": r["total"],
        "dimensi": [_dimension(recipe, row, d, by_item) for d in recipe.dimension_weights],
        "keadaan": [(word, items) for word, items in states.items() if items],
        "sebab": wording.reasons(c, r["cuts"]),
        "lantai": wording.unknown_floors(c),
        "hati_hati": c["cautious"],
        "peluang": c.get("chance"),
        "yakin": wording.firmness(c, labels),
        "tps": [_station(recipe, kode, s, r["cuts"], labels) for kode, s in sorted(r["tps"].items())],
        "nomor": numbers,
    }


def _dimension(recipe: Recipe, row: Assessment, d: str, answers: Mapping[str, Sequence[Answer]]) -> Context:
    """A dimension: its items' weighted risks, its weight in force, its points."""
    of = {i.id for i in recipe.indicators if i.dimension == d}
    inside = {i["id"]: i for i in row.results["items"] if i["id"] in of}
    weights = {code: recipe.by_id[code].weight for code in inside}
    answered = fsum(w for code, w in weights.items() if inside[code]["risk"] is not None)
    weight, value = row.results["weights"].get(d), row.results["dimensions"].get(d)
    return {
        "kode": d,
        "nama": nama_dimensi(recipe, d),
        "nilai": value,
        "bobot": weight,
        "poin": None if value is None or weight is None else value * weight,
        "terjawab": answered,
        "seluruh": fsum(weights.values()),
        "butir": [
            _item(recipe, i, answered) | {"riwayat": _history(recipe, i, answers.get(code, ()), row)}
            for code, i in inside.items()
        ],
    }


def _item(recipe: Recipe, i: Results, answered: float) -> Context:
    """An item's points as 100 x dimension weight x share x risk."""
    indicator = recipe.by_id[i["id"]]
    counts = i["risk"] is not None
    return wording.item(indicator, i) | {
        "rumus": formula(indicator, i["value"]) if counts else "",
        "risiko": i["risk"],
        "bagian": indicator.weight / answered if counts and answered else None,
        "bobot": indicator.weight,
    }


def _history(recipe: Recipe, i: Results, rows: Iterable[Answer], row: Assessment) -> list[Context]:
    """Its answers as they were recorded, the newest first; ``berdiri``: the one that the number rests on."""
    newest = sorted(rows, key=lambda a: (a.on, a.recorded_at, a.client_id), reverse=True)
    return [
        {
            "jawaban": answer_in_words(recipe, answer_of(a)),
            "on": a.on,
            "recorded_at": a.recorded_at,
            "by": a.by,
            "channel": a.channel,
            "sumber": kata_inti(a.source),
            "penilai": a.rater,
            "kode": a.client_id,
            "corrects": a.corrects,
            "berdiri": a.client_id == i["answer"],
        }
        for a in newest
        if a.recorded_at <= row.made_at
    ]


def formula(indicator: Indicator, value: float | None) -> str:
    """How an answer became a risk, with its numbers: ``(550 − 300) / (800 − 300)``."""
    if value is None:
        return ""
    x, lo, hi = (number(v) for v in (value, indicator.lo, indicator.hi))
    match indicator.transform.kind:
        case "linear_clamp":
            return f"({x} − {lo}) / ({hi} − {lo})"
        case "linear_inverse":
            return f"1 − ({x} − {lo}) / ({hi} − {lo})"
        case "log_clamp":
            return f"ln({x} / {lo}) / ln({hi} / {lo})"
        case "map":
            points = "; ".join(f"{number(at)} → {koma(risk)}" for at, risk in indicator.transform.points)
            return _("menurut tabel (%(titik)s), %(x)s") % {"titik": points, "x": x}
        case "boolean":
            return _("ya → 1; tidak → 0")
        case _:
            return _("ya → 0; tidak → 1")


def _station(recipe: Recipe, kode: str, c: Results, cuts: Sequence[float], labels: Labels) -> Context:
    """A station: what it has of its own and what it takes from its village."""
    return {
        "kode": kode,
        "nomor": kode.partition("-")[2],
        "level": c["level"],
        "yakin": wording.firmness(c, labels),
        "total": c["total"],
        "sebab": wording.reasons(c, cuts, inherits=not c["own"]),
        "sendiri": wording.own_answers(c, recipe),
        "peluang": c.get("chance"),
    }
