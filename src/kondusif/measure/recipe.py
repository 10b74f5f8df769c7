"""A recipe: everything that turns answers into a score and a class, frozen and named by its digest.

Experts change a recipe and must defend it, so it is data. A published recipe is never edited; a new version
replaces it. All numbers of the default are proposals that an operation order can change (RULES, [P]).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from math import fsum
from types import MappingProxyType
from typing import Any

from kondusif.errors import RecipeError
from kondusif.measure.catalogue import COMPANIONS, DIMENSIONS, STAGES, Indicator, Transform, catalogue

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Floor:
    """A fact that alone sets a least level, whatever the score (RULES 3, method 2.3).

    Fires when ``item`` reaches ``at`` (``above``: exceeds it) and ``companion``, if any, says yes;
    ``from_stage``: not before that stage.
    """

    id: str
    item: str
    at: float
    level: int
    companion: str = ""
    above: bool = False
    from_stage: str = ""

    def reached(self, value: float) -> bool:
        return value > self.at if self.above else value >= self.at


# RULES 3; "D06 at least once" on its own is at least level 2: every kind of D06 is a threat or worse
FLOORS = (
    Floor("D05_senjata", "D05", 1, 3),
    Floor("D06_kekerasan", "D06", 1, 3, companion="D06_violence"),
    Floor("D06_ancaman", "D06", 1, 2, companion="D06_threat"),
    Floor("D06_kejadian", "D06", 1, 2),
    Floor("D01_korban_jiwa", "D01", 1, 2, companion="D01_fatal"),
    Floor("A05_massa", "A05", 1, 2, companion="A05_crowd"),
    Floor("A08_undangan", "A08", 10, 2, above=True, from_stage="masa_tenang"),
)


@dataclass(frozen=True, slots=True)
class Certainty:
    """How hard a class is shaken to see whether it stands (method 2.10); all proposals [P].

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


DIMENSION_WEIGHTS = MappingProxyType({"A": 0.20, "B": 0.15, "C": 0.15, "D": 0.25, "E": 0.15, "F": 0.10})

# wording and origin of an indicator; they do not change a score, so the digest leaves them out
_TEXT = ("subdimension", "name_id", "name_en", "source", "rationale", "reference")


