"""Sobol indices: textbook values, another program's values, and what must hold of any index."""

import numpy as np
import pytest
from scipy.stats import norm

from kondusif.errors import RecipeError
from kondusif_index.data import Data
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty import rescorer
from kondusif_index.uncertainty.perturbation import Sobol
from kondusif_index.uncertainty.sobol import drivers, estimate, samples, spread_out


def design(d, size, seed):
    return spread_out(*samples(d, size, seed))


def sobol(run, d, how, names=()):
    """Indices of a function of rows of ``d`` numbers in [0, 1)."""
    return estimate(run(design(d, how.size, how.seed)), d, how, names)


def ishigami(u, a=7.0, b=0.1):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


EXACT_FIRST, EXACT_TOTAL = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]  # Homma and Saltelli 1996


@pytest.mark.parametrize("estimator", ["saltelli", "jansen"])
def test_ishigami_comes_near_its_exact_indices(estimator):
    found = sobol(ishigami, 3, Sobol(4096, estimator=estimator))
    np.testing.assert_allclose(found.first, EXACT_FIRST, atol=0.03)
    np.testing.assert_allclose(found.total, EXACT_TOTAL, atol=0.03)
    assert (found.total_interval[0] <= found.total).all()
    assert (found.total <= found.total_interval[1]).all()


def test_salib_agrees_on_the_same_sample():
    from SALib.analyze import sobol as other

    n, d = 512, 3
    whole = design(d, n, 5)
    y = ishigami(whole)
    a, b, mixed = y[:n], y[n : 2 * n], y[2 * n :].reshape(d, n)
    theirs_order = np.column_stack([a, *mixed, b]).ravel()  # A, AB1..ABd, B for each row
    problem = {"num_vars": d, "names": ["a", "b", "c"], "bounds": [[0, 1]] * d}
    theirs = other.analyze(problem, theirs_order, calc_second_order=False, seed=1)
    # SALib centres and scales y and divides by n: compare on centred outputs, with that variance
    centred = (y - y[: 2 * n].mean()) / y[: 2 * n].std()
    whole_centred = (theirs_order - theirs_order.mean()) / theirs_order.std()
    shift = whole_centred[0] - centred[0] * theirs_order.std() ** -1 * y[: 2 * n].std()
    mine = estimate(centred * y[: 2 * n].std() / theirs_order.std() + shift, d, Sobol())
    ratio = 2 * n / (2 * n - 1)
    np.testing.assert_allclose(mine.total * ratio, theirs["ST"], atol=1e-9)
    np.testing.assert_allclose(mine.first * ratio, theirs["S1"], atol=1e-9)


def test_the_same_seed_gives_the_same_bits():
    one, two, other = (sobol(ishigami, 3, Sobol(64, seed=s)) for s in (1, 1, 2))
    assert one.first.tobytes() == two.first.tobytes()
    assert one.first_interval.tobytes() == two.first_interval.tobytes()
    assert one.first.tobytes() != other.first.tobytes()


def test_a_failed_run_is_counted_not_hidden():
    def sometimes(u):
        y = ishigami(u)
        y[5] = np.nan
        return y

    assert sobol(sometimes, 3, Sobol(64)).failed == 1
    with pytest.raises(RecipeError, match="only 0 of 64 rows"):
        sobol(lambda u: np.full(len(u), np.nan), 3, Sobol(64))


def test_an_output_that_never_varies_has_no_driver():
    found = sobol(lambda u: np.full(len(u), 5.0), 3, Sobol(64))
    assert found.first.tolist() == found.total.tolist() == [0.0] * 3


def test_outputs_that_do_not_fit_are_refused():
    with pytest.raises(RecipeError, match="expected a multiple of 5"):
        estimate(np.zeros(11), 3, Sobol())


