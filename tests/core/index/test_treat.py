"""Outliers, only where asked (method 8.6)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kondusif.errors import RecipeError
from kondusif_index.data import Why
from kondusif_index.settings import read
from kondusif_index.steps.treat import (
    LABELS,
    METHODS,
    TRANSFORMS,
    Treating,
    Treatment,
    likeliest_power,
    log_gii,
    shape,
    treat,
)
from tests.core.index.step_cast import answers, column, columns, same, shuffled, shuffled_tree, tree

ONE = tree("x")
TAIL = (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)
RARE = (0, 0, 0, 0, 0, 0, 0, 1, 1, 12)  # brawls at the last three elections of ten villages


def run(values, how, made=ONE):
    return treat(column(*values), made, how)


def outcome(got):
    return got.details[0].outcome


def values(got):
    return got.data.column("x").tolist()


def test_by_default_nothing_is_done():
    data = column(*RARE)
    got = treat(data, ONE, Treating())
    assert got.data.values.tobytes() == data.values.tobytes()
    assert not got.points.any()
    assert got.warnings == ()


def test_worked_example():  # method 8.6
    found = shape(np.array(TAIL, dtype=float), 2.0, 3.5)
    assert (found.skew, found.kurt) == pytest.approx((3.118896, 9.799245), abs=1e-6)
    got = run(TAIL, Treating("winsorise"))
    assert values(got) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert list(got.listed()) == [("u10", "x", "winhi", 100.0, 9.0)]
    detail = got.details[0]
    assert (detail.outcome, detail.winsorised, detail.after_winsorise.passed) == ("winsorise", 1, True)


def test_a_low_tail_is_brought_up():
    got = run([-v for v in TAIL], Treating("winsorise"))
    assert values(got) == [-1, -2, -3, -4, -5, -6, -7, -8, -9, -9]
    assert LABELS[got.points[9, 0]] == "winlo"


def test_a_count_of_twelve_never_becomes_one():
    """COINr by default brings it to 1: the one village that burned is calm again."""
    for method in set(METHODS) - {"coin"}:
        got = run(RARE, Treating(method))
        assert values(got) == list(RARE), method
    assert run(RARE, Treating("winsorise")).warnings == (
        "x: left untreated: 70% of the values are one and the same, so the others are the signal",
    )


def test_even_the_chain_of_coinr_can_be_told_to_keep_rare_events():
    assert max(values(run(RARE, Treating("coin")))) == 1, "as the reference"
    assert max(values(run(RARE, Treating("coin", most_alike=0.5)))) == 12
    assert max(values(run(RARE, Treating("coin", skip=("x",))))) == 12
    assert max(values(run(RARE, Treating("coin", each={"x": Treatment("none")})))) == 12


@pytest.mark.parametrize("how", [Treating("coin"), Treating("winsorise", force=("x",))])
def test_a_column_is_never_flattened(how):
    got = run((0,) * 12 + (1,) * 2, how)
    assert outcome(got) == "left_untreated"
    assert values(got) == [0] * 12 + [1] * 2
    assert got.details[0].winsorised == 2
    assert got.warnings == ("x: left untreated: winsorising would make all values one",)


def test_the_chain_takes_the_log_where_winsorising_does_not_do():
    doubled = [4.0**k for k in range(24)]
    got = run(doubled, Treating("coin", most=1))
    detail = got.details[0]
    assert (detail.outcome, detail.winsorised) == ("log_CT", 1)
    assert not detail.after_winsorise.passed
    span = doubled[-1] - 1.0
    np.testing.assert_allclose(got.data.column("x"), np.log(np.array(doubled) - 1 + 0.01 * span))
    assert [LABELS[k] for k in got.points[-2:, 0]] == ["+log_CT", "winhi+log_CT"]
    assert got.data.rescaled == ("x",)
    both = run(doubled, Treating("coin", most=1, combine=True))
    assert len(set(values(both))) == 23, "the winsorised and the next are one value"


def test_missing_stays_missing_and_is_no_treated_point():
    got = run((*TAIL, None), Treating("log_ct"))
    assert np.isnan(got.data.column("x")[10])
    assert got.points[10, 0] == 0
    assert got.points[:10, 0].all()


@pytest.mark.parametrize("method", TRANSFORMS)
def test_each_transform_makes_a_tail_less_skewed(method):
    got = run(TAIL, Treating(method))
    detail = got.details[0]
    assert detail.outcome.lower() == method
    assert abs(detail.after_transform.skew) < abs(detail.before.skew)
    assert (np.diff(got.data.column("x")) > 0).all()


@pytest.mark.parametrize("method", ["log_ct", "log_ct_orig", "box_cox"])
def test_a_low_tail_is_transformed_the_other_way_round(method):
    got = run([-v for v in TAIL], Treating(method))
    assert outcome(got) != "left_untreated"
    assert (np.diff(got.data.column("x")) < 0).all()


def test_what_cannot_be_taken_is_left_with_a_warning():
    assert run((0, *TAIL), Treating("log")).warnings == ("x: left untreated: log cannot be taken of it",)
    assert run([v / 200 for v in TAIL], Treating("log_gii")).warnings == (
        "x: left untreated: log_gii cannot be taken of it",
    )
    assert run(TAIL, Treating("box_cox", power=3.0)).warnings == (
        "x: left untreated: box_cox does not make it less skewed",
    )


def test_the_log_of_the_innovation_index():
    """(max - 1)(x - min) / (max - min) + 1, then ln; COINr returns its input."""
    assert log_gii(np.array([0.0, 5.0, 10.0]), 0.01) == pytest.approx([0, np.log(5.5), np.log(10)])


def test_the_power_of_box_cox_agrees_with_scipy():
    x = np.random.default_rng(7).lognormal(1.0, 0.8, 200)
    assert likeliest_power(x) == pytest.approx(stats.boxcox_normmax(x, method="mle"), abs=1e-5)
    got = run(x, Treating("box_cox", force=("x",)))
    np.testing.assert_allclose(got.data.column("x"), stats.boxcox(x, got.details[0].power))
    assert run(x, Treating("box_cox", power=0.0, force=("x",))).data.column("x") == pytest.approx(np.log(x))


def test_shape_agrees_with_scipy():
    x = np.random.default_rng(3).gamma(2.0, size=50)
    got = shape(x, 2.0, 3.5)
    assert got.skew == pytest.approx(stats.skew(x, bias=False))
    assert got.kurt == pytest.approx(stats.kurtosis(x, bias=False))
    assert shape(x[:3], 2.0, 3.5) is None
    assert shape(np.ones(9), 2.0, 3.5) is None


def test_forced_though_it_passes():
    calm = (1, 2, 3, 4, 5, 6)
    assert outcome(run(calm, Treating("winsorise"))) == "none"
    assert values(run(calm, Treating("winsorise", most=1, force=("x",)))) == [1, 2, 3, 4, 5, 5]
    assert outcome(run(calm, Treating("log", force=("x",)))) == "log"


def test_each_column_its_own_way():
    data = columns(x=TAIL, y=TAIL, z=TAIL)
    how = Treating("winsorise", each={"y": Treatment("log"), "z": Treatment("none")})
    got = treat(data, tree("x", "y", "z"), how)
    assert [d.outcome for d in got.details] == ["winsorise", "log", "none"]
    assert got.data.rescaled == ("y",)


@pytest.mark.parametrize(
    "plain",
    [
        {"method": "trim"},
        {"then": "winsorise"},
        {"skew": 0.0},
        {"most": 0},
        {"power": 9.0},
        {"most_alike": 2.0},
        {"force": ["x"], "skip": ["x"]},
        {"each": {"x": {"method": "trim"}}},
    ],
)
def test_settings_that_mean_nothing(plain):
    with pytest.raises(RecipeError, match="treat"):
        read(Treating, plain, "treat")


@pytest.mark.parametrize("field", ["force", "skip"])
def test_unknown_names_are_refused(field):
    with pytest.raises(RecipeError, match=f"{field}.*y"):
        run(TAIL, Treating("coin", **{field: ("y",)}))


# --- properties ----------------------------------------------------------------------------------------

TAILED = answers(most=1000, units=(5, 20))


@given(TAILED, st.sampled_from(METHODS), st.booleans(), st.integers(1, 8))
def test_treatment_never_flattens_and_never_swaps(data, method, forced, most):
    how = Treating(method, most=most, most_alike=1.0, force=data.codes if forced else ())
    got = treat(data, tree(*data.codes), how)
    assert (got.data.why == data.why).all()
    assert not got.points[data.why != Why.PRESENT].any()
    for code in data.codes:
        x, y = data.column(code), got.data.column(code)
        seen = ~np.isnan(x)
        order = np.argsort(x[seen], kind="stable")
        assert (np.diff(y[seen][order]) >= 0).all()
        assert (len(set(x[seen])) > 1) == (len(set(y[seen])) > 1)


@given(TAILED, st.sampled_from(METHODS), st.integers(0, 99))
def test_order_of_rows_and_columns_never_matters(data, method, seed):
    how, made = Treating(method, most_alike=1.0), tree(*data.codes)
    other = shuffled(data, seed)
    one, two = treat(data, made, how), treat(other, shuffled_tree(made, other), how)
    assert same(one.data, two.data)
    assert set(one.warnings) == set(two.warnings)


@given(TAILED, st.sampled_from(METHODS))
def test_what_is_no_treated_point_is_untouched(data, method):
    got = treat(data, tree(*data.codes), Treating(method, most_alike=1.0))
    calm = (got.points == 0) & ~np.isnan(data.values)
    assert (got.data.values[calm] == data.values[calm]).all()
