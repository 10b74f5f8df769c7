"""Raw answers as one matrix; a missing cell says why it is missing (method 8.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix


class Why(IntEnum):
    """Why a cell is empty. A zero is an answer: PRESENT."""

    PRESENT = 0
    ABSENT = 1  # nobody answered
    NOT_APPLICABLE = 2  # the question does not fit here; not counted in coverage
    STALE = 3  # answered, too long ago
    REFUSED = 4  # asked, not told


@dataclass(frozen=True)
class Data:
    """``values`` is ``(n_units, n_codes)`` float64, NaN for missing; never infinite.

    ``why`` says of every cell why it is missing (``Why``); by default ABSENT where NaN. ``groups`` are named
    columns of labels, ``other`` named columns of numbers (denominators), both in the order of ``units``.
    ``rescaled`` names the codes that a treatment took out of their own unit. Raises ``RecipeError`` on a unit
    or code that stands twice, a wrong shape or an infinite cell.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Matrix
    why: NDArray[np.uint8] = None  # type: ignore[assignment]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other: Mapping[str, Column] = field(default_factory=dict)
    rescaled: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.shape != (len(self.units), len(self.codes)):
            raise RecipeError(f"values are {values.shape}, not {(len(self.units), len(self.codes))}")
        for kind, names in (("unit", self.units), ("code", self.codes)):
            if len(set(names)) != len(names):
                seen: set[str] = set()
                twice = next(n for n in names if n in seen or seen.add(n))  # type: ignore[func-returns-value]
                raise RecipeError(f"{kind} stands twice: {twice}", name=twice)
        if np.isinf(values).any():
            row, column = np.argwhere(np.isinf(values))[0]
            raise RecipeError(f"{self.units[row]}, {self.codes[column]}: not a finite number")
        object.__setattr__(self, "values", values)
        gaps = np.isnan(values)
        if self.why is None:
            object.__setattr__(self, "why", np.where(gaps, np.uint8(Why.ABSENT), np.uint8(Why.PRESENT)))
        elif self.why.shape != values.shape or ((self.why == Why.PRESENT) == gaps).any():
            raise RecipeError("`why` and the missing cells do not agree")

    @cached_property
    def at(self) -> Mapping[str, int]:
        """Column of each code."""
        return {code: k for k, code in enumerate(self.codes)}

    def column(self, code: str) -> Column:
        return self.values[:, self.at[code]]

    def of(self, codes: Iterable[str]) -> Data:
        """The same units, these codes, in this order. Raises ``RecipeError`` naming the unknown ones."""
        codes = tuple(codes)
        if unknown := [c for c in codes if c not in self.at]:
            raise RecipeError(f"no such column: {', '.join(unknown)}", codes=unknown)
        where = [self.at[c] for c in codes]
        return replace(self, codes=codes, values=self.values[:, where], why=self.why[:, where])

    def rows(self, keep: Sequence[int] | NDArray[np.intp]) -> Data:
        """Only these rows, in this order."""
        keep = np.asarray(keep, dtype=np.intp)
        return Data(
            tuple(self.units[k] for k in keep),
            self.codes,
            self.values[keep],
            self.why[keep],
            {name: tuple(labels[k] for k in keep) for name, labels in self.groups.items()},
            {name: column[keep] for name, column in self.other.items()},
            self.rescaled,
        )

    def only(self, units: Sequence[str]) -> Data:
        """Only these units, in this order; itself where they are all and stand so."""
        if tuple(units) == self.units:
            return self
        at = {unit: k for k, unit in enumerate(self.units)}
        return self.rows([at[unit] for unit in units])

    def with_values(self, values: Matrix) -> Data:
        """Other numbers in the same cells: what is filled becomes PRESENT, what is emptied ABSENT."""
        gaps = np.isnan(values)
        why = np.where(gaps, np.where(self.why == Why.PRESENT, np.uint8(Why.ABSENT), self.why), np.uint8(0))
        return replace(self, values=values, why=why.astype(np.uint8))

    def group(self, name: str) -> tuple[str, ...]:
        """Labels of a grouping column. Raises ``RecipeError`` naming the ones there are."""
        if name not in self.groups:
            known = ", ".join(self.groups) or "none"
            raise RecipeError(f"no group column {name!r}; there are: {known}", group=name)
        return self.groups[name]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over units, codes, values and states, sorted by unit and code: order does not matter."""
        rows = sorted(range(len(self.units)), key=lambda k: self.units[k])
        columns = sorted(range(len(self.codes)), key=lambda k: self.codes[k])
        values = self.values[np.ix_(rows, columns)] + 0.0  # -0.0 and 0.0 are one answer
        values[np.isnan(values)] = np.nan  # one bit pattern for every NaN
        hashed = hashlib.sha256()
        for names in ([self.units[k] for k in rows], [self.codes[k] for k in columns]):
            hashed.update("\x1f".join(names).encode() + b"\x1e")
        hashed.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
        hashed.update(np.ascontiguousarray(self.why[np.ix_(rows, columns)]).tobytes())
        return hashed.hexdigest()


@dataclass(frozen=True)
class StepResult:
    """Data after a step; ``warnings``: what an analyst should know of it."""

    data: Data
    warnings: tuple[str, ...] = ()