@pytest.fixture
def village_index():
    nodes = [Node("top"), Node("a", "top", 3.0), Node("b", "top", 1.0)]
    nodes += [Node(f"a{k}", "a", 1.0, leaf=True, lo=0.0, hi=10.0) for k in range(3)]
    nodes += [Node(f"b{k}", "b", 1.0, leaf=True, lo=0.0, hi=10.0) for k in range(3)]
    x = np.random.default_rng(7).uniform(0, 10, (40, 6))
    x[3, 2] = np.nan
    return Data(tuple(f"u{k}" for k in range(40)), tuple(n.code for n in nodes[3:]), x), Tree(tuple(nodes))


def driven(data, tree, how, least=0.0, threads=2):
    recipe = IndexRecipe(
        sobol=how, classes=Classing(cuts=(40, 60)), aggregate=Aggregating(min_available=least)
    )
    return drivers(build(recipe, data, tree), threads)


def test_drivers_of_a_score_are_what_the_formula_says(village_index):
    """Errors of equal size: the total order of each goes with the square of its share."""
    data, tree = village_index
    found = driven(data, tree, Sobol(1024, factors="noise", sd=0.01, output="score", unit="u0"))
    share = np.array([tree.shares()[name.removeprefix("noise:")] for name in found.names])
    np.testing.assert_allclose(found.total, share**2 / (share**2).sum(), atol=0.03)


@pytest.mark.parametrize("factors", ["weights", "noise", "both"])
@pytest.mark.parametrize("output", ["rank_shift", "class_change"])
def test_drivers_do_not_depend_on_threads_or_order(village_index, factors, output):
    data, tree = village_index
    how = Sobol(64, factors=factors, output=output)
    one = driven(data, tree, how, threads=1)
    two = driven(data.rows(np.arange(40)[::-1]), Tree(tree.nodes[::-1]), how)
    assert one.names == two.names
    assert one.total.tobytes() == two.total.tobytes()
    assert one.failed == 0


def plainly(data, tree, how, least, unit):
    """The same runs one by one, by a recursion over the tree: what any reader would write."""
    codes, nominal = sorted(tree.leaf_codes), data.of(tree.leaf_codes)
    low, high = np.nanmin(nominal.values, axis=0), np.nanmax(nominal.values, axis=0)

    def score(code, z, weight):
        top, left, count = 0.0, 0.0, 0
        for node in tree.children[code]:
            below = z[node.code] if node.leaf else score(node.code, z, weight)
            if not np.isnan(below):
                top, left, count = top + weight[node.code] * below, left + weight[node.code], count + 1
        return top / left if left > 0 and count / len(tree.children[code]) >= least else np.nan

    def run(sample):
        weight = {n.code: n.weight for n in tree.nodes}
        z = {}
        for k, code in enumerate(tree.leaf_codes):
            u = dict(zip(how_names, sample, strict=True))
            weight[code] *= 1 + how.spread * (2 * u.get(f"weight:{code}", 0.5) - 1)
            node, x = tree.by_code[code], nominal.values[data.units.index(unit), k]
            x += how.sd * norm.ppf(u.get(f"noise:{code}", 0.5)) * (node.hi - node.lo)
            x = np.clip(x, min(low[k], node.lo), max(high[k], node.hi))
            share = (np.clip(x, node.lo, node.hi) - node.lo) / (node.hi - node.lo)
            z[code] = 100 * (share if node.direction > 0 else 1 - share)
        return score(tree.top, z, weight)

    kinds = ("weight", "noise") if how.factors == "both" else (how.factors.removesuffix("s"),)
    how_names = [f"{kind}:{code}" for kind in kinds for code in codes]
    return sobol(lambda u: np.array([run(row) for row in u]), len(how_names), how, how_names)


