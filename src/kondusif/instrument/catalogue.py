"""The living catalogue: one indicator a row of ``catalogue.csv``, every rule a column, none in prose.

Nothing that is in force reads it. ``published.drafted`` makes the next version of it, which is frozen there.
The product's own dimensions stand likewise in ``dimensions.csv``.
Weights, ranges and freshness are proposals [P]: a recipe may set others and carries its own digest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kondusif.errors import RecipeError
from kondusif.instrument.floor import GRAMMAR, Floor, parse
from kondusif.instrument.indicator import ASKED, STAGES, Companion, Indicator
from kondusif.tables import Row, packaged, rows
from kondusif_index.transform import Transform

DIMENSION_ROWS = tuple(
    rows(
        "dimensions.csv",
        packaged("kondusif.instrument", "dimensions.csv"),
        ("id", "name_id", "name_en", "weight"),
    )
)
DIMENSIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {row["id"]: (row["name_id"], row["name_en"]) for row in DIMENSION_ROWS}
)  # names, Indonesian and English
DIMENSION_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {row["id"]: row.number("weight") for row in DIMENSION_ROWS}
)
FILE = "catalogue.csv"
PLACES = ("desa", "tps", "desa+objek_luar", "polres/desa")  # where it is asked; "tps": stations answer too
TYPES = ("count", "ratio", "likert", "boolean")
DIRECTIONS = ("higher_is_riskier", "lower_is_riskier", "nonmonotone")
COMPANION_GRAMMAR = "CODE: question in Indonesian / question in English; several with ; between"
_COMPANION = re.compile(r"(?P<id>[A-Z]\d\d_\w+): (?P<own>[^/;]+) / (?P<english>[^/;]+)")

COLUMNS = (
    "id",
    "dimension",
    "subdimension",
    "name_id",
    "name_en",
    "type",
    "unit",
    "direction",
    "lo",
    "hi",
    "transform",
    "level",
    "first_stage",
    "fresh_days",
    "weight",
    "may_not_apply",
    "sizes_force",
    "from_plan",
    "asked_of",
    "two_raters",
    "changeable",
    "floors",
    "companions",
    "source",
    "rationale",
    "reference",
)


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A row: the indicator, the floors on it, and whether it takes part where the class sizes the force."""

    indicator: Indicator
    floors: tuple[Floor, ...]
    sizes_force: bool


@cache
def entries() -> tuple[CatalogueRow, ...]:
    """Every row of the product's catalogue, in its order."""
    return read(packaged("kondusif.instrument", FILE))


@cache
def catalogue() -> Mapping[str, Indicator]:
    """The product's own indicators by id, in catalogue order."""
    return MappingProxyType({e.indicator.id: e.indicator for e in entries()})


def read(text: str, file: str = FILE) -> tuple[CatalogueRow, ...]:
    """Rows of a catalogue. Raises TableError naming file, row, column, what was found and what to write."""
    return tuple(_entry(row) for row in rows(file, text, COLUMNS))


def _entry(row: Row) -> CatalogueRow:
    try:
        indicator = _indicator(row)
    except RecipeError as error:
        column = str(error.facts.get("field", "id"))
        row.refuse(column, f"another value: {error}")
    if not re.fullmatch(rf"{indicator.dimension}\d\d", indicator.id):
        row.refuse("id", "the letter of its dimension and two digits")
    sizes_force = row.yes("sizes_force")
    if indicator.from_plan and sizes_force:
        row.refuse("sizes_force", "no: what a plan gives never sizes the plan (RULES 5)")
    return CatalogueRow(indicator, _floors(row, indicator), sizes_force)


def _indicator(row: Row) -> Indicator:
    return Indicator(
        id=row["id"],
        dimension=row.one_of("dimension", DIMENSIONS),
        subdimension=row["subdimension"],
        name_id=row["name_id"],
        name_en=row["name_en"],
        type=row.one_of("type", TYPES),
        unit=row["unit"],
        direction=row.one_of("direction", DIRECTIONS),
        lo=row.number("lo"),
        hi=row.number("hi"),
        transform=_transform(row),
        level=row.one_of("level", PLACES),
        first_stage=row.one_of("first_stage", STAGES),
        fresh_days=row.whole("fresh_days"),
        weight=row.number("weight"),
        may_not_apply=row.yes("may_not_apply"),
        source=row["source"],
        rationale=row["rationale"],
        reference=row["reference"],
        asked_of=row.one_of("asked_of", ASKED),
        two_raters=row.yes("two_raters"),
        changeable=row.yes("changeable"),
        from_plan=row.yes("from_plan"),
        companions=_companions(row),
    )


def _transform(row: Row) -> Transform:
    try:
        return Transform.parse(row["transform"])
    except RecipeError as error:
        row.refuse("transform", f"a transform that is known: {error}")


def _companions(row: Row) -> tuple[Companion, ...]:
    found = []
    for part in filter(None, row["companions"].split("; ")):
        match = _COMPANION.fullmatch(part)
        if match is None:
            row.refuse("companions", COMPANION_GRAMMAR)
        found.append(Companion(match["id"], match["own"], match["english"]))
    return tuple(found)


def _floors(row: Row, indicator: Indicator) -> tuple[Floor, ...]:
    try:
        floors = parse(indicator.id, row["floors"])
    except ValueError:
        row.refuse("floors", GRAMMAR)
    companions = {c.id for c in indicator.companions}
    for floor in floors:
        if floor.companion and floor.companion not in companions:
            row.refuse("floors", f"a companion of the column companions, not {floor.companion}")
        if floor.from_stage and floor.from_stage not in STAGES:
            row.refuse("floors", f"a stage of {', '.join(STAGES)}, not {floor.from_stage}")
    if floors and indicator.from_plan:
        row.refuse("floors", "nothing: the plan would size the plan (RULES 5)")
    return floors
