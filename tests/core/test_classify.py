"""Which class, how firm, and that missing never calms."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.classify import (
    Published,
    assess,
)
from kondusif.classes.explain import one_at_a_time
from kondusif.classes.score import answer_log, score_place
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import is_companion
from kondusif_index.steps.classify import Firmness
from tests.cast import ITEMS, RECIPE

DESA, TPS, DAY = "99.01.01.2001", "99.01.01.2001-01", date(2023, 10, 8)


def told(item, x, ago=0, place=DESA, id=""):
    named = is_companion(item)
    on = DAY - timedelta(ago)
    return Answer(
        id or f"{place}/{item}@{on}",
        place,
        item,
        None if named else x,
        x if named else "",
        Given.VALUE,
        on,
        "berkas",
        "petugas",
    )


def everywhere(risk, but=(), ago=0):
    """Every indicator answered so that its risk is about ``risk``; floors kept silent below 1."""
    return [told(i.id, at(i, risk), ago) for i in ITEMS.values() if i.id not in but]


def at(indicator, risk):
    lo, hi = indicator.lo, indicator.hi
    match indicator.transform.kind:
        case "boolean":
            return float(risk >= 0.5)
        case "boolean_inverse":
            return float(risk < 0.5)
        case "linear_inverse":
            return lo + (1 - risk) * (hi - lo)
        case "map":
            return 2.0 if risk >= 0.75 else 4.0
        case "log_clamp":
            return lo * (hi / lo) ** risk
    return lo + risk * (hi - lo)


FLOORED = ("D05", "D06", "D01", "A05", "A08")


def classify(recipe, answers, **more):
    return assess(recipe, answers, DESA, (), **more).classification


def classed(*answers, previous=None, stage="masa_tenang", on=DAY, **more):
    return classify(RECIPE, answers, on=on, stage=stage, previous=previous, **more)


def published(answers, level=None, on=DAY - timedelta(1)):
    now = classify(RECIPE, answers, on=on, stage="masa_tenang")
    return Published(level or now.level, on, frozenset(a.id for a in answers), level or now.level)


@pytest.mark.parametrize("risk, level", [(0.0, 1), (0.3, 2), (0.7, 3)])
def test_class_by_score(risk, level):
    calm_floors = [told(i, 0.0) for i in FLOORED]
    assert classed(*everywhere(risk, FLOORED), *calm_floors).level == level


def test_nothing_known_is_no_class():
    got = classed()
    assert got.level is None and got.provisional and got.firmness is Firmness.PROVISIONAL
    assert got.because == ()


def test_provisional_below_seventy_per_cent():
    got = classed(*(a for a in everywhere(0.5, FLOORED) if a.item[0] in "ABC"))
    assert got.provisional and got.firmness is Firmness.PROVISIONAL
    assert not classed(*everywhere(0.1)).provisional


def test_distance_to_the_next_cut_off():
    got = classed(*everywhere(0.1))
    total = score_place(RECIPE, answer_log(RECIPE, everywhere(0.1), DAY), DESA, stage="masa_tenang").total
    assert (got.nearest_cut, got.direction) == (20.0, "naik" if total < 20 else "turun")
    assert got.distance == pytest.approx(abs(total - 20))


@pytest.mark.parametrize("near, firmness", [(0.0, Firmness.STEADY), (100.0, Firmness.RISING)])
def test_firmness_by_nearness(near, firmness):
    calm = everywhere(0.0)
    assert classify(replace(RECIPE, near=near), calm, on=DAY, stage="masa_tenang").firmness is firmness


def test_above_a_cut_off_it_could_fall():
    tense = [a for a in everywhere(0.45, FLOORED)] + [told(i, 0.0) for i in FLOORED]
    got = classify(replace(RECIPE, near=100.0), tense, on=DAY, stage="masa_tenang")
    assert got.direction == ("turun" if got.total >= got.nearest_cut else "naik")


def test_a_floor_above_the_score_is_named():
    got = classed(*everywhere(0.0, ["D05"]), told("D05", 1.0))
    assert (got.level, got.by_score, got.firmness) == (3, 1, Firmness.FLOOR)
    assert got.because == ("lantai",)
    assert got.floors[0].facts["value"] == 1.0
    assert got.floors[0].facts["answers"] == (f"{DESA}/D05@{DAY}",)


# missing never calms (RULES 2)

TENSE = everywhere(0.6, FLOORED, ago=1) + [told(i, 0.0, 1) for i in FLOORED]


def test_it_falls_when_new_answers_say_so():
    before = published(TENSE)
    assert before.level == 3
    calm = [told(i, at(ITEMS[i], 0.0)) for i in ITEMS]
    got = classed(*TENSE, *calm, previous=before)
    assert (got.level, got.held) == (1, False)


def test_without_a_new_answer_it_never_falls():
    before = published(TENSE)
    got = classed(*TENSE, previous=before, on=DAY + timedelta(400))
    assert got.level == 3


def test_deleted_answers_never_calm():
    before = published(TENSE)
    left = [a for a in TENSE if a.item in FLOORED]
    assert classed(*left).level == 1
    assert classed(*left, previous=before).level == 3
    # nor when a new answer comes at the same time
    got = classed(*left, told("F04", 6.0), previous=before)
    assert (got.level, got.held) == (3, True)


def test_nothing_left_keeps_the_published_class():
    got = classed(previous=published(TENSE))
    assert (got.level, got.held, got.because) == (3, True, ("ditahan",))


STALE = ("A01", "A02", "A03", "A04", "A06", "A07", "C01", "C02", "D04", "D07")  # 26 % of the weight


def test_a_stale_answer_counts_as_its_last_known_value():
    """Calm answers elsewhere must not bring a class down while the worrying ones have merely aged."""
    worst = everywhere(0.9, FLOORED, ago=1) + [told(i, 0.0, 1) for i in FLOORED]
    before = published(worst)
    later = DAY + timedelta(70)

    def calm(ids):
        return [replace(told(i, at(ITEMS[i], 0.0)), id=f"new {i}", on=later) for i in ids]

    new = calm(i for i in ITEMS if i not in STALE)
    assert classed(*worst, *new, on=later).level == 1
    got = classed(*worst, *new, previous=before, on=later)
    assert (got.level, got.held, got.by_score, got.provisional) == (2, True, 1, False)
    assert got.firmness is Firmness.FALLING
    assert classed(*worst, *calm(ITEMS), previous=before, on=later).level == 1


def test_a_provisional_class_never_falls():
    before = published(TENSE)
    later = DAY + timedelta(70)
    few = [replace(told(i, at(ITEMS[i], 0.0)), id=f"new {i}", on=later) for i in ITEMS if i[0] in "DE"]
    got = classed(*TENSE, *few, previous=before, on=later)
    assert got.provisional and (got.level, got.held) == (3, True)


def test_what_was_never_answered_counts_as_worst():
    first = [told("D10", 2.0, 1), told("C05", 0.0, 1)]  # little is known
    before = published(first, level=3)
    got = classed(*first, told("C05", 0.0, 0), previous=before)
    assert (got.level, got.held) == (3, True)


@pytest.mark.parametrize(
    "unasked, words, level",
    [
        ("D05", {}, 3),
        ("D06", {}, 3),
        ("D06", {"D06_violence": "no", "D06_threat": "no"}, 2),  # some event may still have been
        ("D01", {}, 2),
        ("D01", {"D01_fatal": "no"}, 1),
        ("", {}, 1),
    ],
)
def test_what_nobody_asked_about_may_have_happened_when_calming(unasked, words, level):
    """RULES 2, 3: a floor whose count was never given stands in the cautious reckoning."""
    before = Published(3, DAY - timedelta(1), frozenset(), 3)
    calm = everywhere(0.0, [unasked]) + [told(item, word) for item, word in words.items()]
    got = classed(*calm, previous=before)
    assert (got.level, got.held, got.floors) == (level, level > 1, ())


def test_an_unknown_companion_counts_as_yes_when_calming():
    calm = everywhere(0.0, ["D06"], ago=0)
    before = published([told("D06", 1.0, 1)], level=3)
    untold = classed(*calm, told("D06", 1.0, 1), previous=before)
    assert (untold.level, untold.held) == (3, True)
    told_no = (told("D06_violence", "no"), told("D06_threat", "yes"))
    assert classed(*calm, told("D06", 1.0, 1), *told_no, previous=before).level == 2


def test_it_rises_at_once():
    before = published(everywhere(0.0, ago=1))
    assert before.level == 1
    assert classed(*everywhere(0.0, ago=1), told("D05", 1.0), previous=before).level == 3


# stations and the force (RULES 4, 5)


def assessed(*answers, **more):
    return assess(RECIPE, answers, DESA, [TPS], on=DAY, stage="masa_tenang", **more)


def test_force_class_leaves_out_what_the_plan_decides():
    calm_but_short = everywhere(0.19, (*FLOORED, "F01", "F03")) + [told(i, 0.0) for i in FLOORED]
    short = assessed(*calm_but_short, told("F01", 50.0), told("F03", 90.0))
    staffed = assessed(*calm_but_short, told("F01", 0.0), told("F03", 0.0))
    assert short.force == staffed.force
    assert short.score.total > staffed.score.total


def test_a_floor_on_what_the_plan_gives_never_sizes_the_force():
    """Versions with such a floor were published before it was refused."""
    recipe = replace(RECIPE, floors=(*RECIPE.floors, Floor("F01_kurang", "F01", 40, 3)))
    calm = [told(i.id, at(i, 0.1)) for i in RECIPE.indicators if i.id != "F01"]
    short = assess(recipe, [*calm, told("F01", 90.0)], DESA, [], on=DAY, stage="masa_tenang")
    assert (short.level, short.force_level) == (3, 1)


def test_a_held_village_holds_its_stations():
    before = published(TENSE)
    got = assessed(*TENSE[:3], previous=before)
    assert got.level == 3 and got.tps[TPS].level == 3 and got.tps_force_level[TPS] == 3


def test_a_station_is_held_at_its_own_published_class():
    raised = [told("A08", 15.0, 1, TPS)]
    calm = everywhere(0.0, ago=0)
    before = {TPS: Published(2, DAY - timedelta(1), frozenset(a.id for a in [*calm, *raised]), 2)}
    assert assessed(*calm, tps_previous=before).tps[TPS].level == 2  # its answer was deleted
    better = told("A08", 0.0, 0, TPS)
    assert assessed(*calm, *raised, better, tps_previous=before).tps[TPS].level == 1


def test_answers_of_other_places_change_nothing():
    other = [replace(a, id=f"x{a.id}", place="99.01.01.2002") for a in TENSE]
    assert assessed(*everywhere(0.1), *other) == assessed(*everywhere(0.1))


def test_the_assessment_says_what_it_rests_on():
    got = assessed(*everywhere(0.1))
    assert got.recipe_digest == RECIPE.digest
    assert len(got.answers_digest) == 64
    assert got.answer_ids == {a.id for a in everywhere(0.1)}


OWN = tuple(i for i in RECIPE.tps_items if i != "A08")


def worrying_station(ago=0):
    return [told(i, at(ITEMS[i], 1.0), ago, TPS) for i in OWN]


def silent_floors(risk, but=(), ago=0):
    return everywhere(risk, (*FLOORED, *but), ago) + [told(i, 0.0, ago) for i in FLOORED]


@pytest.mark.parametrize("percent", range(4, 60, 4))
def test_the_force_class_of_a_station_leaves_out_what_the_plan_decides_as_well(percent):
    """RULES 5, wherever the score lies: neither the score nor its cautious reckoning hears F01 and F03."""
    rest = silent_floors(percent / 100, ("F01", "F03")) + worrying_station()
    plans = ({"F01": 50.0, "F03": 90.0}, {"F01": 0.0, "F03": 0.0}, {})
    tps = [assessed(*rest, *(told(i, x) for i, x in plan.items())).tps_force[TPS] for plan in plans]
    assert [(c.level, c.total, c.cautious) for c in tps] == [
        (tps[0].level, tps[0].total, tps[0].cautious)
    ] * 3


def test_a_station_does_not_calm_because_its_own_answers_went_stale():
    """RULES 2: the village was measured anew and is calm, the station's own worries have only aged."""
    calm, worry = silent_floors(0.18, ago=1), worrying_station(ago=1)
    before = assessed(*calm, *worry)
    assert (before.level, before.tps[TPS].level) == (1, 2)
    ids = frozenset(a.id for a in (*calm, *worry))
    later, own = DAY + timedelta(400), {TPS: Published(2, DAY, ids, 2)}
    new = [replace(a, id=f"new {a.id}", on=later) for a in calm]

    def at_last(*more):
        return assess(
            RECIPE, [*calm, *worry, *new, *more], DESA, [TPS], on=later, stage="masa_tenang", tps_previous=own
        )

    aged = at_last()
    assert (aged.level, aged.tps[TPS].level, aged.tps[TPS].held) == (1, 2, True)
    assert aged.tps_force_level[TPS] == 2
    better = [told(i, at(ITEMS[i], 0.0), -400, TPS) for i in OWN]
    assert at_last(*better).tps[TPS].level == 1


