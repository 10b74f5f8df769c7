"""An index from whatever holds it: files or data frames in, an ``Index`` that a notebook shows, files out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from html import escape
from math import isnan
from pathlib import Path
from typing import Any

from kondusif_index import output, pipeline
from kondusif_index.audit.outranking import Outranked
from kondusif_index.audit.statistics import Audit
from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.pipeline import Build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.results import ranks
from kondusif_index.tables.columns import UNIT, KnownIndicator, library_of, native_table, read_data, read_meta
from kondusif_index.tree import Tree
from kondusif_index.uncertainty.robustness import Robustness, assess_robustness

Source = Any  # a path (CSV, XLSX, Parquet), a data frame of pandas or polars, or what was read before
ENDS = 5  # units named at each end of the ranking
LATER = {
    "robustness": ("uncertainty", "sobol", "leave_one_out"),
    "outranking": ("outrank",),
    "audit": ("audit",),
}


@dataclass(frozen=True, repr=False)
class Index(Build):
    """A build as an analyst works with it; what takes long is computed when it is first asked for.

    ``library``: what ``table`` is made with, "" for a mapping of lists. ``given``: the table of weights that
    the uncertainty draws from; ``decimal``: the mark that parts its decimals, "" where each column must tell.
    """

    library: str = ""
    given: Path | None = None
    decimal: str = ""

    @cached_property
    def robustness(self) -> Robustness:
        """Monte Carlo, Sobol indices and leave-one-out, each where the recipe asks (method 8.13, 8.14)."""
        return assess_robustness(self, self.given, self.decimal)

    @cached_property
    def outranking(self) -> Mapping[int, Outranked]:
        """Units two by two, by level, where the recipe asks with ``[outrank]``."""
        return output.compared(self) if self.recipe.outrank else {}

    @cached_property
    def audit(self) -> Audit:
        """Statistics, correlations and what an expert should ask about, by ``[audit]`` or its defaults."""
        return output.audited(self)

    @property
    def not_computed(self) -> tuple[str, ...]:
        """What the recipe asks and nobody has called yet, as names of properties."""
        asked = [name for name, keys in LATER.items() if any(getattr(self.recipe, key) for key in keys)]
        return tuple(name for name in asked if name not in vars(self))

    @property
    def columns(self) -> dict[str, list[Any]]:
        """One row per unit, in the order of ``units``: score, rank, class, coverage and every aggregate."""
        found: dict[str, list[Any]] = {UNIT: list(self.units), "score": _cells(self.score)}
        found["rank"] = [int(rank) or None for rank in ranks(self.score)]
        if self.classed is not None and self.levels is not None:
            found["class"] = [int(level) or None for level in self.levels]
            found["label"] = [self._label(int(level)) for level in self.levels]
        found |= {"coverage": self.coverage.tolist(), "grade": list(self.grade)}
        return found | {code: _cells(score) for code, score in self.scores.items()}

    def table(self) -> Any:
        """``columns`` as a data frame of the caller's own library; a mapping of lists where there is none."""
        return native_table(self.columns, self.library)

    def _label(self, level: int) -> str | None:
        return self.classed.labels[level - 1] if self.classed is not None and level else None

    @property
    def _ranked(self) -> list[int]:
        """Rows with a score, the highest first."""
        scored = [k for k, score in enumerate(self.score) if not isnan(score)]
        return sorted(scored, key=lambda k: (-self.score[k], self.units[k]))

    def _lines(self) -> Iterator[str]:
        recipe, ranked = self.recipe, self._ranked
        indicators = len(self.tree.leaves)
        yield f"Index {recipe.kode}/{recipe.version}: {len(self.units)} units, {indicators} indicators"
        for name, rows in (("highest", ranked[:ENDS]), ("lowest", ranked[::-1][:ENDS])):
            yield f"  {name}: " + ", ".join(f"{self.units[k]} {self.score[k]:.2f}" for k in rows)
        if self.levels is not None:
            counts = Counter(self._label(int(level)) or "none" for level in self.levels)
            yield "  classes: " + ", ".join(f"{label} {n}" for label, n in counts.most_common())
        yield f"  coverage: {self.coverage.min():.0%} to {self.coverage.max():.0%}"
        if self.warnings:
            yield f"  warnings: {len(self.warnings)}, the first: {self.warnings[0]}"
        if self.not_computed:
            calls = ", ".join(f".{name}" for name in self.not_computed)
            yield f"  not computed yet: {', '.join(self.not_computed)}; call {calls}"

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        """What a notebook shows: the lines of ``repr``, and the table as its library draws it."""
        table = self.table()._repr_html_() if self.library else ""
        return f"<pre>{escape(repr(self))}</pre>{table}"


def _cells(column: Any) -> list[float | None]:
    return [None if isnan(x) else float(x) for x in column]


