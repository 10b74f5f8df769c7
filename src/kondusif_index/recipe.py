"""A recipe of any index: the hierarchy and the settings of every step, frozen, with a digest (method 8.3).

``IndexRecipe.from_toml(text)`` reads one, ``to_toml()`` writes what reads back the same. The digest covers
everything that can change a number; names and units of indicators stand outside.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

import tomli_w

from kondusif_index.audit.outranking import Outranking
from kondusif_index.audit.statistics import Auditing
from kondusif_index.errors import RecipeError
from kondusif_index.settings import read, refuse_unknown
from kondusif_index.steps import STEPS
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, IndexFloor
from kondusif_index.steps.denominate import Denominating
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import Normalising
from kondusif_index.steps.screen import Screening
from kondusif_index.steps.treat import Treating
from kondusif_index.steps.weigh import Weighing
from kondusif_index.transform import Transform
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.perturbation import Perturbation, Sobol

TEXT = ("name", "unit")  # of a node: what people read, not what changes a number


@dataclass(frozen=True)
class IndexRecipe:
    """Everything that turns a table into an index. A step whose table is absent is not run.

    ``nodes``: the hierarchy; may be left out where an ``iMeta`` table gives it. ``ragged``: a child may skip
    levels. ``order``: the steps on data in the order in which they run, normalise last. ``floors`` need
    ``classes``. ``leave_one_out``: what the scores would be without each indicator in turn.
    Raises ``RecipeError`` when it contradicts itself.
    """

    kode: str = "index"
    version: str = "1"
    ragged: bool = False
    order: tuple[str, ...] = tuple(STEPS)
    nodes: tuple[Node, ...] = ()
    denominate: Denominating | None = None
    screen: Screening | None = None
    impute: Imputing | None = None
    treat: Treating | None = None
    normalise: Normalising = field(default_factory=Normalising)
    weigh: Weighing = field(default_factory=Weighing)
    aggregate: Aggregating = field(default_factory=Aggregating)
    classes: Classing | None = None
    floors: tuple[IndexFloor, ...] = ()
    outrank: Outranking | None = None
    audit: Auditing | None = None
    uncertainty: Perturbation | None = None
    sobol: Sobol | None = None
    leave_one_out: bool = False

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.order) - set(STEPS)):
            raise RecipeError(f"order: no such step: {', '.join(unknown)}; known: {', '.join(STEPS)}")
        if len(set(self.order)) != len(self.order) or "normalise" not in self.order:
            raise RecipeError("order: every step once, and normalise among them", key="order")
        if self.order[-1] != "normalise":
            raise RecipeError(
                'order: normalise comes last; to fill after it, set stage = "normalised" in [impute]',
                key="order",
            )
        for name in STEPS:
            if getattr(self, name) is not None and name not in self.order:
                raise RecipeError(f"order: {name} has settings and no place", key="order")
        if self.floors and self.classes is None:
            raise RecipeError("floors need classes", key="floors")
        if self.nodes:
            self.check_codes()

    def check_codes(self) -> None:
        """Raises ``RecipeError`` where floors name an indicator that the hierarchy lacks."""
        refuse_unknown("floors", [floor.item for floor in self.floors], self.tree.leaf_codes)

    @cached_property
    def steps(self) -> tuple[tuple[str, Any], ...]:
        """Name and settings of the steps on data that run, in their order; filling on the scale is last."""
        found = [(name, how) for name in self.order if (how := getattr(self, name)) is not None]
        return tuple(sorted(found, key=lambda step: getattr(step[1], "stage", "") == "normalised"))

    @cached_property
    def tree(self) -> Tree:
        """The hierarchy. Raises ``RecipeError`` where the recipe holds none."""
        if not self.nodes:
            raise RecipeError("the recipe holds no hierarchy: give nodes, or an iMeta table", key="nodes")
        return Tree(self.nodes, self.ragged)

    def on(self, tree: Tree) -> IndexRecipe:
        """The same recipe with this hierarchy, as a build stores it."""
        return replace(self, ragged=tree.ragged, nodes=tree.nodes)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all settings in canonical JSON; the order of nodes does not matter."""
        plain = asdict(self)
        rows = sorted((_plain_node(n) for n in self.nodes), key=lambda n: n["code"])
        plain["nodes"] = [{k: v for k, v in row.items() if k not in TEXT} for row in rows]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """As TOML, defaults left out; ``from_toml`` gives the same recipe back."""
        plain = _given(self)
        return tomli_w.dumps({"kode": self.kode, "version": self.version} | plain)

    @classmethod
    def from_toml(cls, text: str) -> IndexRecipe:
        """Reads a recipe. Raises ``RecipeError`` naming the key, what was found and what is expected."""
        try:
            plain = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"the recipe is not TOML: {error}") from None
        return read(cls, plain, "")


def _plain_node(node: Node) -> dict[str, Any]:
    return asdict(node) | {"transform": str(node.transform or "")}


def _given(kind: Any) -> dict[str, Any]:
    """Fields of a dataclass that differ from their defaults, as plain values."""
    out = {}
    for f in fields(kind):
        found = getattr(kind, f.name)
        default = f.default_factory() if f.default_factory is not MISSING else f.default
        if found != default or (f.default is None and found is not None):
            out[f.name] = _plain(found)
    return out


def _plain(found: Any) -> Any:
    if isinstance(found, Transform):
        return str(found)
    if is_dataclass(found):
        return _given(found)
    if isinstance(found, Mapping):
        return {str(k): _plain(v) for k, v in found.items()}
    if isinstance(found, tuple | list):
        return [_plain(x) for x in found]
    return found
