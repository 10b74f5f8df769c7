"""The weight draws of pilkades-a: scores, ranks and their statistics as another program worked them out."""

import csv
from pathlib import Path

import numpy as np

from kondusif_index.data import Data
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.monte_carlo import monte_carlo
from kondusif_index.uncertainty.perturbation import AnswerNoise, Perturbation, WeightDraws, WeightNoise

PILKADES = Path(__file__).parent / "pilkades-a"


def rows(name):
    with (PILKADES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def the_tree():
    return Tree(
        tuple(
            Node(r["iCode"], r["Parent"], float(r["Weight"]), leaf=r["Type"] == "Indicator", lo=0.0, hi=100.0)
            for r in rows("00_input/iMeta.csv")
            if r["Type"] in ("Indicator", "Aggregate")
        )
    )


def on_scale(tree):
    table = rows("05_aggregate/complete_input_minmax_1_100.csv")
    values = np.array([[float(r[c]) for c in tree.leaf_codes] for r in table])
    return Data(tuple(r["uCode"] for r in table), tree.leaf_codes, values)


def by_unit(name, units):
    found = {r["uCode"]: r for r in rows(name)}
    assert set(found) == set(units)
    columns = [c for c in rows(name)[0] if c != "uCode"]
    return {c: np.array([float(found[u][c]) for u in units]) for c in columns}


def drawn(data=None, tree=None):
    """The answers are on their scale, 1 to 100: goalposts of 0 and 100 leave them as they are."""
    table = WeightDraws.read(PILKADES / "00_input/noisy_weights_200.csv")
    how = Perturbation(200, weights=WeightNoise("given"), noise=AnswerNoise(sd=0, flip=0))
    tree = tree or the_tree()
    return monte_carlo(build(IndexRecipe(uncertainty=how), data or on_scale(tree), tree), table)


def test_scores_and_ranks_of_every_draw():
    found = drawn()
    scores, ranks = (by_unit(f"10_uncertainty/{n}.csv", found.units) for n in ("scores", "ranks"))
    assert found.scores.shape == (200, 120)
    for k in range(200):
        np.testing.assert_allclose(found.scores[k], scores[f"w{k + 1}"], rtol=0, atol=1e-9)
        assert found.ranks[k].tolist() == ranks[f"w{k + 1}"].astype(int).tolist()


def test_statistics_of_scores_and_ranks():
    found = drawn()
    known = by_unit("10_uncertainty/rank_stats.csv", found.units)
    for name, mine in {
        "nominal_score": found.nominal,
        "mean_score": found.mean,
        "sd_score": found.sd,
        "mean_rank": found.mean_rank,
        "rank_q05": found.rank_bands[0],
        "median_rank": found.rank_bands[1],
        "rank_q95": found.rank_bands[2],
    }.items():
        np.testing.assert_allclose(mine, known[name], rtol=0, atol=1e-9, err_msg=name)
    assert found.nominal_rank.tolist() == known["nominal_rank"].astype(int).tolist()
    assert found.failed.tolist() == [0] * 120
    assert found.reasons == {}


def test_the_order_of_units_and_nodes_changes_no_bit():
    tree = the_tree()
    data = on_scale(tree)
    back = np.arange(120)[::-1]
    turned = drawn(data.rows(back), Tree(tree.nodes[::-1]))
    assert turned.scores[:, back].tobytes() == drawn().scores.tobytes()
