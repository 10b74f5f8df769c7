"""One indicator: a question about a place or a process, never about a person (PRODUCT, "must never do").

Beside what scores an answer, an indicator carries what else the work reads of it: who is asked, whether two
raters are, whether people can still change it before the vote, whether a plan gives it, and the yes or no
that is asked beside a count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kondusif.errors import RecipeError
from kondusif.words import N_, OWN, table
from kondusif_index.transform import Transform

STAGES = (
    "persiapan",
    "pencalonan",
    "kampanye",
    "masa_tenang",
)  # in order; voting and after count as the last
TPS = "tps"  # the level of an indicator that stations are asked for
PLANNER = N_("Perencana")
ASKED = (
    N_("Bhabinkamtibmas"),
    N_("Bagops"),
    N_("Panitia"),
    N_("Camat"),
    N_("Polsek"),
    N_("Humas"),
    "Satpol PP",
    "BPBD",
    PLANNER,
)  # who may be asked for an answer (method 9.2)


def is_companion(item: str) -> bool:
    """Whether an item is the yes, no or unknown beside a count: ``D06_violence`` (RULES 3)."""
    return "_" in item


def parent_of(companion: str) -> str:
    """The count that a companion stands beside."""
    return companion.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Companion:
    """A question answered yes, no or unknown beside a count, since a count hides what kind it was."""

    id: str
    name_id: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question about a place. ``lo`` and ``hi`` are in ``unit``; ``fresh_days`` in days;
    ``weight`` is relative inside its dimension.

    ``asked_of``: one of ``ASKED``; ``two_raters``: each rates on their own (method 9.2); ``changeable``:
    people can still change it before the vote (method 2.11); ``from_plan``: computed from the approved plan,
    asked of nobody (RULES 5); ``companions``: asked beside its count (RULES 3).
    """

    id: str
    dimension: str
    subdimension: str
    name_id: str
    name_en: str
    type: str
    unit: str
    direction: str
    lo: float
    hi: float
    transform: Transform
    level: str
    first_stage: str
    fresh_days: int
    weight: float
    may_not_apply: bool
    source: str
    rationale: str = ""
    reference: str = ""
    asked_of: str = PLANNER
    two_raters: bool = False
    changeable: bool = True
    from_plan: bool = False
    companions: tuple[Companion, ...] = ()

    def __post_init__(self) -> None:
        def refuse(field: str, what: str, why: str = "") -> None:
            why = f"indicator_{why or field}"
            raise RecipeError(f"{self.id}: {what}", why=why, field=field, indicator=self.id)

        if not re.fullmatch("[A-Z]", self.dimension):
            refuse("dimension", f"no such dimension: {self.dimension}")
        if not self.lo < self.hi:
            refuse("lo", f"range is empty: {self.lo} to {self.hi}")
        if self.transform.kind == "log_clamp" and self.lo <= 0:
            refuse("lo", "a log range starts above 0", "log")
        if not self.weight > 0:
            refuse("weight", f"weight must be above 0: {self.weight}")
        if self.fresh_days < 0:
            refuse("fresh_days", f"fresh_days is negative: {self.fresh_days}")
        if self.first_stage not in STAGES:
            refuse("first_stage", f"no such stage: {self.first_stage}")
        if self.asked_of not in ASKED:
            refuse("asked_of", f"nobody of that name is asked: {self.asked_of}")
        if strays := [c.id for c in self.companions if parent_of(c.id) != self.id]:
            refuse("companions", f"companions of another item: {', '.join(strays)}")

    def risk(self, x: float) -> float:
        """Risk of answer ``x``, 0 to 1 (method 1.1)."""
        return self.transform.risk(x, self.lo, self.hi)

    @property
    def whole(self) -> bool:
        """Answers are whole numbers: counts, marks on the scale, yes (1) or no (0)."""
        return self.type in ("count", "boolean", "likert")

    @property
    def measured(self) -> bool:
        """Answers are numbers in a unit, neither yes or no nor marks on a scale."""
        return self.type not in ("boolean", "likert")

    def due(self, stage: str) -> bool:
        """Whether this item should be answered by ``stage`` (RULES 1)."""
        return STAGES.index(self.first_stage) <= stage_index(stage)


def possible(indicator: Indicator, value: float) -> str:
    """What an answer to this indicator can be at all, when ``value`` cannot; else nothing.

    The goalposts are not the limit: a count of 9 on a scale to 5 is possible and counts as the worst.
    """
    if indicator.type == "boolean":
        return "" if value in (0, 1) else N_("ya atau tidak (1 atau 0)")
    if indicator.type == "likert":
        inside = indicator.lo <= value <= indicator.hi and value.is_integer()
        return (
            ""
            if inside
            else N_("bilangan bulat {} sampai {}").format(f"{indicator.lo:g}", f"{indicator.hi:g}")
        )
    if "%" in indicator.unit and not 0 <= value <= 100:
        return N_("persen 0 sampai 100")
    if "per 1.000" in indicator.unit and not 0 <= value <= 1000:
        return N_("0 sampai 1000")
    if value < 0:
        return N_("angka nol atau lebih")
    if indicator.type == "count" and not value.is_integer():
        return N_("bilangan bulat")
    return ""


def anchors(indicator: Indicator, language: str = OWN) -> Mapping[int, str]:
    """Mark of a rated item to what a rater sees there (method 9.2), every mark from ``lo`` to ``hi``.

    Empty for what is not rated, and where an office changed the scale or its wording: then the anchors are
    those of its own rationale, which is shown whole.

    >>> from kondusif.instrument.catalogue import catalogue
    >>> anchors(catalogue()["D10"], "en")[4]
    'shoving, stones thrown, weapons shown'
    """
    if indicator.type != "likert":
        return {}
    marks = range(int(indicator.lo), int(indicator.hi) + 1)
    own, said = table("anchors"), table("anchors", language)
    known = all(f"{n} {own.get(f'{indicator.id}.{n}')}" in indicator.rationale for n in marks)
    return {n: said[f"{indicator.id}.{n}"] for n in marks} if known else {}


def stage_index(stage: str) -> int:
    """Place of a stage in ``STAGES``. Raises ``RecipeError`` on an unknown one."""
    if stage not in STAGES:
        raise RecipeError(f"no such stage: {stage}", stage=stage)
    return STAGES.index(stage)


def item_ids(indicators: Iterable[Indicator]) -> tuple[str, ...]:
    """Every id that an answer may carry: indicators, then their companions."""
    rows = tuple(indicators)
    return (*(i.id for i in rows), *(c.id for i in rows for c in i.companions))
