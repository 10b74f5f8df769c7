"""An index from plain tables: ``iData.csv``, ``iMeta.csv`` and a recipe in TOML, any tree (method 1.8).

The layout is that of the COINr package, so that a published index can be brought along. ``iMeta`` needs
``iCode, Parent, Weight, Type`` and, by method, ``Direction``, ``goalpost_lower``, ``goalpost_upper``,
``Denominator`` and ``Transform`` (without the last, the catalogue's transform and range for that code). Rows
of another Type than Indicator and Aggregate are left aside. Empty or ``NA`` is missing.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from typing import cast

import numpy as np

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif.measure.catalogue import Transform, catalogue
from kondusif.measure.first_index import Column, Index, Node, Steps, Tree, index, level_of
from kondusif.measure.normalise import Spec

MISSING = ("", "NA")
UNIT = "uCode"


@dataclass(frozen=True, slots=True)
class TableRecipe:
    """Steps and cut-offs of an index from tables. ``cuts`` half-open, empty for no classes.

    ``denominate``: whether columns are divided by the denominator that ``iMeta`` names; None where the recipe
    does not say, which is refused when there is one.
    """

    kode: str = "tables"
    version: str = "1"
    denominate: bool | None = None
    steps: Steps = field(default_factory=Steps)
    cuts: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if any(a >= b for a, b in zip(self.cuts, self.cuts[1:], strict=False)):
            raise RecipeError("cut-offs must rise", cuts=self.cuts)

    @property
    def digest(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def from_toml(cls, text: str) -> TableRecipe:
        """Reads ``[denominate] use``, ``[normalise] method, scale``, ``[aggregate] method, min_available``
        and ``[classes] cuts``. Raises ``RecipeError`` naming the key, what was found and what is expected."""
        known = {
            "denominate": {"use"},
            "normalise": {"method", "scale"},
            "aggregate": {"method", "min_available"},
            "classes": {"cuts"},
        }
        try:
            plain = tomllib.loads(text)
            parts = {name: dict(plain.pop(name, {})) for name in known}
            unknown = set(plain) - {"kode", "version"}
            unknown |= {f"{name}.{key}" for name, part in parts.items() for key in set(part) - known[name]}
            if unknown:
                raise RecipeError(f"unknown keys: {', '.join(sorted(unknown))}", keys=sorted(unknown))
            scale = _numbers("normalise.scale", parts["normalise"].get("scale", [0, 100]))
            if len(scale) != 2 or not scale[0] < scale[1]:
                raise RecipeError(
                    f"normalise.scale: found {scale}, expected [low, high]", key="normalise.scale"
                )
            (share,) = _numbers("aggregate.min_available", [parts["aggregate"].get("min_available", 0.0)])
            use = parts["denominate"].get("use")
            if use not in (None, True, False):
                raise RecipeError(
                    f"denominate.use: found {use!r}, expected true or false", key="denominate.use"
                )
            steps = Steps(
                normalise=str(parts["normalise"].get("method", "minmax")),
                scale=(scale[0], scale[1]),
                aggregate=str(parts["aggregate"].get("method", "arithmetic")),
                min_available=share,
            )
            return cls(
                kode=str(plain.get("kode", "tables")),
                version=str(plain.get("version", "1")),
                denominate=use,
                steps=steps,
                cuts=_numbers("classes.cuts", parts["classes"].get("cuts", [])),
            )
        except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
            raise RecipeError(f"the recipe cannot be read: {error}") from None


def _numbers(key: str, found: object) -> tuple[float, ...]:
    ok = isinstance(found, list) and all(
        isinstance(x, int | float) and not isinstance(x, bool) for x in found
    )
    if not ok:
        raise RecipeError(f"{key}: found {found!r}, expected a list of numbers", key=key)
    return tuple(float(x) for x in cast(list[float], found))


def run_tables(
    data: Path, meta: Path, recipe: Path, out: Path, *, progress: Callable[[str], None] = lambda step: None
) -> Index:
    """Reads three files, writes five into ``out``: normalised, scores, contributions, coverage, classes.

    Raises ``ImportRefused`` with every problem of both tables, ``RecipeError`` for the recipe or the tree;
    then nothing is written. ``progress`` is told each step.
    """
    how = TableRecipe.from_toml(recipe.read_text(encoding="utf-8"))
    progress("membaca")
    tree = read_meta(meta, how.steps.normalise)
    by = denominators(meta, tree, how)
    units, columns = read_data(data, tree, by)
    progress("menghitung")
    result = index(tree, units, columns, how.steps)
    progress("menulis")
    write(result, how.cuts, out)
    return result


def read_meta(path: Path, normalise: str) -> Tree:
    """The tree of ``iMeta``. Raises ``ImportRefused`` with all problems, ``RecipeError`` if it is no tree."""
    header, rows = _rows(path)
    problems = [
        Problem(path.name, "", 1, name, "tidak ada", f"kolom {name}")
        for name in ("iCode", "Parent", "Weight", "Type")
        if name not in header
    ]
    if problems:
        raise ImportRefused(problems)

    def number(row: Mapping[str, str], line: int, name: str, default: float | None = None) -> float | None:
        text = row.get(name, "").strip()
        if text in MISSING:
            return default
        value = _number(text)
        if value is None:
            problems.append(Problem(path.name, "", line, name, text, "bilangan"))
        return value

    nodes = []
    for line, row in rows:
        if row["Type"] not in ("Indicator", "Aggregate"):
            continue
        weight = number(row, line, "Weight", 1.0)
        parent = "" if row["Parent"].strip() in MISSING else row["Parent"].strip()
        spec = None
        if row["Type"] == "Indicator":
            direction = number(row, line, "Direction", 1.0)
            if direction not in (1.0, -1.0):
                problems.append(
                    Problem(path.name, "", line, "Direction", str(row.get("Direction")), "1 atau -1")
                )
                direction = 1.0
            lo, hi = number(row, line, "goalpost_lower"), number(row, line, "goalpost_upper")
            spec = Spec(row["iCode"], int(direction), lo, hi)
            if normalise == "instrument":
                spec = _instrument(path.name, line, row, spec, problems)
        nodes.append(Node(row["iCode"], parent, 1.0 if weight is None else weight, spec))
    if problems:
        raise ImportRefused(problems)
    return Tree(tuple(nodes))


def _instrument(name: str, line: int, row: Mapping[str, str], spec: Spec, problems: list[Problem]) -> Spec:
    """The row's own transform and range, else those of the catalogue for the same code."""
    ours = catalogue().get(spec.code)
    text = row.get("Transform", "").strip()
    if not text and ours is None:
        problems.append(
            Problem(name, "", line, "Transform", "kosong", "transformasi, atau kode dari katalog")
        )
        return spec
    try:
        transform = Transform.parse(text) if text else ours.transform if ours else None
    except RecipeError:
        problems.append(Problem(name, "", line, "Transform", text, "transformasi yang dikenal"))
        return spec
    if text:
        return Spec(spec.code, spec.direction, spec.lo, spec.hi, transform)
    return Spec(spec.code, spec.direction, ours.lo if ours else None, ours.hi if ours else None, transform)


