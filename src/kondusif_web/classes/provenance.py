"""Where every number of a published assessment came from: answer, rule, weight, sum (method 1.1 to 1.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import fsum
from typing import Any

from django.utils.translation import gettext as _

from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_web.answers import wording as answers_wording
from kondusif_web.answers.models import Answer
from kondusif_web.answers.wording import value_in_words
from kondusif_web.classes import wording as classes_wording
from kondusif_web.classes.models import Assessment
from kondusif_web.election.models import Desa
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.templatetags.kondusif import koma
from kondusif_web.pages.wording import kata_inti, nama_butir, nama_dimensi


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was recorded; ``berdiri``: the one that the number rests on."""

    jawaban: str
    on: date
    recorded_at: datetime
    by: str
    channel: str
    sumber: str
    penilai: str
    kode: str
    corrects: str
    berdiri: bool


@dataclass(frozen=True, slots=True)
class ItemOrigin:
    """An item's points as 100 x dimension weight x share x risk, with the answer beneath."""

    kode: str
    nama: str
    keadaan: str
    kata: object
    jawaban: str
    rumus: str
    risiko: float | None
    bagian: float | None
    poin: float | None
    bobot: float
    rujukan: str
    riwayat: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class DimensionOrigin:
    """A dimension: its items' weighted risks, its weight in force, its points."""

    kode: str
    nama: str
    nilai: float | None
    bobot: float | None
    poin: float | None
    terjawab: float
    seluruh: float
    butir: tuple[ItemOrigin, ...]


