"""P(class): what is certain stays so, what is close is told to be close, order changes no bit (RULES 8)."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.answers.answer import Answer, Given
from kondusif.classes.certainty import with_chances
from kondusif.classes.classify import assess, firmness_of
from kondusif.classes.score import answer_log
from kondusif.errors import RecipeError
from kondusif.instrument.recipe import Certainty, Recipe
from kondusif_index.steps.classify import Firmness
from kondusif_index.transform import Transform
from tests.cast import RECIPE, TENSE

DAY = date(2025, 6, 1)
DESA = "99.01.01.2001"
FACTS = {f.item for f in RECIPE.floors}
STILL = replace(RECIPE, certainty=Certainty(weights=0, posts=0, noise=0, flip=0))


def answers(share: float, leave: tuple[str, ...] = (), place: str = DESA) -> list[Answer]:
    """Every item at the same share of its range, as near as whole answers allow."""
    out = []
    for i in RECIPE.indicators:
        if i.id in leave:
            continue
        if i.id in FACTS:  # facts that set a floor stay none unless a test sets them
            out.append(Answer(f"{place}{i.id}", place, i.id, 0.0, "", Given.VALUE, DAY, "", ""))
            continue
        risk = {"linear_inverse": 1 - share}.get(i.transform.kind, share)
        x = i.lo + risk * (i.hi - i.lo)
        x = float(round(x)) if i.whole else x
        out.append(Answer(f"{place}{i.id}", place, i.id, x, "", Given.VALUE, DAY, "", ""))
    return out


def shaken(recipe: Recipe, given: list[Answer], tps=(), noise=None):
    made = assess(recipe, given, DESA, tps, on=DAY, stage="masa_tenang")
    return with_chances(recipe, made, answer_log(recipe, given, DAY), noise)


def test_nothing_moves_a_class_when_nothing_is_shaken():
    made = shaken(STILL, answers(0.3))
    assert made.classification.chance[made.level - 1] == 1.0
    assert made.classification.firmness is Firmness.SURE


def test_a_score_on_a_cut_is_on_the_brink_and_one_far_away_is_sure():
    far = shaken(RECIPE, answers(0.02)).classification
    assert far.firmness is Firmness.SURE and far.chance[0] > 0.9
    total = shaken(STILL, answers(0.3)).score.total
    close = replace(RECIPE, cuts=(5.0, total + 0.01))
    c = shaken(close, answers(0.3)).classification
    assert c.level == 2 and c.firmness is Firmness.RISING
    assert 0.2 < c.chance[1] < 0.75


def test_a_fact_that_sets_a_floor_is_not_shaken():
    blade = Answer("d5", DESA, "D05", 1.0, "", Given.VALUE, DAY, "", "")
    given = [a for a in answers(0.02) if a.item != "D05"] + [blade]
    c = shaken(RECIPE, given).classification
    assert (c.level, c.by_score, c.chance) == (3, 1, (0.0, 0.0, 1.0))
    assert c.because == ("lantai",) and c.firmness is Firmness.SURE


def test_a_station_stands_no_lower_than_its_village_in_any_draw():
    tps = f"{DESA}-01"
    own = Answer("c3", tps, "C03", 800.0, "", Given.VALUE, DAY, "", "")
    total = shaken(STILL, answers(0.28)).score.total
    made = shaken(replace(RECIPE, cuts=(5.0, total + 1.0)), [*answers(0.28), own], [tps])
    village, station = made.classification.chance, made.tps[tps].chance
    assert station[0] <= village[0] and station[2] >= village[2]
    assert station != village


def test_a_gap_makes_a_class_less_sure_and_a_provisional_one_says_so():
    whole = shaken(RECIPE, answers(0.1)).classification
    gaps = tuple(i.id for i in RECIPE.indicators if i.dimension in "AB")
    part = shaken(RECIPE, answers(0.1, leave=gaps)).classification
    assert part.provisional and part.firmness is Firmness.PROVISIONAL
    assert part.chance[0] < whole.chance[0]


def test_raters_who_differ_make_a_class_less_sure():
    total = shaken(STILL, answers(0.3)).score.total
    close = replace(RECIPE, cuts=(5.0, total + 2.0))
    agree = {i.id: 0.0 for i in RECIPE.indicators}
    differ = {i.id: 0.3 for i in RECIPE.indicators}
    sure = shaken(close, answers(0.3), noise=agree).classification.chance
    unsure = shaken(close, answers(0.3), noise=differ).classification.chance
    assert sure[1] > unsure[1]


def test_the_tense_reference_village_is_nearly_sure():
    """The worked example of method 2.10."""
    given = [Answer(i, DESA, i, x, "", Given.VALUE, DAY, "", "") for i, x in TENSE.items()]
    c = shaken(RECIPE, given).classification
    assert round(c.total, 2) == 38.59
    assert c.chance == (0.0, 0.85, 0.15) and c.firmness is Firmness.ALMOST


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 1), st.integers(0, 1000))
def test_order_of_answers_changes_no_bit_and_chances_sum_to_one(share, seed):
    given = answers(share)
    mixed = list(given)
    Random(seed).shuffle(mixed)
    one, two = shaken(RECIPE, given).classification, shaken(RECIPE, mixed).classification
    assert one == two
    assert sum(one.chance) == pytest.approx(1)


@pytest.mark.parametrize(
    "chance, expected",
    [
        ((0.05, 0.90, 0.05), Firmness.SURE),
        ((0.15, 0.75, 0.10), Firmness.ALMOST),
        ((0.10, 0.70, 0.20), Firmness.RISING),
        ((0.20, 0.70, 0.10), Firmness.FALLING),
        ((0.15, 0.70, 0.15), Firmness.RISING),  # as likely up as down: say up
    ],
)
def test_the_words_of_rules_8(chance, expected):
    c = assess(STILL, answers(0.25), DESA, (), on=DAY, stage="masa_tenang").classification
    assert c.level == 2
    assert firmness_of(RECIPE, replace(c, chance=chance)) is expected


def test_a_held_class_keeps_its_own_word():
    c = assess(STILL, answers(0.25), DESA, (), on=DAY, stage="masa_tenang").classification
    assert firmness_of(RECIPE, replace(c, held=True, chance=(0, 1, 0))) is Firmness.FALLING


@pytest.mark.parametrize("wrong", [{"draws": 5}, {"noise": 1.0}, {"flip": -0.1}, {"firm": (0.7, 0.8)}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(RecipeError):
        Certainty(**wrong)


def test_settings_travel_in_the_recipe_and_its_digest():
    other = replace(RECIPE, certainty=Certainty(draws=500, noise=0.1))
    assert Recipe.from_toml(other.to_toml()) == other
    assert other.digest != RECIPE.digest


@pytest.mark.parametrize(
    "text, lo, hi",
    [
        ("linear_clamp", 2, 9),
        ("linear_inverse", 0, 100),
        ("boolean", 0, 1),
        ("boolean_inverse", 0, 1),
        ("log_clamp", 1, 50),
        ("map{1:0.6,2:1.0,3:0.7,4:0.5}", 1, 5),
    ],
)
@given(st.lists(st.floats(-20, 120), min_size=1, max_size=8))
def test_many_risks_at_once_are_the_single_ones(text, lo, hi, values):
    import numpy as np

    transform = Transform.parse(text)
    x = np.array(values)
    many = transform.risks(x, lo, np.full(len(x), float(hi)))
    assert many.tolist() == pytest.approx([transform.risk(v, lo, hi) for v in values], abs=1e-12)
