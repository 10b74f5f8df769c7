"""Every indicator on one scale (method 8.7)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.settings import read
from kondusif_index.steps.normalise import METHODS, Normalising, Scale, normalise
from kondusif_index.transform import TRANSFORMS, Transform
from kondusif_index.tree import Tree
from tests.core.index.step_cast import answers, column, columns, same, shuffled, shuffled_tree, tree

POSTS = {"lo": 0.0, "hi": 20.0, "target": 50.0}
ONE = tree("x", x=POSTS)
BACK = tree("x", x=POSTS | {"direction": -1})
LINE = ((0.0, 10.0), (5.0, 20.0), (40.0, 90.0))


def by(method, codes=("x",), **more):
    """Settings of a method that can run on any column of the cast, ties in the middle."""
    if method == "custom":
        return Normalising(each={c: Scale("custom", points=LINE) for c in codes}, **more)
    return Normalising(method, ties="average", reference="99.01.0000", **more)


def village(*values):
    made = column(*values)
    return replace(made, units=tuple(f"99.01.{k:04}" for k in range(len(values))))


def done(values, how, made=ONE):
    return normalise(village(*values), made, how).data.column("x").tolist()


GENERAL = [m for m in METHODS if m != "instrument"]


@pytest.mark.parametrize(
    ("method", "up", "down"),
    [
        ("goalposts", [0, 25, 50, 100], [100, 75, 50, 0]),
        ("minmax", [0, 12.5, 25, 100], [100, 87.5, 75, 0]),
        ("dist2max", [0, 12.5, 25, 100], [100, 87.5, 75, 0]),
        ("fracmax", [0, 12.5, 25, 100], [100, 87.5, 75, 0]),
        ("rank", [1, 2, 3, 4], [4, 3, 2, 1]),
        ("borda", [0, 1, 2, 3], [3, 2, 1, 0]),
        ("prank", [0, 100 / 3, 200 / 3, 100], [100, 200 / 3, 100 / 3, 0]),
        ("scaled", [0, 5, 10, 40], [100, 95, 90, 60]),
        ("dist2targ", [0, 10, 20, 80], None),
        ("custom", [10, 20, 30, 90], [10, 20, 30, 90]),
    ],
)
def test_worked_example(method, up, down):  # method 8.7
    values = (0, 5, 10, 40)
    assert done(values, by(method)) == pytest.approx(up)
    if down is not None:
        assert done(values, by(method), BACK) == pytest.approx(down)


def test_worked_example_of_zscore():  # method 8.7
    assert done((0, 5, 10, 45), Normalising("zscore", mean=10, sd=2)) == pytest.approx(
        [8.530306, 9.020204, 9.510102, 12.939388], abs=1e-6
    )


def test_distance_to_a_reference():
    how = Normalising("dist2ref", reference="99.01.0002", scale=(0, 1))
    assert done((0, 5, 10, 40), how) == [0, 0.5, 1, 1]
    assert done((0, 5, 10, 40), replace(how, cap=False)) == [0, 0.5, 1, 4]


def test_nobody_below_the_reference_or_the_target():
    got = normalise(village(3, 5, 9), ONE, Normalising("dist2ref", reference="99.01.0000", cap=False))
    assert got.data.column("x").tolist() == [100, 100, 100]
    assert got.warnings == ("x: nobody is below the reference; all get 100",)
    low = tree("x", x={"target": 2.0})
    got = normalise(village(3, 5, 9), low, Normalising("dist2targ"))
    assert got.data.column("x").tolist() == [100, 100, 100]
    assert got.warnings == ("x: nobody is below the target; all get 100",)


def test_ties():
    values = (3, 1, 3, 2)
    assert done(values, Normalising("rank", ties="min")) == [3, 1, 3, 2]
    assert done(values, Normalising("rank", ties="average")) == [3.5, 1, 3.5, 2]
    assert done(values, Normalising("rank", ties="max")) == [4, 1, 4, 2]


def test_goalposts_with_and_without_clamp():
    assert done((-10, 30), Normalising()) == [0, 100]
    assert done((-10, 30), Normalising(clamp=False)) == [-50, 150]
    assert done((-10, 30), Normalising(clamp=False), BACK) == [150, -50]


@pytest.mark.parametrize("method", GENERAL)
@pytest.mark.parametrize("value", [0.0, 7.0])
@pytest.mark.parametrize("made", [ONE, BACK])
def test_a_constant_column_never_vanishes(method, value, made):
    """COINr turns it into missing values, and the indicator is gone without a word."""
    got = normalise(village(value, value, None, value), made, by(method))
    x = got.data.column("x")
    assert np.isfinite(x[[0, 1, 3]]).all()
    assert x[0] == x[1] == x[3]
    assert np.isnan(x[2])
    fixed = method in ("goalposts", "scaled", "custom")
    assert [w.split(":")[0] for w in got.warnings] == ([] if fixed else ["x"])


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("minmax", 50),
        ("dist2max", 50),
        ("dist2ref", 50),
        ("zscore", 0),
        ("rank", 2),
        ("borda", 1),
        ("prank", 50),
    ],
)
def test_a_constant_column_gets_the_middle(method, value):
    assert done((7, 7, 7), by(method)) == [value] * 3


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_zscore_in_the_oddest_unit(unit):
    assert done((unit, 2 * unit, 3 * unit), Normalising("zscore")) == pytest.approx([-1, 0, 1])


@pytest.mark.parametrize("method", ["minmax", "dist2max", "zscore"])
def test_a_difference_of_rounding_is_none(method):
    """Two equal rates that were divided apart must not be stretched to calm and worst."""
    assert done((0.1 + 0.2, 0.3, 0.3), by(method)) == done((7, 7, 7), by(method))


def test_a_single_answer_is_a_constant_column():
    assert done((7, None, None), by("prank"))[0] == 50
    assert done((7, None, None), by("zscore"))[0] == 0


def test_an_empty_column_stays_missing_and_is_named():
    got = normalise(columns(x=(None, None), y=(1, 2)), tree("x", "y"), Normalising("minmax"))
    assert np.isnan(got.data.column("x")).all()
    assert got.warnings == ("x: no value at all; left missing",)


def test_each_column_its_own_way():
    data = columns(x=(0, 5, 10), y=(1, 2, 3), z=(4, 4, 8))
    how = Normalising("minmax", each={"y": Scale("zscore", mean=10, sd=2), "z": Scale(scale=(1, 10))})
    got = normalise(data, tree("x", "y", "z"), how).data
    assert got.column("x").tolist() == [0, 50, 100]
    assert got.column("y").tolist() == [8, 10, 12]
    assert got.column("z").tolist() == [1, 1, 10]


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_whole_columns_agree_with_one_answer_at_a_time(kind):
    points = ((1.0, 0.6), (2.0, 1.0), (4.0, 0.5)) if kind == "map" else ()
    rule = Transform(kind, points)
    values = [-2.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 9.0, 50.0]
    made = tree("x", x={"lo": 1.0, "hi": 20.0, "transform": rule, "direction": -1})
    for method in ("goalposts", "instrument"):
        got = done(values, Normalising(method, scale=(0, 1)), made)
        assert got == pytest.approx([rule.risk(v, 1.0, 20.0) for v in values], abs=1e-12)


@pytest.mark.parametrize(
    ("how", "made", "names"),
    [
        (Normalising(), tree("x"), "goalposts missing.*x"),
        (Normalising(), tree("x", x={"lo": 3.0, "hi": 3.0}), "x"),
        (Normalising("instrument"), ONE, "x: no transform"),
        (Normalising("dist2targ"), tree("x"), "target: x"),
        (Normalising("dist2ref"), ONE, "reference"),
        (Normalising("dist2ref", reference="99.01.0002"), ONE, "99.01.0002 has no value in x"),
        (Normalising("minmax", each={"y": Scale()}), ONE, "each.*y"),
    ],
)
def test_what_is_lacking_is_named(how, made, names):
    with pytest.raises(RecipeError, match=names):
        normalise(village(1, 2, None), made, how)


def test_a_fraction_of_no_maximum_is_refused():
    with pytest.raises(RecipeError, match="maximum above 0 in x"):
        normalise(village(-3, -1), ONE, Normalising("fracmax"))


@pytest.mark.parametrize(
    "plain",
    [
        {"method": "best"},
        {"method": "custom"},
        {"scale": [100.0, 0.0]},
        {"sd": 0.0},
        {"ties": "first"},
        {"turn": "left"},
        {"each": {"x": {"method": "custom"}}},
        {"each": {"x": {"points": [[0.0, 1.0], [1.0, 2.0]]}}},
        {"each": {"x": {"method": "custom", "points": [[1.0, 1.0], [1.0, 2.0]]}}},
    ],
)
def test_settings_that_mean_nothing(plain):
    with pytest.raises(RecipeError, match="normalise"):
        read(Normalising, plain, "normalise")


def test_a_recipe_table_is_read():
    plain = {"method": "minmax", "each": {"x": {"method": "custom", "points": [[0, 0], [5, 80.5]]}}}
    assert read(Normalising, plain, "normalise").each["x"].points == ((0.0, 0.0), (5.0, 80.5))


# --- properties ----------------------------------------------------------------------------------------


def cast_tree(data, **more):
    of = {c: POSTS | more for c in data.codes}
    return tree(*data.codes, **of)


@given(answers(), st.sampled_from(GENERAL), st.integers(0, 99))
def test_order_of_rows_and_columns_never_matters(data, method, seed):
    assume(method != "fracmax" or data.values.min(initial=1, where=data.values == data.values) >= 0)
    made, how = cast_tree(data), by(method, data.codes)
    other = shuffled(data, seed)
    assert same(normalise(data, made, how).data, normalise(other, shuffled_tree(made, other), how).data)


RELATIVE = ("minmax", "zscore", "rank", "prank", "borda", "fracmax", "dist2max", "dist2ref")


@given(answers(), st.sampled_from(RELATIVE), st.sampled_from([0.001, 0.125, 3.7, 1000.0]))
def test_the_unit_of_an_indicator_never_matters(data, method, factor):
    made, how = cast_tree(data), by(method, data.codes)
    assume((np.nan_to_num(data.values * factor) > 1e-30).sum() == (np.nan_to_num(data.values) > 0).sum())
    other = data.with_values(data.values * factor)
    one, two = normalise(data, made, how).data.values, normalise(other, made, how).data.values
    assert (np.isnan(one) == np.isnan(two)).all()
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-9)


MIRROR = ("goalposts", "minmax", "zscore", "rank", "prank", "borda", "fracmax", "dist2max", "scaled")


@given(answers(), st.sampled_from(MIRROR))
def test_turning_the_direction_mirrors(data, method):
    how = by(method, data.codes)
    up = normalise(data, cast_tree(data), how).data.values
    down = normalise(data, cast_tree(data, direction=-1), how).data.values
    n = (~np.isnan(data.values)).sum(axis=0)
    ends = {"zscore": 0.0, "rank": n + 1.0, "borda": n - 1.0}.get(method, 100.0)
    np.testing.assert_allclose(up + down, np.where(np.isnan(up), np.nan, ends), atol=1e-7)


@given(answers(), st.sampled_from(GENERAL), st.sampled_from([1, -1]))
def test_more_is_never_lower(data, method, direction):
    """Nor less higher; a custom map says its own direction."""
    got = normalise(data, cast_tree(data, direction=direction), by(method, data.codes)).data
    turn = 1 if method == "custom" else direction
    for code in data.codes:
        x, y = turn * data.column(code), got.column(code)
        seen = ~np.isnan(x)
        assert (np.isnan(y) == ~seen).all()
        order = np.argsort(x[seen], kind="stable")
        assert (np.diff(y[seen][order]) >= -1e-9).all()


@given(
    answers(),
    st.sampled_from(["goalposts", "minmax", "prank", "fracmax", "dist2max", "dist2ref", "dist2targ"]),
)
def test_shares_stay_on_the_scale(data, method):
    got = normalise(data, cast_tree(data), by(method, data.codes, scale=(1.0, 10.0))).data.values
    assert np.nanmin(got) >= 1.0 - 1e-9
    assert np.nanmax(got) <= 10.0 + 1e-9


@given(answers())
def test_columns_together_or_one_by_one_are_the_same_bits(data):
    made = cast_tree(data)
    for method in GENERAL:
        how = by(method, data.codes)
        whole = normalise(data, made, how).data
        for code in data.codes:
            alone = Tree((made.by_code[code], made.by_code["IDX"]))
            own = replace(how, each={c: s for c, s in how.each.items() if c == code})
            assert same(whole.of([code]), normalise(data, alone, own).data)
