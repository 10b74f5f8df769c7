"""A recipe is data that must not contradict itself."""

from dataclasses import FrozenInstanceError, replace

import pytest

from kondusif.errors import RecipeError
from kondusif.instrument.floor import Floor
from kondusif.instrument.recipe import Recipe
from tests.cast import RECIPE


def test_toml_gives_it_back_unchanged():
    again = Recipe.from_toml(RECIPE.to_toml())
    assert again == RECIPE
    assert again.digest == RECIPE.digest


def test_it_is_frozen():
    with pytest.raises(FrozenInstanceError):
        RECIPE.near = 0.0


def test_shares_sum_to_one():
    assert sum(RECIPE.shares.values()) == pytest.approx(1, abs=1e-12)
    assert RECIPE.shares["D05"] == pytest.approx(0.25 * 5 / 28)


@pytest.mark.parametrize(
    "total, level",
    [
        (0, 1),
        (19.9999999998, 1),
        (19.999999999999996, 2),
        (20, 2),
        (39.9999, 2),
        (39.99999999999999, 3),
        (100, 3),
    ],
)
def test_cut_offs_are_half_open_and_what_equals_one_to_10_decimals_is_on_it(total, level):
    assert RECIPE.level_of(total) == level


@pytest.mark.parametrize(
    "change",
    [
        {"cuts": (20.0, 41.0)},
        {"near": 3.0},
        {"provisional_below": 0.6},
        {"force_without": ()},
        {"tps_items": ("A08",)},
        {"floors": RECIPE.floors[:-1]},
        {"version": "2"},
        {"indicators": (replace(RECIPE.indicators[0], weight=4.0), *RECIPE.indicators[1:])},
    ],
)
def test_the_digest_sees_the_method(change):
    assert replace(RECIPE, **change).digest != RECIPE.digest


def test_the_digest_does_not_see_wording():
    reworded = (replace(RECIPE.indicators[0], name_id="Lain", rationale=""), *RECIPE.indicators[1:])
    assert replace(RECIPE, indicators=reworded).digest == RECIPE.digest


@pytest.mark.parametrize(
    "change",
    [
        {"indicators": ()},
        {"indicators": RECIPE.indicators + RECIPE.indicators[:1]},
        {"dimension_weights": {"A": 1.0}},
        {"dimension_weights": {**RECIPE.dimension_weights, "A": 0.3}},
        {"dimension_weights": {**RECIPE.dimension_weights, "A": -0.2, "B": 0.55}},
        {"cuts": (40.0, 20.0)},
        {"cuts": (20.0, 120.0)},
        {"provisional_below": 1.5},
        {"near": -1.0},
        {"force_without": ("Z9",)},
        {"tps_items": ("Z9",)},
        {"floors": (Floor("x", "Z9", 1, 2),)},
        {"floors": (Floor("x", "A01", 1, 4),)},
        {"floors": (Floor("x", "A01", 1, 2, companion="A01_x"),)},
        {"floors": (Floor("x", "A01", 1, 2, from_stage="nanti"),)},
    ],
)
def test_a_recipe_that_contradicts_itself_is_refused(change):
    with pytest.raises(RecipeError):
        replace(RECIPE, **change)


@pytest.mark.parametrize(
    "text",
    [
        "kode = ",
        'kode = "x"',
        RECIPE.to_toml().replace("near = ", "nearness = "),
        RECIPE.to_toml().replace('transform = "log_clamp"', 'transform = "log"'),
        RECIPE.to_toml().replace("fresh_days = 14", 'fresh_days = "14"'),
        RECIPE.to_toml().replace("lo = 500.0\n", ""),
    ],
)
def test_a_recipe_file_that_cannot_be_read_is_refused(text):
    with pytest.raises(RecipeError):
        Recipe.from_toml(text)
