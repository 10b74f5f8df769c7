"""Outliers, only where the recipe asks: a rare incident is the signal, not an error (method 8.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, StepResult
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Count, Positive, Settings, Share, between, check
from kondusif_index.steps import outliers
from kondusif_index.steps.outliers import Shape
from kondusif_index.tree import Column, Tree

Transforming = Literal["log", "log_ct", "log_ct_orig", "log_gii", "box_cox"]
Method = Literal["none", "winsorise", Transforming, "coin"]
METHODS: tuple[Method, ...] = get_args(Method)
TRANSFORMS: tuple[Transforming, ...] = get_args(Transforming)
Power = Annotated[float, between(*outliers.LAMBDAS)]
OUTCOME = {m: m for m in METHODS} | {"log_ct": "log_CT", "log_ct_orig": "log_CT_orig", "log_gii": "log_GII"}
WINS = ("", "winhi", "winlo")
LABELS = (*WINS, *(f"{win}+{OUTCOME[name]}" for name in TRANSFORMS for win in WINS))


@dataclass(frozen=True, slots=True)
class Treatment(Settings):
    """How one column is treated; what is not given is taken from ``Treating``, which explains each field."""

    method: Method | None = None
    skew: Positive | None = None
    kurt: Positive | None = None
    most: Count | None = None
    then: Transforming | None = None
    combine: bool | None = None
    offset: Positive | None = None
    power: Power | None = None
    most_alike: Share | None = None


@dataclass(frozen=True, slots=True)
class Treating(Settings):
    """What is done to a column whose shape suggests outliers.

    ``method``      none; winsorise; one transform: log, log_ct, log_ct_orig, log_gii, box_cox; coin:
                    winsorise and, where that does not do, ``then``, as COINr by default.
    ``skew, kurt``  a column passes, and is left as it is, when either |skewness| or kurtosis is below.
    ``most``        values that may be winsorised; equal ones go together, even past it.
    ``then``        coin: the transform. ``combine``: apply it to the winsorised column, not the original.
    ``offset``      log_ct, box_cox: share of the range added so that no value is 0.
    ``power``       box_cox: its power; not given, the likeliest.
    ``most_alike``  a column in which more than this share of the values are one and the same counts rare
                    events and is left untreated. Not given: 0.5, and 1 (never) for coin.
    ``force``       indicators treated whatever their shape or ``most_alike``. ``skip``: never treated.
    ``each``        other settings for single indicators.
    """

    method: Method = "none"
    skew: Positive = 2.0
    kurt: Positive = 3.5
    most: Count = 5
    then: Transforming = "log_ct"
    combine: bool = False
    offset: Positive = 0.01
    power: Power | None = None
    most_alike: Share | None = None
    force: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    each: Mapping[str, Treatment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self)
        if both := sorted(set(self.force) & set(self.skip)):
            raise RecipeError(f"force and skip both name: {', '.join(both)}", codes=both)

    def of(self, code: str) -> Treatment:
        """All settings of one indicator."""
        own = self.each.get(code, Treatment())
        open_ = {f.name: getattr(self, f.name) for f in fields(own) if getattr(own, f.name) is None}
        return replace(own, **open_)


@dataclass(frozen=True, slots=True)
class Detail:
    """What happened to one column.

    ``outcome`` is none, left_untreated, winsorise or the name of the transform. ``winsorised`` counts
    replaced values. Shapes are None where that step was not taken, or where the column has no shape.
    """

    code: str
    outcome: str = "none"
    before: Shape | None = None
    winsorised: int | None = None
    after_winsorise: Shape | None = None
    after_transform: Shape | None = None
    power: float | None = None


@dataclass(frozen=True, kw_only=True)
class Treated(StepResult):
    """``points`` (n_units, n_codes) indexes ``LABELS``: what was done to a cell, 0 nothing."""

    details: tuple[Detail, ...]
    points: NDArray[np.uint8]
    original: Data

    def listed(self) -> Iterator[tuple[str, str, str, float, float]]:
        """Every treated point: unit, code, label, value before and after."""
        for row, k in np.argwhere(self.points):
            unit, code = self.data.units[row], self.data.codes[k]
            was, is_ = self.original.values[row, k], self.data.values[row, k]
            yield unit, code, LABELS[self.points[row, k]], float(was), float(is_)


def treat(data: Data, tree: Tree, how: Treating) -> Treated:
    """Treat the columns that fail on shape (method 8.6). Missing stays missing and is no treated point.

    No column with a difference ever loses it: a treatment that would make all values one, or that cannot be
    taken, or a transform alone that makes the skew worse, gives the outcome left_untreated and a warning.
    Raises ``RecipeError`` on an unknown code.
    """
    named = {"each": how.each, "force": how.force, "skip": how.skip}
    for name, codes in named.items():
        if unknown := sorted(set(codes) - set(tree.leaf_codes)):
            raise RecipeError(f"{name}: no such indicator: {', '.join(unknown)}", codes=unknown)
    data.of(tree.leaf_codes)
    values, points = data.values.copy(), np.zeros(data.values.shape, dtype=np.uint8)
    details, warnings = [], []
    for code in tree.leaf_codes:
        one, x = how.of(code), data.column(code)
        seen = ~np.isnan(x)
        if one.method == "none" or code in how.skip or not seen.any():
            details.append(Detail(code))
            continue
        detail, y, marks, why = _column(code, x[seen], one, code in how.force)
        details.append(detail)
        if why:
            warnings.append(f"{code}: left untreated: {why}")
        values[seen, data.at[code]] = y
        points[seen, data.at[code]] = marks
    rescaled = tuple(d.code for d in details if d.outcome in map(OUTCOME.get, TRANSFORMS))
    done = replace(data.with_values(values), rescaled=(*data.rescaled, *rescaled))
    return Treated(data=done, warnings=tuple(warnings), details=tuple(details), points=points, original=data)


Done = tuple[Detail, Column, NDArray[np.uint8], str]


def _column(code: str, x: Column, one: Treatment, forced: bool) -> Done:
    """One column without gaps: detail, values, labels, and why it was left untreated."""

    def ask(y: Column) -> Shape | None:
        return outliers.shape(y, one.skew or 0.0, one.kurt or 0.0)

    method, none = one.method or "none", np.zeros(len(x), dtype=np.uint8)
    detail = Detail(code, before=ask(x))
    if x.min() == x.max() or (not forced and (detail.before is None or detail.before.passed)):
        return detail, x, none, ""
    left = replace(detail, outcome="left_untreated")
    alike = np.unique(x, return_counts=True)[1].max() / len(x)
    limit = one.most_alike if one.most_alike is not None else 1.0 if method == "coin" else 0.5
    if alike > limit and not forced:
        return left, x, none, f"{alike:.0%} of the values are one and the same, so the others are the signal"
    labels = none
    start = x
    if method in ("winsorise", "coin"):
        win = outliers.winsorise(x, one.most or 0, ask, forced)
        left = replace(left, winsorised=win.count)
        if win.x.min() == win.x.max():
            return left, x, none, "winsorising would make all values one"
        detail = replace(left, outcome="winsorise", after_winsorise=win.shape)
        labels = (win.high * LABELS.index("winhi")).astype(np.uint8)
        labels[win.low] = LABELS.index("winlo")
        if method == "winsorise" or win.shape is None or win.shape.passed:
            return (
                (detail, win.x, labels, "") if win.count else (replace(detail, outcome="none"), x, none, "")
            )
        method, start = one.then or "log_ct", win.x if one.combine else x
    y, power = _transform(start, method, one)
    detail = replace(detail, outcome=OUTCOME[method], power=power)
    if y is None or not np.isfinite(y).all() or y.min() == y.max():
        return left, x, none, f"{method} cannot be taken of it"
    detail = replace(detail, after_transform=ask(y))
    if not forced and one.method != "coin" and not _straighter(detail):
        return left, x, none, f"{method} does not make it less skewed"
    shift = LABELS.index(f"+{OUTCOME[method]}")
    return detail, y, (labels + shift).astype(np.uint8), ""


def _transform(x: Column, method: str, one: Treatment) -> tuple[Column | None, float | None]:
    """The transform, turned round where it stands alone and the tail is on the low side."""
    offset = one.offset or 0.01
    if method == "box_cox":
        return outliers.box_cox(x, offset, one.power)
    found = outliers.shape(x, 0.0, 0.0)
    if one.method != "coin" and method != "log" and found is not None and found.skew < 0:
        return outliers.mirrored(x, offset, method), None
    return outliers.LOGS[method](x, offset), None


def _straighter(detail: Detail) -> bool:
    before, after = detail.before, detail.after_transform
    return before is None or after is None or abs(after.skew) < abs(before.skew)
