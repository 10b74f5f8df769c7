"""The all-clear checklist of domain 4.3: its lines, and what each needs to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist. ``starred``: needs a second, different observer.

    ``minutes``: stated by committee or camat with the number of the minutes (RULES 17). ``na``: "not
    applicable" is an answer. ``ages``: counts for as many hours as the quiet hours (RULES 13), and re-opens
    when it turns bad (RULES 14). ``waivable``: a known bad fact of it may be waived (RULES 15).
    """

    number: int
    text: str
    opens_by: str
    starred: bool = False
    minutes: bool = False
    na: bool = False
    ages: bool = False
    waivable: bool = False


_LINES = (
    ChecklistItem(1, "Count finished at every TPS", "statement", starred=True, minutes=True),
    ChecklistItem(
        2, "Minutes signed by all witnesses, or refusals recorded", "statement", True, minutes=True
    ),
    ChecklistItem(3, "Voters signed in equal ballots used, or explained", "statement", minutes=True),
    ChecklistItem(4, "Boxes sealed and received, with receipt", "receipt", starred=True),
    ChecklistItem(5, "Committee and KPPS safely home", "check"),
    ChecklistItem(
        6, "Every candidate accepts or objects by law", "statement", minutes=True, na=True, waivable=True
    ),
    ChecklistItem(7, "Margin above mismatch and 1 % [P]", "statement", minutes=True, na=True, waivable=True),
    ChecklistItem(
        8, "No objection, or its hearing announced", "statement", minutes=True, na=True, waivable=True
    ),
    ChecklistItem(9, "No crowd above 25 [P]", "observation", ages=True),
    ChecklistItem(10, "No weapon, threat, damage or injury", "observation", starred=True, ages=True),
    ChecklistItem(11, "Roads open", "observation", ages=True, waivable=True),
    ChecklistItem(12, "No verified incitement unanswered", "rumour_answered", na=True, waivable=True),
    ChecklistItem(
        13, "Camat, Danramil, Kapolsek and a resident agree", "agreement", starred=True, waivable=True
    ),
    ChecklistItem(14, "Next risk dates entered with residual force", "residual_force"),
)
ITEMS: Mapping[int, ChecklistItem] = MappingProxyType({i.number: i for i in _LINES})

WAIVABLE = frozenset(str(i.number) for i in ITEMS.values() if i.waivable)
UNREST = tuple(i.number for i in ITEMS.values() if i.ages)
