"""336 runs of a whole chain over five choices, pilkades-a: impute, treat, normalise, weigh, aggregate."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kondusif_index.data import Data
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.monte_carlo import MonteCarlo, ranks
from kondusif_index.uncertainty.perturbation import Sobol, WeightDraws
from kondusif_index.uncertainty.sobol import estimate

pytest.importorskip("kondusif_index.steps.impute")
pytest.importorskip("kondusif_index.steps.treat")
pytest.importorskip("kondusif_index.steps.normalise")
pytest.importorskip("kondusif_index.steps.aggregate")

PILKADES = Path(__file__).parent / "pilkades-a"
SIZE = 48


def rows(name):
    with (PILKADES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def the_tree():
    return Tree(
        tuple(
            Node(
                r["iCode"],
                r["Parent"],
                float(r["Weight"]),
                leaf=r["Type"] == "Indicator",
                direction=int(r["Direction"]),
            )
            for r in rows("00_input/iMeta.csv")
            if r["Type"] in ("Indicator", "Aggregate")
        )
    )


@cache
def the_data():
    table = sorted(rows("00_input/iData.csv"), key=lambda r: r["uCode"])
    codes = the_tree().leaf_codes
    values = np.array([[float(r[c]) if r[c] else np.nan for c in codes] for r in table])
    return Data(tuple(r["uCode"] for r in table), codes, values)


@cache
def normalised(imputation, winmax, normalisation):
    from kondusif_index.steps.impute import Imputing, impute
    from kondusif_index.steps.normalise import Normalising, normalise
    from kondusif_index.steps.treat import Treating, treat

    scale = {
        1: Normalising("minmax", scale=(1.0, 100.0)),
        2: Normalising("zscore", mean=50.0, sd=5.0),
    }[normalisation]
    filled = impute(the_data(), the_tree(), Imputing(("mean", "median")[imputation - 1])).data
    treated = treat(filled, the_tree(), Treating("coin", most=winmax)).data
    return normalise(treated, the_tree(), scale).data


@cache
def run(choice):
    from kondusif_index.steps.aggregate import Aggregating, aggregate

    imputation, winmax, normalisation, weights, aggregation = choice
    table = WeightDraws.read(PILKADES / "00_input/noisy_weights_200.csv")
    given = dict(zip(table.codes, table.values[weights - 1].tolist(), strict=True))
    how = Aggregating(("arithmetic", "geometric")[aggregation - 1])
    data = normalised(imputation, winmax, normalisation)
    return aggregate(data, the_tree(), how, given).values[:, -1]


def all_runs():
    columns = ("Imputation", "Winmax", "Normalisation", "Weights", "Aggregation")
    choices = [tuple(int(r[c]) for c in columns) for r in rows("11_sobol/choice_index_1based_input.csv")]
    return drawn(np.stack([run(choice) for choice in choices]))


def drawn(scores):
    nominal = run((1, 5, 1, 1, 1))
    one_class = np.ones(len(nominal), dtype=np.int64)
    return MonteCarlo(the_data().units, scores, nominal, one_class, (), (0.05, 0.5, 0.95), {})


def by_unit(name, column):
    found = {r["uCode"]: float(r[column]) for r in rows(name)}
    return np.array([found[u] for u in the_data().units])


def test_nominal_run():
    found = run((1, 5, 1, 1, 1))
    np.testing.assert_allclose(found, by_unit("11_sobol/nominal.csv", "Score"), rtol=0, atol=1e-9)
    known = by_unit("11_sobol/nominal.csv", "Rank").astype(int).tolist()
    assert ranks(found[None, :])[0].tolist() == known


def test_every_run():
    found = all_runs()
    assert found.failed.sum() == 0
    shift = np.abs(found.ranks - found.nominal_rank).mean(axis=1)
    known = np.array([[float(v) for v in list(r.values())[1:]] for r in rows("11_sobol/outputs.csv")])
    mine = np.column_stack([shift, found.scores.mean(axis=1), found.scores.max(axis=1)])
    np.testing.assert_allclose(mine, known, rtol=0, atol=1e-9)
    for k in range(24):
        known_scores = by_unit("11_sobol/scores_first24.csv", f"r_{k + 1}")
        np.testing.assert_allclose(found.scores[k], known_scores, rtol=0, atol=1e-9)


def test_rank_statistics_over_the_two_base_samples():
    found = all_runs()
    first = drawn(found.scores[: 2 * SIZE])
    for column, mine in {
        "Nominal": first.nominal_rank,
        "Mean": first.mean_rank,
        "Q5": first.rank_bands[0],
        "Median": first.rank_bands[1],
        "Q95": first.rank_bands[2],
    }.items():
        known = by_unit("11_sobol/rank_stats.csv", column)
        np.testing.assert_allclose(mine, known, rtol=0, atol=1e-9, err_msg=column)


def test_indices_of_the_chain():
    found = all_runs()
    shift = np.abs(found.ranks - found.nominal_rank).mean(axis=1)
    known = rows("11_sobol/indices.csv")
    mine = estimate(shift, 5, Sobol())
    np.testing.assert_allclose(mine.first, [float(r["Si"]) for r in known], rtol=0, atol=1e-9)
    np.testing.assert_allclose(mine.total, [float(r["STi"]) for r in known], rtol=0, atol=1e-9)
