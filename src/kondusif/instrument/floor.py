"""Floors as a recipe states them: facts that alone set a least level (RULES 3, method 2.3).

Whether one fires at a place is decided by ``kondusif.classes.floors``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Floor:
    """A fact that alone sets a least level, whatever the score (RULES 3, method 2.3).

    Fires when ``item`` reaches ``at`` (``above``: exceeds it) and ``companion``, if any, says yes;
    ``from_stage``: not before that stage.
    """

    id: str
    item: str
    at: float
    level: int
    companion: str = ""
    above: bool = False
    from_stage: str = ""

    def reached(self, value: float) -> bool:
        return value > self.at if self.above else value >= self.at

    def __str__(self) -> str:
        """As the catalogue writes it; ``parse`` gives it back."""
        with_ = f" with {self.companion}" if self.companion else ""
        from_ = f" from {self.from_stage}" if self.from_stage else ""
        return f"{self.id}: {'>' if self.above else '>='}{self.at:g}{with_}{from_} -> {self.level}"


GRAMMAR = "CODE: >=NUMBER [with COMPANION] [from STAGE] -> LEVEL, or > for more than; several with ; between"
_FLOOR = re.compile(
    r"(?P<id>\w+): (?P<sign>>=?)(?P<at>\d+(?:\.\d+)?)"
    r"(?: with (?P<companion>\w+))?(?: from (?P<stage>\w+))? -> (?P<level>[123])"
)


def parse(item: str, text: str) -> tuple[Floor, ...]:
    """The floors of one item from its cell. Raises ValueError with the part that cannot be read.

    >>> parse("A08", "A08_undangan: >10 from masa_tenang -> 2")[0].reached(10)
    False
    """
    return tuple(_one(item, part.strip()) for part in text.split(";")) if text else ()


def _one(item: str, part: str) -> Floor:
    found = _FLOOR.fullmatch(part)
    if found is None:
        raise ValueError(part)
    return Floor(
        found["id"],
        item,
        float(found["at"]),
        int(found["level"]),
        companion=found["companion"] or "",
        above=found["sign"] == ">",
        from_stage=found["stage"] or "",
    )
