"""Outliers, only where the recipe asks: a rare incident is the signal, not an error (method 8.6).

Below the step: shape, winsorising and transforms of one column ``x`` without gaps, ``(n,)``, n at least 1.
Sums run over sorted values, so that the order of units changes no bit. Skew and kurtosis: Joanes, Gill 1998.
Transforms: Box and Cox (1964); the logs of COINr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import nan
from typing import Annotated, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, StepResult
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Count, Positive, Settings, Share, between, check, filled, refuse_unknown
from kondusif_index.tree import Column, Tree

Transforming = Literal["log", "log_ct", "log_ct_orig", "log_gii", "box_cox"]
Method = Literal["none", "winsorise", Transforming, "coin"]
METHODS: tuple[Method, ...] = get_args(Method)
TRANSFORMS: tuple[Transforming, ...] = get_args(Transforming)
LAMBDAS = (-5.0, 5.0)  # where the power of Box-Cox is looked for
Power = Annotated[float, between(*LAMBDAS)]
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
        return filled(self.each.get(code, Treatment()), self)


@dataclass(frozen=True, slots=True)
class Moments:
    """Skewness G1 and excess kurtosis G2, corrected for bias; ``passed`` where no outliers are suspected."""

    skew: float
    kurt: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """What happened to one column.

    ``outcome`` is none, left_untreated, winsorise or the name of the transform. ``winsorised`` counts
    replaced values. Shapes are None where that step was not taken, or where the column has no shape.
    """

    code: str
    outcome: str = "none"
    before: Moments | None = None
    winsorised: int | None = None
    after_winsorise: Moments | None = None
    after_transform: Moments | None = None
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
        refuse_unknown(name, codes, tree.leaf_codes)
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

    def ask(y: Column) -> Moments | None:
        return shape(y, one.skew or 0.0, one.kurt or 0.0)

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
        win = winsorise(x, one.most or 0, ask, forced)
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
        return box_cox(x, offset, one.power)
    found = shape(x, 0.0, 0.0)
    if one.method != "coin" and method != "log" and found is not None and found.skew < 0:
        return mirrored(x, offset, method), None
    return LOGS[method](x, offset), None


def _straighter(detail: Detail) -> bool:
    before, after = detail.before, detail.after_transform
    return before is None or after is None or abs(after.skew) < abs(before.skew)


def shape(x: Column, skew_limit: float, kurt_limit: float) -> Moments | None:
    """Passed when |skewness| or kurtosis is below its limit; None for fewer than 4 values or all alike."""
    if len(x) < 4 or x.min() == x.max():
        return None
    skew, kurt = skew_and_kurt(x)
    return Moments(skew, kurt, abs(skew) < skew_limit or kurt < kurt_limit)


def skew_and_kurt(x: Column) -> tuple[float, float]:
    """G1 and G2; NaN below 3 and below 4 values, and where all are alike."""
    n = len(x)
    if n < 3 or x.min() == x.max():
        return nan, nan
    x = np.sort(x)
    z = x - x.mean()
    z = np.ldexp(z, -np.frexp(np.abs(z).max())[1])  # exact, and no square overflows or vanishes
    z = z / np.sqrt((z * z).sum() / (n - 1))
    skew = float(n / ((n - 1) * (n - 2)) * (z**3).sum())
    if n < 4:
        return skew, nan
    fourth = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (z**4).sum()
    return skew, float(fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


@dataclass(frozen=True)
class Winsorised:
    """``shape`` is None where the column became flat: not to be used. ``high``, ``low``: cells replaced."""

    x: Column
    high: NDArray[np.bool_]
    low: NDArray[np.bool_]
    shape: Moments | None

    @property
    def count(self) -> int:
        return int(self.high.sum() + self.low.sum())


def winsorise(
    x: Column, most: int, ask: Callable[[Column], Moments | None], anyhow: bool = False
) -> Winsorised:
    """Bring the extreme value to the next one, on the skewed side, until ``ask`` passes or ``most`` are done.

    Equal extremes go together, so the count can end above ``most``. ``anyhow``: go on though it passes.
    """
    x = x.copy()
    high, low = np.zeros(len(x), dtype=np.bool_), np.zeros(len(x), dtype=np.bool_)
    found = ask(x)
    while found and (anyhow or not found.passed) and high.sum() + low.sum() < most:
        if found.skew >= 0:
            high = x == x.max()
            x[high] = x[~high].max()
        else:
            low = x == x.min()
            x[low] = x[~low].min()
        found = ask(x)
    return Winsorised(x, high, low, found)


def log(x: Column, offset: float) -> Column | None:
    """ln x; None unless all are above 0."""
    return np.log(x) if x.min() > 0 else None


def log_ct(x: Column, offset: float) -> Column | None:
    """ln(x - min + offset (max - min))."""
    y: Column = np.log(x - x.min() + offset * (x.max() - x.min()))
    return y


def log_ct_orig(x: Column, offset: float) -> Column | None:
    """ln(x - min + 1)."""
    y: Column = np.log1p(x - x.min())
    return y


def log_gii(x: Column, offset: float) -> Column | None:
    """ln((max - 1)(x - min) / (max - min) + 1), as the GII does; None unless max is above 1."""
    top = x.max()
    return np.log1p((top - 1.0) * (x - x.min()) / (top - x.min())) if top > 1 else None


LOGS: Mapping[str, Callable[[Column, float], Column | None]] = {
    "log": log,
    "log_ct": log_ct,
    "log_ct_orig": log_ct_orig,
    "log_gii": log_gii,
}


def mirrored(x: Column, offset: float, name: str) -> Column | None:
    """The log of a column whose tail is on the low side: turned round, and back."""
    y = LOGS[name](x.max() + x.min() - x, offset)
    return None if y is None else -y


def box_cox(x: Column, offset: float, power: float | None) -> tuple[Column, float]:
    """(x^p - 1) / p, or ln x for p = 0; first x - min + offset (max - min) where a value is not above 0.

    ``power`` None: the one of greatest likelihood from -5 to 5.
    """
    if x.min() <= 0:
        x = x - x.min() + offset * (x.max() - x.min())
    if power is None:
        power = likeliest_power(x)
    return _power(x, power), power


def likeliest_power(x: Column) -> float:
    """Maximises -n/2 ln var of the transformed column over its geometric mean, to 1e-8; x above 0."""
    logs = np.log(np.sort(x))
    logs = logs - logs.mean()

    def loss(power: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            y = _of_logs(logs, power)
            return float(np.log(y.var())) if np.isfinite(y).all() else np.inf

    grid = np.linspace(*LAMBDAS, 101)
    best = int(np.argmin([loss(p) for p in grid]))
    a, b = grid[max(best - 1, 0)], grid[min(best + 1, 100)]
    golden = (5**0.5 - 1) / 2
    while b - a > 1e-8:
        c, d = b - golden * (b - a), a + golden * (b - a)
        a, b = (a, d) if loss(c) < loss(d) else (c, b)
    return float((a + b) / 2)


def _power(x: Column, power: float) -> Column:
    with np.errstate(over="ignore"):  # what is beyond a float is refused by the caller
        return _of_logs(np.log(x), power)


def _of_logs(logs: Column, power: float) -> Column:
    y: Column = logs if abs(power) < 1e-12 else np.expm1(power * logs) / power
    return y
