"""Another recipe from a recipe: one change at a time, whole or refused; and two recipes side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kondusif.effect import Effect, moved_first
from kondusif.errors import RecipeError
from kondusif.measure import edit
from kondusif.measure.catalogue import Transform
from kondusif.measure.difference import difference, shifts
from kondusif.measure.recipe import Floor, Recipe, default_recipe
from kondusif.measure.score import score
from tests import cast

RECIPE = default_recipe()
OWN = replace(RECIPE.by_id["A01"], id="A09", name_id="Berkas yang belum dijawab", weight=5.0)
DAY = cast.NOW.date()


def why(change, *args, **more) -> tuple[object, object]:
    with pytest.raises(RecipeError) as caught:
        change(RECIPE, *args, **more)
    return caught.value.facts.get("why"), caught.value.facts.get("field")


def test_an_own_indicator_stands_at_the_end_of_its_dimension():
    made = edit.with_indicator(RECIPE, OWN, new=True)
    assert [i.id for i in made.indicators][7:10] == ["A08", "A09", "B01"]
    assert edit.next_id(RECIPE, "A") == "A09"
    assert Recipe.from_toml(made.to_toml()) == made


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"id": "Z01"}, ("indicator_id", "id")),
        ({"lo": 5.0, "hi": 5.0}, ("indicator_lo", "lo")),
        ({"name_id": "Jumlah warga suku X"}, ("banned", "name_id")),
        ({"rationale": "Sebab warga madura"}, ("banned", "rationale")),
        ({"subdimension": "partai"}, ("banned", "subdimension")),
        ({"source": " "}, ("blank", "source")),
        ({"type": "boolean"}, ("boolean_transform", "transform")),
    ],
)
def test_an_indicator_that_cannot_be_is_refused_with_its_field(wrong, told):
    try:
        indicator = replace(OWN, **wrong)
    except RecipeError as error:
        assert (error.facts["why"], error.facts["field"]) == told
    else:
        assert why(edit.with_indicator, indicator, new=True) == told


def test_a_log_range_below_zero_names_its_field():
    with pytest.raises(RecipeError) as caught:
        replace(OWN, lo=0.0, transform=Transform("log_clamp"))
    assert (caught.value.facts["why"], caught.value.facts["field"]) == ("indicator_log", "lo")


def test_an_indicator_that_carries_a_floor_is_not_retired_in_passing():
    assert why(edit.without_indicator, "D05") == ("carries_floor", None)
    freed = edit.without_floor(RECIPE, "D05_senjata")
    assert "D05" not in edit.without_indicator(freed, "D05").by_id


def test_the_last_indicator_of_a_dimension_stays():
    rest = tuple(i for i in RECIPE.indicators if i.dimension != "B" or i.id == "B01")
    with pytest.raises(RecipeError) as caught:
        edit.without_indicator(replace(RECIPE, indicators=rest), "B01")
    assert caught.value.facts["why"] == "dimension_empty"


def test_a_retired_indicator_leaves_the_lists_that_name_it():
    made = edit.without_indicator(RECIPE, "F01")
    assert "F01" not in made.force_without and "F01" not in made.by_id


@pytest.mark.parametrize(
    "weights, told",
    [
        ({**RECIPE.dimension_weights, "A": 0.3}, "dimension_sum"),
        ({**RECIPE.dimension_weights, "A": 0.0, "B": 0.35}, "dimension_weight"),
        ({"A": 1.0}, "weights_differ"),
    ],
)
def test_dimension_weights_sum_to_one_and_none_is_zero(weights, told):
    assert why(edit.with_weights, "", weights)[0] == told


def test_indicator_weights_are_relative():
    double = {c: 2 * w for c, w in edit.weights_under(RECIPE, "A").items()}
    assert edit.with_weights(RECIPE, "A", double).shares == pytest.approx(dict(RECIPE.shares))


def test_cut_offs_rise():
    assert why(edit.with_rules, cuts=(40.0, 20.0), provisional_below=0.7, near=2.0)[0] == "cuts"


@pytest.mark.parametrize(
    "floor, told",
    [
        (Floor("D05_senjata", "D05", 1, 3), "floor_twice"),
        (Floor("E07_lain", "Z01", 1, 2), "floor_item"),
        (Floor("E07_lain", "E07", 1, 2, companion="D01_fatal"), "floor_companion"),
        (Floor("!", "E07", 1, 2), "floor_id"),
    ],
)
def test_a_floor_rests_on_something_of_its_own(floor, told):
    assert why(edit.with_floor, floor)[0] == told


def test_a_difference_names_every_side():
    after = edit.with_indicator(RECIPE, OWN, new=True)
    after = edit.without_indicator(after, "B02")
    after = edit.with_rules(after, cuts=(25.0, 45.0), provisional_below=0.7, near=2.0)
    after = edit.with_floor(after, Floor("E07_logistik", "E07", 50, 2))
    found = difference(RECIPE, after)
    assert [i.id for i in found.added] == ["A09"] and [i.id for i in found.removed] == ["B02"]
    assert [(c.field, c.before, c.after) for c in found.rules] == [("cuts", (20.0, 40.0), (25.0, 45.0))]
    assert [(c.of, c.before) for c in found.floors] == [("E07_logistik", None)]
    assert {c.of[0] for c in found.shares} == {"A", "B"} and not found.dimensions and not found.indicators
    assert not difference(after, after)


def test_shifts_sum_to_the_change_of_the_score():
    after = edit.with_weights(RECIPE, "", {"A": 0.1, "B": 0.1, "C": 0.1, "D": 0.4, "E": 0.2, "F": 0.1})
    answers = cast.answers(cast.TENSE, cast.KARANGJATI)
    one, two = (score(r, answers, cast.KARANGJATI, on=DAY, stage="masa_tenang") for r in (RECIPE, after))
    moved = shifts(one, two)
    assert sum(s.points for s in moved) == pytest.approx(two.required() - one.required())
    assert [abs(s.points) for s in moved] == sorted((abs(s.points) for s in moved), reverse=True)


def test_moved_places_come_first_and_rising_ones_before_falling_ones():
    from kondusif.classify import assess

    def run(recipe, text, desa):
        return assess(recipe, cast.answers(text, desa), desa, [], on=DAY, stage="masa_tenang")

    strict = edit.with_rules(RECIPE, cuts=(5.0, 30.0), provisional_below=0.7, near=2.0)
    loose = edit.with_rules(RECIPE, cuts=(39.0, 60.0), provisional_below=0.7, near=2.0)
    up = Effect("b", run(RECIPE, cast.CALM, "b"), run(strict, cast.CALM, "b"))
    down = Effect("a", run(RECIPE, cast.TENSE, "a"), run(loose, cast.TENSE, "a"))
    same = Effect("c", run(RECIPE, cast.CALM, "c"), run(RECIPE, cast.CALM, "c"))
    assert [e.desa for e in moved_first([same, down, up])] == ["b", "a", "c"]


def test_a_code_holds_no_banned_word_either():
    assert why(edit.named, "warga-madura", "2") == ("banned", "kode")
    assert why(edit.with_floor, Floor("A01_agama", "A01", 1.0, 2)) == ("banned", "id")


@pytest.mark.parametrize("parent", ["", "A"])
def test_a_weight_that_overflows_where_it_is_summed_is_refused(parent):
    weights = dict.fromkeys(edit.codes_under(RECIPE, parent), 1e308)
    assert why(edit.with_weights, parent, weights)[0] == "number"