def test_a_class_does_not_fall_while_an_answer_that_it_rested_on_is_gone():
    before = published(TENSE)
    calm = [told(i, at(ITEMS[i], 0.0)) for i in ITEMS]
    assert classed(*TENSE, *calm, previous=before).level == 1
    got = classed(*TENSE[1:], *calm, previous=before)
    assert (got.level, got.held) == (3, True)


def test_a_cut_off_belongs_to_the_level_above_it():
    """RULES 6: half-open."""
    answers = silent_floors(0.3)
    total = classed(*answers).total
    for cuts, level in (((total, 90.0), 2), ((10.0, total), 3), ((total + 1e-9, 90.0), 1)):
        assert classify(replace(RECIPE, cuts=cuts), answers, on=DAY, stage="masa_tenang").level == level
    on_it = classify(replace(RECIPE, cuts=(total, 90.0)), answers, on=DAY, stage="masa_tenang")
    assert (on_it.distance, on_it.direction, on_it.firmness) == (0.0, "turun", Firmness.FALLING)


@pytest.mark.parametrize(
    "cuts, cut, direction", [((-9, 10), -9, "turun"), ((-10, 9), 9, "naik"), ((2, 30), 2, "naik")]
)
def test_the_nearest_cut_off_is_the_one_that_counts(cuts, cut, direction):
    answers = silent_floors(0.4)
    total = classed(*answers).total
    moved = replace(RECIPE, cuts=tuple(total + c for c in cuts))
    got = classify(moved, answers, on=DAY, stage="masa_tenang")
    assert got.nearest_cut == total + cut
    assert (round(got.distance, 6), got.direction) == (abs(cut), direction)
    for near, firm in ((got.distance, True), (got.distance + 1e-9, False)):  # "under 2 points" (RULES 8)
        close = classify(replace(moved, near=near), answers, on=DAY, stage="masa_tenang")
        assert (close.firmness is Firmness.STEADY) is firm


