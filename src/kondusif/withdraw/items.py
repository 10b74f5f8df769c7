"""The all-clear checklist of domain 4.3: its lines, and what each needs to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from kondusif.tables import Row, packaged, rows


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist, a row of ``items.csv``. ``starred``: needs a second, different observer.

    ``minutes``: stated by committee or camat with the number of the minutes (RULES 17). ``na``: "not
    applicable" is an answer. ``ages``: counts for as many hours as the quiet hours (RULES 13), and re-opens
    when it turns bad (RULES 14). ``waivable``: a known bad fact of it may be waived (RULES 15).
    """

    number: int
    text: str
    opens_by: str
    starred: bool
    minutes: bool
    na: bool
    ages: bool
    waivable: bool


COLUMNS = tuple(field.name for field in fields(ChecklistItem))


def _item(row: Row) -> ChecklistItem:
    marks = (row.yes(column) for column in COLUMNS[3:])
    return ChecklistItem(row.whole("number"), row.filled("text"), row.filled("opens_by"), *marks)


_ROWS = rows("items.csv", packaged("kondusif.withdraw", "items.csv"), COLUMNS)
ITEMS: Mapping[int, ChecklistItem] = MappingProxyType({i.number: i for i in map(_item, _ROWS)})

WAIVABLE = frozenset(str(i.number) for i in ITEMS.values() if i.waivable)
UNREST = tuple(i.number for i in ITEMS.values() if i.ages)
