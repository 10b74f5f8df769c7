"""2. Which class, how firm is that, and what made it so?

Levels are 1, 2, 3; their labels belong to the operation. Two classes are kept apart: ``level`` governs
gates, quiet hours and when security begins; ``force_level`` leaves out what the plan itself decides (F01,
F03) and sizes the force, so that a plan never argues for itself (RULES 5, method 2.6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kondusif.answers.answer import Answer, answers_digest, distinct
from kondusif.classes.floors import CLEAR, FIRED, UNTOLD, FiredFloor, circular, floor_state
from kondusif.classes.score import PlaceItems, Score, answer_log, fresh_values
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_index.rounding import edges
from kondusif_index.steps.classify import Firmness, firmness

Chance = tuple[float, float, float]  # P(level 1), P(2), P(3); they sum to 1


@dataclass(frozen=True, slots=True)
class Published:
    """The last published machine class of a place and the ids of all answers known then (RULES 2)."""

    level: int
    on: date
    answer_ids: frozenset[str]
    force_level: int | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """The class of a desa or TPS and everything that made it so.

    ``distance`` in points to ``nearest_cut``; ``direction`` "naik" when that cut lies above, else "turun".
    ``held``: kept at the published level because missing never lowers a class. ``unknown_floors``: a count
    says there was something, its companion does not say what. ``cautious``: the level if every gap were as
    bad as last known, or worst. ``inherited``: for a TPS, the level of its desa. ``chance``: P(1), P(2),
    P(3), where it was computed (method 2.10).
    """

    place: str
    level: int | None
    by_score: int | None
    floors: tuple[FiredFloor, ...]
    provisional: bool
    held: bool
    distance: float | None
    nearest_cut: float | None
    direction: str | None
    firmness: Firmness
    unknown_floors: tuple[str, ...]
    total: float | None = None
    coverage_due: float = 0.0
    cautious: int | None = None
    inherited: int | None = None
    chance: Chance | None = None

    @property
    def because(self) -> tuple[str, ...]:
        """What carries the level, as codes: "lantai", "skor", "desa" (inherited), "ditahan" (held)."""
        if self.level is None:
            return ()
        if self.held:
            return ("ditahan",)
        carried = {
            "lantai": max((f.level for f in self.floors), default=0),
            "skor": self.by_score,
            "desa": self.inherited,
        }
        return tuple(code for code, level in carried.items() if level == self.level)


@dataclass(frozen=True, slots=True)
class DesaAssessment:
    """A desa on a day: its score, its class, the class that sizes the force, and its stations."""

    desa: str
    on: date
    stage: str
    score: Score
    classification: Classification
    force: Classification
    tps: Mapping[str, Classification]
    tps_force: Mapping[str, Classification]
    recipe_digest: str
    answers_digest: str
    answer_ids: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def level(self) -> int | None:
        return self.classification.level

    @property
    def force_level(self) -> int | None:
        return self.force.level

    @property
    def tps_force_level(self) -> dict[str, int]:
        """Force level per TPS, where there is one."""
        return {kode: c.level for kode, c in self.tps_force.items() if c.level is not None}


def assess(
    recipe: Recipe,
    answers: Iterable[Answer],
    desa: str,
    tps: Sequence[str],
    *,
    on: date,
    stage: str,
    previous: Published | None = None,
    tps_previous: Mapping[str, Published] | None = None,
) -> DesaAssessment:
    """A desa and its stations on a day (method 2.1-2.5). Answers of other places are left aside.

    The digest covers the answers known of this desa and its stations on that day, in any row order.
    """
    own = [a for a in distinct(answers) if desa_of(a.place) == desa and a.on <= on]
    log = answer_log(recipe, own, on)
    items = PlaceItems(recipe, log, desa, stage)
    less, before = recipe.force_without, tps_previous or {}
    village = _classify(items, desa, (), previous)
    force = _classify(items, desa, less, _of_force(previous))
    places = sorted(tps)
    return DesaAssessment(
        desa=desa,
        on=on,
        stage=stage,
        score=items.score(),
        classification=village,
        force=force,
        tps={t: _classify(items, t, (), before.get(t), village) for t in places},
        tps_force={t: _classify(items, t, less, _of_force(before.get(t)), force) for t in places},
        recipe_digest=recipe.digest,
        answers_digest=answers_digest(own),
        answer_ids=frozenset(a.id for a in own),
    )


def _of_force(previous: Published | None) -> Published | None:
    if previous is None or previous.force_level is None:
        return None
    return replace(previous, level=previous.force_level)


def _classify(
    items: PlaceItems,
    place: str,
    without: Collection[str],
    previous: Published | None,
    village: Classification | None = None,
) -> Classification:
    """Class of a desa, or of a TPS with its desa's class beneath (``village``; RULES 4, method 2.5).
    ``items`` are those of the desa.

    That of a TPS is the highest of its desa's class, its own floors, and the desa's score with its own
    values; a desa's own values are those of its score.
    """
    recipe, log, stage = items.recipe, items.log, items.stage
    inherited, own, fresh = None, None, None
    if village is not None:
        inherited = village.level
        fresh = fresh_values(recipe, log, place)
        own = {i: a for i in recipe.tps_items if (a := log.last_value(place, i))}
    total, coverage_due = items.total(without, fresh)
    worst, _ = items.total(without, own, cautious=True)
    rules = [f for f in recipe.floors if not circular(recipe, f, without) and (own is None or f.item in own)]
    floors = [floor_state(recipe, f, log, place, stage) for f in rules]
    fired = tuple(floor for state, floor in floors if state == FIRED)
    machine = _highest(_level(recipe, total), inherited, *(floor.level for floor in fired))
    cautious = _highest(
        _level(recipe, worst),
        village.cautious if village else None,
        *(floor.level for state, floor in floors if state != CLEAR),
    )
    provisional = recipe.provisional(coverage_due)
    level = _never_lowered(machine, cautious, previous, log.ids_of(place), provisional)
    cut, distance, direction = _nearest(recipe, total)
    made = Classification(
        place=place,
        level=level,
        by_score=_level(recipe, total),
        floors=fired,
        provisional=provisional,
        held=level != machine,
        distance=distance,
        nearest_cut=cut,
        direction=direction,
        firmness=Firmness.PROVISIONAL,
        unknown_floors=tuple(floor.id for state, floor in floors if state == UNTOLD),
        total=total,
        coverage_due=coverage_due,
        cautious=cautious,
        inherited=inherited,
    )
    return replace(made, firmness=firmness_of(recipe, made, village))


def _level(recipe: Recipe, total: float | None) -> int | None:
    return None if total is None else recipe.level_of(total)


def _highest(*levels: int | None) -> int | None:
    return max((level for level in levels if level is not None), default=None)


def _never_lowered(
    machine: int | None,
    cautious: int | None,
    previous: Published | None,
    known: frozenset[str],
    provisional: bool,
) -> int | None:
    """Level to publish; another than the machine's is held (RULES 2, method 2.4).

    A class falls below the published one only when enough is answered, an answer has come since, none that
    it rested on has gone, and it falls in the cautious assessment as well.
    """
    if previous is None:
        return machine
    if machine is None:
        return previous.level
    if machine >= previous.level:
        return machine
    came, gone = known - previous.answer_ids, previous.answer_ids - known
    if provisional or not came or gone or cautious is None:
        return previous.level
    return max(machine, min(previous.level, cautious))


def _nearest(recipe: Recipe, total: float | None) -> tuple[float | None, float | None, str | None]:
    if total is None:
        return None, None, None
    cut = min(recipe.cuts, key=lambda c: (abs(total - c), c))
    above = recipe.cuts.index(cut) >= recipe.level_of(total) - 1
    return cut, abs(total - cut), "naik" if above else "turun"


def firmness_of(recipe: Recipe, c: Classification, village: Classification | None = None) -> Firmness:
    """The word for how firm a class is (method 2.7): by its chance where there is one, else by its distance.

    ``village``: of a TPS, the class of its desa. Provisional and held classes keep their own words.
    """
    if c.level is None or c.provisional:
        return Firmness.PROVISIONAL
    if c.held:  # the machine reads lower; only gaps keep it here
        return Firmness.FALLING
    if c.chance is not None:
        return firmness(c.chance, c.level, firm=recipe.certainty.firm)
    if c.by_score is None or c.level > c.by_score:
        if village is None or any(f.level == c.level for f in c.floors):
            return Firmness.FLOOR
        return village.firmness
    if c.distance is not None and c.distance < edges([recipe.near])[0]:
        return Firmness.RISING if c.direction == "naik" else Firmness.FALLING
    return Firmness.STEADY
