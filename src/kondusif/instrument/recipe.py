"""A recipe: everything that turns answers into a score and a class, frozen and named by its digest.

Experts change a recipe and must defend it, so it is data. A published recipe is never edited; a new version
replaces it. All numbers of the product's own are proposals that an operation order can change (RULES, [P]).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from math import fsum
from types import MappingProxyType
from typing import Any

from kondusif.errors import RecipeError
from kondusif.instrument.catalogue import DIMENSIONS
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import STAGES, Companion, Indicator, item_ids
from kondusif.logbook import digest
from kondusif.stages import LEVELS
from kondusif_index.rounding import edges
from kondusif_index.settings import read

KODE = re.compile(r"[a-z][a-z0-9-]{2,39}")  # code of an instrument


@dataclass(frozen=True, slots=True)
class Certainty:
    """How much the Monte Carlo perturbs to see how firm a class is (method 2.10); all proposals [P].

    ``weights`` and ``posts``: relative spread of weights and of the width of goalposts, uniform; ``noise``:
    standard deviation of an answer as a share of its range; ``flip``: chance that a yes or no is wrong;
    ``firm``: least P(class) for "pasti" and for "hampir pasti" (RULES 8).
    """

    draws: int = 1000
    seed: int = 1
    weights: float = 0.25
    posts: float = 0.10
    noise: float = 0.05
    flip: float = 0.02
    firm: tuple[float, float] = (0.90, 0.75)

    def __post_init__(self) -> None:
        if not 100 <= self.draws <= 100_000 or self.seed < 0:
            raise RecipeError("certainty needs 100 to 100,000 draws and a seed of 0 or more", field="draws")
        for name in ("weights", "posts", "noise", "flip"):
            if not 0 <= getattr(self, name) < 1:
                raise RecipeError(f"certainty {name} is a share below 1", field=name)
        if len(self.firm) != 2 or not 0.5 < self.firm[1] <= self.firm[0] <= 1:
            raise RecipeError("certainty firm falls from at most 1 to above 0.5", field="firm")


# What the digest covers. Wording, origin, and what does not change a score or a class stand outside; a new
# field does as well, so that no digest of a published version moves. Add one here only with a new version.
_METHOD = (
    "kode",
    "version",
    "indicators",
    "dimension_weights",
    "cuts",
    "provisional_below",
    "near",
    "force_without",
    "tps_items",
    "floors",
    "certainty",
)
_METHOD_OF_INDICATOR = (
    "id",
    "dimension",
    "type",
    "unit",
    "direction",
    "lo",
    "hi",
    "transform",
    "level",
    "first_stage",
    "fresh_days",
    "weight",
    "may_not_apply",
)


@dataclass(frozen=True)
class Recipe:
    """How answers become a score and a class. Raises ``RecipeError`` when it contradicts itself.

    ``cuts`` on 0-100, half-open; ``provisional_below`` a share of coverage due; ``near`` in points;
    ``force_without`` items left out where the class sizes the force (RULES 5); ``tps_items`` replaced by a
    station's own values (RULES 4); ``dimension_names`` Indonesian names, wording like an indicator's.
    """

    kode: str
    version: str
    indicators: tuple[Indicator, ...]
    dimension_weights: Mapping[str, float]
    cuts: tuple[float, float] = (20.0, 40.0)
    provisional_below: float = 0.70
    near: float = 2.0
    force_without: tuple[str, ...] = ()
    tps_items: tuple[str, ...] = ()
    floors: tuple[Floor, ...] = ()
    certainty: Certainty = field(default=Certainty())
    dimension_names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("dimension_weights", "dimension_names"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        _check_indicators(self)
        _check_dimensions(self)
        _check_numbers(self)
        _check_floors(self)

    @property
    def key(self) -> str:
        """``kondusif-45/1``: the name under which it is published and found again."""
        return f"{self.kode}/{self.version}"

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        return {i.id: i for i in self.indicators}

    @cached_property
    def companions(self) -> Mapping[str, Companion]:
        """Companions of its indicators by id, in their order."""
        return {c.id: c for i in self.indicators for c in i.companions}

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Every id that an answer may carry: indicators, then companions."""
        return item_ids(self.indicators)

    @cached_property
    def from_plan(self) -> tuple[str, ...]:
        """Items computed from the approved plan, asked of nobody (RULES 5)."""
        return tuple(i.id for i in self.indicators if i.from_plan)

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Weight of each indicator in the whole, summing to 1 when all are answered."""
        totals = {
            d: fsum(i.weight for i in self.indicators if i.dimension == d) for d in self.dimension_weights
        }
        return {
            i.id: self.dimension_weights[i.dimension] * i.weight / totals[i.dimension]
            for i in self.indicators
        }

    def name_of(self, dimension: str) -> str:
        """Its Indonesian name: its own, the catalogue's, or its letter where nobody named it."""
        known = DIMENSIONS.get(dimension)
        return self.dimension_names.get(dimension) or (known[0] if known else dimension)

    def level_of(self, total: float) -> int:
        """Class level of a total 0-100; a total on a cut-off belongs above it (RULES 6, method 2.1).

        What equals a cut-off to 10 decimals is on it: the rest is rounding.
        """
        return 1 + sum(total >= edge for edge in edges(self.cuts))

    def provisional(self, coverage: float) -> bool:
        """Whether too little of what is due is answered for a class that is not provisional (RULES 1)."""
        return coverage < edges([self.provisional_below])[0]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the method in canonical JSON; wording, sources and who is asked stand outside."""
        plain = _plain(self)
        method: dict[str, Any] = {name: plain[name] for name in _METHOD}
        method["indicators"] = [{name: i[name] for name in _METHOD_OF_INDICATOR} for i in plain["indicators"]]
        return digest(method)

    def to_toml(self) -> str:
        """The whole recipe as TOML; ``from_toml`` gives it back unchanged."""
        plain = _plain(self)
        tables = {"floors": plain.pop("floors"), "indicators": plain.pop("indicators")}
        weights, certainty = plain.pop("dimension_weights"), plain.pop("certainty")
        names = plain.pop("dimension_names")
        lines = [*_toml_lines(plain), "", "[dimension_weights]", *_toml_lines(weights)]
        if names:
            lines += ["", "[dimension_names]", *_toml_lines(names)]
        lines += ["", "[certainty]", *_toml_lines(certainty)]
        for name, rows in tables.items():
            for row in rows:
                lines += ["", f"[[{name}]]", *_toml_lines(row)]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text: str) -> Recipe:
        """Reads a recipe. Raises ``RecipeError`` naming a key that is unknown, missing or of a wrong kind."""
        try:
            plain = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"the recipe is not TOML: {error}") from None
        for name in ("force_without", "tps_items"):
            if name not in plain:
                raise RecipeError(f"{name} must be given: left out in silence, a plan would size the plan")
        return read(cls, plain, "")


def _plain(recipe: Recipe) -> dict[str, Any]:
    plain = {f.name: getattr(recipe, f.name) for f in fields(recipe)}
    plain["dimension_weights"] = dict(sorted(recipe.dimension_weights.items()))
    plain["dimension_names"] = dict(sorted(recipe.dimension_names.items()))
    plain["indicators"] = [{**asdict(i), "transform": str(i.transform)} for i in recipe.indicators]
    plain["certainty"] = {**asdict(recipe.certainty), "firm": list(recipe.certainty.firm)}
    plain["floors"] = [{**asdict(f), "at": float(f.at)} for f in recipe.floors]
    for name in ("cuts", "force_without", "tps_items"):
        plain[name] = list(plain[name])
    return plain


def _toml_lines(table: Mapping[str, object]) -> list[str]:
    return [f"{k} = {_toml(v)}" for k, v in table.items()]


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # a JSON string, number or boolean is also a TOML one, and floats keep every digit
    return json.dumps(value, ensure_ascii=False)


def _check_indicators(recipe: Recipe) -> None:
    ids = [i.id for i in recipe.indicators]
    if not ids:
        raise RecipeError("a recipe needs indicators", why="no_indicators")
    if len(set(ids)) != len(ids):
        raise RecipeError(
            "an indicator stands twice",
            why="twice",
            field="id",
            indicators=sorted({i for i in ids if ids.count(i) > 1}),
        )
    check_known(recipe, (*recipe.force_without, *recipe.tps_items))


def check_known(recipe: Recipe, items: Iterable[str]) -> None:
    """Raises RecipeError for an item that is no indicator of the recipe."""
    for name in items:
        if name not in recipe.by_id:
            raise RecipeError(f"no such indicator: {name}", why="unknown_indicator", indicator=name)


def _check_dimensions(recipe: Recipe) -> None:
    weights = recipe.dimension_weights
    used = {i.dimension for i in recipe.indicators}
    if used != set(weights):
        raise RecipeError(
            "dimension weights and indicators differ",
            why="dimensions_differ",
            dimensions=sorted(used.symmetric_difference(weights)),
        )
    if any(not w > 0 for w in weights.values()):
        raise RecipeError("a dimension weight must be above 0", why="dimension_weight")
    if abs(fsum(weights.values()) - 1) > 1e-9:
        raise RecipeError(
            "dimension weights do not sum to 1", why="dimension_sum", total=fsum(weights.values())
        )
    if others := sorted(set(recipe.dimension_names) - set(weights)):
        raise RecipeError(
            "a name for a dimension that is not here", why="dimensions_differ", dimensions=others
        )


def _check_numbers(recipe: Recipe) -> None:
    if len(recipe.cuts) != 2 or not 0 < recipe.cuts[0] < recipe.cuts[1] < 100:
        raise RecipeError("cut-offs must rise between 0 and 100", why="cuts", cuts=recipe.cuts)
    if not 0 <= recipe.provisional_below <= 1 or not recipe.near >= 0:
        raise RecipeError("coverage is a share and nearness is not negative", why="provisional_near")


def _check_floors(recipe: Recipe) -> None:
    for floor in recipe.floors:
        item = recipe.by_id.get(floor.item)
        if item is None or floor.companion not in {"", *(c.id for c in item.companions)}:
            raise RecipeError(f"floor {floor.id} rests on nothing", why="floor_item", floor=floor.id)
        if floor.level not in LEVELS or (floor.from_stage and floor.from_stage not in STAGES):
            raise RecipeError(f"floor {floor.id}: no such level or stage", why="floor_level", floor=floor.id)
