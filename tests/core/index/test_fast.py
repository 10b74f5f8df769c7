"""The sweep gives what plain steps give, to 1e-9, in any tree, with anything missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index import fast
from kondusif_index.data import Data
from kondusif_index.linear import linear_normalisation, spread, why_not_linear
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.normalise import LinearNormalising
from kondusif_index.tree import Node, Tree


def plain_normalise(x, tree, how):
    """Column by column, as a textbook writes it."""
    out = np.full(x.shape, np.nan)
    for k, node in enumerate(tree.leaves):
        there = ~np.isnan(x[:, k])
        col = x[there, k] * node.direction
        if not there.any():
            continue
        bottom, top = how.scale
        if how.method == "zscore":
            flat = col.min() == col.max()
            out[there, k] = how.mean if flat else how.mean + how.sd * (col - col.mean()) / col.std(ddof=1)
            continue
        if how.method == "goalposts":
            lo, hi = sorted((node.lo * node.direction, node.hi * node.direction))
            share = (col - lo) / (hi - lo)
            share = np.clip(share, 0, 1) if how.clamp else share
        else:
            lo, hi = col.min(), col.max()
            share = (col - lo) / (hi - lo) if lo < hi else np.full(len(col), 0.5)
        out[there, k] = bottom + (top - bottom) * share
    return out


def plain_aggregate(z, tree, least):
    """Unit by unit, child by child."""
    found = {code: z[:, k] for k, code in enumerate(tree.leaf_codes)}
    for code in tree.upward:
        out = np.full(len(z), np.nan)
        due = [n for n in tree.children[code] if n.weight > 0]
        for u in range(len(z)):
            there = [n for n in due if not np.isnan(found[n.code][u])]
            if there and not len(there) / len(due) < least:
                whole = sum(n.weight for n in there)
                out[u] = sum(n.weight * found[n.code][u] for n in there) / whole
        found[code] = out
    return np.column_stack([found[c] for c in tree.upward])


@st.composite
def trees(draw):
    """Two to four levels, weights from zero up, both directions; sometimes ragged."""
    nodes = [Node("top")]
    ragged = draw(st.booleans())
    for g in range(draw(st.integers(1, 4))):
        nodes.append(Node(f"g{g}", "top", draw(st.sampled_from([0.5, 1.0, 3.0]))))
        for i in range(draw(st.integers(1, 4))):
            weight = 1.0 if i == 0 else draw(st.sampled_from([0.0, 0.25, 2.0]))
            direction = draw(st.sampled_from([1, -1]))
            nodes.append(Node(f"g{g}i{i}", f"g{g}", weight, leaf=True, direction=direction, lo=-1.0, hi=4.0))
    if ragged:
        nodes.append(Node("alone", "top", 2.0, leaf=True, lo=0.0, hi=2.0))
    return Tree(tuple(nodes), ragged)


@st.composite
def cases(draw):
    tree = draw(trees())
    how = LinearNormalising(
        draw(st.sampled_from(["goalposts", "minmax", "zscore"])),
        draw(st.sampled_from([(0.0, 100.0), (1.0, 100.0), (-1.0, 1.0)])),
        draw(st.booleans()),
    )
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shift = draw(st.sampled_from([0.0, 1e4]))
    x = dice.gamma(2.0, 1.0, (draw(st.integers(1, 40)), len(tree.leaves))).round(1) - 1
    x[dice.random(x.shape) < draw(st.sampled_from([0.0, 0.1, 0.7]))] = np.nan
    if how.method != "goalposts":
        x = x + shift
    return tree, how, x, draw(st.sampled_from([0.0, 0.5, 2 / 3, 1.0]))


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_sweep_equals_plain_steps(case):
    tree, how, x, least = case
    straight = linear_normalisation(x, tree.leaves, how)
    plain = plain_aggregate(plain_normalise(x, tree, how), tree, least)
    quick = fast.score(x, straight, fast.tree_weights(tree, least=least))
    np.testing.assert_allclose(quick, plain, rtol=0, atol=1e-9)


@given(cases())
@settings(max_examples=80, deadline=None)
def test_contributions_sum_to_the_score(case):
    tree, how, x, least = case
    straight, by = linear_normalisation(x, tree.leaves, how), fast.tree_weights(tree, least=least)
    scores, parts = fast.contributions(x, straight, by)
    np.testing.assert_allclose(scores, fast.score(x, straight, by), rtol=0, atol=1e-9)
    np.testing.assert_allclose(parts.sum(axis=1), scores[:, -1], rtol=0, atol=1e-9)
    assert (parts[np.isnan(x) & ~np.isnan(scores[:, -1:])] == 0).all()


@given(cases())
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_changes_nothing(case):
    tree, how, x, least = case
    by = fast.tree_weights(tree, least=least)
    back = fast.score(x[::-1], linear_normalisation(x[::-1], tree.leaves, how), by)[::-1]
    np.testing.assert_allclose(
        back, fast.score(x, linear_normalisation(x, tree.leaves, how), by), rtol=0, atol=1e-9
    )


def a_wide_tree(indicators=60, groups=6):
    nodes = [Node("top")] + [Node(f"g{g}", "top", 1.0 + g) for g in range(groups)]
    nodes += [Node(f"i{i}", f"g{i % groups}", 1.0 + i % 3, leaf=True) for i in range(indicators)]
    return Tree(tuple(nodes))


def test_threads_and_blocks_never_change_a_bit():
    tree = a_wide_tree()
    x = np.random.default_rng(1).gamma(2.0, 3.0, (9_001, 60))
    x[np.random.default_rng(2).random(x.shape) < 0.05] = np.nan
    straight, by = linear_normalisation(x, tree.leaves, LinearNormalising("minmax")), fast.tree_weights(tree)
    one, two, three = (fast.score(x, straight, by, threads) for threads in (1, 2, 3))
    assert one.tobytes() == two.tobytes() == three.tobytes()


def test_a_complete_block_and_one_with_gaps_agree():
    tree = a_wide_tree()
    x = np.random.default_rng(1).gamma(2.0, 3.0, (2_000, 60))
    straight, by = linear_normalisation(x, tree.leaves, LinearNormalising("zscore")), fast.tree_weights(tree)
    gap = x.copy()
    gap[::700, 3] = np.nan  # every block now goes the other way
    whole, holed = fast.score(x, straight, by), fast.score(gap, straight, by)
    same = ~np.isnan(gap[:, 3])
    np.testing.assert_allclose(holed[same], whole[same], rtol=0, atol=1e-9)


def test_the_input_is_left_as_it_was():
    tree = a_wide_tree()
    x = np.random.default_rng(1).gamma(2.0, 3.0, (500, 60))
    x[3, 3] = np.nan
    before = x.copy()
    fast.contributions(
        x, linear_normalisation(x, tree.leaves, LinearNormalising("minmax")), fast.tree_weights(tree)
    )
    assert x.tobytes() == before.tobytes()


def test_a_constant_column_keeps_its_place():
    """It gets the middle of its scale instead of vanishing."""
    tree = a_wide_tree(6, 3)
    x = np.random.default_rng(1).gamma(2.0, 3.0, (50, 6))
    x[:, 0] = 7.0
    straight = linear_normalisation(x, tree.leaves, LinearNormalising("minmax"))
    assert (straight.slope[0], straight.base[0]) == (0.0, 50.0)
    assert not np.isnan(fast.score(x, straight, fast.tree_weights(tree))).any()


@pytest.mark.parametrize(
    ("recipe", "why"),
    [
        ("", None),
        ('screen = {method = "none"}', "screen"),
        ('impute = {method = "mean"}', "impute"),
        ('aggregate = {method = "geometric", floor = 1}', "the mean of g0 is not arithmetic"),
        ('normalise = {each = {i1 = {method = "rank"}}}', "i1 is not on a linear scale"),
        ("aggregate = {min_available = 0.5}", "min_available"),
        ("aggregate = {min_available = 0.5, count_not_applicable = true}", None),
    ],
)
def test_one_guard_says_why_the_sweep_may_not_serve(recipe, why):
    tree = a_wide_tree(6, 3)
    data = Data(
        ("u",), tree.leaf_codes, np.array([[np.nan, 1, 1, 1, 1, 1]]), np.array([[2, 0, 0, 0, 0, 0]], np.uint8)
    )
    found = why_not_linear(IndexRecipe.from_toml(recipe).on(tree), data)
    assert found is None if why is None else why in found


def test_negative_weights_are_refused():
    with pytest.raises(RecipeError, match="i1: weight -1"):
        a_wide_tree(6, 3).weighted({"i1": -1.0})


def test_spread_merges_blocks_exactly_enough():
    x = np.random.default_rng(3).normal(1e5, 3.0, (5_000, 40))
    x[np.random.default_rng(4).random(x.shape) < 0.3] = np.nan
    x[:, 7] = np.nan
    least, _, mean, sd = spread(x)
    with np.errstate(all="ignore"):
        known = [k for k in range(40) if k != 7]
        np.testing.assert_allclose(mean[known], np.nanmean(x[:, known], axis=0), rtol=1e-13)
        np.testing.assert_allclose(sd[known], np.nanstd(x[:, known], axis=0, ddof=1), rtol=1e-11)
    assert np.isnan(least[7])
    assert np.isnan(mean[7])