def denominators(path: Path, tree: Tree, how: TableRecipe) -> dict[str, str]:
    """Indicator to the column that it is divided by; empty when the recipe says not to.

    Raises ``RecipeError`` when ``iMeta`` names denominators and the recipe does not say whether to use them.
    """
    leaves = {leaf.code for leaf in tree.leaves}
    _, rows = _rows(path)
    named = {r["iCode"]: r.get("Denominator", "").strip() for _, r in rows if r["iCode"] in leaves}
    named = {code: by for code, by in named.items() if by not in MISSING}
    if named and how.denominate is None:
        raise RecipeError(
            f"iMeta names denominators ({', '.join(sorted(set(named.values())))}): "
            "write [denominate] use = true or false",
            key="denominate.use",
        )
    return named if how.denominate else {}


def read_data(
    path: Path, tree: Tree, by: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], dict[str, Column]]:
    """Units and one column per indicator, divided by its denominator where ``by`` names one.

    Raises ``ImportRefused`` with every bad cell at once; a denominator of zero is one.
    """
    header, rows = _rows(path)
    by = by or {}
    leaves = [leaf.code for leaf in tree.leaves]
    divisors = sorted(set(by.values()) - set(leaves))
    wanted = [*leaves, *divisors]
    problems = [
        Problem(path.name, "", 1, name, "tidak ada", f"kolom {name}")
        for name in (UNIT, *wanted)
        if name not in header
    ]
    if problems:
        raise ImportRefused(problems)
    units: dict[str, int] = {}
    columns: dict[str, list[float]] = {code: [] for code in wanted}
    for line, row in rows:
        unit = row[UNIT].strip()
        if not unit or unit in units:
            found = f"{unit} (juga baris {units[unit]})" if unit else "kosong"
            problems.append(Problem(path.name, "", line, UNIT, found, "kode yang unik"))
        units.setdefault(unit, line)
        for code in wanted:
            text = row[code].strip()
            value = float("nan") if text in MISSING else _number(text)
            if value is None:
                problems.append(Problem(path.name, "", line, code, text, "bilangan, kosong, atau NA"))
                continue
            if code in by.values() and value == 0:
                problems.append(Problem(path.name, "", line, code, text, "pembagi bukan nol"))
            columns[code].append(value)
    if not rows:
        problems.append(Problem(path.name, "", None, "", "tidak ada baris", "sedikitnya satu satuan"))
    if problems:
        raise ImportRefused(problems)
    whole = {code: np.array(values) for code, values in columns.items()}
    return tuple(units), {c: whole[c] / whole[by[c]] if c in by else whole[c] for c in leaves}


def _rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        rows = []
        for row in reader:
            if None in row:
                raise ImportRefused(
                    [
                        Problem(
                            path.name,
                            "",
                            reader.line_num,
                            "",
                            "sel berlebih",
                            f"{len(reader.fieldnames or ())} kolom",
                        )
                    ]
                )
            rows.append((reader.line_num, row))
        return list(reader.fieldnames or ()), rows


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def write(result: Index, cuts: Sequence[float], out: Path) -> None:
    """Five tables with every digit of a double; an empty cell is missing."""
    out.mkdir(parents=True, exist_ok=True)
    units = range(len(result.units))
    total = result.scores[result.top]

    def table(name: str, header: Iterable[str], columns: Iterable[Column]) -> None:
        columns = list(columns)
        with (out / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([UNIT, *header])
            writer.writerows([result.units[k], *(_cell(c[k]) for c in columns)] for k in units)

    table("normalised.csv", result.normalised, result.normalised.values())
    table("scores.csv", result.scores, result.scores.values())
    added = np.nansum(np.column_stack(list(result.contributions.values())), axis=1)
    table("contributions.csv", [*result.contributions, "sum"], [*result.contributions.values(), added])
    table("coverage.csv", ["coverage"], [result.coverage])
    with (out / "classes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([UNIT, "score", "class"])
        levels = level_of(total, cuts)
        writer.writerows(
            [result.units[k], _cell(total[k]), levels[k] if levels[k] and cuts else ""] for k in units
        )


def _cell(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
