"""The page ``docs/reference/indicators.md``, drawn from the published version and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from kondusif.instrument.catalogue import DIMENSIONS, catalogue
from kondusif.instrument.indicator import Companion, Indicator, anchors
from kondusif.instrument.published import default_recipe, file_of
from kondusif.instrument.recipe import Recipe
from kondusif.tables import markdown

HEAD = """# Indicators

Written by code from `src/kondusif/instrument/published/{file}`; do not edit. {n} indicators in
{d} dimensions, published version `{key}`. Weights, ranges, freshness and cut-offs are proposals and need
local calibration. How an answer becomes a score: `docs/method/1-measure.md`.

An indicator asks about a place or a process, never about a person.
"""

COLUMNS = (
    "Id",
    "Question",
    "English",
    "Unit",
    "Range",
    "Riskier",
    "Transform",
    "From stage",
    "Fresh, days",
    "Weight",
    "Share",
    "At",
)


RISKIER = {"higher_is_riskier": "higher", "lower_is_riskier": "lower"}


def indicators_markdown() -> str:
    """The published indicators as Markdown, ending in one newline."""
    recipe = default_recipe()
    head = HEAD.format(
        n=len(recipe.indicators), d=len(recipe.dimension_weights), file=file_of(recipe.key), key=recipe.key
    )
    coming = [i for i in catalogue().values() if i.id not in recipe.by_id]
    parts = [
        head,
        "## Floors\n",
        "A fact that alone sets a least level, as the catalogue writes it.\n",
        markdown(("Indicator", "Floor"), [(f.item, f"`{f}`") for f in recipe.floors]),
        "## Companions\n",
        "Answered yes, no or unknown beside a count, since a count hides what kind it was.\n",
        _named(recipe.companions.values()),
        *(_dimension(recipe, kode) for kode in recipe.dimension_weights),
    ]
    if coming:
        parts += ["## Not published yet\n", _named(coming)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _named(found: Iterable[Indicator | Companion]) -> str:
    return "".join(f"- **{i.id}** {i.name_id} ({i.name_en}).\n" for i in found)


def _dimension(recipe: Recipe, kode: str) -> str:
    own = [i for i in recipe.indicators if i.dimension == kode]
    english = DIMENSIONS[kode][1]
    parts = [
        f"## {kode}. {recipe.name_of(kode)} ({english}), weight {recipe.dimension_weights[kode]:.2f}\n",
        markdown(COLUMNS, [_cells(i, recipe.shares[i.id]) for i in own]),
        "Who is asked, from what, why, and where the question comes from:\n",
        *(_source(i) for i in own),
    ]
    return "\n".join([*parts, ""])


def _source(i: Indicator) -> str:
    said = f"- **{i.id}** {i.asked_of}: {i.source}. {i.rationale}. Source: {i.reference}.{_rules(i)}"
    english = anchors(i, "en")
    marks = [f"    - {mark}: {text} ({english[mark]})" for mark, text in anchors(i).items()]
    return "\n".join([said, *marks])


def _cells(i: Indicator, share: float) -> tuple[object, ...]:
    riskier = RISKIER.get(i.direction, "by table")
    return (
        i.id,
        i.name_id,
        i.name_en,
        i.unit,
        f"{i.lo:g} to {i.hi:g}",
        riskier,
        f"`{i.transform}`",
        i.first_stage,
        i.fresh_days,
        f"{i.weight:g}",
        f"{100 * share:.2f} %",
        i.level,
    )


def _rules(indicator: Indicator) -> str:
    """What else the catalogue says of it, a sentence each."""
    said = (
        (indicator.may_not_apply, "May not apply."),
        (indicator.two_raters, "Two raters, each on their own."),
        (indicator.from_plan, "Computed from the plan."),
        (not indicator.changeable, "Stays as it is until the vote."),
    )
    return "".join(f" {text}" for holds, text in said if holds)