def test_exactly_the_share_that_is_needed_is_enough():
    """RULES 1: provisional below 0.70, not at it."""
    answers = [a for a in silent_floors(0.1) if a.item[0] in "ABC"]
    share = classed(*answers).coverage_due
    for needed, provisional in ((share, False), (share + 1e-9, True)):
        enough = replace(RECIPE, provisional_below=needed)
        assert classify(enough, answers, on=DAY, stage="masa_tenang").provisional is provisional


# what would change it


@pytest.mark.parametrize("risk, levels", [(0.0, {2, 3}), (0.26, {2, 3}), (0.27, {1, 3}), (0.3, {3})])
def test_what_if_is_exact_and_smallest(risk, levels):
    answers = everywhere(risk, FLOORED) + [told(i, 0.0) for i in FLOORED]
    now = classed(*answers)
    changes = one_at_a_time(RECIPE, answers, DESA, on=DAY, stage="masa_tenang")
    assert {c.level for c in changes} == levels
    for change in changes:
        others = [a for a in answers if a.item != change.item]
        moved = classed(*others, told(change.item, change.after))
        assert moved.level == change.level != now.level
        assert moved.total - now.total == pytest.approx(change.delta, abs=1e-9)
        indicator = ITEMS[change.item]
        if indicator.transform.kind == "map":
            continue
        step = (1.0 if indicator.whole else 0.1) * (1 if change.after > change.before else -1)
        one_less = round(change.after - step, 1)
        if one_less != change.before:
            assert classed(*others, told(change.item, one_less)).level == now.level
