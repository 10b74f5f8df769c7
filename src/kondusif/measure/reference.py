"""Writes ``docs/reference/indicators.md`` from the catalogue: ``python -m kondusif.measure.reference``."""

from __future__ import annotations

import sys

from kondusif.measure.catalogue import COMPANION_TEXT, COMPANIONS, DIMENSIONS, Indicator, catalogue
from kondusif.measure.recipe import Floor, Recipe, default_recipe

HEAD = """# Indicators

Written by code from `src/kondusif/measure/catalogue.csv`; do not edit. {n} indicators in {d} dimensions,
default recipe `{kode}` version {version}. Weights, ranges, freshness and cut-offs are proposals and need
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
        HEAD.format(n=len(catalogue()), d=len(DIMENSIONS), kode=recipe.kode, version=recipe.version),
        _floors(recipe),
        _companions(),
        *(_dimension(recipe, kode) for kode in DIMENSIONS),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _dimension(recipe: Recipe, kode: str) -> str:
    name_id, name_en = DIMENSIONS[kode]
    lines = [
        f"## {kode}. {name_id} ({name_en}), weight {recipe.dimension_weights[kode]:.2f}",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|" + "---|" * len(COLUMNS),
    ]
    rows = [i for i in catalogue().values() if i.dimension == kode]
    lines += [
        f"| {i.id} | {i.name_id} | {i.name_en} | {i.unit} | {i.lo:g} to {i.hi:g} | {_riskier(i)} | "
        f"{_code(str(i.transform))} | {i.first_stage} | {i.fresh_days} | {i.weight:g} | "
        f"{100 * recipe.shares[i.id]:.2f} % | {i.level} |"
        for i in rows
    ]
    lines += ["", "Asked of, why, and where from:", ""]
    lines += [
        f"- **{i.id}** {i.source}. {i.rationale}. Source: {i.reference}."
        + (" May not apply." if i.may_not_apply else "")
        for i in rows
    ]
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


def _companions() -> str:
    lines = [
        "## Companions",
        "",
        "Answered yes, no or unknown beside a count, since a count hides what kind it was.",
        "",
    ]
    lines += [f"- **{c}** {COMPANION_TEXT[c][0]} ({COMPANION_TEXT[c][1]})." for c in COMPANIONS]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(indicators_markdown())