@pytest.mark.parametrize("factors", ["weights", "noise", "both"])
@pytest.mark.parametrize("unit", ["u0", "u3", "u5"])
def test_the_short_way_gives_what_run_by_run_gives(factors, unit):
    nodes = [Node("top"), Node("p", "top", 2.0), Node("q", "top", 1.0), Node("a", "p", 3.0), Node("b", "p")]
    nodes += [Node(f"{g}{k}", g, 1.0 + k, True, (-1) ** k, 0.0, 8.0) for g in "abq" for k in range(3)]
    tree = Tree(tuple(nodes), ragged=True)
    x = np.random.default_rng(11).uniform(-1, 10, (6, 9))
    x[3, :2] = x[5, 3:6] = np.nan  # half a family, a whole one
    data = Data(tuple(f"u{k}" for k in range(6)), tree.leaf_codes, x)
    how = Sobol(16, factors=factors, sd=0.2, spread=0.9, output="score", unit=unit)
    ours, theirs = driven(data, tree, how, least=0.5), plainly(data, tree, how, 0.5, unit)
    assert ours.names == theirs.names
    assert (ours.failed, theirs.failed) == (0, 0)
    for name in ("first", "total", "first_interval", "total_interval", "variance"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=0, atol=1e-9)


LINEAR = """
[normalise]
method = "goalposts"
scale = [1, 100]
[sobol]
size = 8
factors = "both"
output = "score"
unit = "u3"
"""
CURVED = (
    LINEAR
    + """
[impute]
method = "mean"
[aggregate]
method = "geometric"
"""
)


def test_any_chain_of_a_recipe_has_drivers(village_index):
    """Filled gaps and geometric means: every run is the recipe on other answers and weights."""
    data, tree = village_index
    built = build(IndexRecipe.from_toml(CURVED), data, tree)
    found, how, codes = drivers(built), built.recipe.sobol, sorted(tree.leaf_codes)

    def run(sample):
        weight = {
            c: tree.by_code[c].weight * (1 + how.spread * (2 * sample[k] - 1)) for k, c in enumerate(codes)
        }
        off = {c: how.sd * norm.ppf(sample[len(codes) + k]) * 10 for k, c in enumerate(codes)}
        x = data.values + [off[c] for c in data.codes]
        ends = np.nanmin(data.values, axis=0), np.nanmax(data.values, axis=0)
        x = np.clip(x, np.minimum(ends[0], 0), np.maximum(ends[1], 10))
        again = build(IndexRecipe.from_toml(CURVED), data.with_values(x), tree.weighted(weight))
        return again.aggregated.top[data.units.index("u3")]

    theirs = sobol(lambda u: np.array([run(row) for row in u]), 12, how, found.names)
    np.testing.assert_allclose(found.total, theirs.total, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.first, theirs.first, rtol=0, atol=1e-9)
    assert (found.failed, found.names[0], found.names[-1]) == (0, "weight:a0", "noise:b2")


def test_step_by_step_gives_what_the_short_way_gives(village_index, monkeypatch):
    built = build(IndexRecipe.from_toml(LINEAR), *village_index)
    short = drivers(built)
    monkeypatch.setattr(rescorer, "why_not_linear", lambda *_: "not today")
    long = drivers(built)
    np.testing.assert_allclose(long.total, short.total, rtol=0, atol=1e-9)
    np.testing.assert_allclose(long.variance, short.variance)


def test_where_no_unit_has_a_score_nothing_drives_it_and_it_is_refused(village_index):
    data, tree = village_index
    nobody = data.with_values(np.full(data.values.shape, np.nan))
    for output in ("rank_shift", "class_change"):
        with pytest.raises(RecipeError, match="no unit has a score"):
            driven(nobody, tree, Sobol(size=4, output=output))


def test_settings_say_what_is_wrong():
    for wrong, says in (
        ({"size": 1}, "size"),
        ({"output": "score"}, "unit"),
        ({"estimator": "homma"}, "estimator"),
        ({"confidence": 1.0}, "confidence"),
    ):
        with pytest.raises(RecipeError, match=says):
            Sobol(**wrong)


def test_the_worked_example():  # method 8.14
    y = np.array([1.0, 3, 2, 6, 2, 6])
    found = estimate(y, 1, Sobol())
    np.testing.assert_allclose([found.first[0], found.total[0]], [2.142857, 0.535714], atol=5e-7)
    np.testing.assert_allclose(found.variance, 14 / 3)
    np.testing.assert_allclose(estimate(y, 1, Sobol(estimator="jansen")).first, 1.0)
