"""Whether scores of two results stand on one scale: what differs between what made them (method 8.16)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kondusif.errors import ImportRefused, RecipeError
from kondusif_index.recipe import IndexRecipe
from kondusif_index.tables.columns import UNIT, read_result
from kondusif_index.tree import Node

MOST = 5  # codes and units that are named
GIVEN = ("goalposts", "instrument", "custom")  # scales that do not move with the units
STEPS: Mapping[str, str] = {
    "denominate": "pembagi",
    "screen": "penyaringan satuan",
    "impute": "cara mengisi yang kosong",
    "treat": "pengolahan pencilan",
    "weigh": "cara pembobotan",
    "aggregate": "cara menggabungkan",
    "floors": "kelas minimum",
}


@dataclass(frozen=True)
class MadeBy:
    """What made a folder of results."""

    folder: Path

    @cached_property
    def recipe(self) -> IndexRecipe | None:
        """None where the folder does not say; as with one that somebody put together by hand."""
        try:
            return IndexRecipe.from_toml((self.folder / "recipe.toml").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, RecipeError):
            return None

    @cached_property
    def data(self) -> object:
        """The digest of the answers; None where the folder does not say."""
        try:
            return json.loads((self.folder / "build.json").read_text(encoding="utf-8")).get("data")
        except (OSError, ValueError, AttributeError):
            return None

    @cached_property
    def cuts(self) -> str:
        """The cuts that were found, as they are told; "" without classes."""
        path = self.folder / "cuts.csv"
        if not path.exists():
            return ""
        table = read_result(path)
        if problems := table.lacking("from"):
            raise ImportRefused(problems)
        cuts = table.numbers("from", problems)
        if problems:
            raise ImportRefused(problems)
        return "; ".join(_number(cut) for cut in cuts if cut == cut)

    @cached_property
    def units(self) -> frozenset[str]:
        return frozenset(row[UNIT] for row in read_result(self.folder / "classes.csv").rows(UNIT))

    @cached_property
    def nodes(self) -> dict[str, Node]:
        return {} if self.recipe is None else {node.code: node for node in self.recipe.nodes}


def scale_differences(before: Path, after: Path) -> tuple[str, ...]:
    """Sentences, each on one thing that keeps scores or classes of two folders from being set side by side.

    Raises ``ImportRefused`` where a folder holds no results.
    """
    one, two = MadeBy(before), MadeBy(after)
    found = list(_units(one, two))
    if one.cuts != two.cuts:
        found.append(f"batas kelas berbeda: {one.cuts or 'tanpa kelas'} dan {two.cuts or 'tanpa kelas'}")
    unknown = [made.folder.name for made in (one, two) if made.recipe is None]
    if unknown:
        found.append(f"tidak diketahui instrumennya (recipe.toml): {', '.join(unknown)}")
    if one.recipe is None or two.recipe is None:
        return tuple(found)
    return (*found, *_scales(one, two), *_hierarchy(one, two), *_steps(one.recipe, two.recipe))


def _units(one: MadeBy, two: MadeBy) -> Iterator[str]:
    if one.units != two.units:
        same = len(one.units & two.units)
        yield f"satuan berbeda: {len(one.units)} dan {len(two.units)}, {same} di antaranya sama"


def _scales(one: MadeBy, two: MadeBy) -> Iterator[str]:
    assert one.recipe is not None and two.recipe is not None
    hows = [made.recipe.normalise for made in (one, two) if made.recipe is not None]
    told = [_scale(how) for how in hows]
    if hows[0] != hows[1]:
        yield f"skala berbeda: {' dan '.join(told)}" if told[0] != told[1] else "pengaturan skala berbeda"
    moving = sorted({how.of(c).method or "" for how in hows for c in one.nodes} - {*GIVEN, "", "none"})
    if moving and (one.data is None or one.data != two.data):
        yield f"skala mengikuti data tiap sisi ({', '.join(moving)}): beda skor belum tentu beda keadaan"


def _scale(how: Any) -> str:
    low, high = how.scale
    return f"{how.method} {_number(low)} sampai {_number(high)}"


def _hierarchy(one: MadeBy, two: MadeBy) -> Iterator[str]:
    """Indicators that only one side has; of those of both, other ends, directions or weights."""
    for gone, others, where in ((one, two, "sebelum"), (two, one, "sesudah")):
        if only := [c for c, node in gone.nodes.items() if node.leaf and c not in others.nodes]:
            yield f"indikator hanya {where}: {_listed(only)}"
    both = [c for c in one.nodes if c in two.nodes]
    aspects: Mapping[str, Callable[[Node], object]] = {
        "goalposts, arah atau transformasi": lambda n: (n.lo, n.hi, n.target, n.direction, str(n.transform)),
        "induk": lambda n: n.parent,
        "bobot": lambda n: n.weight,
    }
    for name, of in aspects.items():
        if other := [c for c in both if of(one.nodes[c]) != of(two.nodes[c])]:
            yield f"{name} berbeda: {_listed(other)}"


def _steps(one: IndexRecipe, two: IndexRecipe) -> Iterator[str]:
    for name, called in STEPS.items():
        before, after = getattr(one, name), getattr(two, name)
        if before != after:
            methods = [str(getattr(how, "method", "") or "tidak dipakai") for how in (before, after)]
            told = f": {' dan '.join(methods)}" if methods[0] != methods[1] and name != "floors" else ""
            yield f"{called} berbeda{told}"
    if [name for name, _ in one.steps] != [name for name, _ in two.steps] and one.order != two.order:
        yield f"urutan langkah berbeda: {', '.join(one.order)} dan {', '.join(two.order)}"


def _listed(codes: list[str]) -> str:
    more = f" dan {len(codes) - MOST} lainnya" if len(codes) > MOST else ""
    return ", ".join(codes[:MOST]) + more


def _number(x: float) -> str:
    return f"{x:.10g}".replace(".", ",")