@dataclass(frozen=True, slots=True)
class StationOrigin:
    """A station: what it has of its own and what it takes from its village."""

    kode: str
    nomor: str
    level: int | None
    yakin: object
    total: float | None
    sebab: list[str]
    sendiri: list[str]
    peluang: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Everything that a published assessment rests on."""

    row: Assessment
    desa: Desa
    recipe: Recipe
    total: float | None
    dimensi: tuple[DimensionOrigin, ...]
    keadaan: tuple[tuple[object, tuple[tuple[str, str], ...]], ...]
    sebab: list[str]
    lantai: list[str]
    hati_hati: int | None
    peluang: tuple[float, ...] | None
    yakin: object
    tps: tuple[StationOrigin, ...]
    nomor: tuple[int, ...]


def origin(
    row: Assessment, answers: Iterable[Answer], labels: Mapping[Any, Any], numbers: Sequence[int]
) -> Origin:
    """The whole reckoning of ``row``, with all ``answers`` of its village recorded until it was made."""
    recipe, r = recipe_of(row.recipe), row.results
    by_item: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        by_item.setdefault((answer.place, answer.item), []).append(answer)
    items = {i["id"]: i for i in r["items"]}
    dimensions = tuple(_dimension(recipe, row, d, items, by_item) for d in recipe.dimension_weights)
    states: dict[str, list[tuple[str, str]]] = {}
    for i in r["items"]:
        if i["id"] in recipe.by_id:
            states.setdefault(i["state"], []).append((i["id"], nama_butir(recipe.by_id[i["id"]])))
    c = r["class"]
    return Origin(
        row=row,
        desa=row.desa,
        recipe=recipe,
        total=r["total"],
        dimensi=dimensions,
        keadaan=tuple(
            (classes_wording.STATES[s], tuple(states[s])) for s in classes_wording.STATES if s in states
        ),
        sebab=classes_wording.reasons(c, r["cuts"]),
        lantai=[str(classes_wording.UNTOLD.get(f, f)) for f in c["unknown_floors"]],
        hati_hati=c["cautious"],
        peluang=tuple(c["chance"]) if c.get("chance") else None,
        yakin=classes_wording.firmness(c, labels),
        tps=tuple(_station(recipe, kode, s, r, labels) for kode, s in sorted(r["tps"].items())),
        nomor=tuple(numbers),
    )


def _dimension(
    recipe: Recipe,
    row: Assessment,
    d: str,
    items: Mapping[str, Mapping[str, Any]],
    answers: Mapping[tuple[str, str], Sequence[Answer]],
) -> DimensionOrigin:
    inside = [i for i in recipe.indicators if i.dimension == d and i.id in items]
    answered = fsum(i.weight for i in inside if items[i.id]["risk"] is not None)
    weight = row.results["weights"].get(d)
    value = row.results["dimensions"].get(d)
    return DimensionOrigin(
        kode=d,
        nama=nama_dimensi(recipe, d),
        nilai=value,
        bobot=weight,
        poin=None if value is None or weight is None else value * weight,
        terjawab=answered,
        seluruh=fsum(i.weight for i in inside),
        butir=tuple(
            _item(i, items[i.id], answered, answers.get((row.desa.kode, i.id), ()), row) for i in inside
        ),
    )


def _item(
    indicator: Indicator, i: Mapping[str, Any], answered: float, rows: Sequence[Answer], row: Assessment
) -> ItemOrigin:
    counts = i["risk"] is not None
    return ItemOrigin(
        kode=indicator.id,
        nama=nama_butir(indicator),
        keadaan=i["state"],
        kata=classes_wording.STATES[i["state"]],
        jawaban=value_in_words(indicator, i["value"]),
        rumus=formula(indicator, i["value"]) if counts else "",
        risiko=i["risk"],
        bagian=indicator.weight / answered if counts and answered else None,
        poin=i["points"],
        bobot=indicator.weight,
        rujukan=indicator.reference,
        riwayat=tuple(
            Said(
                jawaban=value_in_words(indicator, a.value)
                if a.given == "value"
                else str(answers_wording.GIVEN[a.given]),
                on=a.on,
                recorded_at=a.recorded_at,
                by=str(a.by) if a.by else "",
                channel=a.channel,
                sumber=kata_inti(a.source),
                penilai=a.rater,
                kode=a.client_id,
                corrects=a.corrects,
                berdiri=a.client_id == i["answer"],
            )
            for a in sorted(rows, key=lambda a: (a.on, a.recorded_at, a.client_id), reverse=True)
            if a.recorded_at <= row.made_at
        ),
    )


def formula(indicator: Indicator, value: float | None) -> str:
    """How an answer became a risk, with its numbers: ``(550 − 300) / (800 − 300)``."""
    if value is None:
        return ""
    x, lo, hi = (answers_wording.number(v) for v in (value, indicator.lo, indicator.hi))
    match indicator.transform.kind:
        case "linear_clamp":
            return f"({x} − {lo}) / ({hi} − {lo})"
        case "linear_inverse":
            return f"1 − ({x} − {lo}) / ({hi} − {lo})"
        case "log_clamp":
            return f"ln({x} / {lo}) / ln({hi} / {lo})"
        case "map":
            points = (
                f"{answers_wording.number(at)} → {koma(risk)}" for at, risk in indicator.transform.points
            )
            return _("menurut tabel (%(titik)s), %(x)s") % {"titik": "; ".join(points), "x": x}
        case "boolean":
            return _("ya → 1; tidak → 0")
        case _:
            return _("ya → 0; tidak → 1")


def _station(
    recipe: Recipe, kode: str, c: Mapping[str, Any], r: Mapping[str, Any], labels: Mapping[Any, Any]
) -> StationOrigin:
    return StationOrigin(
        kode=kode,
        nomor=kode.rsplit("-", 1)[-1],
        level=c["level"],
        yakin=classes_wording.firmness(c, labels),
        total=c["total"],
        sebab=classes_wording.reasons(c, r["cuts"], inherits=not c["own"]),
        sendiri=[
            f"{nama_butir(recipe.by_id[o['item']])}: {value_in_words(recipe.by_id[o['item']], o['value'])}"
            for o in c["own"]
            if o["item"] in recipe.by_id
        ],
        peluang=tuple(c["chance"]) if c.get("chance") else None,
    )
