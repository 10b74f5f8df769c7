"""Method 8.9: what a parent owes its children."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Data, Why
from kondusif_index.settings import read
from kondusif_index.steps.aggregate import Aggregating, aggregate
from kondusif_index.steps.means import Mean
from kondusif_index.tree import Node, Tree

NAN = np.nan
MONOTONE = (
    Mean(),
    Mean("geometric"),
    Mean("harmonic"),
    Mean("generalised", p=0.5),
    Mean("generalised", p=-3.0),
    Mean("generalised", p=40.0),
    Mean("owa", orness=0.7),
    Mean("owa", orness=1.0),
    Mean("owa", order=(3.0, 1.0)),
    Mean("median_step"),
    Mean("veto", veto_at=80.0, veto_to=90.0),
)
VALUES = st.lists(st.floats(1, 100), min_size=6, max_size=6)
LEAVES = tuple("abcdef")


def flat(*weights: float, codes=LEAVES) -> Tree:
    weights = weights or (1.0,) * len(codes)
    return Tree((*(Node(c, "T", w, leaf=True) for c, w in zip(codes, weights, strict=True)), Node("T")))


def two_steps() -> Tree:
    return Tree(
        (
            *(Node(c, "P", w, leaf=True) for c, w in zip("abc", (1.0, 2.0, 3.0), strict=True)),
            *(Node(c, "Q", w, leaf=True) for c, w in zip("def", (2.0, 2.0, 1.0), strict=True)),
            Node("P", "T", 0.6),
            Node("Q", "T", 0.4),
            Node("T"),
        )
    )


def data(*rows, codes=LEAVES, why=None) -> Data:
    return Data(tuple(f"99.{k}" for k in range(len(rows))), tuple(codes), np.array(rows, dtype=float), why)


def top(row, how, tree=None) -> float:
    row = list(row)
    codes = LEAVES[: len(row)]
    return float(aggregate(data(row, codes=codes), tree or flat(codes=codes), how).top[0])


def test_worked_example():  # method 8.9
    tree = flat(1.0, 1.0, 2.0, codes="abc")
    row = (20.0, 80.0, 50.0)
    assert top(row, Aggregating(), tree) == 50.0
    assert round(top(row, Aggregating("geometric"), tree), 4) == 44.7214
    assert round(top(row, Aggregating("harmonic"), tree), 4) == 39.0244
    assert round(top(row, Aggregating("generalised", p=2.0), tree), 4) == 54.3139
    assert round(top(row, Aggregating("owa", orness=0.75), tree), 4) == 66.1556
    assert top(row, Aggregating("median"), tree) == 50.0
    assert top(row, Aggregating("veto", veto_at=80.0, veto_to=60.0), tree) == 60.0
    assert top((20.0, 80.0, NAN), Aggregating(), tree) == 50.0


@given(VALUES, st.sampled_from(MONOTONE), st.sampled_from(MONOTONE), st.integers(0, 5), st.floats(0, 60))
@settings(max_examples=300, deadline=None)
def test_raising_an_indicator_never_lowers_a_score(row, lower, upper, at, more):
    how = Aggregating((lower, upper))
    raised = [x + more * (k == at) for k, x in enumerate(row)]
    got = aggregate(data(row, raised), two_steps(), how).values
    assert (got[1] >= got[0] - 1e-9).all()


@given(VALUES, st.sampled_from((*MONOTONE, Mean("median"))))
def test_a_mean_lies_between_its_children(row, how):
    found = top(row, Aggregating(how))
    assert min(row) - 1e-9 <= found <= max(max(row), 90.0 if how.method == "veto" else 0) + 1e-9
    assert top([row[0]] * 6, Aggregating(how)) == pytest.approx(
        max(row[0], 90 * (row[0] >= 80 and how.method == "veto"))
    )


@given(VALUES)
def test_harmonic_geometric_arithmetic_in_this_order(row):
    h, g, a = (top(row, Aggregating(m)) for m in ("harmonic", "geometric", "arithmetic"))
    assert h <= g + 1e-9 and g <= a + 1e-9


@given(VALUES, st.sampled_from([(1.0, "arithmetic"), (0.0, "geometric"), (-1.0, "harmonic")]))
def test_generalised_passes_through_the_named_means(row, case):
    p, name = case
    want = top(row, Aggregating(name))
    for near in (p, p + 1e-7, p - 1e-7, p + 1e-12):
        assert top(row, Aggregating("generalised", p=near)) == pytest.approx(
            want, abs=1e-4 if near != p else 1e-12
        )
    assert top(row, Aggregating("generalised", p=p + 1e-13)) == pytest.approx(want, abs=1e-9)


@given(VALUES)
def test_ordered_means_pass_through_arithmetic_and_reach_both_ends(row):
    assert top(row, Aggregating("owa", orness=0.5)) == pytest.approx(top(row, Aggregating()), abs=1e-9)
    assert top(row, Aggregating("owa", orness=0.0)) == pytest.approx(min(row))
    assert top(row, Aggregating("owa", orness=1.0)) == pytest.approx(max(row))
    two = (sorted(row)[-1] * 3 + sorted(row)[-2]) / 4
    assert top(row, Aggregating("owa", order=(3.0, 1.0, 0.0, 0.0, 0.0, 0.0))) == pytest.approx(two)


@given(VALUES)
def test_flip_mirrors_the_arithmetic_mean(row):
    tree = two_steps()
    got = aggregate(data(row, [100 - x for x in row]), tree, Aggregating()).values
    assert got[0] == pytest.approx(100 - got[1], abs=1e-9)


@given(
    st.lists(
        st.lists(st.one_of(st.floats(1, 100), st.just(NAN)), min_size=6, max_size=6), min_size=2, max_size=6
    ),
    st.sampled_from((*MONOTONE, Mean("median"))),
    st.permutations(range(6)),
)
def test_order_of_rows_and_columns_changes_no_bit(rows, how, order):
    one = data(*rows)
    two = one.of([LEAVES[k] for k in order]).rows(range(len(rows))[::-1])
    nodes = two_steps().nodes
    turned = Tree((*(nodes[k] for k in order), *nodes[:5:-1]))
    a, b = aggregate(one, two_steps(), Aggregating(how)), aggregate(two, turned, Aggregating(how))
    for code in "PQT":
        assert np.array_equal(a.by_code[code], b.by_code[code][::-1], equal_nan=True)
    alone = aggregate(one.rows([0]), two_steps(), Aggregating(how))
    assert np.array_equal(alone.values[0], a.values[0], equal_nan=True)


@given(
    VALUES,
    st.sampled_from((*MONOTONE, Mean("median"))),
    st.one_of(st.floats(-9, 300), st.just(NAN)),
    st.sampled_from([0.0, 0.8, 1.0]),
)
def test_an_indicator_of_weight_zero_changes_nothing(row, how, more, least):
    settled = Aggregating(how, min_available=least)
    wide = flat(*(1.0,) * 6, 0.0, codes="abcdefz")
    one = aggregate(data(row), flat(), settled)
    two = aggregate(data([*row, more], codes="abcdefz"), wide, settled)
    assert np.array_equal(one.values, two.values) and np.array_equal(one.coverage, two.coverage)


@pytest.mark.parametrize("p", [-2.0, 0.5, 2.0])
def test_a_power_mean_goes_on_where_a_child_is_missing(p):
    row = [30.0, NAN, 60.0]
    assert top(row, Aggregating("generalised", p=p)) == pytest.approx(((30.0**p + 60.0**p) / 2) ** (1 / p))


class TestHowMuchMustBeThere:
    def test_one_share_or_one_per_step(self):
        rows = data([1, 2, NAN, 4, 5, 6])
        got = aggregate(rows, two_steps(), Aggregating(min_available=0.67))
        assert np.isnan(got.by_code["P"][0]) and np.isnan(got.top[0])
        assert aggregate(rows, two_steps(), Aggregating(min_available=(0.67, 0.5))).top[0] == pytest.approx(
            4.8
        )
        exact = aggregate(rows, two_steps(), Aggregating(min_available=2 / 3))
        assert exact.available[0, exact.codes.index("P")] == 2 / 3 and not np.isnan(exact.top[0])

    def test_what_does_not_apply_leaves_the_count_unless_the_recipe_says_so(self):
        why = np.zeros((1, 3), dtype=np.uint8)
        why[0, 2] = Why.NOT_APPLICABLE
        rows, tree = data([1, 3, NAN], codes="abc", why=why), flat(codes="abc")
        assert aggregate(rows, tree, Aggregating(min_available=1.0)).top[0] == 2
        kept = Aggregating(min_available=1.0, count_not_applicable=True)
        assert np.isnan(aggregate(rows, tree, kept).top[0])

    def test_a_group_that_does_not_apply_leaves_the_count_above(self):
        why = np.zeros((1, 6), dtype=np.uint8)
        why[0, 3:] = Why.NOT_APPLICABLE
        got = aggregate(data([1, 1, 1, NAN, NAN, NAN], why=why), two_steps(), Aggregating(min_available=1.0))
        assert got.top[0] == 1 and got.coverage[0, -1] == 1
        missing = aggregate(data([1, 1, 1, NAN, NAN, NAN]), two_steps(), Aggregating(min_available=1.0))
        assert np.isnan(missing.top[0]) and missing.coverage[0, -1] == pytest.approx(0.6)

    def test_coverage_is_by_weight(self):
        got = aggregate(data([1, NAN, 1, 1, 1, 1]), two_steps(), Aggregating())
        assert dict(zip(got.codes, got.coverage[0].tolist(), strict=True)) == pytest.approx(
            {"P": 4 / 6, "Q": 1.0, "T": 0.8}
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("how", "value", "says"),
        [
            (
                Aggregating("geometric"),
                0.0,
                r"99\.0, b: 0; the geometric mean of T takes only values above zero",
            ),
            (Aggregating("harmonic"), -1.0, r"99\.0, b: -1; .*1-100"),
            (Aggregating("generalised", p=0.5), -1.0, r"p = 0\.5.* zero or more.*floor"),
        ],
    )
    def test_a_value_that_a_mean_cannot_take_is_named(self, how, value, says):
        with pytest.raises(RecipeError, match=says) as refused:
            top([5.0, value], how)
        assert refused.value.facts["code"] == "b"

    def test_a_floor_lets_it_pass(self):
        assert top([4.0, 0.0], Aggregating("geometric", floor=1.0)) == pytest.approx(2.0)

    def test_a_child_of_weight_zero_is_not_asked(self):
        assert top([4.0, 0.0], Aggregating("geometric"), flat(1.0, 0.0, codes="ab")) == pytest.approx(4.0)

    @pytest.mark.parametrize(
        ("plain", "says"),
        [
            ({"method": "mean"}, "aggregate.method: found 'mean', expected one of arithmetic"),
            ({"method": "generalised"}, "power p"),
            ({"method": "owa"}, "orness or order"),
            ({"method": "owa", "orness": 2.0}, "between 0 and 1"),
            ({"method": "owa", "order": [0.0, 0.0]}, "not all zero"),
            ({"method": "veto"}, "veto_at"),
            ({"floor": 0.0}, "floor: found 0.0, expected a number above zero"),
            ({"min_available": 1.5}, "min_available: 1.5"),
            ({"method": []}, "empty list"),
        ],
    )
    def test_settings(self, plain, says):
        with pytest.raises(RecipeError, match=says):
            read(Aggregating, plain, "aggregate")

    def test_settings_read_as_toml_gives_them(self):
        plain = {"method": ["arithmetic", {"method": "generalised", "p": 2.0}], "by_code": {"Q": "harmonic"}}
        means = read(Aggregating, plain, "aggregate").means(two_steps())
        assert (means["P"].method, means["Q"].method, means["T"].p) == ("arithmetic", "harmonic", 2.0)

    @pytest.mark.parametrize(
        ("how", "weights", "says"),
        [
            (Aggregating(("arithmetic",) * 3), None, "3 values, but 2 steps up to T"),
            (Aggregating(by_code={"X": "harmonic"}), None, "no such aggregate: X"),
            (Aggregating(), {"a": -1.0}, "negative"),
            (Aggregating(), {"x": 1.0}, "no such code: x"),
        ],
    )
    def test_what_does_not_fit_the_tree(self, how, weights, says):
        with pytest.raises(RecipeError, match=says):
            aggregate(data([1, 2, 3, 4, 5, 6]), two_steps(), how, weights)

    def test_a_lacking_column_is_named(self):
        with pytest.raises(RecipeError, match="no column for: f"):
            aggregate(data([1, 2, 3, 4, 5], codes="abcde"), flat(), Aggregating())


def test_the_interpolated_median_is_not_monotone_and_the_step_median_is():
    """Why the step median stands beside R's: raising a light child past a heavy one lowers R's figure."""
    tree = flat(1.0, 1.0, 1.0, 3.0, codes="abcd")

    def at(method: str, light: float) -> float:
        return top([light, 20.0, 20.0, 50.0], Aggregating(method), tree)

    assert at("median", 50.1) < at("median", 49.9) - 7
    assert at("median_step", 50.1) >= at("median_step", 49.9)
