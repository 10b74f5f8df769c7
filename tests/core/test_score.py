"""A score has every point of it accounted for, and missing is not zero."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import GAPS, PlaceItems, answer_log, score_place
from kondusif.errors import RecipeError
from tests.cast import CALM, ITEMS, RECIPE, TENSE

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KONDUSIF_SHARED", ROOT.parent / "shared"))
DESA, DAY = "99.01.01.2001", date(2023, 10, 8)


def value(item, x, on=DAY, given=Given.VALUE):
    return Answer(f"{item}@{on}", DESA, item, x, "", given, on, "berkas", "panitia")


def scored(*answers, on=DAY, stage="masa_tenang", **more):
    return score_place(RECIPE, answer_log(RECIPE, answers, on), DESA, stage=stage, **more)


def item(result, id):
    return next(i for i in result.items if i.id == id)


def case(values, dimensions="ABCDEF"):
    return [value(i, x) for i, x in values.items() if i[0] in dimensions]


@pytest.mark.parametrize(
    "answers, total, dimensions, coverage",
    [
        (case(CALM), 6.97, (0.0, 16.0, 10.68, 0.0, 6.39, 20.14), 1.0),
        (case(TENSE), 38.59, (35.36, 63.08, 49.06, 21.43, 28.05, 51.3), 1.0),
        (case(TENSE, "ABC"), 47.79, (35.36, 63.08, 49.06, None, None, None), 0.5),
    ],
    ids=["calm", "tense", "tense_only_A_to_C"],
)
def test_reference_cases(answers, total, dimensions, coverage):
    got = scored(*answers)
    assert round(got.total, 2) == total
    assert tuple(v if v is None else round(v, 2) for v in got.dimensions.values()) == dimensions
    assert got.coverage_all == pytest.approx(coverage)


def test_reference_cases_are_those_of_the_instrument():
    path = SHARED / "domain/reference_cases.json"
    if not path.exists():
        pytest.skip("the shared reference is not here")
    cases = json.loads(path.read_text(encoding="utf-8"))
    for name, values in (("calm", CALM), ("tense", TENSE)):
        assert values == cases[name]["answers"]


def test_nothing_answered_is_no_score():
    got = scored()
    assert got.total is None and got.coverage_due == 0 and not got.contributions


def test_missing_is_not_zero():
    with_gap = scored(value("A01", 5))
    assert with_gap.total == 100
    assert scored(value("A01", 5), value("A02", 0)).total == 50


@pytest.mark.parametrize(
    "answers, state",
    [
        ([], "absent"),
        ([value("A01", 2)], "answered"),
        ([value("A01", 2, DAY - timedelta(14))], "answered"),
        ([value("A01", 2, DAY - timedelta(15))], "stale"),
        ([value("A01", None, given=Given.REFUSED)], "refused"),
        # only items that may not apply can be called inapplicable
        ([value("A01", None, given=Given.NOT_APPLICABLE)], "refused"),
    ],
)
def test_state_of_an_item(answers, state):
    assert item(scored(*answers), "A01").state == state


def test_not_applicable_counts_nowhere():
    got = scored(*(a for a in case(CALM) if a.item != "F06"), value("F06", None, given=Given.NOT_APPLICABLE))
    assert item(got, "F06").state == "not_applicable"
    assert got.coverage_all == pytest.approx(1)


def test_an_item_before_its_stage_is_not_due_but_counts_when_answered():
    assert item(scored(stage="persiapan"), "A08").state == "not_due"
    early = scored(value("A08", 20), stage="persiapan")
    assert item(early, "A08").state == "answered"
    assert early.total == 100
    assert early.coverage_due == 0  # it was not due
    assert early.coverage_all > 0


def test_coverage_due_and_over_all_stand_apart():
    due = [a for a in case(TENSE) if ITEMS[a.item].due("persiapan")]
    got = scored(*due, stage="persiapan")
    assert got.coverage_due == pytest.approx(1)
    assert got.coverage_all < 0.7


def test_left_out_items_leave_the_index():
    got = scored(*case(TENSE), without=("F01", "F03"))
    assert "F01" not in {i.id for i in got.items}
    assert got.coverage_all == pytest.approx(1)


def test_dimension_value_times_weight_is_its_points():
    got = scored(*case(TENSE, "ABC"))
    points = [got.dimensions[d] * got.weights[d] for d in "ABC"]
    assert sum(points) == pytest.approx(got.total, abs=1e-9)
    assert got.dimensions["D"] is None
    assert sum(got.weights.values()) == pytest.approx(1)
    for d, p in zip("ABC", points, strict=True):
        assert sum(c for i, c in got.contributions.items() if i[0] == d) == pytest.approx(p, abs=1e-9)


@pytest.mark.parametrize(
    ("answers", "state", "cautious"),
    [
        ([value("A01", 2)], "answered", 2),
        ([], "absent", "worst"),
        ([value("A01", 2, DAY - timedelta(15))], "stale", 2),
        ([value("A01", None, given=Given.REFUSED)], "refused", "worst"),
        ([value("A01", 2, DAY - timedelta(3)), value("A01", None, given=Given.REFUSED)], "refused", 2),
        ([value("A01", 2, DAY - timedelta(99)), value("A01", None, given=Given.REFUSED)], "refused", 2),
    ],
)
def test_the_cautious_reckoning_takes_the_last_known_value_or_the_worst(answers, state, cautious):
    """RULES 2; the score itself leaves every gap out."""
    log = answer_log(RECIPE, answers, DAY)
    plain, worst = (
        item(score_place(RECIPE, log, DESA, stage="masa_tenang", cautious=c), "A01") for c in (False, True)
    )
    indicator = ITEMS["A01"]
    assert plain.state == worst.state == state
    assert plain.normalised == (indicator.risk(2) if state == "answered" else None)
    assert worst.normalised == (1.0 if cautious == "worst" else indicator.risk(cautious))
    assert indicator.risk(2) < 1.0


def test_the_cautious_reckoning_asks_for_nothing_that_is_not_due_or_does_not_apply():
    answers = [value("F06", None, given=Given.NOT_APPLICABLE)]
    got = score_place(RECIPE, answer_log(RECIPE, answers, DAY), DESA, stage="persiapan", cautious=True)
    assert (item(got, "F06").normalised, item(got, "A08").normalised) == (None, None)
    assert item(got, "A08").state == "not_due"


def test_a_value_in_place_of_the_villages():
    """RULES 4: a station's own."""
    own = value("C03", 0.0)
    assert scored(value("C03", 640.0), replace={"C03": own}) == scored(own)


