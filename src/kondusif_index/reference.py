"""Writes ``docs/reference/recipe.md`` from the settings of every step and the list of files."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kondusif_index.recipe import IndexRecipe
from kondusif_index.settings import is_table

HEAD = """# Recipe of an index

Written by code from `src/kondusif_index/`; do not edit. How to use it: `docs/how-to/index.md`.

A recipe is one TOML file. A step whose table is absent is not run; normalise, weigh and aggregate always
run. Every key has the default that is shown; an unknown key, or a value of another kind, is refused with
its name.
"""


COLUMNS = "`uCode` and a column per indicator"
FILES = {  # file: when it is written, and what it holds
    "recipe.toml": ("always", "the recipe with its hierarchy: runs again without `iMeta`, to the same bits"),
    "build.json": (
        "always",
        "digests of recipe and data, version, seeds, removed units, warnings, files written",
    ),
    "given_weights.csv": ("`uncertainty.weights.file`", "that table, kept so that `recipe.toml` runs again"),
    "denominated.csv": ("`[denominate]`", f"{COLUMNS}, divided"),
    "screened.csv": ("`[screen]`", f"{COLUMNS}, units that were kept"),
    "screening.csv": (
        "`[screen]`",
        "per unit: counts and shares of gaps and zeros, kept or not, forced or not",
    ),
    "availability.csv": (
        "`[screen]`",
        "`uCode` and a column per aggregate: share of indicators with a value",
    ),
    "imputed.csv": ("`[impute]`, stage raw", COLUMNS),
    "filled.csv": ("`[impute]`", "`uCode, iCode, method, value`: every cell that was filled"),
    "treated.csv": ("`[treat]`", COLUMNS),
    "treatment.csv": (
        "`[treat]`",
        "per indicator: outcome, skewness and kurtosis before and after each step",
    ),
    "treated_points.csv": ("`[treat]`", "`uCode, iCode, label, before, after`: every point that was treated"),
    "normalised.csv": ("always", f"{COLUMNS}, on the scale (and filled, where `[impute]` has that stage)"),
    "weights.csv": (
        "always",
        "`iCode, parent, level, given, weight, share`: within the parent, and in the top",
    ),
    "weighing.json": ("always", "diagnostics of the weighing: consistency, loadings, correlations reached"),
    "scores.csv": (
        "always",
        "`uCode` and a column per aggregate, the top last; then `ilustratif` where iData has it",
    ),
    "ranks.csv": (
        "always",
        "the same as ranks: 1 is highest, ties share the lowest, equal to 10 decimals is equal",
    ),
    "contributions.csv": ("always", f"{COLUMNS} in points of the top, and their `sum`, which is its score"),
    "coverage.csv": (
        "always",
        "`coverage` of the top, `grade` A (0.95) B (0.85) C (0.70) D, and `coverage_X`",
    ),
    "classes.csv": (
        "always",
        "`score, class, label, by_score, distance, nearest, floors`; only the score without `[classes]`; "
        "then `ilustratif` where iData has it",
    ),
    "cuts.csv": ("`[classes]`", "`class, label, from, below`: half-open, `from` inside"),
    "outranking_N.csv": ("`[outrank]`", "the matrix of level N: weight by which the row's unit is higher"),
    "copeland.csv": ("`[outrank]`", "`uCode` and `level_N`: units beaten minus units that beat it"),
    "dominance.csv": (
        "`[outrank]`",
        "`level, kind, dominant, dominated`: pareto (nowhere lower) and strict pairs",
    ),
    "dominance_share.csv": ("`[outrank]`", "their number and share of all pairs"),
    "uncertainty.csv": (
        "`[uncertainty]`",
        "`nominal, rank, mean, sd`, quantiles of score (`q`) and rank (`rank_q`), `p_N` of each class, "
        "`failed` draws, `unknown` share, `firmness`",
    ),
    "draws.csv": ("`[uncertainty]`, up to 2,000,000 cells", "`uCode` and a score per draw, `draw_1` on"),
    "bands.csv": ("`[uncertainty]`", "`low, high`: the outer quantiles of the score, for figures"),
    "failures.csv": ("`[uncertainty]`", "`reason, cells`: why draws failed, in pairs of unit and draw"),
    "sobol.csv": ("`[sobol]`", "`factor, first, first_low, first_high, total, total_low, total_high`"),
    "leave_one_out.csv": (
        "`leave_one_out = true`",
        "per indicator: mean shift of score and rank without it, the largest, and how many classes change",
    ),
    "stats_raw.csv": ("`[audit]`", "per raw indicator: range, mean, median, std, skew, kurt, counts, shares"),
    "stats_scored.csv": ("`[audit]`", "the same per normalised indicator and aggregate"),
    "correlations_KIND_N.csv": (
        "`[audit]`",
        "pearson, spearman, kendall within level N: `first, second, r, p, n`",
    ),
    "correlations_above.csv": ("`[audit]`", "each indicator with everything above it"),
    "correlations_denominators.csv": ("`[audit]`", "each indicator with the numbers beside it"),
    "cronbach.csv": ("`[audit]`", "`of, parent, items, alpha`, of scored and raw columns"),
    "pca.csv": ("`[audit]`", "first component of each parent's children, with its share of the variance"),
    "findings.csv": (
        "`[audit]`",
        "`flag, iCode, other, parent, value, limit`: what an expert should ask about",
    ),
}


def recipe_markdown() -> str:
    """Every table and key of a recipe, with kind, default and meaning; then every file that is written."""
    parts = [HEAD, "## The file itself\n", _text(IndexRecipe)]
    hints = get_type_hints(IndexRecipe)
    plain = [f for f in fields(IndexRecipe) if not _kinds(hints[f.name])]
    parts.append(_keys(plain, hints))
    for f in fields(IndexRecipe):
        for kind in _kinds(hints[f.name]):
            listed = get_origin(hints[f.name]) is tuple
            name = f"[[{f.name}]]" if listed else f"[{f.name}]"
            run = "" if f.default is not None else " Absent: the step is not run."
            parts += [f"## `{name}`\n", f"`{kind.__module__}`.{run}\n", *_section(kind)]
    parts.append("## Files written\n")
    parts.append("CSV in UTF-8, first row the header, every digit of a double, an empty cell is missing.\n")
    rows = [f"| `{name}` | {when} | {holds} |" for name, (when, holds) in FILES.items()]
    parts.append("\n".join(["| File | When | Holds |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _section(kind: type) -> Iterator[str]:
    hints = get_type_hints(kind)
    yield _text(kind)
    yield _keys(fields(kind), hints)
    for inner in dict.fromkeys(k for f in fields(kind) for k in _kinds(hints[f.name])):
        yield f"### `{inner.__name__}`\n"
        yield from _section(inner)


def _text(kind: type) -> str:
    return f"```text\n{inspect.getdoc(kind)}\n```\n"


def _keys(known: Any, hints: dict[str, Any]) -> str:
    rows = [f"| `{f.name}` | {_word(hints[f.name])} | {_default(f)} |" for f in known]
    return "\n".join(["| Key | Kind | Default |", "|---|---|---|", *rows]) + "\n"


def _kinds(hint: Any) -> tuple[type, ...]:
    """Settings classes inside a hint."""
    if is_table(hint):
        return (hint,)
    return tuple(k for inner in get_args(hint) for k in _kinds(inner))


def _word(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "text"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_word(h) for h in inner if h is not type(None)))
    if origin is tuple:
        return f"list of {_word(inner[0])}"
    if origin is not None:
        return f"table: code = {_word(inner[1])}"
    if is_table(hint):
        return f"`{hint.__name__}`"
    return {bool: "true or false", int: "whole number", float: "number"}.get(hint, "text")


def _default(f: Field[Any]) -> str:
    if f.default is MISSING and f.default_factory is MISSING:
        return "must be given"
    found = f.default_factory() if f.default_factory is not MISSING else f.default
    if found is None or found == () or found == {}:
        return "none"
    if is_dataclass(found):
        return "defaults"
    if isinstance(found, tuple):
        return f"`[{', '.join(map(_shown, found))}]`"
    return f"`{_shown(found)}`"


def _shown(found: Any) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    return (
        f'"{found}"' if isinstance(found, str) else f"{found:.6g}" if isinstance(found, float) else str(found)
    )