@dataclass(frozen=True)
class Recipe:
    """How answers become a score and a class. Raises ``RecipeError`` when it contradicts itself.

    ``cuts`` on 0-100, half-open; ``provisional_below`` a share of coverage due; ``near`` in points;
    ``force_without`` items left out where the class sizes the force (RULES 5); ``tps_items`` replaced by a
    station's own values (RULES 4); ``dimension_names`` names of dimensions that the catalogue does not have,
    wording like an indicator's.
    """

    kode: str
    version: str
    indicators: tuple[Indicator, ...]
    dimension_weights: Mapping[str, float]
    cuts: tuple[float, float] = (20.0, 40.0)
    provisional_below: float = 0.70
    near: float = 2.0
    force_without: tuple[str, ...] = ("F01", "F03")
    tps_items: tuple[str, ...] = ("A08", "C03", "E01", "E03", "E05", "E06", "F02")
    floors: tuple[Floor, ...] = field(default=FLOORS)
    certainty: Certainty = field(default=Certainty())
    dimension_names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("dimension_weights", "dimension_names"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        ids = [i.id for i in self.indicators]
        if not ids:
            raise RecipeError("a recipe needs indicators", why="no_indicators")
        if len(set(ids)) != len(ids):
            raise RecipeError(
                "an indicator stands twice",
                why="twice",
                field="id",
                indicators=sorted({i for i in ids if ids.count(i) > 1}),
            )
        used = {i.dimension for i in self.indicators}
        if used != set(self.dimension_weights):
            raise RecipeError(
                "dimension weights and indicators differ",
                why="dimensions_differ",
                dimensions=sorted(used.symmetric_difference(self.dimension_weights)),
            )
        if any(not w > 0 for w in self.dimension_weights.values()):
            raise RecipeError("a dimension weight must be above 0", why="dimension_weight")
        if abs(fsum(self.dimension_weights.values()) - 1) > 1e-9:
            raise RecipeError(
                "dimension weights do not sum to 1",
                why="dimension_sum",
                total=fsum(self.dimension_weights.values()),
            )
        if len(self.cuts) != 2 or not 0 < self.cuts[0] < self.cuts[1] < 100:
            raise RecipeError("cut-offs must rise between 0 and 100", why="cuts", cuts=self.cuts)
        if not 0 <= self.provisional_below <= 1 or not self.near >= 0:
            raise RecipeError("coverage is a share and nearness is not negative", why="provisional_near")
        if others := sorted(set(self.dimension_names) - (set(self.dimension_weights) - set(DIMENSIONS))):
            raise RecipeError(
                "a name for a dimension that is not here or has one",
                why="dimensions_differ",
                dimensions=others,
            )
        for name in (*self.force_without, *self.tps_items):
            if name not in ids:
                raise RecipeError(f"no such indicator: {name}", why="unknown_indicator", indicator=name)
        for floor in self.floors:
            if floor.item not in ids or (floor.companion and floor.companion not in COMPANIONS):
                raise RecipeError(f"floor {floor.id} rests on nothing", why="floor_item", floor=floor.id)
            if floor.level not in LEVELS or (floor.from_stage and floor.from_stage not in STAGES):
                raise RecipeError(
                    f"floor {floor.id}: no such level or stage", why="floor_level", floor=floor.id
                )

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        return {i.id: i for i in self.indicators}

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
        """Class level of a total 0-100; a total on a cut-off belongs above it (RULES 6, method 2.1)."""
        return 1 + sum(total >= cut for cut in self.cuts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the method in canonical JSON; names of dimensions and indicators, and sources, stand
        outside."""
        plain = _plain(self)
        del plain["dimension_names"]
        for row in plain["indicators"]:
            for name in _TEXT:
                del row[name]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """The whole recipe as TOML; ``from_toml`` gives it back unchanged."""
        plain = _plain(self)
        tables = {"floors": plain.pop("floors"), "indicators": plain.pop("indicators")}
        weights, certainty = plain.pop("dimension_weights"), plain.pop("certainty")
        names = plain.pop("dimension_names")
        lines = [f"{k} = {_toml(v)}" for k, v in plain.items()]
        lines += ["", "[dimension_weights]", *(f"{k} = {_toml(v)}" for k, v in weights.items())]
        if names:  # a recipe without own dimensions reads as it always did
            lines += ["", "[dimension_names]", *(f"{k} = {_toml(v)}" for k, v in names.items())]
        lines += ["", "[certainty]", *(f"{k} = {_toml(v)}" for k, v in certainty.items())]
        for name, rows in tables.items():
            for row in rows:
                lines += ["", f"[[{name}]]", *(f"{k} = {_toml(v)}" for k, v in row.items())]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text: str) -> Recipe:
        """Reads a recipe. Raises ``RecipeError`` naming a key that is unknown, missing or of a wrong kind."""
        try:
            plain = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"not TOML: {error}") from None
        try:
            rows = [_known(Indicator, row) for row in plain.get("indicators", [])]
            plain["indicators"] = tuple(
                Indicator(
                    **{
                        **row,
                        "transform": Transform.parse(row["transform"]),
                        "lo": float(row["lo"]),
                        "hi": float(row["hi"]),
                        "weight": float(row["weight"]),
                    }
                )
                for row in rows
            )
            if "floors" in plain:
                plain["floors"] = tuple(
                    Floor(**{**_known(Floor, row), "at": float(row["at"])}) for row in plain["floors"]
                )
            if "certainty" in plain:
                given = _known(Certainty, plain["certainty"])
                if "firm" in given:
                    given["firm"] = tuple(float(x) for x in given["firm"])
                plain["certainty"] = Certainty(**given)
            for name in ("cuts", "force_without", "tps_items"):
                if name in plain:
                    plain[name] = tuple(plain[name])
            if "cuts" in plain:
                plain["cuts"] = tuple(float(cut) for cut in plain["cuts"])
            return cls(**_known(cls, plain))
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise RecipeError(f"the recipe cannot be read: {error}") from None


def _known(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(row) - {f.name for f in fields(kind)}:
        raise RecipeError(f"unknown keys: {', '.join(sorted(unknown))}", keys=sorted(unknown))
    return dict(row)


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


def _toml(value: object) -> str:
    # a JSON string, number, boolean or list is also a TOML one, and floats keep every digit
    return json.dumps(value, ensure_ascii=False)


def default_recipe() -> Recipe:
    """The product's proposal: catalogue weights, cut-offs 20 and 40 (RULES 6)."""
    return Recipe("kondusif-45", "1", tuple(catalogue().values()), DIMENSION_WEIGHTS)
