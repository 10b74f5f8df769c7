"""Rows into core values, and core results into the plain values that a row keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.classes.certainty import with_chances
from kondusif.classes.classify import Classification, DesaAssessment, Published, assess
from kondusif.classes.explain import Attainable, ClassChange, attainable, one_at_a_time
from kondusif.classes.override import Override as CoreOverride
from kondusif.classes.score import ItemScore, answer_log
from kondusif.instrument.recipe import Recipe
from kondusif_web.classes.models import Assessment, Override


def published_of(row: Assessment | None) -> Published | None:
    """The published class of a desa, with the answers it rested on."""
    if row is None or row.level is None:
        return None
    return Published(row.level, row.on, frozenset(row.answer_ids), row.force_level)


def tps_published_of(row: Assessment | None) -> dict[str, Published]:
    """The same for each station of a published assessment."""
    if row is None:
        return {}
    force = row.results["tps_force"]
    ids = {a for a in row.answer_ids}
    return {
        kode: Published(
            c["level"], row.on, frozenset(ids & set(c["answers"])), force.get(kode, {}).get("level")
        )
        for kode, c in row.results["tps"].items()
        if c["level"] is not None
    }


def override_of(row: Override) -> CoreOverride:
    """An override as the core reads it."""
    return CoreOverride(
        place=row.place,
        machine=row.machine,
        human=row.human,
        reason=row.reason,
        by=row.by.username,
        at=row.at,
        until=row.until,
        second=row.second.username if row.second else "",
        second_at=row.second_at,
    )


def results_of(
    recipe: Recipe, made: DesaAssessment, answers: Iterable[CoreAnswer], changes: Iterable[ClassChange]
) -> dict[str, Any]:
    """An assessment as JSON: every figure unrounded, each item with the answer it stands on."""
    book = answer_log(recipe, answers, made.on)
    own = {
        kode: [
            {"item": i, "value": a.value}
            for i in recipe.tps_items
            if (a := book.latest(kode, i))
            and a.given is Given.VALUE
            and (made.on - a.on).days <= recipe.by_id[i].fresh_days
        ]
        for kode in made.tps
    }
    return {
        "total": made.score.total,
        "force_total": made.force.total,
        "dimensions": dict(made.score.dimensions),
        "weights": dict(made.score.weights),
        "coverage_due": made.score.coverage_due,
        "coverage_all": made.score.coverage_all,
        "items": [_item(i, made.score.contributions.get(i.id)) for i in made.score.items],
        "class": _class(made.classification),
        "force": _class(made.force),
        "tps": {
            k: _class(c) | {"own": own[k], "answers": sorted(book.ids_of(k))} for k, c in made.tps.items()
        },
        "tps_force": {k: _class(c) for k, c in made.tps_force.items()},
        "changes": [
            {name: getattr(c, name) for name in ("item", "before", "after", "delta", "level")}
            for c in changes
        ],
        "cuts": list(recipe.cuts),
        "near": recipe.near,
        "provisional_below": recipe.provisional_below,
    }


def reach_of(found: Attainable) -> dict[str, Any]:
    """The fewest changes that drop the class, as JSON."""
    return {
        "why": found.why.value,
        "steps": [{"item": s.code, "before": s.before, "after": s.after} for s in found.steps],
        "level": found.level,
        "total": found.total,
        "fewest": found.fewest,
    }


def _item(item: ItemScore, points: float | None) -> dict[str, Any]:
    answer = item.answer
    return {
        "id": item.id,
        "state": item.state,
        "value": item.value,
        "risk": item.normalised,
        "points": points,
        "answer": answer.id if answer else "",
        "on": answer.on.isoformat() if answer else "",
        "source": answer.source if answer else "",
        "rater": answer.rater if answer else "",
    }


# What of a class a row keeps under the same name; floors, firmness and lists are written out beside.
SAME = (
    "level",
    "by_score",
    "total",
    "provisional",
    "held",
    "distance",
    "nearest_cut",
    "direction",
    "coverage_due",
    "cautious",
    "inherited",
)


def _class(c: Classification) -> dict[str, Any]:
    return {name: getattr(c, name) for name in SAME} | {
        "floors": [{"id": f.id, "level": f.level} | _plain(f.facts) for f in c.floors],
        "unknown_floors": list(c.unknown_floors),
        "firmness": c.firmness.value,
        "chance": list(c.chance) if c.chance else None,
        "because": list(c.because),
    }


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: v.isoformat() if isinstance(v, date) else list(v) if isinstance(v, tuple) else v
        for k, v in facts.items()
    }


@cache
def code_version() -> str:
    """The version of the code that assessed."""
    try:
        return version("kondusif")
    except PackageNotFoundError:  # run from a bare checkout
        return "0"


def noise(recipe: Recipe, spread: Mapping[str, float] | None) -> dict[str, float]:
    """Spread of one rater by item, in its unit, as a share of the item's range (method 2.10)."""
    return {
        item: sd / (recipe.by_id[item].hi - recipe.by_id[item].lo)
        for item, sd in sorted((spread or {}).items())
        if item in recipe.by_id
    }


def assess_desa(
    recipe: Recipe,
    answers: Sequence[CoreAnswer],
    desa: str,
    tps: Sequence[str],
    day: date,
    stage: str,
    last: Assessment | None,
    noise: Mapping[str, float],
) -> tuple[DesaAssessment, dict[str, Any]]:
    """The core's assessment of a desa on a day, and the plain values that its row keeps."""
    made = assess(
        recipe,
        answers,
        desa,
        tps,
        on=day,
        stage=stage,
        previous=published_of(last),
        tps_previous=tps_published_of(last),
    )
    book = answer_log(recipe, answers, day)
    made = with_chances(recipe, made, book, noise)
    results = results_of(recipe, made, answers, one_at_a_time(recipe, answers, desa, on=day, stage=stage))
    least = reach_of(attainable(recipe, book, desa, stage=stage))
    return made, results | {"noise": dict(noise), "reach": least}
