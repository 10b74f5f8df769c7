"""The fewest things to put right so that a class falls; what cannot be undone stays (method 2.11)."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.explain import AttainableReason, attainable
from kondusif.classes.score import answer_log, score_place
from tests.cast import RECIPE, TENSE

STAYS = {i.id for i in RECIPE.indicators if not i.changeable}
DAY, DESA = date(2025, 6, 1), "99.01.01.2001"


def tense(**other):
    values = TENSE | other
    return [Answer(k, DESA, k, v, "", Given.VALUE, DAY, "", "") for k, v in values.items()]


def found(answers, recipe=RECIPE):
    return attainable(recipe, answer_log(recipe, answers, DAY), DESA, stage="masa_tenang")


def test_the_tense_village_with_its_cut_off_just_below():
    """38.59 with a cut-off of 37.5: one settled matter is enough, and it is scored again in full."""
    recipe = replace(RECIPE, cuts=(20.0, 37.5))
    got = found(tense(), recipe)
    assert got.why is AttainableReason.FOUND and got.level == 2 and got.fewest
    assert len(got.steps) == 1 and got.steps[0].code not in STAYS
    after = tense(**{s.code: s.after for s in got.steps})
    again = score_place(recipe, answer_log(recipe, after, DAY), DESA, stage="masa_tenang")
    assert again.total == pytest.approx(got.total) and recipe.level_of(again.total) == 2


def test_no_smaller_set_does_it():
    """Every set of fewer indicators, each at its calmest, stays in the class."""
    recipe = replace(RECIPE, cuts=(20.0, 34.0))
    got = found(tense(), recipe)
    assert got.why is AttainableReason.FOUND and len(got.steps) > 1
    calmest = {
        i.id: min((i.lo, i.hi, 0.0, 1.0), key=i.risk)
        if i.type == "boolean"
        else min((i.lo, i.hi), key=i.risk)
        for i in recipe.indicators
        if i.id not in STAYS
    }
    for some in combinations(calmest, len(got.steps) - 1):
        answers = tense(**{code: calmest[code] for code in some})
        total = score_place(recipe, answer_log(recipe, answers, DAY), DESA, stage="masa_tenang").total
        assert recipe.level_of(total) == 3, some


def test_what_cannot_be_undone_never_moves_and_may_put_the_class_out_of_reach():
    bad = {
        i.id: i.hi for i in RECIPE.indicators if i.id in STAYS and i.risk(i.hi) == 1 and i.id not in "D05 D06"
    }
    got = found(tense(**bad))
    assert got.why in (AttainableReason.FOUND, AttainableReason.BEYOND)
    assert not STAYS & {s.code for s in got.steps}
    far = replace(RECIPE, cuts=(1.0, 2.0))
    assert found(tense(**bad), far).why is AttainableReason.BEYOND


def test_a_floor_holds_a_class_whatever_the_score():
    recipe = replace(RECIPE, cuts=(20.0, 37.5))
    assert found(tense(), recipe).why is AttainableReason.FOUND
    assert found(tense(D05=1.0), recipe).why is AttainableReason.FLOOR


def test_the_lowest_class_and_no_answer_have_nothing_to_fall_to():
    assert found(tense(), replace(RECIPE, cuts=(60.0, 70.0))).why is AttainableReason.LOWEST
    assert found([]).why is AttainableReason.UNKNOWN
