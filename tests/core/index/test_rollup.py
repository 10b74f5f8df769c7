"""Rolling up in steps is rolling up in one go, and what is missing never counts as zero (method 8.16)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index import settings as recipe_settings
from kondusif_index.audit.roll_up import Rolling, above, depth, roll_up, step_up

NAN = np.nan
STATIONS = tuple(
    f"99.{k:02d}.{n:02d}.{2000 + d}-{t:02d}"
    for k in (1, 2)
    for n in (1, 2)
    for d in (1, 2)
    for t in (1, 2, 3)
)
row = st.tuples(
    st.one_of(st.just(NAN), st.floats(0, 100)),
    st.one_of(st.just(NAN), st.integers(0, 600).map(float)),
    st.floats(0, 1),
    st.integers(0, 3),
)
tables = st.dictionaries(st.sampled_from(STATIONS), row, min_size=1)


def up(table, to, **more):
    units = list(table)
    score, weight, cover, level = (np.array([table[u][k] for u in units]) for k in range(4))
    return roll_up(units, score, to=to, weights=weight, coverage=cover, levels=level, **more)


@settings(deadline=None, max_examples=150)
@given(tables)
def test_in_steps_is_in_one_go(table):
    steps = up(table, 4)
    for to in (3, 2, 1):
        steps = step_up(steps)
        once = up(table, to)
        assert [a.code for a in steps] == [a.code for a in once]
        for one, many in zip(once, steps, strict=True):
            assert (one.units, one.scored, one.missing, one.unweighted, one.classes) == (
                many.units,
                many.scored,
                many.missing,
                many.unweighted,
                many.classes,
            )
            assert one.worst_unit == many.worst_unit
            ours = [
                one.weight,
                one.weight_scored,
                one.weighted,
                one.covered,
                one.mean,
                one.coverage,
                one.worst,
            ]
            theirs = [many.weight, many.weight_scored, many.weighted, many.covered, many.mean]
            np.testing.assert_allclose(ours, [*theirs, many.coverage, many.worst], rtol=1e-12, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(table, dice):
    mixed = list(table)
    dice.shuffle(mixed)
    assert repr(up({u: table[u] for u in mixed}, 3)) == repr(up(table, 3))


@settings(deadline=None, max_examples=60)
@given(tables)
def test_a_unit_without_a_score_changes_no_mean_and_never_raises_coverage(table):
    (whole,) = up(
        {u: r for u, r in table.items() if u.startswith("99.01")} | {STATIONS[0]: (50, 10, 1, 1)}, 2
    )
    more = {u: r for u, r in table.items() if u.startswith("99.01")} | {STATIONS[0]: (50, 10, 1, 1)}
    more["99.01.01.2009-01"] = (NAN, 400, 1, 0)
    (found,) = up(more, 2)
    assert found.mean == whole.mean and found.worst == whole.worst
    assert found.coverage <= whole.coverage and "99.01.01.2009-01" in found.missing


def test_the_mean_is_weighted_by_voters_over_those_with_a_score():  # method 8.16
    village, other = roll_up(
        ["99.01.01.2001-01", "99.01.01.2001-02", "99.01.01.2001-03", "99.01.01.2002-01"],
        np.array([10, 40, NAN, 70]),
        to=4,
        weights=np.array([300, 100, 100, 500]),
        levels=[1, 3, 0, 3],
    )
    assert village.mean == (10 * 300 + 40 * 100) / 400 == 17.5
    assert village.coverage == 0.8 and not village.provisional
    assert (village.worst, village.worst_unit, village.highest) == (40, "99.01.01.2001-02", 3)
    assert village.missing == ("99.01.01.2001-03",) and village.shares == (1 / 3, 1 / 3, 0, 1 / 3)
    (kecamatan,) = step_up([village, other])
    assert kecamatan.code == "99.01.01"
    assert kecamatan.mean == pytest.approx((7000 + 70 * 500) / 900) and kecamatan.coverage == 0.9


def test_nothing_known_is_no_zero():
    (area,) = roll_up(["99.01.01.2001-01"], np.array([NAN]), to=4)
    assert np.isnan(area.mean) and np.isnan(area.worst) and area.coverage == 0 and area.provisional


def test_unknown_voters_stay_out_of_the_mean_and_make_it_provisional():
    units = ["99.01.01.2001-01", "99.01.01.2001-02"]
    (area,) = roll_up(units, np.array([10, 90.0]), to=4, weights=np.array([100, NAN]))
    assert (area.mean, area.worst, area.unweighted) == (10, 90, (units[1],))
    assert area.provisional


def test_the_worst_may_be_the_lowest_and_ties_go_by_code():
    units = ["99.01.01.2001-02", "99.01.01.2001-01", "99.01.01.2001-03"]
    (low,) = roll_up(units, np.array([5, 5, 9.0]), to=4, how=Rolling(worst="low"))
    assert (low.worst, low.worst_unit) == (5, "99.01.01.2001-01")


def test_codes_climb_to_the_province_and_end():
    code, seen = "35.14.05.2001-03", []
    while code:
        seen.append((code, depth(code)))
        code = above(code)
    assert seen == [("35.14.05.2001-03", 5), ("35.14.05.2001", 4), ("35.14.05", 3), ("35.14", 2), ("35", 1)]


@pytest.mark.parametrize(
    "units, more, says",
    [
        (["99.01.01.2001", "99.01.01.2001-01"], {}, "counted twice"),
        (["99.01", "99.01.01.2001-01"], {}, "above depth"),
        (["99.01.01.2001", "99.01.01.2001"], {}, "stand twice"),
        (["99.01.01.2001", ""], {}, "without a code"),
        (["99.01.01.2001", "99.01.01.2002"], {"weights": np.array([1, -1])}, "2002: weight below 0"),
        (["99.01.01.2001", "99.01.01.2002"], {"coverage": np.array([1, 1.2])}, "2002: coverage"),
        (["99.01.01.2001", "99.01.01.2002"], {"levels": [1, -1]}, "2002: class"),
        (["99.01.01.2001", "99.01.01.2002"], {"levels": [1]}, "levels"),
        (["99.01.01.2001", "99.01.01.2002"], {"weights": np.array([1.0])}, "weights"),
    ],
)
def test_what_would_count_wrongly_is_refused_by_name(units, more, says):
    with pytest.raises(RecipeError, match=says):
        roll_up(units, np.zeros(len(units)), to=3, **more)


def test_settings_and_steps_refuse_by_name():
    for plain, name in (({"provisional": 2}, "provisional"), ({"worst": "up"}, "worst")):
        with pytest.raises(RecipeError, match=name):
            recipe_settings.read(Rolling, plain, "rollup")
    (province,) = roll_up(["99.01.01.2001"], np.zeros(1), to=1)
    with pytest.raises(RecipeError, match="above a province"):
        step_up([province])
    one = roll_up(["99.01.01.2001"], np.zeros(1), to=4)
    two = roll_up(["99.01.01.2002"], np.zeros(1), to=4, how=Rolling(worst="low"))
    with pytest.raises(RecipeError, match="different settings"):
        step_up([*one, *two])
