"""Writes ``docs/reference/indicators.md`` from the catalogue: ``python -m kondusif.instrument.reference``."""

from __future__ import annotations

import sys

from kondusif.instrument.catalogue import catalogue
from kondusif.instrument.dimensions import DIMENSIONS
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.published import default_recipe, file_of
from kondusif.instrument.recipe import Recipe

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


def indicators_markdown() -> str:
    """The catalogue as Markdown, ending in one newline."""
    recipe = default_recipe()
    parts = [
        HEAD.format(
            n=len(recipe.indicators),
            d=len(recipe.dimension_weights),
            file=file_of(recipe.key),
            key=recipe.key,
        ),
        _floors(recipe),
        _companions(recipe),
        *(_dimension(recipe, kode) for kode in recipe.dimension_weights),
        _not_published(recipe),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _dimension(recipe: Recipe, kode: str) -> str:
    weight = recipe.dimension_weights[kode]
    lines = [
        f"## {kode}. {recipe.name_of(kode)} ({DIMENSIONS[kode][1]}), weight {weight:.2f}",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|" + "---|" * len(COLUMNS),
    ]
    rows = [i for i in recipe.indicators if i.dimension == kode]
    lines += [
        f"| {i.id} | {i.name_id} | {i.name_en} | {i.unit} | {i.lo:g} to {i.hi:g} | {_riskier(i)} | "
        f"{_code(str(i.transform))} | {i.first_stage} | {i.fresh_days} | {i.weight:g} | "
        f"{100 * recipe.shares[i.id]:.2f} % | {i.level} |"
        for i in rows
    ]
    lines += ["", "Who is asked, from what, why, and where the question comes from:", ""]
    lines += [
        f"- **{i.id}** {i.asked_of}: {i.source}. {i.rationale}. Source: {i.reference}.{_rules(i)}"
        for i in rows
    ]
    return "\n".join([*lines, ""])


def _rules(indicator: Indicator) -> str:
    """What else the catalogue says of it, a sentence each."""
    said = (
        (indicator.may_not_apply, "May not apply."),
        (indicator.two_raters, "Two raters, each on their own."),
        (indicator.from_plan, "Reckoned from the plan."),
        (not indicator.changeable, "Stays as it is until the vote."),
    )
    return "".join(f" {text}" for holds, text in said if holds)


def _not_published(recipe: Recipe) -> str:
    """Indicators of the catalogue that the version does not have yet; blank where there is none."""
    rows = [i for i in catalogue().values() if i.id not in recipe.by_id]
    if not rows:
        return ""
    lines = ["## Not published yet", "", *(f"- **{i.id}** {i.name_id} ({i.name_en})." for i in rows)]
    return "\n".join([*lines, ""])


def _riskier(indicator: Indicator) -> str:
    return {"higher_is_riskier": "higher", "lower_is_riskier": "lower"}.get(indicator.direction, "by table")


def _code(text: str) -> str:
    return f"`{text}`"


def _floors(recipe: Recipe) -> str:
    lines = ["## Floors", "", "| Floor | Fires when | Least level | From stage |", "|---|---|---|---|"]
    lines += [f"| {f.id} | {_when(f)} | {f.level} | {f.from_stage or 'any'} |" for f in recipe.floors]
    return "\n".join([*lines, ""])


def _when(floor: Floor) -> str:
    sign = ">" if floor.above else ">="
    with_companion = f" and {floor.companion} is yes" if floor.companion else ""
    return f"{floor.item} {sign} {floor.at:g}{with_companion}"


def _companions(recipe: Recipe) -> str:
    lines = [
        "## Companions",
        "",
        "Answered yes, no or unknown beside a count, since a count hides what kind it was.",
        "",
    ]
    lines += [f"- **{c.id}** {c.name_id} ({c.name_en})." for c in recipe.companions.values()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(indicators_markdown())
