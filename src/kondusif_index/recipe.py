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
from kondusif_index.settings import read
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing
from kondusif_index.steps.denominate import Denominating
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import Normalising
from kondusif_index.steps.screen import Screening
from kondusif_index.steps.treat import Treating
from kondusif_index.steps.weigh import Weighing
from kondusif_index.transform import Transform
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.perturbation import Shaking
from kondusif_index.uncertainty.sobol import Sobol

STEPS = ("denominate", "screen", "impute", "treat", "normalise")
TEXT = ("name", "unit")  # of a node: what people read, not what changes a number


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the hierarchy as the recipe file writes it; ``Node`` says what each means."""

    code: str
    parent: str = ""
    weight: float = 1.0
    leaf: bool = False
    direction: int = 1
    lo: float | None = None
    hi: float | None = None
    target: float | None = None
    denominator: str = ""
    transform: str = ""
    name: str = ""
    unit: str = ""

    def node(self) -> Node:
        plain = asdict(self)
        plain["transform"] = Transform.parse(self.transform) if self.transform else None
        return Node(**plain)

    @classmethod
    def of(cls, node: Node) -> Code:
        plain = {f.name: getattr(node, f.name) for f in fields(node)}
        return cls(**{**plain, "transform": str(node.transform) if node.transform else ""})


@dataclass(frozen=True, slots=True)
class Rule:
    """A floor: a raw value of ``item`` at or beyond ``at`` sets class ``level`` at least, whatever the score.

    ``above``: only beyond. ``below``: at or under ``at`` instead.
    """

    item: str
    at: float
    level: int
    above: bool = False
    below: bool = False

    def __post_init__(self) -> None:
        if self.level < 1:
            raise RecipeError(f"floor on {self.item}: level {self.level} is below 1", key="level")
        if self.above and self.below:
            raise RecipeError(f"floor on {self.item}: above or below, not both", key="above")


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
    order: tuple[str, ...] = STEPS
    nodes: tuple[Code, ...] = ()
    denominate: Denominating | None = None
    screen: Screening | None = None
    impute: Imputing | None = None
    treat: Treating | None = None
    normalise: Normalising = field(default_factory=Normalising)
    weigh: Weighing = field(default_factory=Weighing)
    aggregate: Aggregating = field(default_factory=Aggregating)
    classes: Classing | None = None
    floors: tuple[Rule, ...] = ()
    outrank: Outranking | None = None
    audit: Auditing | None = None
    uncertainty: Shaking | None = None
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
        for name in STEPS[:-1]:
            if getattr(self, name) is not None and name not in self.order:
                raise RecipeError(f"order: {name} has settings and no place", key="order")
        if self.floors and self.classes is None:
            raise RecipeError("floors need classes", key="floors")
        if self.nodes:
            self.check_codes()

    def check_codes(self) -> None:
        """Raises ``RecipeError`` where floors name an indicator that the hierarchy lacks."""
        leaves = set(self.tree.leaf_codes)
        if unknown := sorted({f.item for f in self.floors} - leaves):
            raise RecipeError(f"floors: no such indicator: {', '.join(unknown)}", codes=unknown)

    @cached_property
    def tree(self) -> Tree:
        """The hierarchy. Raises ``RecipeError`` where the recipe holds none."""
        if not self.nodes:
            raise RecipeError("the recipe holds no hierarchy: give nodes, or an iMeta table", key="nodes")
        return Tree(tuple(c.node() for c in self.nodes), self.ragged)

    def on(self, tree: Tree) -> IndexRecipe:
        """The same recipe with this hierarchy, as a build stores it."""
        return replace(self, ragged=tree.ragged, nodes=tuple(Code.of(n) for n in tree.nodes))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all settings in canonical JSON; the order of nodes does not matter."""
        plain = asdict(self)
        rows = ({k: v for k, v in n.items() if k not in TEXT} for n in plain["nodes"])
        plain["nodes"] = sorted(rows, key=lambda n: n["code"])
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """As TOML, defaults left out; ``from_toml`` gives the same recipe back."""
        plain = _told(self)
        return tomli_w.dumps({"kode": self.kode, "version": self.version} | plain)

    @classmethod
    def from_toml(cls, text: str) -> IndexRecipe:
        """Reads a recipe. Raises ``RecipeError`` naming the key, what was found and what is expected."""
        try:
            plain = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"the recipe is not TOML: {error}") from None
        return read(cls, plain, "")


def _told(kind: Any) -> dict[str, Any]:
    """Fields of a dataclass that differ from their defaults, as plain values."""
    out = {}
    for f in fields(kind):
        found = getattr(kind, f.name)
        default = f.default_factory() if f.default_factory is not MISSING else f.default
        if found != default or (f.default is None and found is not None):
            out[f.name] = _plain(found)
    return out


def _plain(found: Any) -> Any:
    if is_dataclass(found):
        return _told(found)
    if isinstance(found, Mapping):
        return {str(k): _plain(v) for k, v in found.items()}
    if isinstance(found, tuple | list):
        return [_plain(x) for x in found]
    return found
