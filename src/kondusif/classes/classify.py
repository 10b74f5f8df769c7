"""2. Which class, how firm is that, and what made it so?

Levels are 1, 2, 3; their labels belong to the operation. Two classes are kept apart: ``level`` governs
gates, quiet hours and when security begins; ``force_level`` leaves out what the plan itself decides (F01,
F03) and sizes the force, so that a plan never argues for itself (RULES 5, method 2.6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kondusif.answers.answer import Answer, AnswerLog, answers_digest, distinct
from kondusif.classes.floors import CLEAR, FIRED, UNTOLD, FiredFloor, circular, floor_state
from kondusif.classes.score import Score, answer_log, score_book, station_score
from kondusif.instrument.floor import Floor
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of

Chance = tuple[float, float, float]  # P(level 1), P(2), P(3); they sum to 1


class Firmness(StrEnum):
    """How firm a class is, in words (RULES 8, method 2.7)."""

    SEMENTARA = "sementara"  # too little is answered
    LANTAI = "lantai"  # a floor set it, the score alone would be lower
    AMBANG_NAIK = "di_ambang_naik"
    AMBANG_TURUN = "di_ambang_turun"
    TETAP = "tetap"  # far from every cut-off, where nobody has shaken it
    PASTI = "pasti"  # P(class) at least 0.90
    HAMPIR_PASTI = "hampir_pasti"  # at least 0.75


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
    ``held``: kept at the published level because missing never calms. ``unknown_floors``: a count says there
    was something, its companion does not say what. ``cautious``: the level if every gap were as bad as last
    known, or worst. ``inherited``: for a TPS, the level of its desa. ``chance``: P(1), P(2), P(3), where
    it was shaken (method 2.10).
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
    force_score: Score
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


def classify(
    recipe: Recipe,
    answers: Iterable[Answer],
    place: str,
    *,
    on: date,
    stage: str,
    previous: Published | None = None,
    without: Collection[str] = (),
) -> Classification:
    """Class of a desa, or of a TPS with its desa's class beneath (method 2.1-2.5).

    In ``assess`` a TPS stands on its desa's class as published; here on the desa's class of the day.
    """
    log = answer_log(recipe, answers, on)
    desa = desa_of(place)
    village = _village(recipe, log, desa, stage, without, previous if place == desa else None)
    if place == desa:
        return village
    return _station(recipe, log, place, stage, without, previous, village)


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
    """A desa and its stations on a day. Answers of other places are left aside.

    The digest covers the answers known of this desa and its stations on that day, in any row order.
    """
    own = [a for a in distinct(answers) if desa_of(a.place) == desa and a.on <= on]
    log = answer_log(recipe, own, on)
    tps_previous = tps_previous or {}
    less = recipe.force_without
    village = _village(recipe, log, desa, stage, (), previous)
    force = _village(recipe, log, desa, stage, less, _of_force(previous))
    return DesaAssessment(
        desa=desa,
        on=on,
        stage=stage,
        score=score_book(recipe, log, desa, stage=stage),
        force_score=score_book(recipe, log, desa, stage=stage, without=less),
        classification=village,
        force=force,
        tps={t: _station(recipe, log, t, stage, (), tps_previous.get(t), village) for t in sorted(tps)},
        tps_force={
            t: _station(recipe, log, t, stage, less, _of_force(tps_previous.get(t)), force)
            for t in sorted(tps)
        },
        recipe_digest=recipe.digest,
        answers_digest=answers_digest(own),
        answer_ids=frozenset(a.id for a in own),
    )


def _of_force(previous: Published | None) -> Published | None:
    if previous is None or previous.force_level is None:
        return None
    return replace(previous, level=previous.force_level)


def _village(
    recipe: Recipe,
    log: AnswerLog,
    desa: str,
    stage: str,
    without: Collection[str],
    previous: Published | None,
) -> Classification:
    score = score_book(recipe, log, desa, stage=stage, without=without)
    worst = score_book(recipe, log, desa, stage=stage, without=without, cautious=True)
    rules = [f for f in recipe.floors if not circular(recipe, f, without)]
    floors = {f: floor_state(recipe, f, log, desa, stage) for f in rules}
    return _classification(recipe, log, score, worst, floors, previous)


def _station(
    recipe: Recipe,
    log: AnswerLog,
    tps: str,
    stage: str,
    without: Collection[str],
    previous: Published | None,
    village: Classification,
) -> Classification:
    """RULES 4, method 2.5: highest of the desa's class, own floors, and the desa's score with own values."""
    desa = desa_of(tps)
    known = {i: a for i in recipe.tps_items if i not in without and (a := log.last_value(tps, i))}
    score = station_score(recipe, log, tps, stage, without)
    worst = score_book(recipe, log, desa, stage=stage, without=without, replace=known, cautious=True)
    floors = {
        f: floor_state(recipe, f, log, tps, stage)
        for f in recipe.floors
        if f.item in recipe.tps_items and log.last_value(tps, f.item) and not circular(recipe, f, without)
    }
    return _classification(recipe, log, score, replace(worst, place=tps), floors, previous, village)


def _classification(
    recipe: Recipe,
    log: AnswerLog,
    score: Score,
    worst: Score,
    floors: Mapping[Floor, tuple[str, FiredFloor]],
    previous: Published | None,
    village: Classification | None = None,
) -> Classification:
    by_score = None if score.total is None else recipe.level_of(score.total)
    fired = tuple(fact for state, fact in floors.values() if state == FIRED)
    inherited = village.level if village else None
    now = _highest(by_score, inherited, *(f.level for f in fired))
    cautious = _highest(
        None if worst.total is None else recipe.level_of(worst.total),
        village.cautious if village else None,
        *(fact.level for state, fact in floors.values() if state != CLEAR),
    )
    provisional = score.coverage_due < recipe.provisional_below
    level, held = _never_calms(now, cautious, previous, log.ids_of(score.place), provisional)
    cut, distance, direction = _nearest(recipe, score.total)
    return Classification(
        place=score.place,
        level=level,
        by_score=by_score,
        floors=fired,
        provisional=provisional,
        held=held,
        distance=distance,
        nearest_cut=cut,
        direction=direction,
        firmness=_firmness(recipe, level, by_score, fired, provisional, held, distance, direction, village),
        unknown_floors=tuple(f.id for f, (state, _) in floors.items() if state == UNTOLD),
        total=score.total,
        coverage_due=score.coverage_due,
        cautious=cautious,
        inherited=inherited,
    )


def _highest(*levels: int | None) -> int | None:
    return max((level for level in levels if level is not None), default=None)


def _never_calms(
    now: int | None,
    cautious: int | None,
    previous: Published | None,
    known: frozenset[str],
    provisional: bool,
) -> tuple[int | None, bool]:
    """Level to publish, and whether it was held (RULES 2, method 2.4).

    A class falls below the published one only when enough is answered, an answer has come since, none that
    it rested on has gone, and it falls in the cautious reckoning as well.
    """
    if previous is None:
        return now, False
    if now is None:
        return previous.level, True
    if now >= previous.level:
        return now, False
    came, gone = known - previous.answer_ids, previous.answer_ids - known
    if provisional or not came or gone or cautious is None:
        return previous.level, True
    level = max(now, min(previous.level, cautious))
    return level, level > now


def _nearest(recipe: Recipe, total: float | None) -> tuple[float | None, float | None, str | None]:
    if total is None:
        return None, None, None
    cut = min(recipe.cuts, key=lambda c: (abs(total - c), c))
    return cut, abs(total - cut), "naik" if total < cut else "turun"


def _firmness(
    recipe: Recipe,
    level: int | None,
    by_score: int | None,
    fired: Sequence[FiredFloor],
    provisional: bool,
    held: bool,
    distance: float | None,
    direction: str | None,
    village: Classification | None,
) -> Firmness:
    if level is None or provisional:
        return Firmness.SEMENTARA
    if held:  # the machine reads lower; only gaps keep it here
        return Firmness.AMBANG_TURUN
    if by_score is None or level > by_score:
        if any(f.level == level for f in fired) or village is None:
            return Firmness.LANTAI
        return village.firmness
    if distance is not None and distance < recipe.near:
        return Firmness.AMBANG_NAIK if direction == "naik" else Firmness.AMBANG_TURUN
    return Firmness.TETAP
