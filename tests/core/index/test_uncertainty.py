"""How firm a class is: what a draw may change, what it must not, and that no failure is hidden."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index import fast
from kondusif_index.data import Data, Why
from kondusif_index.linear import linear_normalisation
from kondusif_index.output import write
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.settings import read
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, Firmness, IndexFloor, firmness, level_of
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import LinearNormalising, Normalising
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.leave_one_out import leave_group_out, leave_one_out
from kondusif_index.uncertainty.monte_carlo import MonteCarlo, monte_carlo, ranks
from kondusif_index.uncertainty.perturbation import AnswerNoise, Perturbation, WeightDraws, WeightNoise
from kondusif_index.uncertainty.rescorer import TOO_LITTLE, Rescorer
from kondusif_index.uncertainty.robustness import assess_robustness

STILL = AnswerNoise(sd=0.0, flip=0.0)
CALM = Perturbation(20, noise=STILL, weights=WeightNoise("none"))
METHODS = ("goalposts", "minmax", "zscore")
ALL = (LinearNormalising(), LinearNormalising("minmax"), LinearNormalising("zscore"))


def built_of(data, tree=None, method="goalposts", least=0.0, cuts=(), **recipe):
    """A build; mean and sd of a z-score are those of ``LinearNormalising``."""
    recipe.setdefault("aggregate", Aggregating(min_available=least))
    classes = Classing(cuts=cuts) if cuts else None
    return build(
        IndexRecipe(normalise=Normalising(method, mean=50, sd=10), classes=classes, **recipe),
        data,
        tree or a_tree(),
    )


def shaken(data, how, method="goalposts", tree=None, weights=None, threads=2, **recipe):
    return monte_carlo(built_of(data, tree, method, uncertainty=how, **recipe), weights, threads)


def by_hand(scores, nominal, cuts=()):
    """A result whose draws were made elsewhere; one row of ``scores`` per draw."""
    nominal = np.array(nominal, dtype=float)
    return MonteCarlo(
        tuple(f"u{k}" for k in range(len(nominal))),
        np.array(scores, dtype=float),
        nominal,
        level_of(nominal, cuts),
        cuts,
        (0.05, 0.5, 0.95),
        {},
    )


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
    found = shaken(some_data(), replace(CALM, draws=50), cuts=(40, 60))
    assert found.failed[0] == 50
    assert found.unknown[0] == 1.0
    assert found.class_probability[0].tolist() == [0.0, 0.0, 0.0]
    assert found.firmness[0] is Firmness.UNKNOWN
    assert found.reasons == {TOO_LITTLE: 50}


def test_a_refusal_of_the_chain_is_counted_with_its_reason():
    """An answer whose noise reaches zero has no geometric mean, and its draw no score."""
    values = np.full((3, 6), 5.0)
    values[1, a_tree().leaf_codes.index("a2")] = 0.25
    data = Data(("u0", "u1", "u2"), a_tree().leaf_codes, values)
    how = replace(CALM, draws=200, noise=AnswerNoise(sd=0.0, flip=0.0, by_code={"a2": 0.05}))
    found = shaken(data, how, cuts=(1,), aggregate=Aggregating("geometric"))
    share = found.unknown[2]
    assert 0.25 < share < 0.4
    assert found.class_probability[2].tolist() == pytest.approx([0.0, 1 - share], abs=1e-12)
    (reason,) = found.reasons
    assert reason.startswith("u1, a2: 0; the geometric mean of a takes only values above zero")
    assert found.reasons[reason] == found.failed.sum()
    assert found.mean[2] == pytest.approx(
        np.nanmean(found.scores[:, 2])
    )  # the mean is over the draws that there are
    assert found.firmness[2] is Firmness.UNKNOWN  # though every draw that worked agrees


def test_weights_that_sum_to_zero_fail_their_draw():
    table = WeightDraws(("a", "b"), np.array([[1.0, 1.0], [0.0, 0.0]]))
    how = replace(CALM, draws=2, weights=WeightNoise("given"))
    found = shaken(some_data(missing=0), how, weights=table)
    assert found.failed[1:].tolist() == [1] * 59
    assert found.reasons == {TOO_LITTLE: 1, "weights under top sum to zero": 60}


def test_negative_weights_are_refused():
    with pytest.raises(RecipeError, match=r"draw 2, b: -0\.5 is negative"):
        WeightDraws(("a", "b"), np.array([[1.0, 1.0], [1.0, -0.5]]))


# ------------------------------------------------------------ what a draw does


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("least", [0.0, 0.6])
def test_without_perturbation_every_draw_is_the_plain_score(method, missing, least):
    data, tree = some_data(missing=missing), a_tree()
    line = linear_normalisation(data.values, tree.leaves, Normalising(method, mean=50, sd=10))
    plain = fast.score(data.values, line, fast.tree_weights(tree, least=least))
    found = shaken(data, CALM, method, least=least)
    for row in (found.nominal, found.scores[0], found.scores[-1]):
        np.testing.assert_allclose(row, plain[:, -1], rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("least", [0.0, 0.6])
def test_the_way_of_moving_answers_gives_the_same_scores(method, missing, least):
    """An error far below rounding takes the other way through the arithmetic."""
    data = some_data(missing=missing)
    still = shaken(data, replace(CALM, weights=WeightNoise()), method, least=least)
    how = replace(CALM, weights=WeightNoise(), noise=AnswerNoise(sd=1e-14, flip=1e-12))
    moving = shaken(data, how, method, least=least)
    np.testing.assert_allclose(moving.scores, still.scores, rtol=0, atol=1e-9)


@pytest.mark.parametrize("missing", ["reweight", "column", "worst"])
def test_same_seed_same_bits_whatever_the_threads_and_the_order(missing):
    data, tree = some_data(), a_tree()
    how = Perturbation(150, normalise=ALL[1:], missing=missing)
    one, two = shaken(data, how, threads=1), shaken(data, how, threads=2)
    back = np.arange(60)[::-1]
    turned = shaken(data.rows(back), how, tree=Tree(tree.nodes[::-1]), threads=3)
    assert one.scores.tobytes() == two.scores.tobytes() == turned.scores[:, back].tobytes()
    assert shaken(data, replace(how, seed=2)).scores.tobytes() != one.scores.tobytes()


def drawn_answers(how, data=None, last=None, draws=200):
    """Answers of many draws by code, ``(draws, n_units)``."""
    answers = Rescorer(build(IndexRecipe(), data or some_data(), a_tree(), last=last), how).answers
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

    assert Rescorer(built_of(data, least=0.5)).linear == [None]
    assert Rescorer(built_of(data)).linear != [None]
    found = shaken(data, CALM, least=0.5)
    np.testing.assert_allclose(found.scores, np.tile(found.nominal, (20, 1)), rtol=0, atol=1e-9)


def test_a_constant_indicator_keeps_its_place_in_every_draw():
    data = some_data(missing=0)
    values = data.values.copy()
    values[:, 1], values[0] = 5.0, 1.0
    values[0, 1] = 5.0
    found = shaken(data.with_values(values), replace(CALM, normalise=ALL[1:]), "minmax")
    assert found.failed.sum() == 0


def test_dirichlet_has_the_nominal_shares_as_its_mean():
    how = replace(CALM, draws=4000, weights=WeightNoise("dirichlet", concentration=50))
    sampler = Rescorer(built_of(some_data()), how).sampler
    drawn = np.stack([sampler.draw(np.random.default_rng(k), k) for k in range(4000)])
    at = {c: k for k, c in enumerate(sampler.codes)}
    share = drawn[:, at["a"]] / (drawn[:, at["a"]] + drawn[:, at["b"]])
    np.testing.assert_allclose(share.mean(), 0.75, atol=0.005)
    np.testing.assert_allclose(share.var(), 0.75 * 0.25 / 51, rtol=0.1)


def test_only_the_levels_named_vary():
    how = replace(CALM, weights=WeightNoise(levels=(2,)))
    sampler = Rescorer(built_of(some_data()), how).sampler
    drawn = dict(zip(sampler.codes, sampler.draw(np.random.default_rng(1), 0), strict=True))
    assert drawn["a0"] == pytest.approx(1 / 6)
    assert drawn["a"] != 0.75


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
    found = shaken(some_data(), Perturbation(300), cuts=(40, 60))
    np.testing.assert_allclose(found.class_probability.sum(axis=1) + found.unknown, 1, atol=1e-12)
    edge = by_hand([[20.0], [20.0 - 1e-9]], [20.0], (20,))
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
    found = shaken(some_data(), Perturbation(400))
    np.testing.assert_array_equal((found.ranks == 0).sum(axis=0), found.failed)
    np.testing.assert_allclose(found.ranks.mean(axis=0)[1:], found.mean_rank[1:])
    assert (np.diff(found.rank_bands[:, 1:], axis=0) >= 0).all()


def test_the_worked_example():  # method 8.13
    noise = AnswerNoise(sd=0.10, agreement={"x": 0.75})
    assert 5 * noise.of("x", "measure") == pytest.approx(0.25)

    def words(second, third, failed):
        scores = [30.0] * second + [50.0] * third + [np.nan] * failed
        found = by_hand([[s] for s in scores], [38.6], (20, 40))
        return found.class_probability[0].tolist(), found.unknown[0], str(found.firmness[0])

    assert words(700, 260, 40) == ([0.0, 0.70, 0.26], 0.04, "di_ambang_naik")
    assert words(640, 240, 120) == ([0.0, 0.64, 0.24], 0.12, "tanpa_kelas")


# ------------------------------------------------------------ one indicator left out


def without(tree, code):
    """The tree without an indicator and whatever it leaves without children."""
    lost = {code}
    for parent in tree.upward:
        if not [n for n in tree.children[parent] if n.code not in lost]:
            lost.add(parent)
    return Tree(tuple(n for n in tree.nodes if n.code not in lost), tree.ragged)


@pytest.mark.parametrize("more", [{}, {"impute": Imputing("row_mean", "normalised")}])
def test_left_out_is_the_score_of_the_smaller_tree(more):
    data, tree = some_data(), a_tree()
    built = built_of(data, tree, "minmax", cuts=(40, 60), least=0.5, **more)
    found = leave_one_out(built)
    for k, code in enumerate(found.codes):
        smaller = without(tree, code)
        plain = built_of(data.of(smaller.leaf_codes), smaller, "minmax", cuts=(40, 60), least=0.5, **more)
        np.testing.assert_allclose(found.scores[k], plain.score, rtol=0, atol=1e-9)
        assert found.levels[k].tolist() == plain.levels.tolist()
    assert found.nominal.tolist() == pytest.approx(built.score.tolist(), nan_ok=True)
    assert found.class_changes.tolist() == (found.levels != built.levels).sum(axis=1).tolist()
    assert found.rank_shift.shape == (6, 60)


@pytest.mark.parametrize("more", [{}, {"impute": Imputing("row_mean", "normalised")}])
def test_a_group_left_out_is_the_score_of_the_tree_without_it(more):
    data, tree = some_data(), a_tree()
    floors = (IndexFloor(tree.leaf_codes[0], -1e9, 3),)  # fires everywhere while its indicator is there
    built = built_of(data, tree, "minmax", cuts=(40, 60), least=0.5, floors=floors, **more)
    found = leave_group_out(built)
    assert set(found.codes) == set(tree.upward[:-1])
    for k, code in enumerate(found.codes):
        gone = {code, *(n.code for n in tree.nodes if code in tree.path(n.code))}
        smaller = Tree(tuple(n for n in tree.nodes if n.code not in gone), tree.ragged)
        left = () if tree.leaf_codes[0] in gone else floors
        plain = built_of(
            data.of(smaller.leaf_codes), smaller, "minmax", cuts=(40, 60), least=0.5, floors=left, **more
        )
        np.testing.assert_allclose(found.scores[k], plain.score, rtol=0, atol=1e-9)
        assert found.levels[k].tolist() == plain.levels.tolist()


def test_the_only_group_is_not_left_out_and_its_row_stays_empty(tmp_path):
    nodes = (Node("top"), Node("g", "top"), *(Node(c, "g", leaf=True, lo=0, hi=1) for c in "xy"))
    recipe = IndexRecipe(leave_one_out=True).on(Tree(nodes))
    built = build(recipe, Data(("u", "v"), ("x", "y"), np.array([[1.0, 0.5], [0.0, 0.5]])))
    assert leave_group_out(built).codes == ()
    write(built, tmp_path, assess_robustness(built))
    text = (tmp_path / "leave_one_out_groups.csv").read_text(encoding="utf-8").splitlines()
    assert text[1] == "g,2,2,,,,,"


def test_weight_zero_left_out_changes_nothing():
    tree = a_tree()
    nodes = tuple(replace(n, weight=0.0) if n.code == "a1" else n for n in tree.nodes)
    found = leave_one_out(built_of(some_data(), Tree(nodes)))
    k = found.codes.index("a1")
    np.testing.assert_allclose(found.scores[k], found.nominal, rtol=0, atol=1e-9)


def test_the_last_of_a_group_takes_the_group_along():
    nodes = tuple(n for n in a_tree().nodes if n.code not in ("b1", "b2"))
    data = some_data(missing=0)
    built = built_of(data, Tree(nodes))
    found = leave_one_out(built)
    np.testing.assert_allclose(found.scores[found.codes.index("b0")], built.scores["a"], rtol=0, atol=1e-9)


def test_the_only_indicator_cannot_be_left_out():
    tree = Tree((Node("top"), Node("x", "top", leaf=True, lo=0, hi=1)))
    with pytest.raises(RecipeError, match="without x nothing of weight is left"):
        leave_one_out(built_of(Data(("u",), ("x",), np.array([[1.0]])), tree))


# ------------------------------------------------------------ settings


def test_settings_come_from_a_table():
    how = read(
        Perturbation,
        {
            "draws": 10,
            "weights": {"method": "none"},
            "normalise": [{"method": "minmax"}],
            "noise": {"sd": 0.1},
        },
        "uncertainty",
    )
    assert how.normalise == (LinearNormalising("minmax"),)
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
        read(Perturbation, wrong, "uncertainty")


def test_an_unknown_code_is_named():
    with pytest.raises(RecipeError, match=r"noise\.by_code: no such indicator: zz"):
        shaken(some_data(), replace(CALM, noise=AnswerNoise(by_code={"zz": 1.0})))
