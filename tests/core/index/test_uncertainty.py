"""How firm a class is: what a draw may change, what it must not, and that no failure is hidden."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index import fast
from kondusif_index.data import Data, Why
from kondusif_index.linear import Straight, lines
from kondusif_index.settings import read
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.draws import TOO_LITTLE, Shaker
from kondusif_index.uncertainty.firmness import Firmness, firmness
from kondusif_index.uncertainty.leave_one_out import leave_one_out, without
from kondusif_index.uncertainty.monte_carlo import choose, ranks, shake
from kondusif_index.uncertainty.perturbation import AnswerNoise, Shaking, WeightDraws, WeightNoise

STILL = AnswerNoise(sd=0.0, flip=0.0)
CALM = Shaking(20, noise=STILL, weights=WeightNoise("none"))
ALL = (Straight(), Straight("minmax"), Straight("zscore"))


def a_tree():
    nodes = [Node("top"), Node("a", "top", 3.0), Node("b", "top", 1.0)]
    for k in range(3):
        nodes.append(Node(f"a{k}", "a", 1.0 + k, leaf=True, lo=0.0, hi=10.0, direction=(-1, 1, 1)[k]))
        nodes.append(Node(f"b{k}", "b", 1.0, leaf=True, lo=0.0, hi=(1.0, 8.0, 10.0)[k]))
    return Tree(tuple(nodes))


def some_data(n=60, missing=0.1, seed=5):
    """a0..a2 and b2 measures, b0 yes/no, b1 a count."""
    dice = np.random.default_rng(seed)
    tree = a_tree()
    x = dice.uniform(0, 10, (n, 6))
    at = {c: k for k, c in enumerate(tree.leaf_codes)}
    x[:, at["b0"]] = dice.random(n) < 0.5
    x[:, at["b1"]] = dice.integers(0, 9, n)
    x[dice.random(x.shape) < missing] = np.nan
    x[0] = np.nan  # nobody answered for the first unit
    return Data(tuple(f"u{k:03d}" for k in range(n)), tree.leaf_codes, x)


# ------------------------------------------------------------ what fails is counted


def test_a_draw_that_fails_is_counted_and_takes_its_share():
    """Not a silent NA that makes the others look surer."""
    found = shake(some_data(), a_tree(), replace(CALM, draws=50), Straight(), cuts=(40, 60))
    assert found.failed[0] == 50
    assert found.unknown[0] == 1.0
    assert found.class_probability[0].tolist() == [0.0, 0.0, 0.0]
    assert found.firmness[0] is Firmness.UNKNOWN
    assert found.reasons == {TOO_LITTLE: 50}


def test_a_refusal_of_the_chain_is_counted_with_its_reason():
    def every_other(data, weights, alternative):
        if weights["a"] > 3:
            raise RecipeError("no mean of zero")
        return np.full(len(data.units), 50.0)

    how = replace(CALM, draws=200, weights=WeightNoise("uniform"))
    found = shake(some_data(), a_tree(), how, Straight(), cuts=(40,), general=every_other, straight=False)
    share = found.unknown[3]
    assert 0.3 < share < 0.7
    assert found.class_probability[3].tolist() == [0.0, 1 - share]
    assert found.reasons == {"no mean of zero": int(found.failed.sum())}
    assert found.mean[3] == 50.0  # the mean is over the draws that there are
    assert found.firmness[3] is Firmness.UNKNOWN  # though every draw that worked agrees


def test_a_choice_that_cannot_be_computed_is_counted():
    def run(choice):
        if choice == "geometric":
            raise RecipeError("a zero under a geometric mean")
        return np.array([1.0, np.nan])

    found = choose(run, ["u", "v"], ["mean", "geometric", "median"], nominal=np.array([1.0, 2.0]))
    assert found.failed.tolist() == [1, 3]
    assert found.reasons == {"a zero under a geometric mean": 2, TOO_LITTLE: 2}


def test_weights_that_sum_to_zero_fail_their_draw():
    table = WeightDraws(("a", "b"), np.array([[1.0, 1.0], [0.0, 0.0]]))
    how = replace(CALM, draws=2, weights=WeightNoise("given"))
    found = shake(some_data(missing=0), a_tree(), how, Straight(), weights=table)
    assert found.failed[1:].tolist() == [1] * 59
    assert found.reasons == {TOO_LITTLE: 1, "weights under top sum to zero": 60}


def test_negative_weights_are_refused():
    with pytest.raises(RecipeError, match=r"draw 2, b: -0\.5 is negative"):
        WeightDraws(("a", "b"), np.array([[1.0, 1.0], [1.0, -0.5]]))


# ------------------------------------------------------------ what a draw does


@pytest.mark.parametrize("normal", ALL)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("least", [0.0, 0.6])
def test_without_shaking_every_draw_is_the_plain_score(normal, missing, least):
    data, tree = some_data(missing=missing), a_tree()
    plain = fast.score(data.values, lines(data.values, tree.leaves, normal), fast.plan(tree, least=least))
    found = shake(data, tree, CALM, normal, least=least)
    for row in (found.nominal, found.scores[0], found.scores[-1]):
        np.testing.assert_allclose(row, plain[:, -1], rtol=0, atol=1e-9)


@pytest.mark.parametrize("normal", ALL)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("least", [0.0, 0.6])
def test_the_way_of_moving_answers_gives_the_same_scores(normal, missing, least):
    """An error far below rounding takes the other way through the arithmetic."""
    data, tree = some_data(missing=missing), a_tree()
    still = shake(data, tree, replace(CALM, weights=WeightNoise()), normal, least=least)
    how = replace(CALM, weights=WeightNoise(), noise=AnswerNoise(sd=1e-14, flip=1e-12))
    moving = shake(data, tree, how, normal, least=least)
    np.testing.assert_allclose(moving.scores, still.scores, rtol=0, atol=1e-9)


@pytest.mark.parametrize("missing", ["reweight", "column", "worst"])
def test_same_seed_same_bits_whatever_the_threads_and_the_order(missing):
    data, tree = some_data(), a_tree()
    how = Shaking(150, normalise=ALL[1:], missing=missing)
    one = shake(data, tree, how, Straight(), threads=1)
    two = shake(data, tree, how, Straight(), threads=2)
    back = np.arange(60)[::-1]
    turned = shake(data.rows(back), Tree(tree.nodes[::-1]), how, Straight(), threads=3)
    assert one.scores.tobytes() == two.scores.tobytes() == turned.scores[:, back].tobytes()
    assert shake(data, tree, replace(how, seed=2), Straight()).scores.tobytes() != one.scores.tobytes()


def drawn_answers(how, data=None, last=None, draws=200):
    """Answers of many draws by code, ``(draws, n_units)``."""
    data = data or some_data()
    answers = Shaker(data, a_tree(), how, Straight(), last=last).answers
    out = np.empty((draws, *answers.values.shape))
    dice = np.random.default_rng(1)
    for one in out:
        answers.draw(dice, one)
        one.reshape(-1)[answers.gone] = np.nan
    return {c: out[:, k] for k, c in enumerate(answers.codes)}


def test_answers_stay_in_their_range_counts_whole_and_yes_is_yes_or_no():
    found = drawn_answers(replace(CALM, noise=AnswerNoise(sd=0.5, flip=0.3)))
    assert set(np.unique(found["b0"][~np.isnan(found["b0"])])) == {0.0, 1.0}
    counts = found["b1"][~np.isnan(found["b1"])]
    assert (counts == np.rint(counts)).all()
    assert (counts.min(), counts.max()) == (0, 8)
    for code in ("a0", "a1", "b2"):
        there = found[code][~np.isnan(found[code])]
        assert (there.min(), there.max()) == (0, 10)


def test_noise_has_the_size_that_agreement_leaves():
    """sd 0.10 of a range of 10, agreement 0.75: half of it stays."""
    noise = AnswerNoise(sd=0.10, agreement={"a1": 0.75, "a2": 1.0})
    found = drawn_answers(replace(CALM, noise=noise), draws=2000)
    middle = np.flatnonzero(np.abs(some_data().column("a1") - 5) < 1)
    np.testing.assert_allclose(found["a1"][:, middle].std(axis=0).mean(), 0.5, rtol=0.05)
    assert np.nanmax(np.ptp(found["a2"], axis=0)) == 0.0  # raters who always agree leave no doubt


def test_missing_answers_by_policy():
    data = some_data()
    gaps = np.isnan(data.column("a1"))
    stay = drawn_answers(CALM)["a1"]
    assert np.isnan(stay[:, gaps]).all()
    column = drawn_answers(replace(CALM, missing="column"))["a1"]
    assert set(np.unique(column)) <= set(data.column("a1")[~gaps])
    assert len(set(column[:, 0])) > 5
    worst = drawn_answers(replace(CALM, missing="worst"))
    assert (worst["a1"][:, gaps] == 10).all()
    assert (worst["a0"][:, np.isnan(data.column("a0"))] == 0).all()  # direction -1: low is worse


def test_missing_by_group_draws_from_the_group_and_by_last_from_the_last():
    data = replace(some_data(), groups={"kec": tuple("xy"[k % 2] for k in range(60))})
    found = drawn_answers(replace(CALM, missing="group", group="kec"), data)["a1"]
    mine = data.column("a1")[0::2]
    assert set(np.unique(found[:, 0])) <= set(mine[~np.isnan(mine)])
    last = Data(("u000",), ("a1",), np.array([[3.5]]))
    found = drawn_answers(replace(CALM, missing="last"), data, last)
    assert (found["a1"][:, 0] == 3.5).all()
    assert (found["a2"][:, 0] == 10).all()  # no last known answer: the worst


def test_what_does_not_apply_is_never_filled():
    data = some_data()
    why = data.why.copy()
    why[np.isnan(data.values)] = Why.NOT_APPLICABLE
    for policy in ("column", "worst"):
        found = drawn_answers(replace(CALM, missing=policy), replace(data, why=why))
        assert np.isnan(found["a1"][:, 0]).all()


def test_the_general_steps_decide_where_some_do_not_apply_and_a_share_must_be_there():
    data = some_data()
    why = data.why.copy()
    why[np.isnan(data.values)] = Why.NOT_APPLICABLE
    data = replace(data, why=why)

    def general(data, weights, alternative):
        return np.full(len(data.units), 7.0)

    assert (shake(data, a_tree(), CALM, Straight(), least=0.5, general=general).scores == 7).all()
    assert not (shake(data, a_tree(), CALM, Straight(), general=general).scores == 7).any()


def test_a_constant_indicator_keeps_its_place_in_every_draw():
    data = some_data(missing=0)
    values = data.values.copy()
    values[:, 1], values[0] = 5.0, 1.0
    values[0, 1] = 5.0
    found = shake(data.with_values(values), a_tree(), replace(CALM, normalise=ALL[1:]), Straight("minmax"))
    assert found.failed.sum() == 0


def test_dirichlet_has_the_nominal_shares_as_its_mean():
    how = replace(CALM, draws=4000, weights=WeightNoise("dirichlet", concentration=50))
    shaker = Shaker(some_data(), a_tree(), how, Straight())
    drawn = np.stack([shaker.weigher.draw(np.random.default_rng(k), k) for k in range(4000)])
    at = {c: k for k, c in enumerate(shaker.weigher.codes)}
    share = drawn[:, at["a"]] / (drawn[:, at["a"]] + drawn[:, at["b"]])
    np.testing.assert_allclose(share.mean(), 0.75, atol=0.005)
    np.testing.assert_allclose(share.var(), 0.75 * 0.25 / 51, rtol=0.1)


def test_only_the_levels_named_vary():
    how = replace(CALM, weights=WeightNoise(levels=(2,)))
    weigher = Shaker(some_data(), a_tree(), how, Straight()).weigher
    drawn = dict(zip(weigher.codes, weigher.draw(np.random.default_rng(1), 0), strict=True))
    assert drawn["a0"] == 1.0
    assert drawn["a"] != 3.0


# ------------------------------------------------------------ ranks, classes, words


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=30))
@settings(deadline=None)
def test_rank_is_one_plus_how_many_are_higher(scores):
    row = np.array([np.nan if s is None else s / 3 for s in scores])
    known = [0 if s is None else 1 + sum(t is not None and t > s for t in scores) for s in scores]
    assert ranks(row[None, :])[0].tolist() == known


def test_rounding_noise_parts_nobody():
    assert ranks(np.array([[0.1 + 0.2, 0.3, 0.0]])).tolist() == [[1, 1, 3]]


def test_class_shares_are_half_open_and_sum_to_one():
    found = shake(some_data(), a_tree(), Shaking(300), Straight(), cuts=(40, 60))
    np.testing.assert_allclose(found.class_probability.sum(axis=1) + found.unknown, 1, atol=1e-12)
    edge = choose(
        lambda c: np.array([c]), ["u"], [20.0, np.nextafter(20, 0)], nominal=np.array([20.0]), cuts=(20,)
    )
    assert edge.class_probability.tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(
    ("probability", "level", "unknown", "words"),
    [
        ([0.10, 0.90, 0.0], 2, 0, "pasti"),
        ([0.25, 0.75, 0.0], 2, 0, "hampir_pasti"),
        ([0.20, 0.70, 0.10], 2, 0, "di_ambang_turun"),
        ([0.10, 0.70, 0.20], 2, 0, "di_ambang_naik"),
        ([0.15, 0.70, 0.15], 2, 0, "di_ambang_naik"),  # as likely: the one that calms less
        ([0.0, 0.0, 0.0], 0, 1, "tanpa_kelas"),
        ([0.0, 0.7, 0.1], 2, 0.2, "tanpa_kelas"),  # the failed draws could decide
    ],
)
def test_firmness_in_words(probability, level, unknown, words):  # RULES 8
    assert firmness(np.array(probability), level, unknown) == words


def test_ranks_of_the_draws_and_their_bands_tell_one_story():
    found = shake(some_data(), a_tree(), Shaking(400), Straight())
    np.testing.assert_array_equal((found.ranks == 0).sum(axis=0), found.failed)
    np.testing.assert_allclose(found.ranks.mean(axis=0)[1:], found.mean_rank[1:])
    assert (np.diff(found.rank_bands[:, 1:], axis=0) >= 0).all()


def test_the_worked_example():  # method 8.13
    noise = AnswerNoise(sd=0.10, agreement={"x": 0.75})
    assert 5 * noise.of("x", "measure") == pytest.approx(0.25)

    def words(second, third, failed):
        scores = [30.0] * second + [50.0] * third + [np.nan] * failed
        found = choose(lambda s: np.array([s]), ["u"], scores, nominal=np.array([38.6]), cuts=(20, 40))
        return found.class_probability[0].tolist(), found.unknown[0], str(found.firmness[0])

    assert words(700, 260, 40) == ([0.0, 0.70, 0.26], 0.04, "di_ambang_naik")
    assert words(640, 240, 120) == ([0.0, 0.64, 0.24], 0.12, "tanpa_kelas")


# ------------------------------------------------------------ one indicator left out


def test_left_out_is_the_score_of_the_smaller_tree():
    data, tree = some_data(), a_tree()
    found = leave_one_out(data, tree, Straight("minmax"), cuts=(40, 60), least=0.5)
    for k, code in enumerate(found.codes):
        smaller = without(tree, code)
        x = data.of(smaller.leaf_codes).values
        by = fast.plan(smaller, least=0.5)
        plain = fast.score(x, lines(x, smaller.leaves, Straight("minmax")), by)[:, -1]
        np.testing.assert_allclose(found.scores[k], plain, rtol=0, atol=1e-9)
    changed = (found.levels != np.searchsorted((40, 60), found.nominal, side="right") + 1).sum(axis=1)
    assert (found.class_changes <= changed).all()
    assert found.rank_shift.shape == (6, 60)


def test_weight_zero_left_out_changes_nothing():
    tree = a_tree()
    nodes = tuple(replace(n, weight=0.0) if n.code == "a1" else n for n in tree.nodes)
    found = leave_one_out(some_data(), Tree(nodes), Straight())
    k = found.codes.index("a1")
    np.testing.assert_allclose(found.scores[k], found.nominal, rtol=0, atol=1e-9)


def test_the_last_of_a_group_takes_the_group_along():
    nodes = [n for n in a_tree().nodes if n.code not in ("b1", "b2")]
    assert "b" not in without(Tree(tuple(nodes)), "b0").by_code


# ------------------------------------------------------------ settings


def test_settings_come_from_a_table():
    how = read(
        Shaking,
        {
            "draws": 10,
            "weights": {"method": "none"},
            "normalise": [{"method": "minmax"}],
            "noise": {"sd": 0.1},
        },
        "uncertainty",
    )
    assert how.normalise == (Straight("minmax"),)
    assert how.noise.sd == 0.1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"draws": 0}, "draws: found 0"),
        ({"missing": "zero"}, "missing: found 'zero'"),
        ({"missing": "group"}, "group: names the group column"),
        ({"quantiles": [0.9, 0.1]}, "quantiles"),
        ({"noise": {"agreement": {"a": 2.0}}}, "agreement.a"),
        ({"weights": {"spread": -1.0}}, "spread"),
    ],
)
def test_wrong_settings_name_the_field(wrong, says):
    with pytest.raises(RecipeError, match=says):
        read(Shaking, wrong, "uncertainty")


def test_an_unknown_code_is_named():
    with pytest.raises(RecipeError, match=r"noise\.by_code: no such indicator: zz"):
        shake(some_data(), a_tree(), replace(CALM, noise=AnswerNoise(by_code={"zz": 1.0})), Straight())
