"""Weights: the recipe's settings, several experts, what the numbers say (method 8.8)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Data
from kondusif_index.settings import read
from kondusif_index.steps.weigh import METHODS, Weighing, weigh
from kondusif_index.tree import Node, Tree

TREE = Tree(
    (
        Node("IDX"),
        Node("A", "IDX", 0.6),
        Node("B", "IDX", 0.4),
        *(Node(f"A{k}", "A", k, leaf=True) for k in (1, 2, 3)),
        *(Node(f"B{k}", "B", 1, leaf=True) for k in (1, 2)),
        Node("B0", "B", 0, leaf=True),
    )
)
RNG = np.random.default_rng(7)
COMMON = RNG.normal(size=(60, 1))
VALUES = 50 + 12 * (COMMON + RNG.normal(size=(60, 6)))
DATA = Data(tuple(f"99.{k:02d}" for k in range(60)), TREE.leaf_codes, VALUES)
GAPS = VALUES.copy()
GAPS[RNG.random(GAPS.shape) < 0.15] = np.nan
WITH_GAPS = Data(DATA.units, DATA.codes, GAPS)


def done(data=DATA, tree=TREE, **table):
    return weigh(data, tree, read(Weighing, table, "weigh"))


def sums(weights, tree=TREE):
    return {p: sum(weights[n.code] for n in kids) for p, kids in tree.children.items()}


BUDGET = {"ahli_1": {"A1": 50, "A2": 30, "A3": 20}, "ahli_2": {"A1": 20, "A2": 30, "A3": 50}}
AHP = {"A": {"ahli_1": {"A1>A2": 3, "A1>A3": 5, "A2>A3": "3"}}}
BWM = {"A": {"ahli_1": {"best": "A3", "worst": "A1", "over": {"A1": 8, "A2": 2}, "above": {"A2": 5}}}}
TABLES = [
    {"method": m}
    | ({"budget": BUDGET} if m == "budget" else {"ahp": AHP} if m == "ahp" else {})
    | ({"bwm": BWM} if m == "bwm" else {})
    | ({"loadings": "square"} if m == "pca" else {})
    for m in METHODS
]


@pytest.mark.parametrize("table", TABLES, ids=METHODS)
@pytest.mark.parametrize("data", [DATA, WITH_GAPS], ids=["complete", "gaps"])
def test_weights_sum_to_one_inside_each_parent_and_weight_zero_stays_zero(table, data):
    found = done(data, **table).weights
    assert all(s == pytest.approx(1, abs=1e-12) for s in sums(found).values())
    assert found["B0"] == 0
    assert min(found.values()) >= 0
    assert set(found) == set(TREE.weights)


@pytest.mark.parametrize("table", TABLES, ids=METHODS)
@pytest.mark.parametrize("data", [DATA, WITH_GAPS], ids=["complete", "gaps"])
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_and_columns_changes_no_bit(table, data, seed):
    rng = np.random.default_rng(seed)
    columns = rng.permutation(len(data.codes))
    shuffled = data.rows(rng.permutation(len(data.units))).of([data.codes[k] for k in columns])
    tree = Tree(tuple(TREE.nodes[k] for k in rng.permutation(len(TREE.nodes))))
    first, second = done(data, **table), done(shuffled, tree, **table)
    assert dict(first.weights) == dict(second.weights)
    assert first.report.warnings == second.report.warnings


@pytest.mark.parametrize("method", ["entropy", "critic", "merec", "balance"])
@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.01, 1000))
def test_scaling_everything_never_matters(method, factor):
    scaled = Data(DATA.units, DATA.codes, VALUES * factor)
    first, second = done(method=method).weights, done(scaled, method=method).weights
    assert all(second[c] == pytest.approx(first[c], abs=1e-9) for c in first)


@pytest.mark.parametrize("method", ["entropy", "critic", "merec", "pca"])
@settings(max_examples=15, deadline=None)
@given(factors=st.lists(st.floats(0.1, 100), min_size=6, max_size=6))
def test_the_unit_of_a_column_never_matters(method, factors):
    table = {"method": method, "level": 1} | ({"loadings": "square"} if method == "pca" else {})
    scaled = Data(DATA.units, DATA.codes, VALUES * np.array(factors))
    first, second = done(**table).weights, done(scaled, **table).weights
    assert all(second[c] == pytest.approx(first[c], abs=1e-9) for c in first)


def test_direct_is_the_tree_and_equal_is_equal():
    assert done().weights == pytest.approx(
        {"A": 0.6, "B": 0.4, "A1": 1 / 6, "A2": 2 / 6, "A3": 3 / 6, "B1": 0.5, "B2": 0.5, "B0": 0}
    )
    assert done(method="equal", level=1).weights == pytest.approx(
        {"A": 0.6, "B": 0.4, "A1": 1 / 3, "A2": 1 / 3, "A3": 1 / 3, "B1": 0.5, "B2": 0.5, "B0": 0}
    )


def test_level_and_parents_say_where():
    assert done(method="equal", level=2).report.covered == ("IDX",)
    assert done(method="equal", parents=["B", "A"]).report.covered == ("A", "B")
    assert done(method="equal").report.covered == ("A", "B", "IDX")


def test_input_is_never_changed():
    before = VALUES.copy()
    for table in TABLES:
        done(**table)
    assert np.array_equal(before, DATA.values)


# --- budget


def test_budget_is_the_mean_of_the_experts_and_tells_how_far_they_lie_apart():
    found = done(method="budget", budget=BUDGET)
    assert [found.weights[c] for c in ("A1", "A2", "A3")] == pytest.approx([0.35, 0.30, 0.35])
    assert found.weights["A"] == 0.6
    apart = found.report.parents["A"]["disagreement"]["A1"]
    assert (apart["lowest"], apart["highest"]) == (0.2, 0.5)
    assert apart["sd"] == pytest.approx(0.2121320343559643)


def test_one_loud_expert_moves_the_mean_and_not_the_median():
    calm = {f"ahli_{k}": {"A1": 40, "A2": 30, "A3": 30} for k in range(4)}
    loud = calm | {"ahli_9": {"A1": 0, "A2": 0, "A3": 100}}
    median = done(method="budget", budget=loud, centre="median").weights
    assert [median[c] for c in ("A1", "A2", "A3")] == pytest.approx([0.4, 0.3, 0.3])
    assert done(method="budget", budget=loud).weights["A3"] == pytest.approx(0.44)


@pytest.mark.parametrize(
    "budget, message",
    [
        ({"x": {"A1": 50, "A2": 30, "A3": 30}}, r"budget\.A\.x: points add up to 110, expected 100"),
        ({"x": {"A1": -10, "A2": 60, "A3": 50}}, r"budget\.A\.x: points below 0"),
        ({"x": {"A1": 50, "A2": 50}}, r"budget\.x: points for exactly A1, A2, A3 .* differs: A3"),
        ({"x": {"B0": 10, "B1": 45, "B2": 45}}, r"budget\.x: points for exactly B1, B2 .* differs: B0"),
        ({"x": {"Q": 100}}, r"budget\.x: no such code: Q"),
    ],
)
def test_an_unsound_budget_is_a_named_error(budget, message):
    with pytest.raises(RecipeError, match=message):
        done(method="budget", budget=budget)


# --- AHP and BWM through the recipe


def test_ahp_of_one_parent_leaves_the_others_to_the_tree():
    found = done(method="ahp", ahp=AHP)
    assert [round(found.weights[c], 3) for c in ("A1", "A2", "A3")] == [0.637, 0.258, 0.105]
    assert found.weights["B"] == 0.4
    assert found.report.covered == ("A",)
    assert found.report.parents["A"]["joint"]["cr"] == pytest.approx(0.0331992, abs=1e-7)
    assert found.report.warnings == ()


def test_an_inconsistent_judge_is_warned_about_with_the_worst_judgement():
    wild = {"A": {"ahli_1": {"A1>A2": 3, "A2>A3": 3, "A3>A1": 2}}}
    (note,) = done(method="ahp", ahp=wild).report.warnings
    assert note.code == "inconsistent"
    assert note.facts["judge"] == "ahli_1"
    assert note.facts["cr"] > 0.10
    assert note.facts["pair"] == "A1>A2"  # of three codes all pairs are equally far off: the first
    assert note.facts["given"] == 3
    assert note.facts["fits"] == pytest.approx(1.5 ** (1 / 3))
    assert "look again at A1>A2" in str(note)


def test_bwm_of_one_parent():
    found = done(method="bwm", bwm=BWM)
    assert [found.weights[c] for c in ("A3", "A2", "A1")] == pytest.approx(
        [0.60714285714285721, 0.32142857142857145, 0.071428571428571438], abs=1e-9
    )
    told = done(method="bwm", bwm=BWM, model="ratio").report.parents["A"]["checks"]["ahli_1"]
    assert told["cr"] == pytest.approx(0.0577947680595, abs=1e-9)


# --- what the numbers say


@pytest.mark.parametrize("method", ["entropy", "critic", "merec", "pca", "balance"])
def test_a_constant_indicator_has_weight_zero_and_is_named(method):
    """COINr lets it vanish without a word."""
    flat = VALUES.copy()
    flat[:, TREE.leaf_codes.index("A2")] = 7.0
    table = {"method": method, "parents": ["A"]} | ({"loadings": "square"} if method == "pca" else {})
    found = done(Data(DATA.units, DATA.codes, flat), **table)
    assert found.weights["A2"] == 0
    assert [(n.code, n.facts["codes"]) for n in found.report.warnings if n.code == "flat"] == [
        ("flat", ["A2"])
    ]
    assert found.weights["A1"] > 0


@pytest.mark.parametrize("method", ["entropy", "critic", "merec", "pca", "balance"])
def test_where_every_column_is_constant_weights_are_equal_with_a_warning(method):
    flat = Data(DATA.units, DATA.codes, np.full_like(VALUES, 3.0))
    found = done(flat, method=method, parents=["A"])
    assert [found.weights[c] for c in ("A1", "A2", "A3")] == pytest.approx([1 / 3] * 3)
    assert [n.code for n in found.report.warnings] == ["all_flat"]


def test_balance_gives_every_child_the_same_correlation():
    told = done(method="balance").report.parents
    for parent in ("A", "B", "IDX"):
        reached = list(told[parent]["influence"].values())
        assert max(reached) - min(reached) < 1e-9
        assert told[parent]["miss"] < 1e-20


def test_balance_holds_with_missing_cells():
    reached = done(WITH_GAPS, method="balance").report.parents["A"]["influence"].values()
    assert max(reached) - min(reached) < 1e-9


def test_influence_in_proportion_to_the_weights_of_the_tree():
    tree = TREE.weighted({"A": 0.52, "B": 0.48})
    table = {"method": "balance", "objective": "direct", "parents": ["IDX"]}
    reached = done(tree=tree, **table).report.parents["IDX"]["influence"]
    assert reached["A"] / reached["B"] == pytest.approx(0.52 / 0.48, abs=1e-9)


def test_influence_that_only_a_negative_weight_could_hold_down_is_told():
    found = done(method="balance", objective="direct", parents=["IDX"])
    assert (found.weights["A"], found.weights["B"]) == (1, 0)
    assert [(n.code, n.facts["codes"]) for n in found.report.warnings] == [("beyond", ["B"])]


def test_over_all_makes_the_shares_in_the_top_the_weights_found():
    found = done(method="entropy", over="all")
    shares = TREE.shares(found.weights)
    overall = found.report.parents["IDX"]["overall"]
    assert all(shares[c] == pytest.approx(w, abs=1e-12) for c, w in overall.items())
    assert set(overall) == {"A1", "A2", "A3", "B1", "B2"}
    assert found.weights["A"] == pytest.approx(sum(overall[c] for c in ("A1", "A2", "A3")))


@pytest.mark.parametrize(
    "table, message",
    [
        ({"method": "guess"}, "method: found 'guess', expected one of direct"),
        ({"method": "equal", "level": 1, "parents": ["A"]}, "level and parents: give one"),
        ({"method": "equal", "level": 3}, "level: found 3, expected 1 to 2"),
        ({"method": "equal", "parents": ["Q"]}, "parents: no such aggregate: Q"),
        ({"method": "equal", "over": "all"}, "over: all goes with entropy"),
        ({"method": "budget"}, "budget: is missing"),
        ({"method": "entropy", "budget": BUDGET}, "budget: is given, but method is entropy"),
        ({"method": "ahp", "ahp": AHP, "level": 1}, "ahp: nobody judged B"),
        ({"method": "ahp", "ahp": AHP, "parents": ["B"]}, "ahp: not among the parents: A"),
        ({"method": "ahp", "ahp": {"Q": AHP["A"]}}, "ahp: not among the parents: Q"),
        ({"method": "equal", "shout": 1}, r"unknown keys: weigh\.shout"),
    ],
)
def test_a_setting_that_makes_no_sense_is_a_named_error(table, message):
    with pytest.raises(RecipeError, match=message):
        done(**table)


@pytest.mark.parametrize("method, message", [("merec", "MEREC .* A1"), ("entropy", "entropy .* A1")])
def test_values_a_method_cannot_take_are_named(method, message):
    below = VALUES.copy()
    below[3, TREE.leaf_codes.index("A1")] = -1
    with pytest.raises(RecipeError, match=message):
        done(Data(DATA.units, DATA.codes, below), method=method, parents=["A"])


def test_a_negative_component_is_refused():
    """COINr takes negative weights from its principal components."""
    turned = VALUES.copy()
    turned[:, TREE.leaf_codes.index("A2")] *= -1
    data = Data(DATA.units, DATA.codes, turned)
    with pytest.raises(RecipeError, match=r"A: negative PCA loadings: A2 -0\.\d+"):
        done(data, method="pca", parents=["A"])
    assert min(done(data, method="pca", parents=["A"], loadings="square").weights.values()) >= 0


def test_effective_weights_of_each_level_sum_to_one():
    shares = TREE.shares()
    for level in (1, 2, 3):
        assert sum(shares[c] for c in TREE.at_level(level)) == pytest.approx(1)


def test_over_all_needs_a_level_that_every_indicator_has():
    ragged = Tree((*TREE.nodes, Node("C", "IDX", leaf=True)), ragged=True)
    data = Data(DATA.units, ragged.leaf_codes, np.column_stack([VALUES, VALUES[:, 0] ** 2]))
    with pytest.raises(RecipeError, match="not every indicator has a code of level 2 above it: C"):
        done(data, ragged, method="entropy", over="all", level=2)
    shares = ragged.shares(done(data, ragged, method="entropy", over="all").weights)
    assert sum(shares[c] for c in ragged.leaf_codes) == pytest.approx(1)


def test_an_aggregate_over_nothing_but_constants_counts_for_nothing():
    flat = VALUES.copy()
    flat[:, [TREE.leaf_codes.index(c) for c in ("B1", "B2")]] = 5.0
    found = done(Data(DATA.units, DATA.codes, flat), method="entropy", over="all")
    assert (found.weights["A"], found.weights["B"]) == (1, 0)
    assert found.weights["B1"] == 0.5
    assert [n.facts["codes"] for n in found.report.warnings] == [["B1", "B2"]]


def test_worked_example():  # method 8.8
    tree = Tree((Node("IDX"), *(Node(c, "IDX", leaf=True) for c in "ABC")))
    columns = np.array([[2, 1, 5], [4, 4, 4], [6, 2, 5], [8, 9, 6]], dtype=float)
    example = Data(("99.1", "99.2", "99.3", "99.4"), ("A", "B", "C"), columns)

    def shown(**table):
        found = done(example, tree, **table)
        return [round(found.weights[c], 4) for c in "ABC"], found.report.parents["IDX"]

    assert shown(method="entropy")[0] == [0.2665, 0.7083, 0.0252]
    assert shown(method="critic")[0] == [0.2887, 0.3294, 0.3819]
    assert shown(method="merec")[0] == [0.3757, 0.5161, 0.1081]
    assert shown(method="pca", loadings="square")[0] == [0.3647, 0.3471, 0.2882]
    weights, told = shown(method="balance")
    assert [round(w, 3) for w in weights] == [0.12, 0.137, 0.743]
    assert [round(x, 3) for x in told["influence"].values()] == [0.878] * 3
    weights, told = shown(method="ahp", ahp={"IDX": {"x": {"A>B": 3, "A>C": "1/2", "B>C": "1/3"}}})
    assert weights == [0.3325, 0.1396, 0.5278]
    assert (round(told["joint"]["lambda_max"], 4), round(told["joint"]["cr"], 3)) == (3.0536, 0.046)
    _, told = shown(method="ahp", ahp={"IDX": {"x": {"A>B": 3, "A>C": "1/2", "B>C": 3}}})
    assert round(told["joint"]["cr"], 3) == 0.864
    judge = {"best": "C", "worst": "A", "over": {"A": 8, "B": 2}, "above": {"B": 5}}
    weights, told = shown(method="bwm", bwm={"IDX": {"x": judge}})
    assert weights == [0.0714, 0.3214, 0.6071]
    assert round(told["checks"]["x"]["xi"], 4) == 0.0357
    weights, told = shown(method="bwm", bwm={"IDX": {"x": judge}}, model="ratio")
    assert (weights, round(told["checks"]["x"]["cr"], 3)) == ([0.0714, 0.3387, 0.5899], 0.058)
