"""Another recipe from a recipe: one change at a time, whole or refused; and two recipes side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.effect import Effect, moved_first, shifts
from kondusif.classes.score import answer_log, score_place
from kondusif.errors import RecipeError
from kondusif.instrument import edit
from kondusif.instrument.difference import difference
from kondusif.instrument.floor import Floor
from kondusif.instrument.recipe import Recipe
from kondusif_index.transform import Transform
from tests import cast
from tests.cast import RECIPE

OWN = replace(RECIPE.by_id["A01"], id="A09", name_id="Berkas yang belum dijawab", weight=5.0)
DAY = cast.NOW.date()


def why(change, *args, **more) -> tuple[object, object]:
    with pytest.raises(RecipeError) as caught:
        change(RECIPE, *args, **more)
    return caught.value.reason, caught.value.facts.get("field")


def test_an_own_indicator_stands_at_the_end_of_its_dimension():
    made = edit.with_indicator(RECIPE, OWN, new=True)
    order = [i.id for i in made.indicators]
    assert order[order.index("A09") - 1][0] == "A" and order[order.index("A09") + 1][0] == "B"
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
        assert (error.reason, error.facts["field"]) == told
    else:
        assert why(edit.with_indicator, indicator, new=True) == told


def test_no_floor_rests_on_what_the_plan_gives():
    floor = Floor("F01_kurang", "F01", 40, 3)
    assert why(edit.with_floor, floor) == ("circle", "item")


def test_the_last_item_of_a_dimension_that_sizes_the_force_is_not_taken_out():
    recipe = RECIPE
    for item in ("F02", "F04", "F05"):
        recipe = edit.without_indicator(recipe, item)
    with pytest.raises(RecipeError) as caught:
        edit.without_indicator(recipe, "F06")
    assert caught.value.reason == "force_dimension"


def test_a_log_range_below_zero_names_its_field():
    with pytest.raises(RecipeError) as caught:
        replace(OWN, lo=0.0, transform=Transform("log_clamp"))
    assert (caught.value.reason, caught.value.facts["field"]) == ("indicator_log", "lo")


def test_an_indicator_that_carries_a_floor_is_not_retired_in_passing():
    assert why(edit.without_indicator, "D05") == ("carries_floor", None)
    freed = edit.without_floor(RECIPE, "D05_senjata")
    assert "D05" not in edit.without_indicator(freed, "D05").by_id


def test_the_last_indicator_of_a_dimension_stays():
    rest = tuple(i for i in RECIPE.indicators if i.dimension != "B" or i.id == "B01")
    with pytest.raises(RecipeError) as caught:
        edit.without_indicator(replace(RECIPE, indicators=rest), "B01")
    assert caught.value.reason == "dimension_empty"


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
    one, two = (
        score_place(r, answer_log(r, answers, DAY), cast.KARANGJATI, stage="masa_tenang")
        for r in (RECIPE, after)
    )
    moved = shifts(one, two)
    assert sum(s.points for s in moved) == pytest.approx(two.total - one.total)
    assert [abs(s.points) for s in moved] == sorted((abs(s.points) for s in moved), reverse=True)


def test_moved_places_come_first_and_rising_ones_before_falling_ones():
    from kondusif.classes.classify import assess

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


# ---------------------------------------------------------------- dimensions and roles of one's own

FIRST = replace(OWN, id="G01", dimension="G", name_id="Perahu yang siap di desa pulau")


def test_an_own_dimension_takes_its_share_and_leaves_the_others_their_proportions():
    made = edit.with_dimension(RECIPE, FIRST, name="Desa  pulau", weight=0.1)
    assert made.dimension_weights == {
        "A": 0.18, "B": 0.135, "C": 0.135, "D": 0.225, "E": 0.135, "F": 0.09, "G": 0.1
    }  # fmt: skip
    assert made.name_of("G") == "Desa pulau" and made.name_of("A") == RECIPE.name_of("A")
    assert made.indicators[-1] == FIRST and made.shares["G01"] == 0.1
    assert Recipe.from_toml(made.to_toml()) == made
    assert edit.next_id(made, "G") == "G02" and edit.next_dimension(made) == "H"


def test_the_name_of_a_dimension_is_wording_and_no_method():
    made = edit.with_dimension(RECIPE, FIRST, name="Desa pulau", weight=0.1)
    assert replace(made, dimension_names={"G": "Kepulauan"}).digest == made.digest


@pytest.mark.parametrize(
    "first, more, told",
    [
        (FIRST, {"name": " "}, ("blank", "name")),
        (FIRST, {"name": "x" * 61}, ("too_long", "name")),
        (FIRST, {"name": "Suku pendatang"}, ("banned", "name")),
        (FIRST, {"weight": 0.0}, ("dimension_share", "share")),
        (FIRST, {"weight": 1.0}, ("dimension_share", "share")),
        (OWN, {}, ("dimension_taken", None)),
        (replace(FIRST, id="H01"), {}, ("indicator_id", "id")),
        (replace(FIRST, name_id="Warga madura"), {}, ("banned", "name_id")),
    ],
)
def test_a_dimension_that_cannot_be_is_refused_with_its_field(first, more, told):
    assert why(edit.with_dimension, first, **({"name": "Desa pulau", "weight": 0.1} | more)) == told


def test_a_dimension_goes_with_its_items_and_the_rest_sums_to_one():
    made = edit.without_dimension(RECIPE, "F")
    assert set(made.dimension_weights) == set("ABCDE") and not made.force_without
    assert "F02" not in made.tps_items and all(i.dimension != "F" for i in made.indicators)
    assert made.dimension_weights["A"] == pytest.approx(0.2 / 0.9, abs=1e-4)
    back = edit.without_dimension(edit.with_dimension(RECIPE, FIRST, name="Desa pulau", weight=0.1), "G")
    assert back == RECIPE


def test_a_dimension_that_carries_a_floor_or_is_the_last_stays():
    assert why(edit.without_dimension, "D")[0] == "dimension_floors"
    assert why(edit.without_dimension, "Z")[0] == "indicator_dimension"
    one = replace(
        RECIPE,
        indicators=tuple(i for i in RECIPE.indicators if i.dimension == "B"),
        dimension_weights={"B": 1.0},
        dimension_names={},
        floors=(),
        tps_items=(),
        force_without=(),
    )
    with pytest.raises(RecipeError, match="last"):
        edit.without_dimension(one, "B")


def test_a_retired_number_or_letter_is_never_given_to_another_question():
    """Answers go by id: those to the retired question stay, and must not answer a new one."""
    assert edit.next_id(edit.without_indicator(RECIPE, "A07"), "A") == "A09"
    assert edit.next_id(RECIPE, "A", taken=["A09"]) == "A10"
    assert edit.next_dimension(edit.without_dimension(RECIPE, "F")) == "G"
    assert edit.next_dimension(RECIPE, taken=["G"]) == "H"
    with pytest.raises(RecipeError):
        edit.next_dimension(RECIPE, taken=list("GHIJKLMNOPQRSTUVWXYZ"))


def test_which_items_stations_answer_and_which_size_no_force():
    made = edit.with_roles(RECIPE, tps_items=["F02", "A08"], force_without=["F03", "F01", "F04"])
    assert (made.tps_items, made.force_without) == (("A08", "F02"), ("F01", "F03", "F04"))
    assert made.digest != RECIPE.digest
    assert {c.field for c in difference(RECIPE, made).rules} == {"tps_items", "force_without"}


@pytest.mark.parametrize(
    "tps_items, force_without, told",
    [
        (["A01"], ["F01", "F03"], ("tps_level", "tps_items")),
        (["A99"], ["F01", "F03"], ("unknown_indicator", None)),
        ([], ["F01"], ("circle", "force_without")),
        ([], ["F01", "F02", "F03", "F04", "F05", "F06"], ("force_dimension", "force_without")),
    ],
)
def test_roles_that_cannot_be_are_refused_with_their_field(tps_items, force_without, told):
    assert why(edit.with_roles, tps_items=tps_items, force_without=force_without) == told


def test_an_item_that_stations_answer_stays_asked_per_station():
    assert why(edit.with_indicator, replace(RECIPE.by_id["A08"], level="desa"), new=False) == (
        "tps_level",
        "level",
    )


def test_a_dimension_of_ones_own_counts_in_the_score():
    made = edit.with_dimension(RECIPE, FIRST, name="Desa pulau", weight=0.1)
    place = "99.01.01.2001"
    told = [
        Answer(item, place, item, value, "", Given.VALUE, DAY, "uji", "P01")
        for item, value in (("A01", 0.0), ("G01", FIRST.hi))
    ]
    found = score_place(made, answer_log(made, told, DAY), place, stage="masa_tenang")
    assert found.dimensions["G"] == 100 and found.weights["G"] == pytest.approx(0.1 / 0.28)
    assert found.total == pytest.approx(sum(found.contributions.values()))
