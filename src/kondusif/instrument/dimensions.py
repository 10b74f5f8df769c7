"""The product's own dimensions: names and weights, one row each of ``dimensions.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kondusif.strict_csv import packaged, rows

FILE = "dimensions.csv"
COLUMNS = ("id", "name_id", "name_en", "weight")

_ROWS = tuple(rows(FILE, packaged("kondusif.instrument", FILE), COLUMNS))
DIMENSIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {row["id"]: (row["name_id"], row["name_en"]) for row in _ROWS}
)  # names, Indonesian and English
WEIGHTS: Mapping[str, float] = MappingProxyType({row["id"]: row.number("weight") for row in _ROWS})
