"""An index from files to files: what ``kondusif measure --data --meta --recipe --out`` does (method 8.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kondusif_index.errors import RecipeError
from kondusif_index.output import GIVEN, write
from kondusif_index.pipeline import Build, build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.tables.inputs import KnownIndicator, read_data, read_meta
from kondusif_index.tree import Tree
from kondusif_index.uncertainty.robustness import assess_robustness


def run_files(
    data: Path,
    meta: Path | None,
    recipe: Path,
    out: Path,
    *,
    last: Path | None = None,
    indicators: Mapping[str, KnownIndicator] | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Build:
    """Reads the tables and the recipe, builds, writes. Nothing is written unless everything was computed.

    ``meta`` None: the hierarchy stands in the recipe. ``last``: a table like ``data`` with the answers of the
    last election; ``indicators``: those of an instrument, for normalisation by it. Raises
    ``ImportRefused`` with every problem of a table, ``RecipeError`` for recipe or tree.
    """
    try:
        text = recipe.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RecipeError(f"{recipe.name}: not UTF-8; save it as UTF-8", file=recipe.name) from None
    how, given = _given(IndexRecipe.from_toml(text), recipe.parent)
    progress("membaca")
    tree = _tree(how, meta, indicators)
    _refuse_to_guess(how, tree)
    numbers = [d for d in how.denominate.by.values() if d] if how.denominate else []
    now = read_data(data, tree, numbers=numbers)
    before = None if last is None else read_data(last, tree, numbers=numbers)
    progress("menghitung")
    built = build(how, now, tree, last=before)
    built.contributions  # noqa: B018 - computed before anything is written
    found = assess_robustness(built, given)
    progress("menulis")
    inputs = [path for path in (data, meta, last) if path is not None]
    if given is not None and given.name != GIVEN:
        inputs.append(given)
    write(built, out, found, given=given, inputs=inputs)
    return built


def _given(how: IndexRecipe, folder: Path) -> tuple[IndexRecipe, Path | None]:
    """The table of weights to draw from, and the recipe with the name that it is kept under."""
    varied = how.uncertainty
    if varied is None or not varied.weights.file:
        return how, None
    kept = replace(varied, weights=replace(varied.weights, file=GIVEN))
    return replace(how, uncertainty=kept), folder / varied.weights.file


def _tree(how: IndexRecipe, meta: Path | None, indicators: Mapping[str, KnownIndicator] | None) -> Tree:
    if meta is None:
        return how.tree
    if how.nodes:
        raise RecipeError("the recipe holds a hierarchy and --meta gives another; keep one", key="nodes")
    known = indicators if how.normalise.method == "instrument" else None
    return read_meta(meta, ragged=how.ragged, indicators=known)


def _refuse_to_guess(how: IndexRecipe, tree: Tree) -> None:
    """Refuses to guess whether the denominators that the hierarchy names are to be used."""
    named = sorted({n.denominator for n in tree.leaves if n.denominator})
    if named and how.denominate is None:
        raise RecipeError(
            f"the hierarchy names denominators ({', '.join(named)}): write [denominate] with "
            'method = "tree" to divide by them, or method = "none" to leave the columns as they are',
            key="denominate",
        )