def build(
    recipe: IndexRecipe | str | Path,
    data: Source,
    meta: Source | None = None,
    *,
    last: Source | None = None,
    indicators: Mapping[str, KnownIndicator] | None = None,
    decimal: str = "",
) -> Index:
    """The index of ``recipe`` (settings, TOML text, or the path of a ``.toml``) over ``data``.

    ``meta`` None: the hierarchy stands in the recipe. ``last``: a table like ``data`` with the answers of the
    last election; ``indicators``: those of an instrument, for normalisation by it; ``decimal``: the mark that
    parts decimals in every table, ``,`` or ``.``, by default what each column tells. Raises ``ImportRefused``
    with every problem of a table, ``RecipeError`` for recipe or tree.
    """
    how, given = _with_tree(recipe, meta, indicators, decimal)
    tree = how.tree
    numbers = [d for d in how.denominate.by.values() if d] if how.denominate else []

    def read(source: Source) -> Data:
        if isinstance(source, Data):
            return source
        return read_data(source, tree, numbers=numbers, decimal=decimal)

    built = pipeline.build(how, read(data), last=None if last is None else read(last))
    known = {f.name: getattr(built, f.name) for f in fields(built)}
    return Index(**known, library=library_of(data), given=given, decimal=decimal)


def read_recipe(
    recipe: IndexRecipe | str | Path,
    meta: Source | None = None,
    *,
    indicators: Mapping[str, KnownIndicator] | None = None,
    decimal: str = "",
) -> IndexRecipe:
    """The recipe with its hierarchy, as ``build`` takes them; raises what that raises."""
    return _with_tree(recipe, meta, indicators, decimal)[0]


def write(index: Index, out: str | Path, inputs: Iterable[Path] = ()) -> None:
    """Every step, and everything that the recipe asks, as files in the folder ``out``.

    Raises ``RecipeError`` where one of ``inputs``, or the table of weights, would be written over.
    """
    given = index.given
    read = [*inputs] if given is None or given.name == output.GIVEN else [*inputs, given]
    output.write(index, Path(out), index.robustness, given=given, inputs=read)


def run_files(
    data: Path,
    meta: Path | None,
    recipe: Path,
    out: Path,
    *,
    last: Path | None = None,
    indicators: Mapping[str, KnownIndicator] | None = None,
    decimal: str = "",
    progress: Callable[[str], None] = lambda step: None,
) -> Build:
    """What ``kondusif measure`` does: ``build`` and ``write``, nothing unless everything was computed."""
    progress("membaca")
    built = build(recipe, data, meta, last=last, indicators=indicators, decimal=decimal)
    progress("menghitung")
    built.contributions  # noqa: B018 - computed before anything is written
    built.robustness  # noqa: B018
    progress("menulis")
    write(built, out, [path for path in (data, meta, last) if path is not None])
    return built


def _with_tree(
    recipe: IndexRecipe | str | Path,
    meta: Source | None,
    indicators: Mapping[str, KnownIndicator] | None,
    decimal: str,
) -> tuple[IndexRecipe, Path | None]:
    """The recipe on its hierarchy, and the table of weights to draw from."""
    how, given = _recipe(recipe)
    tree = _tree(how, meta, indicators, decimal)
    _refuse_to_guess(how, tree)
    how = how.on(tree)
    how.check_codes()
    return how, given


def _recipe(source: IndexRecipe | str | Path) -> tuple[IndexRecipe, Path | None]:
    """The recipe, and the table of weights to draw from; the recipe names that as it will be kept."""
    if isinstance(source, IndexRecipe):
        return _given(source, Path())
    if isinstance(source, str) and not source.endswith(".toml"):
        return _given(IndexRecipe.from_toml(source), Path())
    path = Path(source)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RecipeError(f"{path.name}: not UTF-8; save it as UTF-8", file=path.name) from None
    try:
        return _given(IndexRecipe.from_toml(text), path.parent)
    except RecipeError as error:
        raise RecipeError(f"{path.name}: {error}", why=error.reason, **error.facts) from None


def _given(how: IndexRecipe, folder: Path) -> tuple[IndexRecipe, Path | None]:
    """The table of weights to draw from, and the recipe with the name that it is kept under."""
    varied = how.uncertainty
    if varied is None or not varied.weights.file:
        return how, None
    kept = replace(varied, weights=replace(varied.weights, file=output.GIVEN))
    return replace(how, uncertainty=kept), folder / varied.weights.file


def _tree(
    how: IndexRecipe, meta: Source | None, indicators: Mapping[str, KnownIndicator] | None, decimal: str
) -> Tree:
    if meta is None:
        return how.tree
    if how.nodes:
        raise RecipeError("the recipe holds a hierarchy and --meta gives another; keep one", key="nodes")
    if isinstance(meta, Tree):
        return meta
    known = indicators if how.normalise.method == "instrument" else None
    return read_meta(meta, ragged=how.ragged, indicators=known, decimal=decimal)


def _refuse_to_guess(how: IndexRecipe, tree: Tree) -> None:
    """Refuses to guess whether the denominators that the hierarchy names are to be used."""
    named = sorted({n.denominator for n in tree.leaves if n.denominator})
    if named and how.denominate is None:
        raise RecipeError(
            f"the hierarchy names denominators ({', '.join(named)}): write [denominate] with "
            'method = "tree" to divide by them, or method = "none" to leave the columns as they are',
            key="denominate",
        )
