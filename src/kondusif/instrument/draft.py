"""The next version, as the catalogue stands now."""

from __future__ import annotations

from kondusif.instrument.catalogue import CatalogueRow, entries
from kondusif.instrument.dimensions import DIMENSIONS, WEIGHTS
from kondusif.instrument.indicator import TPS
from kondusif.instrument.recipe import Recipe


def drafted(kode: str, version: str, rows: tuple[CatalogueRow, ...] | None = None) -> Recipe:
    """A recipe of every row of the catalogue, or of ``rows``; the rest as ``Recipe`` proposes it.

    Raises RecipeError where dimensions of the rows and of ``dimensions.csv`` differ.
    """
    rows = entries() if rows is None else rows
    return Recipe(
        kode,
        version,
        tuple(e.indicator for e in rows),
        WEIGHTS,
        force_without=tuple(e.indicator.id for e in rows if not e.sizes_force),
        tps_items=tuple(e.indicator.id for e in rows if e.indicator.level == TPS),
        floors=tuple(floor for e in rows for floor in e.floors),
        dimension_names={d: own for d, (own, _english) in DIMENSIONS.items()},
    )