def test_what_is_missing_is_due_and_has_no_usable_answer():
    told = [
        value("A01", 2, DAY - timedelta(15)),
        value("A02", None, given=Given.REFUSED),
        value("A03", 0),
        value("F06", None, given=Given.NOT_APPLICABLE),
    ]
    missing = {i.id for i in scored(*told, stage="persiapan").items if i.state in GAPS}
    due = {i.id for i in ITEMS.values() if i.due("persiapan")}
    assert missing == due - {"A03", "F06"} and {"A01", "A02"} <= missing


def test_an_unknown_stage_is_refused():
    with pytest.raises(RecipeError):
        scored(stage="nanti")


some_answers = st.dictionaries(
    st.sampled_from(sorted(ITEMS)), st.floats(0, 1, allow_nan=False), min_size=1, max_size=len(ITEMS)
).map(
    lambda shares: [
        value(i, round(ITEMS[i].lo + s * (ITEMS[i].hi - ITEMS[i].lo), 3)) for i, s in shares.items()
    ]
)


@settings(max_examples=60, deadline=None)
@example(some_answers, st.randoms(use_true_random=False))
def test_contributions_sum_and_row_order_never_matters(answers, random):
    got = scored(*answers)
    assert sum(got.contributions.values()) == pytest.approx(got.total, abs=1e-9)
    assert 0 <= got.total <= 100 + 1e-9
    shuffled = random.sample(answers, len(answers))
    assert scored(*shuffled) == got


@settings(max_examples=60, deadline=None)
@example(
    st.lists(st.floats(0.1, 9), min_size=len(ITEMS), max_size=len(ITEMS)),
    st.sampled_from(["kampanye", "masa_tenang"]),
)
def test_a_score_never_leaves_the_range_of_its_risks(weights, stage):
    """Every gap at its worst is exactly 100, under any weights."""
    indicators = tuple(replace(i, weight=w) for i, w in zip(RECIPE.indicators, weights, strict=True))
    recipe = replace(RECIPE, indicators=indicators)
    got = score_place(recipe, answer_log(recipe, [], DAY), DESA, stage=stage, cautious=True)
    assert got.total == 100.0
    assert all(x in (None, 100.0) for x in got.dimensions.values())
    assert sum(got.contributions.values()) == pytest.approx(got.total, abs=1e-12)


def test_what_equals_a_threshold_to_10_decimals_has_reached_it():
    """0.7 of what is due, as floating point adds it up, is no longer provisional."""
    assert not RECIPE.provisional(0.7 - 1e-14) and RECIPE.provisional(0.7 - 1e-9)
    assert RECIPE.level_of(40 - 1e-14) == 3 and RECIPE.level_of(40 - 1e-9) == 2


@settings(max_examples=60, deadline=None)
@example(
    st.dictionaries(st.sampled_from(sorted(ITEMS)), st.floats(0, 1), min_size=1),
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(sorted(ITEMS))),
            st.dictionaries(st.sampled_from(sorted(RECIPE.tps_items)), st.floats(0, 1)),
            st.booleans(),
        ),
        min_size=2,
        max_size=5,
    ),
)
def test_items_looked_up_once_are_scored_as_if_looked_up_each_time(shares, rounds):
    """Whatever was scored before: without some, with a station's values, on the cautious side or not."""
    log = answer_log(RECIPE, [value(i, x) for i, x in shares.items()], DAY)
    items = PlaceItems(RECIPE, log, DESA, "masa_tenang")
    for without, own, cautious in rounds:
        instead = {i: value(i, x) for i, x in own.items()}
        alone = score_place(
            RECIPE, log, DESA, stage="masa_tenang", without=without, replace=instead, cautious=cautious
        )
        assert items.score(without, instead, cautious) == alone
        assert items.total(without, instead, cautious) == (alone.total, alone.coverage_due)
